"""What an upper app shows on the desk of a register it builds on; the register below never learns who.

    beside.column(ServiceFacility, "run_by", _("operator"), operators)
    beside.section(ServiceFacility, contracts)
    beside.remark(ServiceFacility, otherwise)

with ``operators(rows, user) -> {key: text}``, ``contracts(row, user) -> Section or None`` and
``otherwise(row, user) -> [sentence]``.

Each tells only what this person may see of the upper register.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_columns, _sections, _remarks = defaultdict(list), defaultdict(list), defaultdict(list)


class Column:
    """A column of a list (Django takes what can be called for one), told for a whole page in one go."""

    def __init__(self, name, label, tell):
        self.__name__ = name
        self.short_description = label
        self.tell = tell

    def __call__(self, row):
        return row.beside.get(self.__name__) or "—"


@dataclass(frozen=True)
class Section:
    """A table below the form: ``lines`` are ``(address or "", cells)``, ``links`` ``(words, address)``."""

    title: Any
    heads: Sequence
    lines: Sequence
    about: Any = ""
    nothing: Any = ""  # said where there is no line
    links: Sequence = ()


def column(model, name, label, tell):
    _columns[model].append(Column(name, label, tell))


def section(model, tell):
    _sections[model].append(tell)


def remark(model, tell):
    _remarks[model].append(tell)


def columns_of(model):
    return _columns[model]


def fill(model, rows, user):
    """Put what the columns say on the rows of one page."""
    for row in rows:
        row.beside = {}
    for one in _columns[model]:
        found = one.tell(rows, user) if rows else {}
        for row in rows:
            row.beside[one.__name__] = found.get(row.pk, "")


def sections_of(row, user):
    return [found for tell in _sections[type(row)] if (found := tell(row, user)) is not None]


def remarks_of(row, user):
    return [sentence for tell in _remarks[type(row)] for sentence in tell(row, user)]
