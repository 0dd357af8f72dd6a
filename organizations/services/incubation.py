"""The steps of an incubation: admitted or declined, assessed, graduated or left (CQ-2.2.2a)."""

from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation.errors import NotNow
from organizations import rules
from organizations.codes import AssessmentResult, IncubationStatus
from organizations.models import IncubationAssessment, IncubationBase
from organizations.services.keeping import locked, refuse, wrong_day, wrong_reason


def _at(case, status, message):
    if case.status != status:
        raise NotNow(message)


@transaction.atomic
def admit(case, *, by, happened_on):
    """Let an applicant in, while the base has a place left. Two clerks at once: the second sees it full."""
    IncubationBase.everything.select_for_update(of=("self",)).get(pk=case.base_id)
    row = locked(case, by=by)
    _at(row, IncubationStatus.APPLIED, _("This application has been decided already."))
    if row.base.inside.count() >= row.base.capacity:
        raise NotNow(_("The base is full: all of its %s places are taken.") % row.base.capacity)
    if row.organization.status in rules.GONE:
        raise NotNow(_("The organisation is %s.") % row.organization.get_status_display())
    refuse(happened_on=wrong_day(happened_on, row.applied_on))
    row.status, row.admitted_on = IncubationStatus.ADMITTED, happened_on
    row.save(update_fields=["status", "admitted_on"])
    return row


@transaction.atomic
def decline(case, *, by, happened_on, reason):
    row = locked(case, by=by)
    _at(row, IncubationStatus.APPLIED, _("This application has been decided already."))
    refuse(happened_on=wrong_day(happened_on, row.applied_on), reason=wrong_reason(reason))
    return _end(row, IncubationStatus.DECLINED, happened_on, reason)


@transaction.atomic
def assess(case, *, by, happened_on, result, score=None, note=""):
    row = locked(case, by=by)
    _at(row, IncubationStatus.ADMITTED, _("Only who is being incubated is assessed."))
    refuse(happened_on=wrong_day(happened_on, row.admitted_on))
    found = IncubationAssessment(case=row, assessed_on=happened_on, result=result, score=score, note=note)
    found.full_clean()
    found.save()
    return found


@transaction.atomic
def graduate(case, *, by, happened_on, reason):
    """Out on its own feet. The last assessment has to say that it is ready."""
    row = locked(case, by=by)
    _at(row, IncubationStatus.ADMITTED, _("Only who is being incubated can graduate."))
    last = row.assessments.standing().order_by("-assessed_on", "-pk").first()
    if last is None or last.result != AssessmentResult.READY:
        raise NotNow(_("The last assessment does not say yet that it can stand on its own feet."))
    refuse(happened_on=wrong_day(happened_on, row.admitted_on, last.assessed_on), reason=wrong_reason(reason))
    return _end(row, IncubationStatus.GRADUATED, happened_on, reason)


@transaction.atomic
def leave(case, *, by, happened_on, reason):
    """Out before its time."""
    row = locked(case, by=by)
    _at(row, IncubationStatus.ADMITTED, _("Only who is being incubated can leave."))
    refuse(happened_on=wrong_day(happened_on, row.admitted_on), reason=wrong_reason(reason))
    return _end(row, IncubationStatus.EXITED, happened_on, reason)


def _end(row, status, day, reason):
    row.status, row.ended_on, row.outcome = status, day, reason.strip()[:200]
    row.save(update_fields=["status", "ended_on", "outcome"])
    return row
