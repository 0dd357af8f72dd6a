"""What can be counted: each app registers its measures, whoever computes readings asks for them here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One figure that can be taken of one kind of unit on any day.

    ``rows(on)`` is a queryset of the values ``unit``, ``region`` (pk of the home region) and ``value``.
    """

    key: str
    name: Any  # translated
    unit: str  # the kind of unit observed: "community", "project", "organisation" …
    rows: Callable[[date], Any]
    basis: str = ""  # the source or clause that says how to count


_measures = {}


def register(measure):
    known = _measures.setdefault(measure.key, measure)
    if known != measure:
        raise ValueError(f"measure {measure.key!r} is registered already")
    return measure


def get(key):
    """The measure of that key, or None: its register is not connected, which is not the same as zero."""
    return _measures.get(key)


def of_unit(unit):
    return [measure for _key, measure in sorted(_measures.items()) if measure.unit == unit]
