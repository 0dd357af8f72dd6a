"""What the office of a pilot area still owes the owner of a programme: its plan, its reports of progress."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from projects.models.pilot import PilotArea
from projects.models.plan import PilotPlan
from projects.models.programme import Programme
from projects.models.report import ProgressReport, periods
from projects.procedure import Doing


@dataclass(frozen=True)
class Owed:
    """``kind`` is plan or report; ``due`` the last day in time."""

    kind: str
    programme: Programme
    area: PilotArea
    due: date
    period: object = None
    returned: bool = False
    late: bool = False

    @property
    def matter(self):
        """What messages of it hang on: settled once it is handed in."""
        return f"report:{self.area.pk}:{self.period.starts_on:%Y-%m-%d}"

    @property
    def url(self):
        if self.kind == "plan":
            return reverse("projects:pilots", args=[self.programme.code]) + "#plans"
        names = [self.programme.code, self.area.region.code, f"{self.period.starts_on:%Y-%m-%d}"]
        return reverse("projects:report", args=names)


def owed_by(user, on=None):
    """What the offices in which this person decides or administers owe today, the most urgent first."""
    on = on or timezone.localdate()
    homes = {post.office.region_id for post in user.current_posts if post.decides or post.administers}
    areas = PilotArea.objects.filter(region__in=homes, programme__active=True).select_related("region")
    return owed_of(areas.select_related("region", "programme").prefetch_related("programme__phases"), on)


def owed_of(areas, on=None):
    """What these pilot areas owe today, the most urgent first."""
    on, areas = on or timezone.localdate(), list(areas)
    plans = {plan.area_id: plan for plan in PilotPlan.objects.filter(area__in=areas)}
    reports = {
        (report.area_id, report.starts_on): report for report in ProgressReport.objects.filter(area__in=areas)
    }
    found = []
    for area in areas:
        found += _plan(area, plans.get(area.pk), on)
        found += _reports(area, reports, on)
    return sorted(found, key=lambda owed: owed.due)


def _plan(area, plan, on):
    programme = area.programme
    if plan is not None and plan.state != PilotPlan.State.RETURNED:
        return []
    phases = [phase for phase in programme.phases.all() if Doing.LOCAL_PLAN in phase.allows]
    if not any(phase.covers(on) for phase in phases):
        return []
    return [Owed("plan", programme, area, max(phase.ends for phase in phases), returned=plan is not None)]


def _reports(area, reports, on):
    found = []
    for period in periods(area.programme, on):
        report = reports.get((area.pk, period.starts_on))
        if on < period.opens or (report is not None and report.state != ProgressReport.State.RETURNED):
            continue
        returned = report is not None
        found.append(Owed("report", area.programme, area, period.due, period, returned, on > period.due))
    return found
