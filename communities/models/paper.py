"""Papers of a place: lists of powers and duties, plans of a community, and what it was named."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import DesignationLevel, DesignationStatus, Duty, ListKind, PartyKind
from linkage.foundation.choices import CodesField
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from linkage.foundation.papers import Paper
from linkage.foundation.standards import normal_doc_no, validate_doc_no

from .region import Level, Region


def _numbered(paper, field="doc_no"):
    """Brings a document number to its form; ``{field: problem}`` where it is none."""
    setattr(paper, field, normal_doc_no(getattr(paper, field)))
    if getattr(paper, field):
        try:
            validate_doc_no(getattr(paper, field))
        except ValidationError as error:
            return {field: error.messages}
    return {}


class ListQuerySet(EntryQuerySet):
    def in_force(self, on=None):
        on = on or timezone.localdate()
        return self.filter(issued_on__lte=on).filter(Q(repealed_on__isnull=True) | Q(repealed_on__gt=on))

    def covering(self, kind, on=None):
        """The documents in force that hold the list of powers or of duties; one may hold both."""
        return self.in_force(on).filter(kind__in=[kind, ListKind.BOTH])

    def places_with_both(self, on=None):
        """The places that have issued both lists, in one document or in two (GS-T07)."""
        found = Region.objects.all()
        for kind in (ListKind.POWERS, ListKind.DUTIES):
            found = found.filter(Exists(self.covering(kind, on).order_by().filter(region=OuterRef("pk"))))
        return found


@tracked()
class PowerDutyList(Entry):
    """权力清单 of street offices or 职责清单 of committees, as a document of a county or street (GS-4.1d)."""

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="power_duty_lists",
        verbose_name=_("issued for"),
        limit_choices_to={"level__lt": Level.COMMUNITY},
        help_text=_("The county, street or township it holds for."),
    )
    kind = models.CharField(_("kind of list"), max_length=10, choices=ListKind)
    title = models.CharField(_("title"), max_length=200)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    issued_by = models.CharField(_("issued by"), max_length=100, blank=True)
    issued_on = models.DateField(_("issued on"), validators=[not_in_the_future])
    repealed_on = models.DateField(_("repealed on"), null=True, blank=True)
    powers = models.PositiveSmallIntegerField(_("powers listed"), null=True, blank=True)
    duties_listed = models.PositiveSmallIntegerField(_("duties listed"), null=True, blank=True)

    objects = live(ListQuerySet)
    everything = ListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of powers or duties")
        verbose_name_plural = _("lists of powers and duties")
        ordering = ["region__path", "-issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "issued_on"],
                condition=Q(removed_at__isnull=True),
                name="list_once_a_day",
                violation_error_message=_("The list of this day is in the register already."),
            ),
            models.CheckConstraint(
                name="list_repealed_after_it_was_issued",
                condition=Q(repealed_on__isnull=True) | Q(repealed_on__gt=F("issued_on")),
                violation_error_message=_("It was repealed before it was issued."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        problems = _numbered(self)
        if self.region_id and self.region.is_community:
            problems["region"] = _("Choose a county, a street or a township.")
        if self.repealed_on and self.issued_on and self.repealed_on <= self.issued_on:
            problems["repealed_on"] = _("It was repealed before it was issued.")
        if problems:
            raise ValidationError(problems)


@tracked()
class PowerDutyListPaper(Paper):
    """The list itself, as it was issued (GS-4.1d)."""

    region_path = "entry__region__path"
    duties = PowerDutyList.duties

    entry = models.ForeignKey(
        PowerDutyList,
        models.CASCADE,
        related_name="papers",
        verbose_name=_("list of powers or duties"),
        db_index=False,
    )

    class Meta(Paper.Meta):
        verbose_name = _("paper of a list of powers or duties")
        verbose_name_plural = _("papers of lists of powers and duties")


@tracked()
class CommunityPlan(Spanned, Mergeable):
    """The development plan of a community, and who took part in making it (WH-3.3.2b)."""

    duties = (Duty.COMMUNITY, Duty.SOCIAL_WORK)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="plans",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    title = models.CharField(_("title"), max_length=200)
    valid_from = models.DateField(_("planned from"), null=True, blank=True)
    valid_to = models.DateField(_("planned to"), null=True, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True, validators=[not_in_the_future])
    adopted_by = models.CharField(
        _("adopted by"), max_length=100, blank=True, help_text=_("Such as the residents' assembly.")
    )
    took_part = CodesField(_("who took part"), PartyKind)
    people_heard = models.PositiveIntegerField(_("people heard"), null=True, blank=True)
    summary = models.TextField(_("what it plans"), blank=True, max_length=2000)

    class Meta(Spanned.Meta):
        verbose_name = _("community plan")
        verbose_name_plural = _("community plans")
        ordering = ["region__path", "-valid_from", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "title"],
                condition=Q(removed_at__isnull=True),
                name="plan_once_per_community",
                violation_error_message=_("A plan of this title is in the register already."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.region_id and not self.region.is_community:
            raise ValidationError({"region": _("Choose a community.")})


class DesignationQuerySet(EntryQuerySet):
    def standing_on(self, on=None):
        """The places that bear the name that day."""
        on = on or timezone.localdate()
        return self.filter(
            status__in=[DesignationStatus.NAMED, DesignationStatus.WITHDRAWN], named_on__lte=on
        ).filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))


@tracked()
class CharityDesignation(Entry):
    """A community, street or village on its way to be, or named, one of charity (HB-3.2c)."""

    duties = (Duty.COMMUNITY, Duty.CHARITY)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="charity_designations",
        verbose_name=_("region"),
        limit_choices_to={"level__gte": Level.STREET},
        help_text=_("A community or village, or a street or township."),
    )
    level = models.CharField(_("named at which level"), max_length=10, choices=DesignationLevel)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    status = models.CharField(
        _("status"), max_length=10, choices=DesignationStatus, default=DesignationStatus.CREATING
    )
    named_on = models.DateField(_("day of naming"), null=True, blank=True, validators=[not_in_the_future])
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, validators=[not_in_the_future])
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)

    objects = live(DesignationQuerySet)
    everything = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = _("charity community or street")
        verbose_name_plural = _("charity communities and streets")
        ordering = ["region__path", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "level", "year"],
                condition=Q(removed_at__isnull=True),
                name="charity_designation_once",
                violation_error_message=_("This place is in the register for this level and year already."),
            ),
            models.CheckConstraint(
                name="charity_designation_named_on_a_day",
                condition=Q(
                    status=DesignationStatus.CREATING, named_on__isnull=True, withdrawn_on__isnull=True
                )
                | Q(status=DesignationStatus.NAMED, named_on__isnull=False, withdrawn_on__isnull=True)
                | Q(
                    status=DesignationStatus.WITHDRAWN,
                    named_on__isnull=False,
                    withdrawn_on__gte=F("named_on"),
                ),
                violation_error_message=_("The days do not fit the status."),
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.kind_words} {self.year}"

    @property
    def kind_words(self):
        """慈善社区, 慈善乡村 or 慈善街道, as the place is one."""
        if not self.region.is_community:
            return "慈善街道" if self.region.name.endswith("街道") else "慈善乡镇"
        return "慈善乡村" if self.region.is_rural else "慈善社区"

    def clean(self):
        problems = _numbered(self)
        if self.region_id and self.region.level < Level.STREET:
            problems["region"] = _("Choose a community or village, or a street or township.")
        if self.status != DesignationStatus.CREATING and not self.named_on:
            problems["named_on"] = _("When was it named?")
        if self.status == DesignationStatus.CREATING and self.named_on:
            problems["status"] = _("There is a day of naming: choose “named”.")
        if self.status == DesignationStatus.WITHDRAWN and not self.withdrawn_on:
            problems["withdrawn_on"] = _("When was the name withdrawn?")
        if self.status != DesignationStatus.WITHDRAWN and self.withdrawn_on:
            problems["status"] = _("There is a day of withdrawal: choose “withdrawn”.")
        if self.named_on and self.withdrawn_on and self.withdrawn_on < self.named_on:
            problems["withdrawn_on"] = _("This lies before the naming.")
        if problems:
            raise ValidationError(problems)
