"""How an organisation is rated, inspected, talked of and punished (§5.6, WH-3.1.3b)."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.foundation import journal
from linkage.foundation.ledger import EntryQuerySet, live, not_in_the_future
from organizations import rules
from organizations.codes import CreditKind, Grade, InspectionKind, InspectionResult, PenaltyKind
from organizations.models.organization import SocialOrganization
from organizations.models.ties import OfOrganization


def not_after_this_year(year):
    if not 1990 <= year <= timezone.localdate().year:
        raise ValidationError(gettext("Give a year from 1990 until now."))


class RatingQuerySet(EntryQuerySet):
    def valid(self, on=None):
        """Ratings in force that day; an expired one counts for nothing."""
        on = on or timezone.localdate()
        return self.filter(issued_on__lte=on, valid_to__gte=on)

    def expiring(self, on=None, days=90):
        on = on or timezone.localdate()
        return self.valid(on).filter(valid_to__lte=on + timedelta(days=days))


@journal.tracked()
class Rating(OfOrganization):
    """评估等级: five years from its issue (民政部令39号 31); who may be rated at all: ``clean``."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="ratings",
        verbose_name=_("social organisation"),
    )
    grade = models.CharField(_("grade"), max_length=2, choices=Grade)
    issued_on = models.DateField(_("graded on"), validators=[not_in_the_future])
    valid_to = models.DateField(_("valid until"), editable=False)
    issuer = models.CharField(_("graded by"), max_length=100, blank=True)
    doc_no = models.CharField(_("document number"), max_length=100, blank=True)

    objects = live(RatingQuerySet)
    everything = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["organization_id", "-issued_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "issued_on"],
                condition=Q(removed_at__isnull=True),
                name="rating_once_a_day",
                violation_error_message=_("A rating of this day is on the list already."),
            ),
            models.CheckConstraint(
                name="rating_ends_after_its_issue", condition=Q(valid_to__gt=F("issued_on"))
            ),
        ]

    def __str__(self):
        return f"{self.grade} {self.issued_on:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        if self.issued_on:
            self.valid_to = rules.rated_until(self.issued_on)
        super().save(*args, **kwargs)

    def clean(self):
        if not self.issued_on or not self.organization_id:
            return
        found = [str(problem) for problem in why_not_rated(self.organization, self.issued_on)]
        if found:
            raise ValidationError({"issued_on": found})


def why_not_rated(organization, on):
    """What keeps an organisation from being rated on a day (民政部令39号 8 and 9)."""
    if not organization.is_registered:
        yield _("Only registered organisations are rated.")
        return
    if organization.registered_on is None:
        yield _("Fill in the day of registration first: an organisation is rated after two years.")
    elif on < rules.years_after(organization.registered_on, rules.RATING_AFTER_YEARS):
        yield _("An organisation is rated only two years after its registration.")
    if organization.pk is None:
        return
    results = dict(
        organization.inspections.standing()
        .filter(kind=InspectionKind.INSPECTION, year__in=[on.year - 1, on.year - 2])
        .values_list("year", "result")
    )
    last, earlier = results.get(on.year - 1), results.get(on.year - 2)
    if last in (InspectionResult.FAILED, InspectionResult.MISSED):
        yield _("The inspection of the year before was missed or failed.")
    elif last == earlier == InspectionResult.BASIC:
        yield _("Two inspections in a row were passed only basically.")
    punished = date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)
    if organization.penalties.standing().filter(decided_on__range=punished).exists():
        yield _("It was punished in the year before.")
    elif organization.penalties.standing().filter(decided_on__lte=on, carried_out_on__isnull=True).exists():
        yield _("A penalty has not been carried out yet.")


@journal.tracked()
class AnnualInspection(OfOrganization):
    """年检 or 年度报告 of one year."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="inspections",
        verbose_name=_("social organisation"),
    )
    year = models.PositiveSmallIntegerField(_("year inspected"), validators=[not_after_this_year])
    kind = models.CharField(
        _("kind"), max_length=10, choices=InspectionKind, default=InspectionKind.INSPECTION
    )
    result = models.CharField(_("result"), max_length=10, choices=InspectionResult)
    inspected_on = models.DateField(_("inspected on"), null=True, blank=True, validators=[not_in_the_future])
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("annual inspection")
        verbose_name_plural = _("annual inspections")
        ordering = ["organization_id", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year", "kind"],
                condition=Q(removed_at__isnull=True),
                name="inspection_once_a_year",
                violation_error_message=_("This year is on the list already."),
            ),
        ]

    def __str__(self):
        return f"{self.year} {self.get_result_display()}"

    def clean(self):
        if self.inspected_on and self.year and self.inspected_on.year < self.year:
            raise ValidationError({"inspected_on": _("This day lies before the year inspected.")})


class CreditQuerySet(EntryQuerySet):
    def in_force(self, on=None):
        """Recorded by that day and not yet repaired or expired."""
        on = on or timezone.localdate()
        return self.filter(recorded_on__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def published(self, on=None):
        """What a public page may show."""
        return self.in_force(on).filter(is_public=True)


@journal.tracked()
class CreditRecord(OfOrganization):
    """信用信息: good and bad, open to residents where it is published (WH-3.1.3b)."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="credit_records",
        verbose_name=_("social organisation"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CreditKind)
    content = models.CharField(_("content"), max_length=300)
    source = models.CharField(_("source of the record"), max_length=100)
    recorded_on = models.DateField(_("recorded on"), validators=[not_in_the_future])
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Set when the record was repaired or has expired.")
    )
    is_public = models.BooleanField(
        _("to be published"),
        default=True,
        help_text=_("Shown to residents. Write nothing about single persons."),
    )

    objects = live(CreditQuerySet)
    everything = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit record")
        verbose_name_plural = _("credit records")
        ordering = ["organization_id", "-recorded_on"]
        constraints = [
            models.CheckConstraint(
                name="credit_record_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("recorded_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.recorded_on:%Y-%m-%d}"


@journal.tracked()
class Penalty(OfOrganization):
    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="penalties",
        verbose_name=_("social organisation"),
    )
    kind = models.CharField(_("kind of penalty"), max_length=20, choices=PenaltyKind)
    decided_on = models.DateField(_("penalty decided on"), validators=[not_in_the_future])
    authority = models.CharField(_("decided by"), max_length=100)
    doc_no = models.CharField(_("number of the decision"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    amount = models.DecimalField(
        _("amount (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    carried_out_on = models.DateField(
        _("carried out on"),
        null=True,
        blank=True,
        validators=[not_in_the_future],
        help_text=_("While it is not carried out, the organisation cannot be rated."),
    )

    class Meta:
        verbose_name = _("penalty")
        verbose_name_plural = _("penalties")
        ordering = ["organization_id", "-decided_on"]
        constraints = [
            models.CheckConstraint(
                name="penalty_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="penalty_carried_out_after_its_decision",
                condition=Q(carried_out_on__isnull=True) | Q(carried_out_on__gte=F("decided_on")),
                violation_error_message=_("Carried out before it was decided."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.decided_on:%Y-%m-%d}"


@journal.tracked()
class AgencyPerformance(OfOrganization):
    """What a social-work agency did in a year, in the four facts of HB-3.4d."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="performance",
        verbose_name=_("social organisation"),
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[not_after_this_year])
    stations_run = models.PositiveIntegerField(_("stations of social work run"), default=0)
    organizations_fostered = models.PositiveIntegerField(
        _("community social organisations fostered"), default=0
    )
    resources_linked = models.DecimalField(
        _("charity resources linked (yuan)"),
        max_digits=14,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    volunteers_led = models.PositiveIntegerField(_("volunteers led"), default=0)

    class Meta:
        verbose_name = _("year of an agency")
        verbose_name_plural = _("years of an agency")
        ordering = ["organization_id", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                condition=Q(removed_at__isnull=True),
                name="agency_performance_once_a_year",
                violation_error_message=_("This year is on the list already."),
            ),
            models.CheckConstraint(
                name="agency_resources_not_negative", condition=Q(resources_linked__gte=0)
            ),
        ]

    def __str__(self):
        return str(self.year)
