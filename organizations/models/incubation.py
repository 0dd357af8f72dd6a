"""Incubation bases and the organisations that grow in them (CQ-2.2.2a)."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.facilities.models import ServiceFacility
from communities.models import Region
from communities.models.region import characters
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from organizations.codes import AssessmentResult, IncubationStatus
from organizations.models.organization import SocialOrganization


class BaseQuerySet(EntryQuerySet):
    def with_occupancy(self):
        """``occupied``: the organisations being incubated now."""
        inside = Q(cases__removed_at__isnull=True, cases__status=IncubationStatus.ADMITTED)
        return self.annotate(occupied=Count("cases", filter=inside))


@journal.tracked()
class IncubationBase(Spanned, Mergeable):
    """孵化基地. Who runs it is an operating contract."""

    duties = (Duty.ORGANIZATION,)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="incubation_bases", verbose_name=_("region")
    )
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    facility = models.ForeignKey(
        ServiceFacility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incubation_bases",
        verbose_name=_("in the facility"),
    )
    capacity = models.PositiveSmallIntegerField(
        _("organisations at a time"),
        validators=[MinValueValidator(1)],
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)

    objects = live(BaseQuerySet)
    everything = BaseQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("incubation base")
        verbose_name_plural = _("incubation bases")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(removed_at__isnull=True),
                name="incubation_base_once_per_place",
                violation_error_message=_("A base of this name is in the register of this place already."),
            ),
            models.CheckConstraint(
                name="incubation_base_has_places",
                condition=Q(capacity__gte=1),
                violation_error_message=_("A base has at least one place."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="incubation_base_characters")]

    def __str__(self):
        return self.name

    @property
    def inside(self):
        """The cases of the organisations being incubated now."""
        return self.cases.standing().filter(status=IncubationStatus.ADMITTED)

    def clean(self):
        if self.pk and self.capacity is not None and (inside := self.inside.count()) > self.capacity:
            raise ValidationError({"capacity": _("%s organisations are being incubated here now.") % inside})


class CaseQuerySet(EntryQuerySet):
    def open(self):
        return self.filter(status__in=[IncubationStatus.APPLIED, IncubationStatus.ADMITTED])

    def graduated(self, since=None, until=None):
        """Those that left the base on their own feet, by day."""
        found = self.filter(status=IncubationStatus.GRADUATED)
        if since:
            found = found.filter(ended_on__gte=since)
        return found.filter(ended_on__lte=until) if until else found


@journal.tracked()
class IncubationCase(Entry):
    """申请 → 入驻 → 评估 → 出壳 or 退出, step by step through the verbs of ``services``."""

    region_path = "base__region__path"
    duties = (Duty.ORGANIZATION,)

    base = models.ForeignKey(
        IncubationBase, models.CASCADE, related_name="cases", verbose_name=_("incubation base")
    )
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        related_name="incubation_cases",
        verbose_name=_("social organisation"),
    )
    plan = models.TextField(_("plan of the application"), max_length=1000, blank=True)
    applied_on = models.DateField(_("applied on"), validators=[not_in_the_future])
    status = models.CharField(
        _("stage of the incubation"),
        max_length=10,
        choices=IncubationStatus,
        default=IncubationStatus.APPLIED,
        editable=False,
    )
    admitted_on = models.DateField(_("admitted on"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("reason of the end"), max_length=200, blank=True, editable=False)

    objects = live(CaseQuerySet)
    everything = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("incubation case")
        verbose_name_plural = _("incubation cases")
        ordering = ["base__region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(
                    removed_at__isnull=True,
                    status__in=[IncubationStatus.APPLIED, IncubationStatus.ADMITTED],
                ),
                name="organization_incubated_at_one_base",
                violation_error_message=_(
                    "This organisation has applied or is being incubated already, here or elsewhere."
                ),
            ),
            models.CheckConstraint(
                name="incubation_days_follow_the_stage",
                condition=Q(status=IncubationStatus.APPLIED, admitted_on__isnull=True, ended_on__isnull=True)
                | Q(status=IncubationStatus.DECLINED, admitted_on__isnull=True, ended_on__isnull=False)
                | Q(status=IncubationStatus.ADMITTED, admitted_on__isnull=False, ended_on__isnull=True)
                | Q(
                    status__in=[IncubationStatus.GRADUATED, IncubationStatus.EXITED],
                    admitted_on__isnull=False,
                    ended_on__gte=F("admitted_on"),
                ),
            ),
            models.CheckConstraint(
                name="incubation_admitted_after_application",
                condition=Q(admitted_on__isnull=True) | Q(admitted_on__gte=F("applied_on")),
            ),
        ]

    def __str__(self):
        return f"{self.organization} · {self.base}"


@journal.tracked()
class IncubationAssessment(Entry):
    """What an assessment during the incubation found."""

    region_path = "case__base__region__path"
    duties = (Duty.ORGANIZATION,)

    case = models.ForeignKey(
        IncubationCase, models.CASCADE, related_name="assessments", verbose_name=_("incubation case")
    )
    assessed_on = models.DateField(_("assessed on"), validators=[not_in_the_future])
    score = models.DecimalField(
        _("score"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("0 to 100."),
    )
    result = models.CharField(_("result"), max_length=20, choices=AssessmentResult)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("incubation assessment")
        verbose_name_plural = _("incubation assessments")
        ordering = ["case_id", "assessed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="incubation_score_in_percent",
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)),
            ),
        ]

    def __str__(self):
        return f"{self.assessed_on} {self.get_result_display()}"
