"""What an application still lacks: every gap at once, each with the place where it is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models.attachment import Slot
from projects.models.project import Project, Status
from projects.models.snapshot import FIELDS, changed_since_posting

NEED, FORM = "planning", "submission"

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

    for step in project.programme.steps.all():
        if step.key in _CHECKS:
            _CHECKS[step.key](project, step, on, lacks)
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
    if project.collected_to and hearing.held_on < project.collected_to:
        lacks(step.key, "hearing", _("The hearing is dated before the gathering of needs ended"))


def _assembly(project, step, on, lacks):
    assembly = project.assembly
    if assembly is None:
        lacks(step.key, "assembly", _("Record the %(body)s") % {"body": step.title_for(project.region)})
        return
    if not assembly.passed:
        lacks(step.key, "assembly", _("The assembly has not passed the project"))
    if assembly.held_on > on:
        lacks(step.key, "assembly", _("The assembly lies in the future"))
    if project.hearing and assembly.held_on < project.hearing.held_on:
        lacks(step.key, "assembly", _("The assembly is dated before the hearing"))


def _notice(project, step, on, lacks):
    notice = project.notice
    if notice is None or not notice.is_published:
        lacks(step.key, "notice", _("Publish the notice"))
        return
    if project.assembly and notice.starts_on < project.assembly.held_on:
        lacks(step.key, "notice", _("The notice begins before the assembly"))
    nth, total = notice.days(on)
    if total < project.programme.notice_days:
        lacks(
            step.key,
            "notice",
            _("The notice hangs for %(total)s days; %(days)s are required")
            % {"total": total, "days": project.programme.notice_days},
        )
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
    reason = project.programme.why_not_eligible(project.region, on)
    if reason:
        lacks(step.key, "eligibility", reason)
    if project.typed_for_community and project.confirmed_at is None:
        lacks(step.key, "confirmation", _("The community has not confirmed what the street typed"))


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
        lacks(step.key, "id_requested_subsidy", _("Enter the provincial subsidy asked"))
    if not project.track.counts_against_quota and asked:
        lacks(
            step.key,
            "id_requested_subsidy",
            _("A project on local money asks for no provincial subsidy"),
        )
    if need and asked > need:
        lacks(step.key, "id_requested_subsidy", _("The subsidy asked is more than the money needed"))


_CHECKS: dict[str, Callable] = {
    "planning": _planning,
    "hearing": _hearing,
    "assembly_review": _assembly,
    "public_notice": _notice,
    "submission": _form,
}
