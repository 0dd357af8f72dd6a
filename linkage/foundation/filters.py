"""Query parameters are an allowlist: unknown, doubled or wrong ones are a 400, never ignored."""

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.db import models
from django.utils.translation import gettext as _
from django_filters.exceptions import FieldLookupError
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.filters import OrderingFilter
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from . import paging
from .fields import EncryptedTextField

LARGEST_ID = 2**63 - 1
YES_NO = {"true": True, "false": False}


# Pages


def strict_query(request, allowed):
    """The query parameters of a page, each at most once; anything not in ``allowed`` is a 400.

    ``allowed`` names them, or maps names to a converter or to the choices: ``{"q": str, "page": int,
    "status": Status.values}``. Parameters left empty are not in the answer.
    """
    problem = _query_problem(request.GET, allowed)
    if problem:
        raise BadRequest(problem[1])
    found = {name: value for name, value in request.GET.items() if value != ""}
    if not isinstance(allowed, dict):
        return found
    return {name: _converted(name, value, allowed[name]) for name, value in found.items()}


def _converted(name, value, rule):
    wrong = BadRequest(_("“%(name)s” has a value that is not possible.") % {"name": name})
    if not callable(rule):
        known = {str(choice): choice for choice in rule}
        if value not in known:
            raise wrong
        return known[value]
    try:
        found = rule(value)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise wrong from error
    if isinstance(found, int) and abs(found) > LARGEST_ID:
        raise wrong
    return found


def _query_problem(query, allowed):
    for name, values in query.lists():
        if name not in allowed:
            return name, _("There is no parameter “%(name)s”.") % {"name": name[:50]}
        if len(values) > 1:
            return name, _("“%(name)s” may be given once.") % {"name": name}
    return None


# REST


class IdFilter(django_filters.NumberFilter):
    """A foreign key by number. What is not yours and what does not exist both find nothing."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)

    def get_max_validator(self):
        return None


class CodeFilter(django_filters.CharFilter):
    """A foreign key by a code of the row it points to, with the same silence."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, max_length=40, **kwargs)


class YesNoFilter(django_filters.TypedChoiceFilter):
    """true or false, nothing else."""

    def __init__(self, *args, **kwargs):
        kwargs.pop("widget", None)
        super().__init__(*args, choices=[(word, word) for word in YES_NO], coerce=YES_NO.get, **kwargs)


class StrictFilterSet(django_filters.rest_framework.FilterSet):
    """A filter set whose foreign keys are numbers, so that it answers alike for foreign and missing rows."""

    FILTER_DEFAULTS = {
        **django_filters.rest_framework.FilterSet.FILTER_DEFAULTS,
        models.ForeignKey: {"filter_class": IdFilter},
        models.OneToOneField: {"filter_class": IdFilter},
        models.BooleanField: {"filter_class": YesNoFilter},
    }

    @classmethod
    def filter_for_field(cls, field, field_name, lookup_expr=None):
        if isinstance(field, EncryptedTextField):
            raise FieldLookupError(field, lookup_expr)
        return super().filter_for_field(field, field_name, lookup_expr)


class StrictFilterBackend(DjangoFilterBackend):
    """Checks the whole query of an endpoint: its filters, its ordering, its pages, nothing more."""

    filterset_base = StrictFilterSet

    def filter_queryset(self, request, queryset, view):
        allowed = self._allowed(request, queryset, view)
        problem = _query_problem(request.query_params, allowed)
        if problem:
            raise exceptions.ValidationError({problem[0][:50]: [problem[1]]})
        return super().filter_queryset(request, queryset, view)

    def _allowed(self, request, queryset, view):
        names = set()
        filterset = self.get_filterset_class(view, queryset)
        if filterset is not None:
            for name, filter in filterset.base_filters.items():
                suffixes = getattr(filter.field_class.widget, "suffixes", None)
                names |= {f"{name}_{suffix}" for suffix in suffixes} if suffixes else {name}
        if getattr(view, "ordering_fields", None):
            names.add(StrictOrdering.ordering_param)
        paginator = getattr(view, "paginator", None)
        one_row = (view.lookup_url_kwarg or view.lookup_field) in view.kwargs
        if paginator is not None and not one_row:
            names |= set(getattr(paginator, "parameters", ()))
        return names | set(getattr(view, "query_parameters", ()))


class StrictOrdering(OrderingFilter):
    """``?ordering=`` over ``view.ordering_fields`` only: public names, or {public name: field}."""

    def _known(self, view):
        fields = getattr(view, "ordering_fields", None) or {}
        if fields == "__all__":
            raise ValueError("ordering_fields is an allowlist")
        return dict(fields) if isinstance(fields, dict) else {name: name for name in fields}

    def get_ordering(self, request, queryset, view):
        asked = request.query_params.get(self.ordering_param)
        if asked is None:
            return self.get_default_ordering(view)
        known, ordering = self._known(view), []
        for term in asked.split(","):
            name = term.removeprefix("-")
            if name not in known or known[name] in ordering or f"-{known[name]}" in ordering:
                raise exceptions.ValidationError(
                    {self.ordering_param: [_("Order by: %(names)s.") % {"names": ", ".join(sorted(known))}]}
                )
            ordering.append(f"-{known[name]}" if term.startswith("-") else known[name])
        return ordering

    def get_valid_fields(self, queryset, view, context=None):
        return [(name, name) for name in self._known(view)]


class KeysetPagination(BasePagination):
    """Pages by key, without a count; ``?cursor=`` and ``?size=`` up to 100."""

    parameters = ("cursor", "size")
    size = 50

    def paginate_queryset(self, queryset, request, view=None):
        self.request = request
        order = list(queryset.query.order_by) or list(queryset.model._meta.ordering) or ["pk"]
        self.page = paging.page(
            queryset, order, cursor=request.query_params.get("cursor") or None, size=self._size(request)
        )
        return self.page.rows

    def paginate_rows(self, read, terms, request):
        """A page of rows that are no queryset; see ``paging.read_page``."""
        self.request = request
        cursor = request.query_params.get("cursor") or None
        self.page = paging.read_page(read, terms, cursor=cursor, size=self._size(request))
        return self.page.rows

    def _size(self, request):
        asked = request.query_params.get("size")
        if asked is None:
            return self.size
        if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:4]) <= paging.LONGEST:
            raise exceptions.ValidationError(
                {"size": [_("A number from 1 to %(most)s.") % {"most": paging.LONGEST}]}
            )
        return int(asked)

    def _link(self, cursor):
        return cursor and replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data):
        return Response(
            {"next": self._link(self.page.next), "previous": self._link(self.page.previous), "results": data}
        )

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True, "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        return [
            {"name": "cursor", "required": False, "in": "query", "schema": {"type": "string"}},
            {
                "name": "size",
                "required": False,
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": paging.LONGEST},
            },
        ]
