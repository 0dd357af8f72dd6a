"""The clock of the chain: remind before a time limit ends, say when it has ended, report it to the leader.

Run as often as one likes, beside copies of itself and after any sleep: what a stay was told stands in a row
that is unique, and everything else follows from dates.
"""

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from linkage.foundation import notices
from linkage.foundation.workdays import Calendar
from projects.models import PilotArea, Project, ProjectEvent, Prompt
from projects.models.deadline import SOON
from projects.models.owed import owed_of
from projects.services.moving import record

LOCK = 0x574154  # one sweep at a time; the others have nothing to do
BATCH = 200
REPORT_SOON = 5  # days before a report is due that its office is reminded
REPORT_OVERDUE_TOLD = 7  # days after it within which it is told to be overdue
Kind = Prompt.Kind


def watch(on=None):
    """Prompt every office whose time runs out, on working days; how many prompts were written."""
    on, calendar = on or timezone.localdate(), Calendar()
    if not calendar.is_working(on):
        return 0
    written = 0
    for kind in (Kind.SOON, Kind.OVERDUE, Kind.ESCALATED):
        while batch := _prompt_some(kind, on, calendar):
            written += batch
    return written


@transaction.atomic
def _prompt_some(kind, on, calendar):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    known = Prompt.objects.filter(
        project=OuterRef("pk"), round=OuterRef("round"), step=OuterRef("step"), kind=kind
    )
    rows = _rows(kind, on, calendar).exclude(Exists(known)).select_related("acting_office__region", "region")
    projects = list(rows.order_by("pk")[:BATCH])
    prompts = Prompt.objects.bulk_create(
        Prompt(
            project=project,
            round=project.round,
            step=project.step,
            office=project.acting_office,
            kind=kind,
            on=on,
        )
        for project in projects
    )
    notices.tell_all(
        f"project.{kind}",
        [
            (prompt.pk, {"prompt": prompt.pk, "left": row.left})
            for prompt, row in zip(prompts, projects, strict=True)
        ],
    )
    if kind == Kind.ESCALATED:
        for project in projects:
            record(project, ProjectEvent.Kind.ESCALATED, step=project.step, office=project.acting_office.heir)
    return len(projects)


def watch_reports(on=None):
    """Owe a message for every report of progress that is due within some days, or has just fallen overdue.

    The key of a message is the period, so it is told once however often this runs.
    """
    on = on or timezone.localdate()
    areas = PilotArea.objects.filter(programme__active=True, programme__report_months__gt=0)
    told = []
    for one in owed_of(areas.select_related("region", "programme").prefetch_related("programme__phases"), on):
        if one.kind != "report" or not -REPORT_OVERDUE_TOLD <= (one.due - on).days <= REPORT_SOON:
            continue
        facts = {"area": one.area.pk, "starts_on": f"{one.period.starts_on:%Y-%m-%d}", "late": one.late}
        told.append((f"{one.area.pk}:{one.period.starts_on}:{'late' if one.late else 'soon'}", facts))
    notices.tell_all("report.owed", told)
    return len(told)


def _rows(kind, on, calendar):
    match kind:
        case Kind.SOON:  # who has no more than that anyway was told so on arrival
            return Project.objects.due_soon(on, calendar).filter(stop__days__gt=SOON)
        case Kind.OVERDUE:
            return Project.objects.overdue(on, calendar)
        case _:
            return Project.objects.overdue(on, calendar).filter(left__lte=-F("programme__escalate_after"))
