"""What can be counted: each app registers its measures, whoever computes readings asks for them here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import pgettext_lazy

from .earlier import AsTheyStood

# What a figure is counted in. Money is kept in fen, whole, and shown in yuan.
PIECES = pgettext_lazy("counted in", "pieces")
PEOPLE = pgettext_lazy("counted in", "people")
HOUSEHOLDS = pgettext_lazy("counted in", "households")
YUAN = pgettext_lazy("counted in", "yuan")


@dataclass(frozen=True)
class Measure:
    """One figure that can be taken of one kind of unit on any day.

    ``rows(on)`` is a queryset of the values ``unit`` and ``value``, at most one row a unit, of the rows
    that stand. A unit without a row counts 0; of a ``reported`` measure, which somebody fills in, it is
    unknown (NULL). Values are whole numbers, money is in fen. On an earlier day rows that were handed on
    since count where they stood (``earlier``); no measure has to think of that.
    """

    key: str
    name: Any  # translated
    unit: str  # the kind of unit observed: "place", "organisation", "project" …
    rows: Callable[[date], Any]
    basis: str = ""  # the source or clause that says how to count
    counted_in: Any = ""  # PIECES, PEOPLE, HOUSEHOLDS or YUAN
    definition: Any = ""  # 口径: one sentence for officials, translated
    reported: bool = False  # a figure somebody fills in: missing is not zero
    yearly: bool = False  # of the calendar or fiscal year of the day, so far: it begins anew each year
    near: Callable[[date, list], Any] | None = None
    behind: Callable[[date, int], Any] | None = None

    def __post_init__(self):
        for name in ("rows", "near", "behind"):
            if asked := getattr(self, name):
                object.__setattr__(self, name, AsTheyStood(asked))

    def of(self, on, units):
        """The rows of these units alone, at a cost that does not grow with the number of all.

        A measure whose ``rows`` are made for counting everything at once has ``near(on, units)``: the
        same rows, asked in a way that suits a few units.
        """
        return self.near(on, units) if self.near else self.rows(on).filter(unit__in=units)

    def rows_behind(self, on, unit):
        """The rows of a register from which the figure of one unit was counted: a queryset of its model.

        Where rows are counted there are as many as the figure says; of a sum, those that were added up;
        of what a unit has or has not, those that make it so.
        """
        return self.behind(on, unit)


_measures = {}
_compared = []


def register(measure):
    known = _measures.setdefault(measure.key, measure)
    if known != measure:
        raise ValueError(f"measure {measure.key!r} is registered already")
    return measure


def get(key):
    """The measure of that key, or None: its register is not connected, which is not the same as zero."""
    return _measures.get(key)


def compare(above, below):
    """A ratio of two is told: of the first, what lies where the second was reported is summed beside it.

    Without that it would set all volunteers against the residents of those communities that reported any.
    """
    if (above, below) not in _compared:
        _compared.append((above, below))


def compared():
    return sorted(_compared)


def of_unit(unit):
    return [measure for _key, measure in sorted(_measures.items()) if measure.unit == unit]


def registered():
    return [measure for _key, measure in sorted(_measures.items())]
