"""A project's way told step by step, for the step bar and the opinion boxes."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.models.project import FINAL, Project, Status
from projects.procedure import StepKind


@dataclass(frozen=True)
class Stage:
    """One step as a reader sees it. ``state`` is done, now, todo, skipped, warn or stopped."""

    key: str
    title: str
    state: str
    note: str = ""


def story(project: Project) -> list[Stage]:
    """All steps of the procedure with what became of each."""
    steps = list(project.programme.steps.all())
    route = {stop.key: stop for stop in project.route_steps}
    keys = [step.key for step in steps]
    here = keys.index(project.step) if project.step in keys else None
    stages = []
    for position, step in enumerate(steps):
        stop = route.get(step.key)
        title = step.verb
        if step.kind == StepKind.DECISION:
            if project.submitted_at and stop is None:
                continue  # a track that ends lower has no such step
            if stop is not None and stop.is_skipped:
                stages.append(Stage(step.key, title, "skipped", _("no such level here")))
                continue
            decision = project.decisions_this_round.get(step.key)
            if decision is not None:
                state = "done" if decision.verdict == "approve" else "stopped"
                note = _day(decision.now("signed_on"))
                if decision.round < project.round:
                    note = _("as in round %(round)s") % {"round": decision.round}
                stages.append(Stage(step.key, title, state, note))
                continue
        if here is None:
            done = _done_before_the_end(project, step)
            stages.append(Stage(step.key, title, "done" if done else "todo", _note(project, step)))
        elif position < here:
            stages.append(Stage(step.key, title, "done", _note(project, step)))
        elif position == here:
            stages.append(Stage(step.key, title, "now", _waits(project)))
        else:
            stages.append(Stage(step.key, title, "todo"))
    return stages


def _done_before_the_end(project, step):
    """In a final state: which evidence steps had been gone through."""
    return step.kind == StepKind.EVIDENCE and project.submitted_at is not None and project.status in FINAL


def _note(project, step):
    """The date or dates under a step that lies behind."""
    match step.key:
        case "planning":
            return _span(project.collected_from, project.collected_to)
        case "hearing":
            return _day(project.hearing and project.hearing.held_on)
        case "party_deliberation":
            return _day(project.party_deliberation and project.party_deliberation.held_on)
        case "assembly_review":
            return _day(project.assembly and project.assembly.held_on)
        case "public_notice":
            return _span(
                project.notice and project.notice.starts_on, project.notice and project.notice.ends_on
            )
        case "submission":
            return _day(project.latest_submission and project.latest_submission.at)
    return ""


def _waits(project):
    if project.status == Status.IN_REVIEW:
        return _("waiting")
    if project.status == Status.RETURNED:
        return _("to be revised")
    return ""


def _span(first, last):
    if not first:
        return ""
    if first == last or not last:
        return _day(first)
    return f"{_day(first)}—{_day(last)}"


def _day(day):
    return date_format(day, "m-d") if day else ""
