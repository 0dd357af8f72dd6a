"""Registers over REST, to be read: the same rows as on the desk, numbers masked, pages by key.

A register is one line: ``viewset(SocialOrganization, fields=[…], filters=[…])``. Writing goes through
the desk and, later, through spreadsheets; a register has no second set of rules here.
"""

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers, viewsets

from .fields import EncryptedTextField
from .filters import KeysetPagination, StrictFilterBackend, StrictFilterSet
from .ledger import reading_posts
from .registers import region_model
from .scope import under


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


def _field(model, name):
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return Masked() if name in model.sealed else None
    if isinstance(field, EncryptedTextField):
        return Masked()
    if isinstance(field, models.ForeignKey):
        return Place() if field.related_model is region_model(model) else Named()
    return None


def _filters(model, names):
    found = {"place": django_filters.CharFilter(method="in_place", max_length=24)}

    def in_place(self, rows, _name, code):
        """At or under a place; of a place that is not one's own nothing is found, as of none."""
        if "\0" in code:
            raise exceptions.ValidationError({"place": [_("This is not possible.")]})
        place = region_model(model).objects.filter(code=code).first()
        posts = reading_posts(self.request.user, model.duties)
        if place is None or not any(place.path.startswith(post.office.region.path) for post in posts):
            return rows.none()
        return rows.filter(under(rows.region_path, place.path))

    meta = type("Meta", (), {"model": model, "fields": list(names)})
    return type(f"{model.__name__}Filter", (StrictFilterSet,), {**found, "in_place": in_place, "Meta": meta})


def viewset(model, *, fields, filters=()):
    """The read-only endpoint of one register."""
    own = {name: field for name in fields if (field := _field(model, name)) is not None}
    meta = type("Meta", (), {"model": model, "fields": ["id", *fields], "read_only_fields": ["id", *fields]})
    serializer = type(f"{model.__name__}Serializer", (serializers.ModelSerializer,), {**own, "Meta": meta})
    related = {model.region_path.rpartition("__")[0]} | {
        name for name, field in own.items() if isinstance(field, (Place, Named))
    }
    if "person" in {field.name for field in model._meta.fields}:
        related.add("person")

    def get_queryset(self):
        return model.objects.visible_to(self.request.user).select_related(*related)

    return type(
        f"{model.__name__}ViewSet",
        (viewsets.ReadOnlyModelViewSet,),
        {
            "__doc__": f"{model._meta.verbose_name_plural!s}",
            "queryset": model.objects.none(),
            "serializer_class": serializer,
            "filter_backends": [StrictFilterBackend],
            "filterset_class": _filters(model, filters),
            "pagination_class": KeysetPagination,
            "lookup_value_regex": "[0-9]{1,18}",
            "get_queryset": get_queryset,
        },
    )
