"""What the offices said and how the project went, as the page tells it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from communities.models import Region
from projects.models import Project, ProjectEvent, Status, Verdict
from projects.models.listing import VERDICT_STATES, step_label
from projects.procedure import APPLICANT

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
    carried: int = 0  # the round from which it stands, where it was not given in this one
    corrected: str = ""  # what of it was corrected since, in words


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
            found.append(_said(title, said, carried=said.round if said.round < project.round else 0))
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


def _said(title, said, carried=0):
    return Said(
        title,
        VERDICT_STATES[said.verdict],
        _verdict(said),
        said.at,
        said.opinion,
        said.office_name,
        said.signature,
        carried,
        "、".join(str(field) for field in said.corrected_fields),
    )


def _verdict(said):
    """A return names the office it leads back to; the applicant is what one expects."""
    if said.verdict != Verdict.RETURN or said.return_to == APPLICANT:
        return said.get_verdict_display()
    stop = next((stop for stop in said.project.route_steps if stop.key == said.return_to), None)
    return _("returned to %(office)s") % {"office": stop.office.heir.name} if stop else ""


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
                "verdict": _decided(project, event),
            }
            note = event.by_name if event.verdict == Verdict.APPROVE else f"{event.text} · {event.by_name}"
            return Happened(title, event.at, note, EVENT_STATES[event.verdict])
        case Kind.PASSED_OVER:
            facts = {"office": event.office_name, "batch": event.title}
            return Happened(
                _("%(office)s, %(batch)s: not chosen") % facts, event.at, event.text, state="warn"
            )
        case Kind.BY_ONE:
            title = _("%(office)s, %(verb)s: proposed and signed by one person, nobody else works there")
            facts = {"office": event.office_name, "verb": stop.verb if stop else event.title}
            return Happened(title % facts, event.at, event.by_name, "warn")
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
        case Kind.CARRIED:
            facts = {
                "office": event.office_name,
                "verb": stop.verb if stop else event.title,
                "round": event.text,
            }
            title = _("%(office)s, %(verb)s: opinion of round %(round)s stands") % facts
            return Happened(title, event.at, state="skipped")
        case Kind.CORRECTED:
            what = f"{stop.verb} · {event.title}" if stop else event.title
            title = _("%(office)s corrected: %(what)s") % {"office": event.office_name, "what": what}
            return Happened(title, event.at, f"{event.text} · {event.by_name}", "warn")
        case Kind.TAKEN_OVER:
            facts = {"step": stop.title if stop else event.title, "office": event.office_name}
            title = _("%(step)s is taken over by %(office)s") % facts
            return Happened(title, event.at, event.text, "warn")
        case Kind.PLACE:
            return Happened(event.title, event.at, event.text, "warn")
        case Kind.URGED:
            title = _("%(office)s urged the decision") % {"office": event.office_name}
            note = " · ".join(part for part in (event.text, event.by_name) if part)
            return Happened(title, event.at, note, "warn")
        case Kind.ESCALATED:
            title = _("Overdue at %(office)s, reported to its leader") % {"office": event.office_name}
            return Happened(title, event.at, state="stop")
    return Happened(event.get_kind_display(), event.at, event.by_name)


def _decided(project, event):
    """The word of a decision; of a return also where it led."""
    if event.verdict != Verdict.RETURN:
        return event.get_verdict_display()
    said = next(
        (word for word in project.decisions.all() if (word.round, word.step) == (event.round, event.step)),
        None,
    )
    return _verdict(said) if said else event.get_verdict_display()
