"""What the owner of a programme does: load it, name pilot places, raise a quota, extend a phase."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Level
from linkage.foundation import journal
from linkage.foundation.errors import NotNow
from linkage.foundation.standards import is_doc_no, normal_doc_no
from linkage.policy.services import mirror
from projects import rules
from projects.models import PilotArea, PilotCommunity, Programme, ProgrammePhase, Quota, QuotaRaise
from projects.procedure import LEVELS, Doing

AUTO = "auto"
SHIFTED_INTO_FILING = 60  # the first day of filing plus sixty: a demonstration opens on the 61st day


@transaction.atomic
def load_programme(document, table, *, shift="0"):
    """Make the stored programme say what the pack says. Returns it and the number of rows changed.

    What people decided since — raised quotas, extended phases, named pilot places — stays.
    """
    pilots = table["pilots"] or {}
    values = {
        "document_id": document.pk,
        "region_id": document.region_id,
        "title": table["title"],
        "form_title": table["form_title"],
        "notice_days": table["notice_days"],
        "notice_in_working_days": table["notice_in_working_days"],
        "step_days": table["step_days"],
        "after_return": table["after_return"],
        "escalate_after": table["escalate_after"],
        "report_months": table["report_months"],
        "report_grace": table["report_grace"],
        "report_ahead": table["report_ahead"],
        "nature": table["nature"],
        "note": table["note"],
        "applicants": table["applicants"],
        "active": table["active"],
        "pilots_at_least": pilots.get("at_least"),
        "pilots_at_most": pilots.get("at_most"),
        "pilots_clause": pilots.get("clause", ""),
    }
    changes = mirror(
        Programme.objects.filter(code=table["code"]), "code", [{"code": table["code"], **values}]
    )
    programme = Programme.objects.select_for_update().get(code=table["code"])
    changes += mirror(programme.phases, "key", _numbered(table["phase"]))
    changes += mirror(programme.tracks, "key", _numbered(_levels(table["track"], "final_level")))
    changes += mirror(programme.steps, "key", _numbered(_levels(table["step"], "level")))
    changes += mirror(programme.criteria, "number", _numbered(table["criterion"]))
    changes += mirror(programme.form_rows, "number", table["form_row"])
    changes += mirror(programme.quotas, "key", _quotas(programme, table["quota"]))
    days = shift_days(programme, shift, timezone.localdate())
    if days != programme.shift_days:
        programme.shift_days = days
        programme.save(update_fields=["shift_days"])
        changes += 1
    return programme, changes


def shift_days(programme, setting, today):
    """How far the dates are moved: a number of days, or ``auto`` for filing to be open today."""
    if setting != AUTO:
        return int(setting)
    if programme.is_open_for(Doing.FILING, today):
        return programme.shift_days
    filing = next(phase for phase in programme.phases.all() if Doing.FILING in phase.allows)
    into = min(timedelta(days=SHIFTED_INTO_FILING), filing.ends_on - filing.starts_on)
    return (today - (filing.starts_on + into)).days


@transaction.atomic
def load_pilots(programme, area, communities, *, basis, on):
    """Pilot places that a document itself names. Adds what is missing, takes nothing away."""
    named, created = PilotArea.objects.get_or_create(
        programme=programme, region=area, defaults={"basis": basis}
    )
    changes = int(created)
    for community in communities:
        changes += PilotCommunity.objects.get_or_create(
            programme=programme,
            region=community,
            defaults={"area": named, "designated_on": on, "basis": basis},
        )[1]
    return changes


@transaction.atomic
def name_pilot_area(programme, region, *, by, basis=""):
    """The owner of the programme names a pilot city or county."""
    _require(rules.governs_programme(by, programme))
    if region.level not in (Level.CITY, Level.COUNTY):
        raise ValidationError({"region": _("A pilot area is a city or a county.")})
    if not programme.region.contains(region):
        raise ValidationError({"region": _("This region lies outside the territory of the programme.")})
    area, created = PilotArea.objects.get_or_create(
        programme=programme, region=region, defaults={"basis": basis.strip()}
    )
    if not created:
        raise ValidationError({"region": _("This region is already a pilot area.")})
    journal.record("pilot_area_named", by=by, target=area, facts={"basis": area.basis})
    return area


@transaction.atomic
def designate_pilot(programme, community, *, by, on=None, basis=""):
    """Name a pilot community. More than the document asks for is remarked on the area, not refused."""
    on = on or timezone.localdate()
    area = programme.pilot_area_of(community)
    _require(rules.governs_programme(by, programme) or (area is not None and rules.names_pilots(by, area)))
    if not programme.is_open_for(Doing.DESIGNATING, on):
        raise NotNow(programme.why_not_open_for(Doing.DESIGNATING, on))
    if not community.is_community:
        raise ValidationError({"region": _("Only a community can be a pilot community.")})
    if area is None:
        raise ValidationError({"region": _("This community does not lie in a pilot area.")})
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day lies in the future.")})
    pilot, created = PilotCommunity.objects.get_or_create(
        programme=programme,
        region=community,
        defaults={"area": area, "designated_on": on, "basis": basis.strip(), "by": by},
    )
    if not created:
        raise ValidationError({"region": _("This community is already a pilot community.")})
    journal.record("pilot_community_named", by=by, target=pilot, facts={"basis": pilot.basis})
    return pilot


@transaction.atomic
def raise_quota(quota, limit, *, doc_no, reason, by):
    """Lift a ceiling by a numbered document; waits for approvals that are being counted under it."""
    quota = Quota.objects.select_for_update(of=["self"]).select_related("programme").get(pk=quota.pk)
    _require(rules.governs_programme(by, quota.programme))
    doc_no, problems = _basis_problems(doc_no, reason)
    if limit <= quota.limit:
        problems["limit"] = _("The new limit must be above %(limit)d.") % {"limit": quota.limit}
    if problems:
        raise ValidationError(problems)
    raised = QuotaRaise.objects.create(
        quota=quota, before=quota.limit, limit=limit, doc_no=doc_no, reason=reason.strip(), by=by
    )
    quota.limit = limit
    quota.save(update_fields=["limit"])
    journal.record("quota_raised", by=by, target=quota, facts={"limit": limit, "doc_no": doc_no})
    return raised


@transaction.atomic
def extend_phase(phase, until, *, doc_no, reason, by):
    """Let a phase run until a later day of the calendar, by a numbered document."""
    phase = ProgrammePhase.objects.select_for_update(of=["self"]).select_related("programme").get(pk=phase.pk)
    _require(rules.governs_programme(by, phase.programme))
    doc_no, problems = _basis_problems(doc_no, reason)
    if until <= phase.ends:
        problems["until"] = _("The new end must be after %(day)s.") % {"day": phase.ends}
    if problems:
        raise ValidationError(problems)
    phase.extended_to = phase.programme.unshifted(until)
    phase.extension_doc_no = doc_no
    phase.extension_basis = reason.strip()
    phase.save(update_fields=["extended_to", "extension_doc_no", "extension_basis"])
    journal.record("phase_extended", by=by, target=phase, facts={"until": until, "doc_no": doc_no})
    return phase


def _require(allowed):
    if not allowed:
        raise PermissionDenied


def _basis_problems(doc_no, reason):
    """The document number as it is written, and what is wrong with the basis of a decision."""
    doc_no, problems = normal_doc_no(doc_no), {}
    if not is_doc_no(doc_no):
        problems["doc_no"] = _("Give a document number such as 甘民发〔2016〕80号.")
    if not reason.strip():
        problems["reason"] = _("Give the reason.")
    elif len(reason.strip()) > 200:
        problems["reason"] = _("Give the reason in at most 200 characters.")
    return doc_no, problems


def _numbered(rows):
    return [{**row, "number": number} for number, row in enumerate(rows, 1)]


def _levels(rows, field):
    return [{**row, field: LEVELS[row[field]]} for row in rows]


def _quotas(programme, rows):
    """A raised limit stays raised; a limit nobody raised follows the pack."""
    stored = {quota.key: quota for quota in programme.quotas.prefetch_related("raises")}
    wanted = []
    for row in rows:
        quota = stored.get(row["key"])
        raised = max((one.limit for one in quota.raises.all()), default=0) if quota else 0
        wanted.append({**row, "first_limit": row["limit"], "limit": max(row["limit"], raised)})
    return wanted
