"""The history of a row as people read it: when, who, from where, and each value before and after."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .fields import EncryptedTextField

MOST = 200  # events that are told


@dataclass
class Change:
    at: datetime
    name: str
    post: str
    address: str
    subject: str  # which row, when it is a part of the one asked about
    deed: str
    values: list  # [(label, before, after)]


def shown(row, field):
    """The value of a field in words: labels for codes, names for rows, nothing of what is sealed."""
    value = getattr(row, field.attname, None)
    if value in (None, "", [], {}):
        return "—"
    if isinstance(field, EncryptedTextField):
        masked = getattr(row, "masked", None)
        return masked(field.name) if masked and field.name in row.sealed else _("(protected)")
    if isinstance(field, models.ForeignKey):
        return _name_of(field, value)
    return _plain(field, value)


def _plain(field, value):
    if mask := getattr(field.model, "sealed", {}).get(field.name):
        return mask(str(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if hasattr(field, "labels_of"):
        return field.labels_of(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "Y-m-d H:i")
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return str(value)


def _name_of(field, key):
    row = field.remote_field.model._base_manager.filter(**{field.target_field.name: key}).first()
    return str(row) if row is not None else "—"


def _told(model):
    """The fields a history tells: not the hashes beside sealed values, nor what is ``untold``."""
    hidden = {"id", "removed_by", *getattr(model, "untold", ())} | {
        field.name for field in model._meta.local_fields if field.name.endswith("_hash")
    }
    return [field for field in model._meta.local_concrete_fields if field.name not in hidden]


def of(row, parts=(), to=None):
    """What happened to a row, and to those of its parts that this person (``to``) may read, newest first."""
    found = _changes(type(row), [row.pk], subject="")
    for part in parts:
        for field in part._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.remote_field.model is type(row):
                theirs = part.everything.visible_to(to).filter(**{field.name: row.pk})
                keys = list(theirs.order_by().values_list("pk", flat=True)[:500])
                if keys:
                    found += _changes(part, keys, subject=part._meta.verbose_name)
                break
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def of_rows(model, keys, *, subject):
    """What happened to these rows of a model, oldest first; ``subject`` says of each which row it was."""
    return _changes(model, keys, subject=subject)


def _changes(model, keys, *, subject):
    relation = model._meta.get_field("history") if hasattr(model, "history") else None
    if relation is None:
        return []
    log = relation.related_model.objects.filter(pgh_obj_id__in=keys)
    events = list(log.order_by("-pgh_id")[:MOST])
    kept = {field.name for field in relation.related_model._meta.local_fields}
    fields = [field for field in _told(model) if field.name in kept]
    names, told = {}, []
    before = {event.pgh_obj_id: _said(event, fields) for event in _preceding(log, events)}
    for event in reversed(events):
        values = _said(event, fields)
        past = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = values
        differing = [
            (str(field.verbose_name), _before(field, past, names), _after(field, values, names))
            for field in fields
            if (past or {}).get(field.name) != values[field.name]
            and not (past is None and values[field.name] in (None, "", [], {}))
        ]
        who = event.pgh_context or {}
        deed = _deed(event, past, values)
        told.append(
            Change(
                event.pgh_created_at,
                who.get("name") or _cause(who.get("cause", "")),
                who.get("post", ""),
                who.get("address") or "",
                subject,
                deed,
                differing,
            )
        )
    return told


def _said(event, fields):
    return {field.name: getattr(event, field.attname, None) for field in fields}


def _preceding(log, events):
    """Of each row the last event before those that are told: these do not begin with the row."""
    if len(events) < MOST:
        return []
    earlier = log.filter(pgh_id__lt=events[-1].pgh_id)
    return earlier.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")


def _cause(cause):
    """What of the platform itself it was, where no person acted (``journal.acting``)."""
    if cause == "rotation":
        return _("(the platform: personal data sealed with the new key)")
    if cause == "merger":
        return _("(the platform: a place went on as another one)")
    if cause.startswith("job "):
        return _("(the platform: job %(number)s)") % {"number": cause.removeprefix("job ")}
    return _("(the platform)")


def _deed(event, past, values):
    if event.pgh_label == "insert":
        return _("added")
    if event.pgh_label == "delete":
        return _("deleted")
    if values.get("removed_at") and not (past or {}).get("removed_at"):
        return _("removed")
    if past and past.get("removed_at") and not values.get("removed_at"):
        return _("restored")
    return _("changed")


def _before(field, past, names):
    return "—" if past is None else _value(field, past[field.name], names)


def _after(field, values, names):
    return _value(field, values[field.name], names)


def _value(field, value, names):
    if value in (None, "", [], {}):
        return "—"
    if isinstance(field, EncryptedTextField):
        return _("(protected value)")
    if isinstance(field, models.ForeignKey):
        key = (field.remote_field.model, value)
        if key not in names:
            names[key] = _name_of(field, value)
        return names[key]
    return _plain(field, value)
