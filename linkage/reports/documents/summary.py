"""汇总表 in words: heads of two lines, and lines of cells with the way down from every figure."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.models import Level
from linkage.foundation import measures
from linkage.reports.documents.cells import Cell, cell, unit_of
from linkage.reports.services.summary import Kind

PLACES = "place"


@dataclass(frozen=True)
class Head:
    name: str
    unit: str
    basis: str  # how it is counted


@dataclass(frozen=True)
class Line:
    """``label`` for the screen, ``names`` for paper: one for each column of names, "" where none stands."""

    kind: str
    label: str
    indent: int
    names: tuple
    url: str
    cells: list
    missing: int

    @property
    def is_sum(self):
        return self.kind in ("subtotal", "total")


@dataclass(frozen=True)
class Sheet:
    title: str
    groups: list  # [(text, how many columns)], "" over columns that stand alone
    heads: list
    lines: list
    depth: int
    misses: bool  # somewhere communities have not reported
    unknown: list  # what is not known somewhere, and why
    has_ratios: bool

    @property
    def width(self):
        return len(self.heads) + self.misses

    @property
    def has_groups(self):
        return any(text for text, _span in self.groups)


def sheet(table, place, summary, *, title="", asked=None, records=True, away=(), way=None):
    """``asked``: what keeps table and day in an address; ``records``: whether they can be shown (today);
    ``way``: where a row leads instead."""
    way = way or (lambda row: _way(row, asked or {}, place, away))
    lines = [_line(row, table, summary.depth, way(row), records) for row in summary.rows]
    notes = {
        (column.name, found.note)
        for line in lines
        for column, found in zip(table.columns, line.cells, strict=True)
        if found.note and not found.is_known
    }
    return Sheet(
        title=title or title_of(table, place),
        groups=[(text, len(list(some))) for text, some in groupby(column.group for column in table.columns)],
        heads=[Head(column.name, unit_of(column), basis(column)) for column in table.columns],
        lines=lines,
        depth=max(summary.depth, 1),
        misses=any(line.missing for line in lines),
        unknown=sorted(notes),
        has_ratios=any(column.share for column in table.columns),
    )


def title_of(table, place):
    if not table.title:
        return _("Summary of chosen figures · %(place)s") % {"place": place.name}
    return _("Summary · %(table)s · %(place)s") % {"table": table.title, "place": place.name}


def basis(column):
    """How a column is counted, in a sentence."""
    found = [measures.get(key) for key in column.keys]
    if column.measure:
        return str(found[0].definition) if found[0] else _("data not connected")
    above, below = (str(one.name) if one else _("data not connected") for one in found)
    if column.times == 1:
        return f"{above} ÷ {below}"
    return f"{above} ÷ {below} × {column.times:,}"


def _way(row, asked, place, away):
    if row.place.pk == place.pk or row.place.pk in away:
        return ""
    return f"{reverse('reports:summary')}?{urlencode(asked | {'place': row.place.code})}"


def _line(row, table, depth, url, records):
    cells = []
    for column in table.columns:
        found = cell(column, row.figures)
        to = _records(column, row) if records else ""
        if found.is_known and (to or (url and not row.place.is_community)):
            found = Cell(found.text, found.number, found.note, to or url)
        cells.append(found)
    return Line(
        kind=row.kind.value,
        label=_label(row),
        indent=max(len(row.names) - 1, 0) + (row.kind is Kind.OWN and bool(row.names)),
        names=_names(row, depth),
        url="" if row.kind in (Kind.OWN, Kind.TOTAL, Kind.SUBTOTAL) else url,
        cells=cells,
        missing=row.missing,
    )


def _records(column, row):
    """Where the records of a figure are: of a community, and of what a place has itself."""
    is_own = row.kind is Kind.OWN
    if not (is_own or row.place.is_community) or not column.measure:
        return ""
    measure = measures.get(column.measure)
    if measure is None:
        return ""
    if measure.unit == PLACES:
        return reverse("attainment:records", args=[measure.key, row.place.pk])
    return reverse("reports:behind", args=[measure.key, row.place.code])


def _label(row):
    if row.kind is Kind.TOTAL:
        return pgettext("a sum", "Total") if row.place.level != Level.COMMUNITY else row.place.name
    if row.kind is Kind.SUBTOTAL:
        return _("%(place)s, subtotal") % {"place": row.place.name}
    if row.kind is Kind.OWN:
        return own_name(row.place)
    return row.place.name


def own_name(place):
    """本级: what belongs to the place itself and to none below it."""
    return _("%(place)s, own level") % {"place": place.name}


def _names(row, depth):
    depth = max(depth, 1)
    names = list(row.names)
    if row.kind is Kind.TOTAL:
        names = [pgettext("a sum", "Total") if row.place.level != Level.COMMUNITY else row.place.name]
    elif row.kind is Kind.SUBTOTAL:
        names.append(_("Subtotal"))
    elif row.kind is Kind.OWN:
        names.append(_("Own level"))
    return tuple([*names, *[""] * depth][:depth])
