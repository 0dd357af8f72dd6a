"""The columns of a table that comes in. What one cell says is read, checked and written once for all rows
that say the same: a table of fifty thousand rows has few places, days and codes.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError

from . import cells, kinds, showing

EMPTY = (None, "", [])
REMEMBERED = 2_000  # different cells of a column


class Said:
    """What a cell says.

    ``value``: of the model, ``CLEARED``, or the text where it is read later. ``wrong``: why it cannot be
    read. ``refused``: why it may not stand. ``written``: the value as part of the staged JSON, ``shown``:
    the cell of the preview as JSON, both of plain columns only.
    """

    __slots__ = ("refused", "shown", "value", "written", "wrong")

    def __init__(self, value=None, wrong=(), refused=(), written="", shown=""):
        self.value, self.wrong, self.refused = value, wrong, refused
        self.written, self.shown = written, shown

    @property
    def is_trouble(self):
        return bool(self.wrong or self.refused or self.value is cells.CLEARED)


class Reader:
    """One column of the table; ``scale``: by what its numbers are multiplied."""

    def __init__(self, check, place, column, scale=1):
        self.place, self.column, self.name, self.kind = place, column, column.name, column.kind
        self.is_plain = check.sheet.is_plain(column)
        self.is_text = isinstance(column.kind, kinds.Text)
        self.takes_dashes = isinstance(column.kind, (kinds.Number, kinds.Yes))
        self.is_troubled = False  # whether any cell so far needs a second look
        self.scale = Decimal(str(scale)).normalize() if scale != 1 else None
        self.date1904 = check.sheet_import.date1904 and isinstance(column.kind, (kinds.Day, kinds.SealedDay))
        self.validators = check.validators.get(column.name, ())
        self._written = check.writers[column.attname] if self.is_plain else None
        self._shows = showing.of_value(column.kind) if self.is_plain else None
        self._texts, self._others = _Texts(self._said), {}

    def read(self, typed):
        """What each of these cells says; None for one that says nothing."""
        texts, others = self._texts, self._others
        for known in (texts, others):
            if len(known) > REMEMBERED:
                known.clear()
        return [
            None if cell is None else texts[cell] if type(cell) is str else self._other(cell)
            for cell in typed
        ]

    def _other(self, cell):
        key = repr(cell)  # True, 1 and 1.0 are alike, and pairs cannot be keys
        if key not in self._others:
            self._others[key] = self._said(cell)
        return self._others[key]

    def _said(self, cell):
        try:
            value = self._value(cell)
        except ValidationError as error:
            self.is_troubled = True
            return Said(wrong=error.messages)
        if value is None or value == "":
            return None
        if value is cells.CLEARED:
            self.is_troubled = True
            return Said(value)
        if not self.is_plain:
            return Said(value)
        refused = refusals(self.validators, value)
        if refused:
            self.is_troubled = True
        return Said(value, (), refused, self._written(value), showing.quoted(self._shows(value)))

    def _value(self, cell):
        kind = self.kind
        if type(cell) is str:
            if len(cell) < 7:
                if cell in cells.CLEAR:
                    return cells.CLEARED
                if cell in cells.NOTHING and not self.takes_dashes:
                    return None
            if not self.is_text and cells.plain(cell) is None:
                return None
        if kind.lazy:
            return kind.told(cell, self.date1904)
        if self.scale is not None:
            return kind.read(cell, self.scale)
        if self.date1904:
            return cells.day(cell, date1904=True)
        return kind.read(cell)


class _Texts(dict):
    """By the text of a cell, what it says."""

    def __init__(self, read):
        super().__init__()
        self._read = read

    def __missing__(self, cell):
        said = self[cell] = self._read(cell)
        return said


def refusals(validators, value):
    """Sentences of the validators that refuse a value."""
    if not validators or value in EMPTY:
        return ()
    found = []
    for validator in validators:
        try:
            validator(value)
        except ValidationError as error:
            found += error.messages
    return found
