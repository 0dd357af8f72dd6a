"""A return as the paper table: 填报单位, 报告期, one line a figure, who signs for it."""

import io

from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation.spreadsheets import writing
from linkage.foundation.spreadsheets.writing import BOLD, COUNT, FACT, HEAD, LABEL, RATE, TITLE, letters

WIDTHS = (30, 9)
FIGURE, NOTE, HEIGHT = 13, 30, 18


def facts(filed):
    return [
        _("Filled in by: %s") % (filed.office_name or filed.name),
        _("Period: %s") % filed.collection.period,
        _("As of: %s") % filed.collection.as_of.isoformat(),
        _("State: %s") % filed.get_state_display(),
    ]


def signs(filed):
    """The last line: 单位负责人, 填表人, 报出日期."""
    at = timezone.localdate(filed.filed_at).isoformat() if filed.filed_at else "　　　　"
    return [
        _("Head of the unit: %s") % "　　　　　　",
        _("Filled in by (person): %s") % (filed.filled_by or "　　　　"),
        _("Filed on: %s") % at,
    ]


def heads(filed):
    """``[(text over it, head)]`` of the columns after name and unit."""
    below = [("", _("Units below")), ("", _("Own level"))] if filed.units else []
    last, year = _("Last period"), _("Same period of last year")
    change, percent = _("More or less"), _("More or less, in percent")
    return [
        *below,
        ("", _("This period")),
        (last, _("Figure")), (last, change), (last, percent),
        (year, _("Figure")), (year, change), (year, percent),
        ("", _("Explanation")),
    ]  # fmt: skip


def workbook(filed, parts):
    """The file, at its beginning."""
    file = io.BytesIO()
    book = writing.Book(file)
    columns = heads(filed)
    width = 2 + len(columns)
    last = letters(width - 1)
    widths = [*WIDTHS, *[FIGURE] * (len(columns) - 1), NOTE]
    with book.sheet(filed.collection.form.title, widths, frozen=4, repeat=(3, 4)) as told:
        told.row([filed.collection.form.title], TITLE, height=30)
        told.row(["　　".join(facts(filed))], FACT)
        for number in (1, 2):
            told.merge(f"A{number}", f"{last}{number}")
        _heads(told, columns, width)
        for part in parts:
            told.row([part.title, *[""] * (width - 1)], BOLD, HEIGHT, dict.fromkeys(range(width), BOLD))
            told.merge(f"A{told.number}", f"{last}{told.number}")
            for line in part.lines:
                _line(told, filed, line)
        told.row(["　　　　".join(signs(filed))], FACT)
        told.merge(f"A{told.number}", f"{last}{told.number}")
        if filed.shortfall:
            told.row([_("Note: %s") % _("units not received: %s") % filed.shortfall], FACT)
            told.merge(f"A{told.number}", f"{last}{told.number}")
    book.close()
    file.seek(0)
    return file


def _heads(told, columns, width):
    above, below = [_("Figure name"), _("Unit of count")], ["", ""]
    told.merge("A3", "A4")
    told.merge("B3", "B4")
    at = 2
    while at < width:
        text, head = columns[at - 2]
        span = sum(1 for over, _head in columns if text and over == text) or 1
        for number in range(span):
            above.append(text if number == 0 and text else "" if text else head)
            below.append(columns[at - 2 + number][1] if text else "")
        end = f"{letters(at + span - 1)}3" if text else f"{letters(at)}4"
        told.merge(f"{letters(at)}3", end)
        at += span
    styles = dict.fromkeys(range(width), HEAD)
    told.row(above, HEAD, height=22, styles=styles)
    told.row(below, HEAD, height=22, styles=styles)


def _line(told, filed, line):
    now, last, change, percent, year, year_change, year_percent = line.numbers
    values = [f"{line.group}·{line.name}" if line.group else line.name, line.unit]
    if filed.units:
        values += ["" if line.is_ratio else "—" if part is None else part for part in line.parts]
    shown = (now, last, change, percent, year, year_change, year_percent)
    values += ["—" if number is None else number for number in shown]
    values.append(line.note)
    styles = {0: LABEL, 1: LABEL, len(values) - 1: LABEL}
    for place, number in enumerate(values):
        if place not in styles:
            styles[place] = COUNT if isinstance(number, (int, str)) else RATE
    told.row(values, LABEL, HEIGHT, styles)
