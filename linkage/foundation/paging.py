"""Lists page by key: the next page begins after the last row seen, however long the list is."""

import base64
import binascii
import json
from dataclasses import dataclass

from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils.translation import gettext as _

LONGEST = 100


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the cursors of its neighbours (None at the ends)."""

    rows: list
    next: str | None
    previous: str | None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page(queryset, order, *, cursor=None, size=50):
    """One page of ``queryset`` in ``order`` (names as in order_by; the primary key breaks ties)."""
    terms = _total(order)
    back, values = _read(cursor, terms) if cursor else (False, None)
    direction = [_turned(term) for term in terms] if back else terms
    rows = queryset.order_by(*direction)
    if values is not None:
        try:
            rows = rows.filter(_after(queryset.model, direction, values))
        except (TypeError, ValueError, ValidationError) as error:
            raise BadRequest(_("This page mark is not valid.")) from error
    found = list(rows[: min(size, LONGEST) + 1])
    more = len(found) > min(size, LONGEST)
    found = found[: min(size, LONGEST)]
    if back:
        found.reverse()
    beyond = more if not back else values is not None
    before = values is not None if not back else more
    return Page(
        found,
        _write(found[-1], terms, False) if beyond and found else None,
        _write(found[0], terms, True) if before and found else None,
    )


def read_page(read, terms, *, cursor=None, size=50):
    """The same of rows that are no queryset, forwards only.

    ``read(after, limit)`` answers rows behind the values of ``terms`` (attributes of its rows), or the first.
    """
    back, after = _read(cursor, terms) if cursor else (False, None)
    if back:
        raise BadRequest(_("This page mark is not valid."))
    found = read(after, min(size, LONGEST) + 1)
    more = len(found) > min(size, LONGEST)
    found = found[: min(size, LONGEST)]
    return Page(found, _write(found[-1], terms, False) if more else None, None)


def _total(order):
    terms = list(order)
    return terms if any(term.lstrip("-") in ("pk", "id") for term in terms) else [*terms, "pk"]


def _turned(term):
    return term[1:] if term.startswith("-") else f"-{term}"


def _after(model, terms, values):
    """Rows behind ``values`` in the order PostgreSQL uses: nulls last ascending, first descending."""
    behind, equal = Q(pk__in=[]), Q()
    for term, value in zip(terms, values, strict=True):
        name, descending = term.lstrip("-"), term.startswith("-")
        if value is None:
            step = Q(**{f"{name}__isnull": False}) if descending else Q(pk__in=[])
            same = Q(**{f"{name}__isnull": True})
        else:
            step = Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
            if not descending and _nullable(model, name):
                step |= Q(**{f"{name}__isnull": True})
            same = Q(**{name: value})
        behind |= equal & step
        equal &= same
    return behind & _bound(model, terms[0], values[0])


def _bound(model, term, value):
    """The same once more as one range of the first column, which an index can walk."""
    name, descending = term.lstrip("-"), term.startswith("-")
    if value is None or (not descending and _nullable(model, name)):
        return Q()
    return Q(**{f"{name}__{'lte' if descending else 'gte'}": value})


def _nullable(model, path):
    """May this column be null? Unknown names (annotations) may."""
    nullable = False
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        nullable = nullable or field.null
        model = field.related_model or model
    return nullable


def _write(row, terms, back):
    values = []
    for term in terms:
        value = row
        for name in term.lstrip("-").split("__"):
            value = getattr(value, name) if value is not None else None
        values.append(getattr(value, "pk", value))
    text = json.dumps([back, terms, values], cls=Exact)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class Exact(DjangoJSONEncoder):
    """Times with all their microseconds; a cursor must name its row exactly."""

    def default(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def _read(cursor, terms):
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        back, asked, values = json.loads(text)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadRequest(_("This page mark is not valid.")) from error
    plain = isinstance(values, list) and all(
        value is None or isinstance(value, (str, int, float, bool)) for value in values
    )
    if back not in (True, False) or asked != terms or not plain or len(values) != len(terms):
        raise BadRequest(_("This page mark is not valid."))
    if any(isinstance(value, str) and "\x00" in value for value in values):
        raise BadRequest(_("This page mark is not valid."))
    return back, values
