"""Registers over REST, to be read: the same rows as on the desk, numbers masked, pages by key.

A register is one call: ``viewset(SocialOrganization, about="…", fields=[…], filters=[…])``. Writing goes
through the desk and, later, through spreadsheets; a register has no second set of rules here.

What a field means is said once, in the description of the register's table (``sheets.py``), and comes from
there into the schema.

Never among the fields: the ``Person`` behind a row. Its name and its key were given where the number was
first entered, and would tell another place that it was.
"""

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from .choices import CodesField
from .fields import EncryptedTextField
from .filters import LARGEST_ID, KeysetPagination, StrictFilterBackend, StrictFilterSet
from .ledger import EntryQuerySet, Spanned, reading_posts
from .registers import region_model
from .scope import under
from .spreadsheets import describing, kinds


@extend_schema_field(str)
class Masked(serializers.Field):
    """A sealed value as lists show it: 360426********0071."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "source": "*", "read_only": True})

    def to_representation(self, row):
        return row.masked(self.field_name)


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
    }
)
class Place(serializers.Field):
    """The code and name of a place."""

    def __init__(self, **kwargs):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, region):
        return {"code": region.code, "name": region.name}


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    }
)
class Named(serializers.Field):
    """A row of another register: its number and what it is called."""

    def __init__(self, **kwargs):
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, row):
        return {"id": row.pk, "name": str(row)}


PLAIN = (kinds.Text, kinds.Number, kinds.Day, kinds.Moment, kinds.Clock)  # written alike here and there


class Described(serializers.ModelSerializer):
    """A register whose fields say in the schema what its table says of its columns."""

    def get_fields(self):
        fields, sheet = super().get_fields(), describing.of(self.Meta.model)
        for name in sheet.by_name.keys() & fields.keys() if sheet else ():
            fields[name].help_text = _told(sheet.by_name[name]) or fields[name].help_text
        return fields


def _told(column):
    """What is to be known of a column: its help, and where it is written as in a table, how."""
    parts = [column.help]
    if isinstance(column.kind, PLAIN):
        parts += [column.kind.hint, _("for example %s") % column.example if column.example else ""]
    return "；".join(part.rstrip("。.") for part in map(str, parts) if part)


def _field(model, name):
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return Masked() if name in model.sealed else None
    if isinstance(field, EncryptedTextField) or name in model.sealed:
        return Masked()
    if isinstance(field, models.ForeignKey):
        return Place() if field.related_model is region_model(model) else Named()
    return None


class WholeFilter(django_filters.NumberFilter):
    """A year or another whole number."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=LARGEST_ID, **kwargs)

    def get_max_validator(self):
        return None


class OneOfFilter(django_filters.ChoiceFilter):
    """Rows that have this code among several."""

    def filter(self, rows, code):
        return rows.filter(**{f"{self.field_name}__contains": [code]}) if code else rows


class ExactFilter(django_filters.CharFilter):
    """A code or a number as it is written; what is empty is not asked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, max_length=100, **kwargs)


def _filter(model, name):
    """The filter of one column, where it is not one of the usual."""
    field = model._meta.get_field(name)
    if isinstance(field, EncryptedTextField) or name in model.sealed or name.endswith("_hash"):
        raise ImproperlyConfigured(f"{model.__name__}.{name} is sealed: nobody asks for it (TRUST 8)")
    if isinstance(field, CodesField):
        return OneOfFilter(field_name=name, choices=list(field.codes.items()))
    if isinstance(field, models.IntegerField):
        return WholeFilter(field_name=name)
    if isinstance(field, models.CharField) and not field.choices:
        return ExactFilter(field_name=name)
    return None


def _filters(model, names, further):
    found = {"place": django_filters.CharFilter(method="in_place", max_length=24)}
    found |= {name: own for name in names if (own := _filter(model, name)) is not None}
    if issubclass(model, Spanned) or type(model.objects.all()).on is not EntryQuerySet.on:
        found["on"] = django_filters.DateFilter(method="on_day", help_text="What holds on this day.")

    def in_place(self, rows, _name, code):
        """At or under a place; of a place that is not one's own nothing is found, as of none."""
        place = region_model(model).objects.filter(code=code).first()
        posts = reading_posts(self.request.user, model.duties)
        if place is None or not any(place.path.startswith(post.office.region.path) for post in posts):
            return rows.none()
        return rows.filter(under(rows.region_path, place.path))

    def on_day(self, rows, _name, day):
        return rows.on(day)

    meta = type("Meta", (), {"model": model, "fields": list(names)})
    own = {**found, **further, "in_place": in_place, "on_day": on_day, "Meta": meta}
    return type(f"{model.__name__}Filter", (StrictFilterSet,), own)


def viewset(model, *, about, fields, filters=(), further=None, computed=None, related=(), rows=None):
    """The read-only endpoint of one register.

    ``about`` is said of it in the schema. ``fields`` and ``filters`` are columns of the model; ``further``
    are filters of another kind, ``computed`` serializer fields of what is no column, ``related`` rows
    these read, ``rows`` a question asked of the queryset before it is shown.
    """
    computed = computed or {}
    own = {name: field for name in fields if (field := _field(model, name)) is not None} | computed
    names = ["id", *fields, *(name for name in computed if name not in fields)]
    meta = type("Meta", (), {"model": model, "fields": names, "read_only_fields": names})
    serializer = type(f"{model.__name__}Serializer", (Described,), {**own, "Meta": meta})
    along = {model.region_path.rpartition("__")[0], *related} | {
        name for name, field in own.items() if isinstance(field, (Place, Named))
    }
    if "id_number" in fields and "person" in {field.name for field in model._meta.fields}:
        along.add("person")

    def get_queryset(self):
        found = model.objects.visible_to(self.request.user).select_related(*along)
        return rows(found) if rows else found

    return type(
        f"{model.__name__}ViewSet",
        (viewsets.ReadOnlyModelViewSet,),
        {
            "__doc__": about,
            "queryset": model.objects.none(),
            "serializer_class": serializer,
            "filter_backends": [StrictFilterBackend],
            "filterset_class": _filters(model, filters, further or {}),
            "pagination_class": KeysetPagination,
            "lookup_value_regex": "[0-9]{1,18}",
            "get_queryset": get_queryset,
        },
    )
