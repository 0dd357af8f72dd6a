"""A plain forecast: the straight line that lies nearest to the last monthly figures, in exact fractions."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

FEWEST, MOST = 3, 12
FARTHEST = 50 * 366  # days; what lies farther is never


@dataclass(frozen=True)
class Forecast:
    """What the line says. ``value`` at the deadline; or, without one ahead, ``met_on``: None is never."""

    points: int
    per_day: Fraction
    value: Fraction | None = None
    lacks: Fraction | None = None
    meets: bool | None = None
    met_on: date | None = None


def line(points):
    """Slope per day, and value on day 0 of ``date.toordinal``, by least squares over (day, value)."""
    days = [day.toordinal() for day, _value in points]
    values = [Fraction(value) for _day, value in points]
    middle, mean = Fraction(sum(days), len(days)), sum(values) / len(values)
    spread = sum((day - middle) ** 2 for day in days)
    rise = sum((day - middle) * (value - mean) for day, value in zip(days, values, strict=True))
    slope = rise / spread if spread else Fraction(0)
    return slope, mean - slope * middle


def forecast(points, *, limit, today, deadline=None, is_cap=False, highest=None):
    """The line through the last 12 points, carried on; None for fewer than three.

    ``highest``: the largest possible value (1 of a share); nothing is below zero. ``limit`` may be None
    where nothing is judged. Of a cap the value has to come down to the limit.
    """
    points = points[-MOST:]
    if len({day for day, _value in points}) < FEWEST:
        return None
    slope, start = line(points)
    if deadline is not None and deadline >= today:
        value = max(Fraction(0), slope * deadline.toordinal() + start)
        value = value if highest is None else min(value, Fraction(highest))
        if limit is None:
            return Forecast(len(points), slope, value)
        lacks = value - limit if is_cap else limit - value
        return Forecast(len(points), slope, value, max(lacks, Fraction(0)), lacks <= 0)
    if limit is None or (highest is not None and limit > highest):
        return Forecast(len(points), slope)
    return Forecast(len(points), slope, met_on=_met_on(slope, start, limit, today, is_cap))


def _met_on(slope, start, limit, today, is_cap):
    """The first day from tomorrow on that the line is not short of the limit; None where it never comes."""
    tomorrow = today.toordinal() + 1
    there = slope * tomorrow + start
    if there <= limit if is_cap else there >= limit:
        return today + timedelta(days=1)
    if slope == 0 or (slope > 0) == is_cap:
        return None
    day = ceil((limit - start) / slope)
    return date.fromordinal(day) if day - tomorrow <= FARTHEST else None
