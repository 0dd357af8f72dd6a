"""What pilot cities and counties hand in to the owner of the programme: plans, reports of progress."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.foundation import journal, notices, uploads
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import PilotArea, PilotPlan, ProgressReport
from projects.models.report import figures_of, periods
from projects.procedure import Doing


def hand_in_plan(area, file, *, by):
    """报送实施方案: keep the file as the plan of this area, while the phase for it runs (GS-5.1)."""
    if file is None:
        raise ValidationError({"file": [_("Choose a file first.")]})
    (checked,) = uploads.check_all("file", [file])
    stored = None
    try:
        with transaction.atomic():
            area = _locked(area)
            _require(rules.names_pilots, by, area)
            _require_open(area.programme, Doing.LOCAL_PLAN)
            last = area.plans.order_by("-round").first()
            if last is not None and last.state != PilotPlan.State.RETURNED:
                raise NotNow(
                    _("The plan has been handed in already. To change it, ask for it to be sent back.")
                )
            stored = uploads.store(checked)
            plan = PilotPlan.objects.create(
                area=area,
                round=last.round + 1 if last else 1,
                name=checked.name,
                stored=stored,
                content_type=checked.content_type,
                size=checked.size,
                sha256=checked.sha256,
                handed_in_by=by,
            )
            journal.record("plan.handed_in", by=by, target=plan)
    except BaseException:
        if stored:
            uploads.discard(stored)
        raise
    return plan


@transaction.atomic
def accept_plan(plan, *, by):
    """The owner of the programme has received the plan and lets it stand."""
    plan = _standing(plan, by)
    plan.state, plan.answered_by, plan.answered_at = PilotPlan.State.ACCEPTED, by, timezone.now()
    plan.save()
    journal.record("plan.accepted", by=by, target=plan)
    return plan


@transaction.atomic
def return_plan(plan, *, reason, by):
    """Send a plan back with the reason; the area hands in the next one."""
    plan = _standing(plan, by)
    if not reason.strip():
        raise ValidationError({"reason": [_("Give the reason.")]})
    plan.state, plan.reason = PilotPlan.State.RETURNED, reason.strip()[:300]
    plan.answered_by, plan.answered_at = by, timezone.now()
    plan.save()
    journal.record("plan.returned", by=by, target=plan, facts={"reason": plan.reason})
    return plan


def _standing(plan, by):
    plan = PilotPlan.objects.select_for_update(of=["self"]).select_related("area__programme").get(pk=plan.pk)
    _require(rules.governs_programme, by, plan.area.programme)
    if plan.state != PilotPlan.State.HANDED_IN:
        raise NotNow(
            _("%(name)s answered this plan at %(time)s.")
            % {
                "name": plan.answered_by,
                "time": date_format(timezone.localtime(plan.answered_at), "m-d H:i"),
            }
        )
    return plan


@transaction.atomic
def hand_in_report(area, starts_on, *, by, progress, problems="", next_steps=""):
    """报送进展: the report of an area on the period that begins on a day, with the figures of today."""
    area = _locked(area)
    _require(rules.names_pilots, by, area)
    today = timezone.localdate()
    period = next((one for one in periods(area.programme, today) if one.starts_on == starts_on), None)
    if period is None:
        raise ValidationError({"starts_on": [_("There is no such period.")]})
    if today < period.opens:
        raise NotNow(
            _("The report on this period can be handed in from %(day)s on.")
            % {"day": date_format(period.opens, "Y-m-d")}
        )
    if not progress.strip():
        raise ValidationError({"progress": [_("Write how the pilot has gone on.")]})
    report = area.reports.filter(starts_on=starts_on).first()
    if report is not None and report.state == ProgressReport.State.HANDED_IN:
        raise NotNow(_("The report on this period has been handed in already."))
    report = report or ProgressReport(area=area, starts_on=starts_on)
    report.ends_on, report.state = period.ends_on, ProgressReport.State.HANDED_IN
    report.progress, report.problems, report.next_steps = (
        progress.strip(),
        problems.strip(),
        next_steps.strip(),
    )
    report.figures = figures_of(area)
    report.handed_in_by, report.handed_in_at = by, timezone.now()
    report.returned_by, report.reason = None, ""
    report.full_clean()
    report.save()
    journal.record("report.handed_in", by=by, target=report)
    notices.settle(f"report:{area.pk}:{starts_on:%Y-%m-%d}")
    return report


@transaction.atomic
def return_report(report, *, reason, by):
    """Send a report back with the reason, to be handed in again."""
    report = (
        ProgressReport.objects.select_for_update(of=["self"])
        .select_related("area__programme")
        .get(pk=report.pk)
    )
    _require(rules.governs_programme, by, report.area.programme)
    if report.state != ProgressReport.State.HANDED_IN:
        raise NotNow(_("This report has been sent back already."))
    if not reason.strip():
        raise ValidationError({"reason": [_("Give the reason.")]})
    report.state, report.returned_by, report.reason = ProgressReport.State.RETURNED, by, reason.strip()[:300]
    report.save()
    journal.record("report.returned", by=by, target=report, facts={"reason": report.reason})
    return report


def _locked(area):
    rows = PilotArea.objects.select_for_update(of=["self"]).select_related("programme__region", "region")
    return rows.get(pk=area.pk)


def _require(rule, by, target):
    by.ask_posts_anew()
    if not rule(by, target):
        raise PermissionDenied


def _require_open(programme, doing):
    if not programme.is_open_for(doing):
        raise NotNow(programme.why_not_open_for(doing))
