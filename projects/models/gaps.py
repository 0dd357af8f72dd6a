"""What an application still lacks: every gap at once, each with the place where it is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models.attachment import Slot
from projects.models.evidence import evidence_steps, notice_rule
from projects.models.project import Project, Status
from projects.models.snapshot import FIELDS, changed_since_posting
from projects.procedure import ANNOUNCED

NEED, FORM = "planning", "submission"

# The record of the project that shows a step, which is also its anchor on the page.
RECORDS = {
    "hearing": "hearing",
    "party_deliberation": "party_deliberation",
    "assembly_review": "assembly",
    "public_notice": "notice",
}

# The words a pack may use under ``requires`` for files: file:<slot>.
FILE = "file:"


@dataclass(frozen=True)
class Gap:
    """``step`` is the procedure's key, ``anchor`` the id of the field or section on the filing page."""

    step: str
    anchor: str
    text: str


def gaps(project: Project, on=None) -> list[Gap]:
    """Everything that stands between this draft and its submission on the day ``on`` (DOMAIN §3.2)."""
    on = on or timezone.localdate()
    found = []

    def lacks(step, anchor, text):
        found.append(Gap(step, anchor, text))

    before = None  # the nearest dated step before this one, and its last day
    for step in evidence_steps(project):
        if step.key in _CHECKS:
            _CHECKS[step.key](project, step, on, lacks)
        first, last = _days(project, step.key)
        if before and first and first < before[1]:
            words = {"step": step.title_for(project.region), "day": first}
            words |= {"before": before[0].title_for(project.region), "ended": before[1]}
            told = _("%(step)s (%(day)s) is dated before %(before)s (%(ended)s)") % words
            lacks(step.key, RECORDS[step.key], told)
        before = (step, last) if last else before
        for wanted in step.requires:
            if wanted.startswith(FILE):
                slot = wanted.removeprefix(FILE)
                if slot not in project.filled_slots:
                    label = Slot(slot).label
                    lacks(step.key, f"slot-{slot}", _("Upload: %(slot)s") % {"slot": label})
    return found


def _planning(project, step, on, lacks):
    if not project.needs.exists():
        lacks(step.key, "needs", _("Add at least one need gathered from residents"))
    if project.suggestions is None:
        lacks(step.key, "id_suggestions", _("Enter how many suggestions were received"))
    first, last = project.collected_from, project.collected_to
    if first is None or last is None:
        lacks(step.key, "id_collected_from", _("Enter from when to when needs were gathered"))
    elif last < first:
        lacks(step.key, "id_collected_to", _("The gathering of needs ends before it begins"))
    elif last > on:
        lacks(step.key, "id_collected_to", _("The gathering of needs lies in the future"))


def _hearing(project, step, on, lacks):
    hearing = project.hearing
    if hearing is None:
        lacks(step.key, "hearing", _("Record the residents' hearing"))
        return
    if hearing.held_on > on:
        lacks(step.key, "hearing", _("The hearing lies in the future"))
    _announced(project, step, hearing.held_on, "hearing", lacks)


def _party(project, step, on, lacks):
    study = project.party_deliberation
    if study is None:
        lacks(step.key, "party_deliberation", _("Record the study by the party organisation"))
        return
    if not study.agreed:
        lacks(step.key, "party_deliberation", _("The party organisation has not agreed to go on"))
    if study.held_on > on:
        lacks(step.key, "party_deliberation", _("The study by the party organisation lies in the future"))


def _assembly(project, step, on, lacks):
    assembly = project.assembly
    if assembly is None:
        lacks(step.key, "assembly", _("Record the %(body)s") % {"body": step.title_for(project.region)})
        return
    if not assembly.passed:
        why = " ".join(assembly.shortfalls) or _("The assembly has not passed the project")
        lacks(step.key, "assembly", why)
    if assembly.called_too_late:
        lacks(step.key, "assembly", assembly.called_too_late)
    if assembly.held_on > on:
        lacks(step.key, "assembly", _("The assembly lies in the future"))
    _announced(project, step, assembly.held_on, "assembly", lacks)


def _days(project, key):
    """The first and the last day of an evidence step as far as they are known: (day or None, day or None)."""
    if key == "planning":
        return project.collected_from, project.collected_to
    record = getattr(project, RECORDS[key]) if key in RECORDS else None
    if key == "public_notice":
        hangs = record is not None and record.is_published
        return (record.starts_on, record.ends_on) if hangs else (None, None)
    return (record.held_on, record.held_on) if record else (None, None)


def _announced(project, step, held_on, anchor, lacks):
    """The programme wants this meeting to be open: told to everybody before the day it was held."""
    if ANNOUNCED not in step.requires:
        return
    told = project.announcements.standing().filter(kind=step.key, held_on=held_on)
    if not any(one.announced_on < held_on for one in told):
        lacks(
            step.key,
            anchor,
            _("%(step)s of %(day)s was not announced on the public pages beforehand")
            % {"step": step.title_for(project.region), "day": held_on},
        )


def _notice(project, step, on, lacks):
    notice = project.notice
    if notice is None or not notice.is_published:
        lacks(step.key, "notice", _("Publish the notice"))
        return
    nth, total = notice.days(on)
    rule = notice_rule(project)
    told = _("The notice hangs for %(total)s days; %(days)s are required")
    hangs = total
    if rule.in_working_days:
        told = _("The notice hangs for %(total)s working days; %(days)s are required")
        hangs = notice.working_days()
    if hangs < rule.days:
        lacks(step.key, "notice", told % {"total": hangs, "days": rule.days})
    if not notice.has_run_its_time(on):
        lacks(
            step.key,
            "notice",
            _("The notice runs until %(day)s (day %(nth)s of %(total)s)")
            % {"day": notice.ends_on, "nth": nth, "total": total},
        )
    changed = [str(FIELDS.get(name, _("money needed"))) for name in changed_since_posting(project)]
    if changed and project.status == Status.DRAFT:
        lacks(
            step.key,
            "notice",
            _("Changed since the notice was posted: %(fields)s. Change it back, or post a new notice")
            % {"fields": "、".join(changed)},
        )
    unsettled = notice.objections.open().count()
    if unsettled:
        lacks(step.key, "objections", _("%(count)s objections are not settled") % {"count": unsettled})


def _form(project, step, on, lacks):
    for field, text in (
        ("title", _("Fill in the project name")),
        ("community_profile", _("Fill in the community overview")),
        ("needs_analysis", _("Fill in the needs analysis")),
        ("service_targets", _("Fill in the people served")),
        ("service_methods", _("Choose the methods of service")),
        ("service_plan", _("Fill in the way of service")),
        ("start_date", _("Fill in when the project starts")),
        ("end_date", _("Fill in when the project ends")),
        ("expected_outcome", _("Fill in the expected effect")),
    ):
        if not getattr(project, field):
            lacks(step.key, f"id_{field}", text)
    if project.start_date and project.end_date and project.end_date < project.start_date:
        lacks(step.key, "id_end_date", _("The project ends before it starts"))
    _money(project, step, lacks)
    gone = why_gone(project.region, on) if project.submitted_at is None else ""
    reason = gone or project.programme.why_not_eligible(project.region, on)
    if reason:
        lacks(step.key, "eligibility", reason)
    if project.typed_for_community and project.confirmed_at is None:
        lacks(step.key, "confirmation", _("The community has not confirmed what the street typed"))


def why_gone(region, on):
    """A place that has ended puts nothing new forward; what it had handed in goes on to its end."""
    if region.is_open_on(on):
        return ""
    return _("%(name)s ended on %(day)s; who went on as its successor applies anew.") % {
        "name": region.name,
        "day": region.closed_on,
    }


def _money(project, step, lacks):
    need, sources = project.total_need, project.total_sources
    asked = project.requested_subsidy or Decimal(0)
    if not need:
        lacks(step.key, "budget", _("Enter the money needed"))
    elif need != sources:
        less = need > sources
        text = (
            _("Sources are %(amount)s yuan less than the need")
            if less
            else _("Sources are %(amount)s yuan more than the need")
        )
        lacks(step.key, "sources", text % {"amount": f"{abs(need - sources):,.2f}"})
    if project.track.counts_against_quota and not asked:
        lacks(
            step.key, "id_requested_subsidy", _("Enter: %(what)s") % {"what": project.programme.subsidy_label}
        )
    if not project.track.counts_against_quota and asked:
        lacks(
            step.key,
            "id_requested_subsidy",
            _("This funding track asks for none: %(what)s") % {"what": project.programme.subsidy_label},
        )
    if need and asked > need:
        lacks(step.key, "id_requested_subsidy", _("The subsidy asked is more than the money needed"))


_CHECKS: dict[str, Callable] = {
    "planning": _planning,
    "hearing": _hearing,
    "party_deliberation": _party,
    "assembly_review": _assembly,
    "public_notice": _notice,
    "submission": _form,
}
