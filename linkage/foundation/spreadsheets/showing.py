"""How rows of a register are shown in cells: for each column one function, made once for a whole table."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from operator import attrgetter

from . import kinds

SHOWN = 60  # characters of a cell in the preview
QUOTE = json.encoder.encode_basestring


def of_row(view, column):
    """A function of a row that gives the cell of this column: a text, a number, a day, None.

    ``view`` has ``sheet`` and ``places``. What is plainly a field is taken from the row as it is; all else is
    asked of the description.
    """
    sheet, kind, attname = view.sheet, column.kind, column.attname
    if sheet.is_plain(column):
        show = of_value(kind)
        return lambda row: show(vars(row)[attname])
    if isinstance(kind, kinds.Place) and column.field is not None:
        words = view.places.shown_key
        return lambda row: None if (key := vars(row)[attname]) is None else words(key)
    if column.is_number:
        return attrgetter("pk")
    return lambda row: sheet.shows(view, row, column)


def of_value(kind):
    """A function of a value of a plain column that gives its cell."""
    if type(kind).show is kinds.Kind.show:
        return lambda value: None if value == "" else value
    if isinstance(kind, (kinds.Code, kinds.Yes)):
        return _remembered(kind.show)
    return lambda value: None if value is None or value == "" else kind.show(value)


def _remembered(show):
    """Codes are few: each is put into words once."""
    known = {}

    def shown(value):
        if value is None or value == "" or value == []:
            return None
        key = tuple(value) if type(value) is list else value
        if key not in known:
            known[key] = show(value)
        return known[key]

    return shown


def brief(value):
    """A cell as the preview has it: always a text, not too long."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def quoted(value):
    """The cell of the preview as JSON."""
    return QUOTE(value if type(value) is str and len(value) <= SHOWN else brief(value))
