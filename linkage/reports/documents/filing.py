"""季报、年报 in words: one line a figure, this period beside the last one and that of a year ago."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.utils.translation import gettext as _

from linkage.attainment.documents.figures import FEN_OF_WAN, NOTHING, is_money
from linkage.reports.codes import COUNT
from linkage.reports.documents import cells, summary
from linkage.reports.models import FINAL, Return
from linkage.reports.services import comparing, filling
from linkage.reports.services.summary import Figure, Kind, Row, State, Summary

LONGEST = 30  # characters of a figure
SHARES = (3, 6)  # which of the numbers of a line are shares of the earlier figure


@dataclass(frozen=True)
class Line:
    """``key`` only in the line where a figure is filled in; ``register`` where the unit tells another one."""

    name: str
    group: str
    unit: str
    basis: str
    key: str
    is_ratio: bool
    below: str
    own: str
    typed: str
    is_editable: bool
    register: str
    now: str
    last: str
    change: str
    percent: str
    year: str
    year_change: str
    year_percent: str
    note: str
    is_large: bool
    silent: int
    parts: tuple  # what came from below and what is its own, for spreadsheets
    numbers: tuple  # now, last, change, percent, a year ago, change, percent: for spreadsheets


@dataclass(frozen=True)
class Part:
    title: str
    lines: list


def parts(filed, posted=None):
    """The tables of a return, line by line; ``posted``: what stood in its fields and was refused."""
    last, year = comparing.earlier(filed)
    seen, found = set(), []
    for table in filed.collection.form.tables:
        lines = []
        for column in table.columns:
            first = bool(column.measure) and column.measure not in seen
            seen.add(column.measure)
            lines.append(_line(filed, column, last, year, posted or {}, first=first))
        found.append(Part(table.title, lines))
    return found


def value(filed, column):
    """What a line says of a return: the figure as it is shown, a ratio exact; None where it is not known."""
    if filed is None:
        return None
    if column.measure:
        return _in_unit(column, filed.figure(column.measure))
    above, below = column.share
    pair = f"{above}|{below}"
    number = filed.figure(pair) if pair in filed.own | filed.below else filed.figure(above)
    by = filed.figure(below)
    if below == COUNT and by is not None:
        by -= filed.silent.get(above, 0)
    if number is None or not by:
        return None
    return cells.ratio(column, number, by)


def _line(filed, column, last, year, posted, *, first):
    key = column.measure if first else ""
    now, before, ago = (value(one, column) for one in (filed, last, year))
    numbers = [now, before, *comparing.change(now, before), ago, *comparing.change(now, ago)]
    shown = [
        _percent(number) if place in SHARES else _shown(column, number)
        for place, number in enumerate(numbers)
    ]
    registered, own = filed.register.get(key), filed.own.get(key)
    return Line(
        name=column.name,
        group=column.group,
        unit=cells.unit_of(column),
        basis=summary.basis(column),
        key=key,
        is_ratio=bool(column.share),
        below=_plain(column, filed.below.get(column.measure)) if column.measure else "",
        own=_plain(column, filed.own.get(column.measure)) if column.measure else "",
        typed=posted.get(f"f-{key}", typed(column.measure, own)) if key else "",
        is_editable=bool(key) and filling.is_editable(filed, key),
        register=_plain(column, registered) if key and registered != own else "",
        now=shown[0],
        last=shown[1],
        change=_signed(shown[2], numbers[2]),
        percent=_signed(shown[3], numbers[3]),
        year=shown[4],
        year_change=_signed(shown[5], numbers[5]),
        year_percent=_signed(shown[6], numbers[6]),
        note=posted.get(f"n-{key}", filed.notes.get(key, "")) if key else "",
        is_large=bool(key) and comparing.is_large(filed, key),
        silent=filed.silent.get(column.measure, 0) if column.measure else 0,
        parts=tuple(
            _number(column, _in_unit(column, told.get(column.measure)), False)
            for told in (filed.below, filed.own)
        ),
        numbers=tuple(_number(column, number, place in SHARES) for place, number in enumerate(numbers)),
    )


def _shown(column, number):
    if number is None:
        return NOTHING
    if cells.is_whole(column):
        return f"{number:,}"
    return f"{cells.rounded(Fraction(number)):,}"


def _number(column, number, is_percent):
    if number is None:
        return None
    if is_percent:
        return cells.rounded(number * 100)
    return number if cells.is_whole(column) else cells.rounded(Fraction(number))


def _percent(share):
    return NOTHING if share is None else f"{cells.rounded(share * 100):,}"


def _signed(text, number):
    return f"+{text}" if number is not None and number > 0 else text


def _plain(column, figure):
    return cells.text_of(column, _in_unit(column, figure))


def _in_unit(column, figure):
    return Decimal(figure) / FEN_OF_WAN if figure is not None and is_money(column.measure) else figure


# What is typed


def typed(key, figure):
    """A figure as it stands in its field: money in 10,000 yuan, without zeros at the end."""
    if figure is None:
        return ""
    if not is_money(key):
        return str(figure)
    text = f"{Decimal(figure) / FEN_OF_WAN:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read(key, text):
    """The figure of a field; None where it was left empty. Raises ``ValueError`` with what is wrong."""
    text = text.strip().replace(",", "").replace("，", "")
    if not text:
        return None
    if len(text) > LONGEST:
        raise ValueError(_("A number, please."))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("A number, please.")) from None
    if not number.is_finite() or number < 0 or number >= 10**12:
        raise ValueError(_("A number from 0 on, please."))
    figure = number * (FEN_OF_WAN if is_money(key) else 1)
    if figure != figure.to_integral_value():
        told = (
            _("Up to the fen: six decimals of 10,000 yuan.")
            if is_money(key)
            else _("A whole number, please.")
        )
        raise ValueError(told)
    return int(figure)


# Side by side


def side_by_side(table, collection, place, filed, units, way):
    """One table with a line for each unit below, as far as its return was received: a ``summary.Sheet``."""
    rows = []
    for unit in units:
        told = unit.filed if unit.filed and unit.filed.state in FINAL else None
        figures = (
            figures_of(table, told) if told else dict.fromkeys(table.keys, Figure(None, State.NOT_FILED))
        )
        rows.append(Row(Kind.PLACE, unit.region, (unit.name,), figures))
    if filed is None:  # nobody has begun to sum up: what was received so far
        below, silent, _received = filling.from_below(collection, place)
        filed = Return(collection=collection, region=place, below=below, silent=silent)
    if rows:
        own = {
            key: Figure(filed.own.get(key)) if filed.own.get(key) else Figure(None, State.NONE)
            for key in table.keys
        }
        if any(figure.value for figure in own.values()):
            rows.append(Row(Kind.OWN, filed.region, (), own))
        rows.append(Row(Kind.TOTAL, filed.region, (), figures_of(table, filed)))
    return summary.sheet(table, place, Summary(rows, 1, False), records=False, way=way)


def figures_of(table, filed):
    found = {}
    for key in table.keys:
        number = filed.figure(key)
        found[key] = (
            Figure(None, State.UNREPORTED)
            if number is None
            else Figure(number, missing=filed.silent.get(key, 0))
        )
    for column in table.columns:
        if column.share and (pair := "|".join(column.share)) in filed.own | filed.below:
            found[column.share] = Figure(filed.figure(pair) or 0)
    return found
