"""Lines over time as the coordinates of an SVG; figures stay exact until they are drawn."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

SPARK = (96, 26, 3)  # width, height, room at the edge
CHART = (760, 280)
LEFT, RIGHT, TOP, BOTTOM = 76, 16, 22, 30
TICKS = 4


@dataclass(frozen=True)
class Spark:
    """A small line: ``points`` of a polyline, the last of them, where the demand lies, all of it in words."""

    points: str
    last: tuple
    limit: str
    text: str
    width: int = SPARK[0]
    height: int = SPARK[1]


def spark(points, limit, text):
    """``points``: ``[(day, value)]``, at least two; else there is nothing to draw."""
    if len(points) < 2:
        return None
    width, height, edge = SPARK
    values = [Fraction(value) for _day, value in points]
    held = [*values, *([Fraction(limit)] if limit is not None else [])]
    across = _scale(points[0][0].toordinal(), points[-1][0].toordinal(), edge, width - edge)
    up = _scale(min(held), max(held), height - edge, edge)
    drawn = [(across(day.toordinal()), up(value)) for (day, _), value in zip(points, values, strict=True)]
    return Spark(
        " ".join(f"{x},{y}" for x, y in drawn), drawn[-1], "" if limit is None else up(Fraction(limit)), text
    )


def _scale(low, high, begin, end):
    """From a figure to a coordinate; where all figures are one, the middle."""

    def place(figure):
        share = Fraction(figure - low) / Fraction(high - low) if high != low else Fraction(1, 2)
        return f"{float(begin + share * (end - begin)):.1f}"

    return place


@dataclass(frozen=True)
class Chart:
    """A larger line with its axes. Ticks are ``(coordinate, label)``."""

    points: str
    dots: list
    ups: list
    acrosses: list
    limit: str = ""
    deadline: str = ""
    ahead: tuple = ()
    width: int = CHART[0]
    height: int = CHART[1]
    left: int = LEFT
    right: int = CHART[0] - RIGHT
    top: int = TOP
    bottom: int = CHART[1] - BOTTOM


def chart(points, *, limit, deadline, ahead, label, highest=None, whole=False):
    """``points``: ``[(day, value, is_restated)]``; ``ahead``: (day, value) of a forecast, or None.

    ``label`` says a value in words; ``highest`` is the largest possible one; ``whole``: of things that
    are counted. A deadline is marked where it lies on the axis.
    """
    if len(points) < 2:
        return None
    days = [day.toordinal() for day, _value, _restated in points]
    first, last = days[0], max(days[-1], ahead[0].toordinal() if ahead else 0)
    held = [Fraction(value) for _day, value, _restated in points]
    held += [Fraction(limit)] if limit is not None else []
    held += [Fraction(ahead[1])] if ahead else []
    step, low, high = _steps(min(held), max(held), Fraction(1) if whole else Fraction(0))
    if highest is not None and max(held) <= highest < high:
        high = Fraction(highest)
    width, height = CHART
    across, up = _scale(first, last, LEFT, width - RIGHT), _scale(low, high, height - BOTTOM, TOP)
    drawn = [
        (across(day.toordinal()), up(Fraction(value)), is_restated) for day, value, is_restated in points
    ]
    return Chart(
        " ".join(f"{x},{y}" for x, y, _restated in drawn),
        drawn,
        [
            (up(low + step * number), label(low + step * number))
            for number in range(int((high - low) / step) + 1)
        ],
        [(across(day), f"{date.fromordinal(day):%Y-%m}") for day in _spread(first, last)],
        "" if limit is None else up(Fraction(limit)),
        across(deadline.toordinal()) if deadline and first <= deadline.toordinal() <= last else "",
        (*drawn[-1][:2], across(ahead[0].toordinal()), up(Fraction(ahead[1]))) if ahead else (),
    )


def _steps(low, high, least):
    """A step of 1, 2 or 5, not below ``least``, and the bounds in whole steps, never below zero."""
    span = high - low or abs(high) or Fraction(1)
    low, high = max(Fraction(0), low - span / 10), high + span / 10
    rough, power = (high - low) / TICKS, Fraction(1)
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    step = max(least, next(power * times for times in (1, 2, 5, 10) if power * times >= rough))
    return step, floor(low / step) * step, ceil(high / step) * step


def _spread(first, last, most=7):
    """The first days of months between two days, at most so many, evenly."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    months = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    days = [date(month // 12, month % 12 + 1, 1).toordinal() for month in months]
    days = [day for day in days if first <= day <= last]
    apart = max(1, ceil(len(days) / most))
    return days[::apart]
