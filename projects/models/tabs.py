"""The five community steps as the applicant works through them: what is done, what each still lacks."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.offices.models import Office
from projects.models.attachment import SLOT_STEP, Slot
from projects.models.comparison import Change, changes
from projects.models.evidence import evidence_steps
from projects.models.gaps import FILE, Gap
from projects.models.project import Project
from projects.models.record import Decision, Verdict
from projects.models.snapshot import snapshot
from projects.procedure import Applicants

FORM = "submission"


@dataclass(frozen=True)
class FilingStep:
    """One tab. ``state`` is done or warn; ``note`` says what is there or what is missing."""

    key: str
    title: str
    short: str
    verb: str
    state: str
    note: str
    gaps: list[Gap]


def filing_steps(project: Project, found: list[Gap]) -> list[FilingStep]:
    """The tabs of the filing page in the order of the procedure."""
    steps = []
    for step in evidence_steps(project):
        lacks = [gap for gap in found if gap.step == step.key]
        form = step.key == FORM
        steps.append(
            FilingStep(
                key=step.key,
                title=_("Fill in the form") if form else step.title_for(project.region),
                short=_("Form") if form else step.verb[:2],
                verb=step.verb,
                state="warn" if lacks else "done",
                note=_lacking(project, step, lacks) if lacks else _there(project, step),
                gaps=lacks,
            )
        )
    return steps


def _lacking(project, step, lacks):
    if step.key == FORM:
        return ngettext("%(n)s thing missing", "%(n)s things missing", len(lacks)) % {"n": len(lacks)}
    notice = project.notice
    hangs = step.key == "public_notice" and notice is not None and notice.is_published
    if hangs and not notice.has_run_its_time() and len(lacks) == 1:
        return _("Hangs until %(day)s") % {"day": date_format(notice.ends_on, "m-d")}
    slots = [gap for gap in lacks if gap.anchor.startswith("slot-")]
    if len(slots) == len(lacks):
        names = "、".join(str(Slot(gap.anchor.removeprefix("slot-")).label) for gap in slots)
        return _("Missing: %(what)s") % {"what": names}
    return ngettext("%(n)s thing missing", "%(n)s things missing", len(lacks)) % {"n": len(lacks)}


def _there(project, step):
    match step.key:
        case "planning":
            return _("%(count)s suggestions, complete") % {"count": project.suggestions}
        case "hearing":
            return _("Held on %(day)s, complete") % {"day": date_format(project.hearing.held_on, "m-d")}
        case "party_deliberation":
            return _("Agreed on %(day)s, complete") % {
                "day": date_format(project.party_deliberation.held_on, "m-d")
            }
        case "assembly_review":
            return _("Passed on %(day)s, complete") % {"day": date_format(project.assembly.held_on, "m-d")}
        case "public_notice":
            return _("Ended on %(day)s, complete") % {"day": date_format(project.notice.ends_on, "m-d")}
    return _("complete")


def met(project: Project, found: list[Gap]) -> list[str]:
    """What is complete already, one line each, for the ticks under the gaps."""
    lacking = {gap.step for gap in found}
    anchors = {gap.anchor for gap in found}
    lines = []
    for step in evidence_steps(project):
        if step.key not in lacking:
            name = _("Application form") if step.key == FORM else step.verb
            lines.append(_("%(step)s: %(what)s") % {"step": name, "what": _there(project, step)})
    if "eligibility" not in anchors:
        if project.programme.applicants == Applicants.ALL:
            lines.append(
                _("Entitled to apply: every community of %(place)s")
                % {"place": project.programme.region.name}
            )
        else:
            lines.append(_("Entitled to apply: pilot community of %(year)s") % {"year": _year(project)})
    if not anchors & {"budget", "sources"} and project.total_need:
        lines.append(_("Sources equal the need: %(sum)s yuan") % {"sum": f"{project.total_need:,.2f}"})
    if project.typed_for_community and "confirmation" not in anchors:
        lines.append(_("Confirmed by %(name)s for the community") % {"name": project.confirmed_by})
    return lines


def _year(project):
    return project.programme.document.issued_on.year if project.programme.document.issued_on else ""


@dataclass(frozen=True)
class SlotView:
    """One slot of a tab: its files, whether the programme asks for it."""

    key: str
    label: str
    required: bool
    files: list = field(default_factory=list)

    @property
    def anchor(self):
        return f"slot-{self.key}"


def slots(project: Project, step) -> list[SlotView]:
    """The slots of one step with the files they hold, those the programme asks for first."""
    wanted = [word.removeprefix(FILE) for word in step.requires if word.startswith(FILE)]
    keys = wanted + [
        slot.value for slot, home in SLOT_STEP.items() if home == step.key and slot not in wanted
    ]
    files = {}
    for item in project.attachments.kept().filter(slot__in=keys).order_by("pk"):
        files.setdefault(item.slot, []).append(item)
    return [SlotView(key, str(Slot(key).label), key in wanted, files.get(key, [])) for key in keys]


@dataclass(frozen=True)
class Return:
    """The last word that sent the project back: reasons by field, and what changed since."""

    decision: Decision
    notes: dict[str, str]
    changes: dict[str, Change]


def returned(project: Project) -> Return | None:
    """What has to be mended in this round; None where no office sent the project back into it."""
    decision = project.decisions.filter(verdict=Verdict.RETURN, round=project.round - 1).last()
    if decision is None:
        return None
    old = project.submissions.filter(round=decision.round).first()
    since = changes(old.snapshot, snapshot(project)) if old else []
    return Return(
        decision,
        {mark["field"]: mark["note"] for mark in decision.marks},
        {change.field: change for change in since},
    )


def typing_office(project: Project) -> Office | None:
    """The street or township whose clerk types for the community (代录)."""
    if not project.typed_for_community:
        return None
    above = [place for place in project.lineage if place.level == place.Level.STREET]
    return Office.objects.open_on(timezone.localdate()).filter(region__in=above).first()
