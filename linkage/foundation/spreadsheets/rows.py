"""A row of a register as JSON, as it is staged, and how the database makes a row of it again.

A new row is staged with what its table says; the rest it has from ``blank``, which is the same for all. The
database reads JSON with ``jsonb_populate_record``, so it types the values itself.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from linkage.foundation.fields import EncryptedTextField, Opened

from . import describing
from .showing import QUOTE

ENCODE = json.JSONEncoder(ensure_ascii=False, default=DjangoJSONEncoder().default).encode


def fields_of(model):
    """The fields a table may fill."""
    return [
        one
        for one in model._meta.concrete_fields
        if not one.primary_key and one.name not in describing.SKIPPED
    ]


def writer(field):
    """A function of a value of the field: a part of the staged JSON, ``"column":value``."""
    column, prepared = f"{QUOTE(field.column)}:", _preparing(field)

    def written(value):
        value = prepared(value)
        return column + (QUOTE(value) if type(value) is str else ENCODE(value))

    return written


def _preparing(field):
    """How a value of the field becomes one of JSON."""
    if isinstance(field, EncryptedTextField):
        return lambda value: (
            value.sealed if isinstance(value, Opened) and value.sealed else field.get_prep_value(value)
        )
    if isinstance(field, models.DecimalField):
        return lambda value: None if value is None else str(value)
    if isinstance(field, (models.DateField, models.TimeField)):
        return lambda value: None if value is None else value.isoformat()
    return lambda value: value


def blank(model):
    """What a new row says where its table says nothing; no nulls, no defaults of the database."""
    made = model()
    parts = ['"removed_reason":""']
    for field in fields_of(model):
        value = getattr(made, field.attname)
        if field.db_default is models.NOT_PROVIDED and value is not None:
            parts.append(writer(field)(value))
    return f"{{{','.join(parts)}}}"


def whole(model, staged):
    """All a staged new row says, by column; what is not said is null."""
    return dict.fromkeys([one.column for one in fields_of(model)]) | json.loads(blank(model)) | staged


def made_new(model):
    """SQL of a new row to which the staged values are added; its one parameter is ``blank``."""
    table = connection.ops.quote_name(model._meta.db_table)
    return f"(SELECT jsonb_populate_record(NULL::{table}, %s::jsonb))"
