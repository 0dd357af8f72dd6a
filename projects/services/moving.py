"""What every verb of a project stands on: hold the row, ask the rule, write into the record, move on."""

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from linkage.foundation import notices
from projects.models import (
    Arrival,
    ProgrammeStep,
    Project,
    ProjectEvent,
    RouteStep,
    Status,
    evidence_steps,
    gaps,
)
from projects.procedure import StepKind


def locked(project, within=None, beside=("programme", "region", "track", "acting_office")):
    """The row as it is now, held until the end of the transaction; ``after_approval`` is the step then.

    ``within``: the rows it must be among; Project.DoesNotExist where it is not. ``beside``: what is read
    with it.
    """
    rows = Project.objects.all() if within is None else within
    action = ProgrammeStep.objects.filter(programme=OuterRef("programme"), kind=StepKind.ACTION)
    return (
        rows.select_for_update(of=("self",))
        .select_related(*beside)
        .annotate(after_approval=Subquery(action.order_by("number").values("key")[:1]))
        .get(pk=project.pk)
    )


def require(rule, user, project):
    """Ask the rule itself, after any wait for the row; a superuser passes every has_perm."""
    user.ask_posts_anew()
    if not rule(user, project):
        raise PermissionDenied


def touch(project, *, moved=False, form=True, columns=None):
    """Save the row, or these ``columns`` of it.

    ``form``: the fields of the form changed, so other open windows are now stale.
    """
    now = timezone.now()
    project.version += bool(form or moved)
    project.saved_at = now
    if project.status == Status.DRAFT:
        keys = {gap.step for gap in gaps(project)}
        order = [step.key for step in evidence_steps(project)]
        step = next((key for key in order if key in keys), order[-1])
        moved = moved or step != project.step
        project.step = step
    if moved:
        project.step_since = now
        notices.settle(f"project:{project.pk}")
    project.save(update_fields=columns)


def record(
    project,
    kind,
    *,
    by=None,
    step="",
    title="",
    verdict="",
    office=None,
    office_name="",
    text="",
    signed="",
):
    """One line of the 流转记录.

    The office by its name of today, unless ``office_name`` is one that was signed; ``signed``: the person
    as signed, where it says more than who acted.
    """
    ProjectEvent.objects.create(
        project=project,
        round=project.round,
        kind=kind,
        step=step,
        title=title,
        verdict=verdict,
        office_name=office.name if office else office_name,
        by=by,
        by_name=signed or (str(by) if by else ""),
        text=text,
    )


def arrive(project, *, after, columns=None):
    """Put the project on the desk of the next office of its route; True if there was one.

    On the way lie levels that do not exist, and offices whose consent was carried into this round.
    ``columns``: what of the project to write, where the caller has changed nothing else of it.
    """
    kept = project.decisions_in(project.round) if project.round > 1 else {}
    for stop in project.route_steps:
        if stop.number <= after:
            continue
        if stop.key in kept:
            record(
                project,
                ProjectEvent.Kind.CARRIED,
                step=stop.key,
                title=stop.title,
                office_name=kept[stop.key].office_name,
                text=str(kept[stop.key].round),
            )
            continue
        if stop.is_skipped:
            record(
                project,
                ProjectEvent.Kind.SKIPPED,
                step=stop.key,
                title=stop.title,
                text=stop.skipped_because,
            )
            continue
        project.status, project.step, project.acting_office = Status.IN_REVIEW, stop.key, stop.office
        touch(project, moved=True, columns=columns)
        Arrival.objects.create(
            project=project,
            round=project.round,
            step=stop.key,
            office=stop.office,
            days=stop.days,
            at=project.step_since,
        )
        facts = {"project": project.pk, "round": project.round, "step": stop.key}
        notices.tell("project.arrived", f"{project.pk}:{project.round}:{stop.key}", **facts)
        RouteStep.objects.filter(pk=stop.pk, arrived_at__isnull=True).update(arrived_at=project.step_since)
        return True
    return False
