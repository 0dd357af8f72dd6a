"""What the filing pages say at a field: the mark of the last return, an error of a section, deeds at hand."""

from django import template

from projects import rules
from projects.models import Status

register = template.Library()


@register.inclusion_tag("projects/_mark.html", takes_context=True)
def mark(context, name):
    """Why the last return marked this field, and what stood there before it was changed."""
    change = context.get("changes", {}).get(name)
    note = context.get("notes", {}).get(name)
    return {
        "note": note,
        "old": change.old if change and note else [],
        "changed": bool(change),
        "by": context["returned"].decision if context.get("returned") else None,
    }


@register.inclusion_tag("projects/_problem.html", takes_context=True)
def problem(context, anchor):
    """Errors that belong to a section rather than to one field."""
    return {"texts": context.get("problems", {}).get(anchor, []), "anchor": anchor}


@register.simple_tag(takes_context=True)
def applicant_deeds(context, project):
    """What the person who looks at a project may do with it as its applicant."""
    user = context["request"].user
    files = rules.files_it(user, project)
    return {
        "edit": files and project.is_editable,
        "confirm": files
        and project.is_editable
        and project.typed_for_community
        and project.confirmed_at is None,
        "withdraw": files and project.status == Status.IN_REVIEW and not project.was_acted_on,
        "reopen": files and project.status == Status.WITHDRAWN,
    }


@register.filter
def masked_name(text):
    """张三丰 → 张**"""
    return text[:1] + "*" * (len(text) - 1) if text else ""


@register.filter
def masked_phone(text):
    """13900000012 → 139****0012"""
    return f"{text[:3]}****{text[-4:]}" if len(text or "") > 7 else "****" if text else ""
