"""What the community did before it applied, as whoever decides reads it: a line for each step."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Project, evidence_steps


@dataclass(frozen=True)
class Line:
    """One step: what was done; what it is judged by; what it did not reach."""

    title: str
    told: str = ""
    notes: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)


def evidence(project: Project) -> list[Line]:
    """The steps of the community but the form itself, as far as they are recorded."""
    lines = []
    for step in evidence_steps(project):
        if tell := TOLD.get(step.key):
            told, notes, flaws = tell(project)
            lines.append(Line(step.title_for(project.region), told, notes, flaws))
    return lines


def _planning(project):
    if project.collected_from is None:
        return "", [], []
    told = _("%(from)s to %(to)s, %(count)s suggestions, %(needs)s needs") % {
        "from": project.collected_from,
        "to": project.collected_to,
        "count": project.suggestions,
        "needs": project.needs.count(),
    }
    return told, [], []


def _hearing(project):
    held = project.hearing
    if held is None:
        return "", [], []
    told = _("%(day)s, %(place)s, %(people)s present. %(result)s") % {
        "day": held.held_on,
        "place": held.place,
        "people": held.attendance,
        "result": held.result,
    }
    return told, _announced(project, "hearing"), []


def _party(project):
    study = project.party_deliberation
    if study is None:
        return "", [], []
    told = _("%(day)s, %(who)s, %(present)s of %(entitled)s present. %(opinion)s") % {
        "day": study.held_on,
        "who": study.organisation,
        "present": study.present,
        "entitled": study.entitled,
        "opinion": study.opinion,
    }
    return told, [], [] if study.agreed else [_("The party organisation has not agreed to go on")]


def _assembly(project):
    held = project.assembly
    if held is None:
        return "", [], []
    told = _(
        "%(day)s, %(body)s, %(present)s of %(entitled)s present: for %(for)s, against %(against)s, "
        "abstained %(abstain)s; %(result)s"
    ) % {
        "day": held.held_on,
        "body": held.get_body_display(),
        "present": held.present,
        "entitled": held.entitled,
        "for": held.votes_for,
        "against": held.votes_against,
        "abstain": held.votes_abstain,
        "result": _("passed") if held.passed else _("not passed"),
    }
    rule = held.rule
    notes = [rule.demands, _("Basis: %(source)s") % {"source": rule.basis}]
    flaws = [*held.shortfalls, *([held.called_too_late] if held.called_too_late else [])]
    return told, notes + _announced(project, "assembly_review"), flaws


def _notice(project):
    notice = project.notice
    if notice is None or notice.starts_on is None:
        return "", [], []
    told = _("%(from)s to %(to)s, %(place)s") % {
        "from": notice.starts_on,
        "to": notice.ends_on,
        "place": notice.place,
    }
    taken = list(notice.objections.all())
    settled = [one for one in taken if one.status == one.Status.SETTLED]
    if not taken:
        return told, [_("No objection was raised.")], []
    raised = ngettext(
        "%(n)s objection, %(settled)s settled", "%(n)s objections, %(settled)s settled", len(taken)
    )
    return told, [raised % {"n": len(taken), "settled": len(settled)}], []


def _announced(project, kind):
    words = _("Announced on %(day)s for %(held)s")
    told = [one for one in project.announcements.all() if one.kind == kind and one.cancelled_at is None]
    return [words % {"day": one.announced_on, "held": one.held_on} for one in told]


TOLD = {
    "planning": _planning,
    "hearing": _hearing,
    "party_deliberation": _party,
    "assembly_review": _assembly,
    "public_notice": _notice,
}
