"""The form as plain data: what is frozen at each submission."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from communities.codes import FocusField, FundSource, NeedField, NeedMethod, ServiceGroup, ServiceMethod
from projects.models.attachment import Slot
from projects.models.project import Project

# Key in the snapshot -> what it is called on the page, in the order of the form.
FIELDS = {
    "title": _("project name"),
    "track": _("funding track"),
    "community_profile": _("community overview"),
    "needs_analysis": _("needs analysis"),
    "service_targets": _("people served"),
    "service_methods": _("methods"),
    "service_plan": _("way of service"),
    "focus_fields": _("fields"),
    "start_date": _("starts on"),
    "end_date": _("ends on"),
    "budget": _("money needed"),
    "sources": _("sources of money"),
    "requested_subsidy": _("subsidy asked"),
    "expected_outcome": _("expected effect"),
    "collection": _("gathering of needs"),
    "needs": _("needs"),
    "hearing": _("hearing"),
    "party_deliberation": _("study by the party organisation"),
    "assembly": _("assembly"),
    "notice": _("public notice"),
    "attachments": _("attachments"),
}


def snapshot(project: Project) -> dict:
    """Everything the form says, in words and exact figures (yuan as text), ready for JSON."""
    return {
        "head": project.head_today,
        "title": project.title,
        "track": project.track.name,
        "community_profile": project.community_profile,
        "needs_analysis": project.needs_analysis,
        "service_targets": project.service_targets,
        "service_methods": [str(ServiceMethod(code).label) for code in project.service_methods],
        "service_plan": project.service_plan,
        "focus_fields": [str(FocusField(code).label) for code in project.focus_fields],
        "start_date": _iso(project.start_date),
        "end_date": _iso(project.end_date),
        "budget": [
            {"purpose": line.purpose, "basis": line.basis, "amount": str(line.amount)}
            for line in project.budget.all()
        ],
        "sources": [
            {
                "kind": str(FundSource(line.kind).label),
                "confirmed": line.confirmed,
                "amount": str(line.amount),
            }
            for line in project.sources.all()
        ],
        "requested_subsidy": str(project.requested_subsidy or 0),
        "total_need": str(project.total_need),
        "total_sources": str(project.total_sources),
        "expected_outcome": project.expected_outcome,
        "collection": [_iso(project.collected_from), _iso(project.collected_to), project.suggestions],
        "needs": [
            {
                "title": need.title,
                "group": str(ServiceGroup(need.group).label),
                "field": str(NeedField(need.field).label),
                "method": str(NeedMethod(need.method).label),
                "people": need.people,
            }
            for need in project.needs.order_by("pk")
        ],
        "hearing": _facts(
            project.hearing,
            "held_on",
            "place",
            "host",
            "attendance",
            "attendees",
            "minutes",
            "opinions",
            "result",
        ),
        "party_deliberation": _facts(
            project.party_deliberation, "organisation", "held_on", "place", "present", "opinion"
        ),
        "assembly": _assembly(project.assembly),
        "judged_by": project.assembly and project.assembly.judged_by,
        "notice": _facts(project.notice, "title", "body", "starts_on", "ends_on", "place"),
        "attachments": [
            {"slot": item.slot, "name": item.name, "sha256": item.sha256}
            for item in project.attachments.filter(removed_at__isnull=True).exclude(slot=Slot.STAMPED_OPINION)
        ],
    }


def _plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def _iso(day):
    return day.isoformat() if day else None


def _facts(record, *names):
    if record is None:
        return None
    values = {name: getattr(record, name) for name in names}
    return {name: _iso(value) if hasattr(value, "isoformat") else value for name, value in values.items()}


def _assembly(assembly):
    """Which body was held, when it was called, and how it voted."""
    if assembly is None:
        return None
    votes = ("entitled", "present", "votes_for", "votes_against", "votes_abstain", "resolution")
    facts = _facts(assembly, "called_on", "held_on", "place", *votes)
    return {"body": assembly.get_body_display(), **facts}


# What residents are told on the wall; a change of it after posting is a change behind their backs.
MATERIAL = ("title", "start_date", "end_date", "total_need", "requested_subsidy")
POSTED = (*MATERIAL, "service_targets", "service_plan")


def posting(project: Project) -> dict:
    """The facts of a project as a notice shows them, in plain values; what is not filled in is left out."""
    values = {name: getattr(project, name) for name in POSTED}
    return {name: _plain(value) for name, value in values.items() if value}


def changed_since_posting(project: Project) -> list[str]:
    """Names of material facts that no longer are what hung on the wall."""
    now = posting(project)
    return [name for name in MATERIAL if name in project.posted and project.posted[name] != now.get(name)]
