"""What the offices said and how the project went, as the page tells it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from communities.models import Region
from projects.models import Project, ProjectEvent, Status, Verdict
from projects.models.listing import VERDICT_STATES, step_label

EVENT_STATES = {Verdict.APPROVE: "done", Verdict.RETURN: "warn", Verdict.REJECT: "stop"}


@dataclass(frozen=True)
class Said:
    """One line of 各级意见."""

    title: str
    state: str
    word: str
    at: datetime | None = None
    text: str = ""
    office: str = ""
    by: str = ""


@dataclass(frozen=True)
class Happened:
    """One line of 流转记录."""

    title: str
    at: datetime
    note: str = ""
    state: str = "done"


def label_of(project: Project, stop):
    street = next((place for place in project.lineage if place.level == Region.Level.STREET), None)
    return step_label(stop.level, stop.verb, street.name if street else "")


def opinions(project: Project) -> list[Said]:
    """Every office of the route up to where the project is now, in this round."""
    found = []
    for stop in project.route_steps:
        title = label_of(project, stop)
        said = project.decisions_this_round.get(stop.key)
        if said:
            found.append(_said(title, said))
        elif stop.key == project.step and project.status == Status.IN_REVIEW:
            waiting = Said(
                title, "waiting", _("waiting"), project.step_since, office=project.acting_office.heir.name
            )
            return [*found, waiting]
        elif stop.is_skipped:
            found.append(Said(title, "skipped", stop.skipped_because))
        elif project.status != Status.APPROVED:
            return found
    return found


def earlier_opinions(project: Project) -> list[tuple[int, list[Said]]]:
    """What was said in the rounds before, the latest round first."""
    titles = {stop.key: label_of(project, stop) for stop in project.route_steps}
    rounds = {}
    for said in project.decisions.all():
        if said.round != project.round:
            rounds.setdefault(said.round, []).append(_said(titles.get(said.step, ""), said))
    return sorted(rounds.items(), reverse=True)


def _said(title, said):
    return Said(
        title,
        VERDICT_STATES[said.verdict],
        said.get_verdict_display(),
        said.at,
        said.opinion,
        said.office_name,
        said.signature,
    )


def timeline(project: Project) -> list[Happened]:
    """The 流转记录, the latest first; on top, where it waits now."""
    verbs = {stop.key: stop for stop in project.route_steps}
    lines = [_happened(project, event, verbs.get(event.step)) for event in project.events.all()]
    lines.reverse()
    if project.status == Status.IN_REVIEW:
        stop = verbs[project.step]
        arrived = _("Arrived at %(office)s for %(verb)s") % {
            "office": project.acting_office.heir.name,
            "verb": stop.verb,
        }
        lines.insert(0, Happened(arrived, project.step_since, state="now"))
    return lines


def _happened(project, event, stop):
    Kind = ProjectEvent.Kind
    community = project.region.name
    match event.kind:
        case Kind.CREATED:
            return Happened(_("%(who)s opened a draft") % {"who": event.office_name}, event.at, event.by_name)
        case Kind.SUBMITTED:
            title = (
                _("%(community)s submitted")
                if event.round == 1
                else _("%(community)s submitted again after revision")
            ) % {"community": community}
            note = _("Round %(round)s · %(name)s") % {"round": event.round, "name": event.by_name}
            return Happened(title, event.at, note)
        case Kind.SKIPPED:
            title = _("%(step)s: no such level here, skipped automatically") % {
                "step": label_of(project, stop) if stop else event.title
            }
            return Happened(title, event.at, state="skipped")
        case Kind.DECIDED:
            title = _("%(office)s, %(verb)s: %(verdict)s") % {
                "office": event.office_name,
                "verb": stop.verb if stop else event.title,
                "verdict": event.get_verdict_display(),
            }
            note = event.by_name if event.verdict == Verdict.APPROVE else f"{event.text} · {event.by_name}"
            return Happened(title, event.at, note, EVENT_STATES[event.verdict])
        case Kind.CONFIRMED:
            return Happened(
                _("%(community)s confirmed the form") % {"community": community}, event.at, event.text
            )
        case Kind.WITHDRAWN:
            note = " · ".join(part for part in (event.text, event.by_name) if part)
            return Happened(_("%(community)s withdrew") % {"community": community}, event.at, note, "warn")
        case Kind.REOPENED:
            return Happened(
                _("%(community)s took it up again") % {"community": community}, event.at, event.by_name
            )
    return Happened(event.get_kind_display(), event.at, event.by_name)
