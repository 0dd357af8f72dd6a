"""进展报告 (GS-6.4): what a pilot city or county tells the owner of the programme, period by period."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.foundation.journal import tracked
from linkage.foundation.scope import ScopedQuerySet, under
from projects.models.pilot import PilotArea
from projects.models.project import LISTED, Project, Status


@dataclass(frozen=True)
class Period:
    """Both days count; ``due`` is the last day on which a report is in time, ``opens`` the first one."""

    starts_on: date
    ends_on: date
    grace: int
    ahead: int

    def __str__(self):
        return f"{self.starts_on:%Y-%m-%d}～{self.ends_on:%Y-%m-%d}"

    @property
    def due(self):
        return self.ends_on + timedelta(days=self.grace)

    @property
    def opens(self):
        return self.ends_on - timedelta(days=self.ahead)


def periods(programme, on=None):
    """The periods of reports that have begun, the first one first; none where the programme asks for none.

    They run by the calendar (a quarter for three months), from the first day of the programme to its last.
    """
    on = on or timezone.localdate()
    phases = list(programme.phases.all())
    if not phases or not programme.report_months:
        return []
    first, last = min(phase.starts for phase in phases), max(phase.ends for phase in phases)
    months = programme.report_months
    month = first.year * 12 + (first.month - 1) // months * months
    found = []
    while _first_day(month) <= min(on, last):
        start, end = _first_day(month), _first_day(month + months) - timedelta(days=1)
        days = programme.report_grace, programme.report_ahead
        found.append(Period(max(start, first), min(end, last), *days))
        month += months
    return found


def _first_day(month):
    return date(month // 12, month % 12 + 1, 1)


class ProgressReportQuerySet(ScopedQuerySet):
    """Read in the pilot area itself and above it."""

    region_path = "area__region__path"


@tracked()
class ProgressReport(models.Model):
    """One report of one area on one period; the figures are those of the day it was handed in."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        RETURNED = "returned", _("sent back")

    area = models.ForeignKey(PilotArea, models.PROTECT, related_name="reports", verbose_name=_("pilot area"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HANDED_IN)
    progress = models.TextField(_("progress of the pilot"), max_length=2000)
    problems = models.TextField(_("problems and suggestions"), max_length=1000, blank=True)
    next_steps = models.TextField(_("next steps"), max_length=1000, blank=True)
    figures = models.JSONField(_("figures"), default=dict)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reports_handed_in",
        verbose_name=_("handed in by"),
    )
    handed_in_at = models.DateTimeField(_("handed in at"), default=timezone.now)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports_returned",
        verbose_name=_("sent back by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["area", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["area", "starts_on"], name="report_once_per_period"),
            models.CheckConstraint(
                name="report_period_ends_after_it_starts", condition=Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="report_sent_back_with_a_reason",
                condition=Q(state="handed_in", returned_by__isnull=True, reason="")
                | (Q(state="returned", returned_by__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.area} {self.starts_on}"

    @property
    def period(self):
        programme = self.area.programme
        return Period(self.starts_on, self.ends_on, programme.report_grace, programme.report_ahead)

    @property
    def is_late(self):
        return timezone.localdate(self.handed_in_at) > self.period.due


def figures_of(area):
    """What the registers know of an area today: counts and yuan, ready to be kept with a report."""
    here = Project.objects.filter(programme=area.programme_id).filter(under("region__path", area.region.path))
    sums = here.exclude(status=Status.DRAFT).aggregate(
        filed=Count("pk"),
        reviewing=Count("pk", filter=Q(status=Status.IN_REVIEW)),
        approved=Count("pk", filter=Q(status__in=LISTED)),
        communities=Count("region", filter=Q(status__in=LISTED), distinct=True),
        granted=Sum("granted_amount"),
    )
    return {**sums, "granted": str(sums["granted"] or 0), "pilots": area.communities.count()}
