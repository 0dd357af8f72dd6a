"""What social workers get: allowances by standard, awards; and how staff become professionals."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Level, Region
from communities.people.models import CommunityStaff
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Spanned, live, not_in_the_future
from organizations.codes import QualificationLevel
from socialwork import rules
from socialwork.codes import AwardLevel, ConversionWay

from .post import days_of
from .worker import WorkerPart


class AllowanceStandardQuerySet(EntryQuerySet):
    def applying_to(self, region, level, on=None):
        """The standard of the nearest place above that has one on that day."""
        return (
            self.on(on)
            .filter(region__code__in=region.path_codes, level=level)
            .order_by("-region__level")
            .first()
        )


@journal.tracked()
class AllowanceStandard(Spanned, Entry):
    """What a county pays a month for each level of certificate (CQ-3.3b)."""

    duties = (Duty.SOCIAL_WORK,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="allowance_standards",
        verbose_name=_("county or district"),
        limit_choices_to={"level__lte": Level.COUNTY},
        help_text=_("The place that has fixed the standard; a city without counties fixes its own."),
    )
    level = models.CharField(_("professional level"), max_length=12, choices=QualificationLevel)
    monthly = models.DecimalField(
        _("yuan a month"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    basis = models.CharField(_("basis"), max_length=100, help_text=_("Title or number of the document."))

    objects = live(AllowanceStandardQuerySet)
    everything = AllowanceStandardQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("standard of the professional allowance")
        verbose_name_plural = _("standards of the professional allowance")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.CheckConstraint(name="allowancestandard_not_negative", condition=Q(monthly__gte=0)),
            ExclusionConstraint(
                name="allowancestandard_one_at_a_time",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("For these days there is a standard of this level already."),
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.get_level_display()}"

    def clean(self):
        super().clean()
        if self.region_id and self.region.level > Level.COUNTY:
            raise ValidationError({"region": _("Choose a county or district, or a city without counties.")})


@journal.tracked()
class AllowancePayment(WorkerPart):
    """An allowance paid to a social worker for some months."""

    level = models.CharField(_("professional level"), max_length=12, choices=QualificationLevel)
    first_day = models.DateField(_("for the months from"))
    last_day = models.DateField(_("to"))
    amount = models.DecimalField(
        _("amount (yuan)"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    paid_on = models.DateField(_("paid on"), validators=[not_in_the_future])
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("allowance paid")
        verbose_name_plural = _("allowances paid")
        ordering = ["worker__region__path", "pk"]
        constraints = [
            models.CheckConstraint(
                name="allowancepayment_days_and_amount",
                condition=Q(last_day__gte=models.F("first_day")) & Q(amount__gt=0),
                violation_error_message=_("The last day lies before the first, or nothing was paid."),
            ),
            ExclusionConstraint(
                name="allowancepayment_once_for_a_day",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    (days_of("first_day", "last_day"), RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("For a part of these months an allowance was paid already."),
            ),
        ]

    def __str__(self):
        return f"{self.worker} {self.first_day} — {self.last_day}"

    def warnings(self, on=None):
        """What was paid beside what the standard says (CQ-3.3b), and a level nobody has shown."""
        found = []
        certificate = self.worker.highest_certificate(self.last_day)
        if certificate is None or rules.LEVELS.index(certificate.level) > rules.LEVELS.index(self.level):
            found.append(
                gettext("The register has no certificate of this level: %s.") % self.get_level_display()
            )
        standard = AllowanceStandard.objects.applying_to(self.worker.region, self.level, self.first_day)
        if standard is not None:
            months = rules.months_between(self.first_day, self.last_day)
            if self.amount != standard.monthly * months:
                found.append(
                    gettext(
                        "By the standard %(due)s yuan are due for %(months)s months, %(paid)s were paid "
                        "〔%(basis)s〕."
                    )
                    % {
                        "months": months,
                        "due": standard.monthly * months,
                        "paid": self.amount,
                        "basis": standard.basis,
                    }
                )
        return found


@journal.tracked()
class Award(WorkerPart):
    """Praise or a prize a social worker has got (CQ-3.3d, CQ-3.4c)."""

    title = models.CharField(_("title of the award"), max_length=100)
    level = models.CharField(_("level of the award"), max_length=10, choices=AwardLevel)
    giver = models.CharField(_("award given by"), max_length=100)
    given_on = models.DateField(_("award given on"), validators=[not_in_the_future])

    class Meta:
        verbose_name = _("award of a social worker")
        verbose_name_plural = _("awards of social workers")
        ordering = ["worker__region__path", "pk"]

    def __str__(self):
        return self.title


@journal.tracked()
class Conversion(WorkerPart):
    """A member of the community staff has become a professional social worker (WH-3.3.1b, WH-3.3.3b)."""

    staff = models.ForeignKey(
        CommunityStaff,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversions",
        verbose_name=_("entry among the community staff"),
        help_text=_("Where the person stands in the register of community staff."),
    )
    former_position = models.CharField(
        _("former position"), max_length=50, help_text=_("Such as community staff, grid worker.")
    )
    way = models.CharField(_("way of conversion"), max_length=10, choices=ConversionWay)
    converted_on = models.DateField(_("converted on"), validators=[not_in_the_future])

    class Meta:
        verbose_name = _("conversion of staff into professionals")
        verbose_name_plural = _("conversions of staff into professionals")
        ordering = ["worker__region__path", "pk"]

    def __str__(self):
        return f"{self.worker} {self.converted_on}"

    def clean(self):
        super().clean()
        person = self.worker.person_id
        if self.staff_id and person and self.staff.person_id != person:
            raise ValidationError({"staff": _("This is another person.")})
