"""最小补缺: the smallest additions, unit by unit, with which a target that is not met would be met.

Two methods, by what a rule judges (DOMAIN §2.1):

*Unit by unit* (EACH, FREQ, RANGE, COVER and MILESTONE without a divisor). One addition can bring at most
one unit over its bound, and a unit needs its own lack, rounded up, to pass. If k more units have to pass,
no way is cheaper than bringing up the k failing units that lack least; ties go by the order of places.
Units above a range are no case for additions and are counted apart.

*By sums* (AVG, RATIO, PER10K, TOTAL, TREND, and what else is divided). Every addition counts for one,
wherever it is made, so that the gap of the sum is the smallest total; the divisor stays as it is. It is
handed out one by one, always to the unit that stands lowest at that moment (its figure by its divisor;
of a plain trend, by how far it lies under its own year before), ties by the order of places, and only to
units that lie below the threshold themselves: together these lack at least the gap, and none is asked for
more than its own lack. A cap is the same from the other end: always from the unit that stands highest.

Figures are those of the standing measure rows; a province (100,000 units) is one pass over them.
"""

import heapq
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from django.db import connection

from linkage.attainment import rules
from linkage.attainment.codes import COMMUNITY_LEVEL, Rule, UnitKind
from linkage.attainment.services import units

BY_UNITS, BY_SUM, ELSEWHERE = "units", "sum", "elsewhere"


@dataclass(frozen=True)
class Step:
    """What one unit is asked for. ``addition`` is never negative; of a cap it is what has to go.

    ``base`` only where the target divides, ``before`` and ``base_before`` only of a trend; ``figure`` is
    None where nothing was reported.
    """

    unit: int
    region_id: int
    path: str
    figure: int | None
    base: int | None
    before: int | None
    base_before: int | None
    addition: int
    passes = None

    @property
    def lack(self):
        return self.addition

    def needed(self, target):
        """The figure this unit has to reach; of a cap, to come down to."""
        return (self.figure or 0) + (-self.addition if target.is_cap else self.addition)


@dataclass(frozen=True)
class Path:
    """``total``: units to be brought up (``units``), or what is missing in all (``sum``).

    ``steps`` are in the order in which they are asked, ``above``: units over the upper bound of a range,
    ``unknown``: failing units that cannot be reckoned before their divisor is reported. ``reaches``: do
    the steps suffice?
    """

    method: str
    total: int
    steps: list
    above: int = 0
    unknown: int = 0

    @property
    def names_units(self):
        return self.method != ELSEWHERE

    @property
    def reaches(self):
        done = len(self.steps) if self.method == BY_UNITS else self.added
        return done >= self.total

    @property
    def added(self):
        return sum(step.addition for step in self.steps)


def path(reading):
    """The cheapest path for one reading that is not met; with no steps where nothing is missing."""
    target, judged = reading.target, reading.judgement
    if target.rule == Rule.QUOTA:  # a new project is no unit yet, and one too many is not named here
        return Path(ELSEWHERE, abs(int(judged.limit - judged.value)), [])
    if rules.lists_units(target):
        return _by_units(reading)
    total = missing(judged, reading.figures)
    if not total:
        return Path(BY_SUM, 0, [])
    return Path(BY_SUM, total, _handed_out(reading, total))


def everybody(reading):
    """Every failing unit with its own lack, as a path; of what is judged by sums, the path itself."""
    if not rules.names_failing(reading.target):
        return path(reading)
    return _by_units(reading, limit="ALL")


def missing(judged, figures):
    """The smallest whole number whose addition to the numerator meets the target; of a cap, that must go."""
    if judged.is_met or judged.limit is None:
        return 0
    if judged.rule != Rule.TREND:
        return judged.gap or 0
    base = figures[1] if figures[1] or figures[3] else 1  # as the trend itself is judged: with or without
    return floor(judged.limit * base - figures[0]) + 1 if base else 0


# Unit by unit


def _by_units(reading, limit="%(total)s"):
    target, total = reading.target, reading.gap or 0
    lack, known = rules.lack(target), f"m.{target.per} > 0" if target.per else "TRUE"
    failing, params = _failing(reading)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.unit_id, m.region_id, m.path, m.{target.metric}, {_base(target)},"
            f" NULL::bigint, NULL::bigint, {lack} AS lack"
            f" FROM {failing} AND {known} AND {lack} > 0 ORDER BY lack, m.path, m.unit_id LIMIT {limit}",
            params | {"total": total},
        )
        steps = [Step(*row) for row in cursor.fetchall()]
        cursor.execute(
            f"SELECT COUNT(*) FILTER (WHERE {known} AND {lack} <= 0),"
            f" COUNT(*) FILTER (WHERE ({known}) IS NOT TRUE) FROM {failing}",
            params,
        )
        above, unknown = cursor.fetchone()
    return Path(BY_UNITS, total, steps, above, unknown)


def _failing(reading):
    """FROM and WHERE of the failing units under a place, with their parameters."""
    rows, params = units.rows_under(reading.target, reading.region)
    return " AND ".join([rows, *units.those_of(reading.target, units.FAILING)]), params


def _base(target):
    return f"m.{target.per}" if target.per else "NULL::bigint"


def _before(target):
    """The figure and the divisor of the year before, of a trend."""
    if target.rule != Rule.TREND:
        return "NULL::bigint, NULL::bigint"
    return f"m.{target.metric}_before, {f'm.{target.per}_before' if target.per else 'NULL::bigint'}"


# By sums


def _handed_out(reading, total):
    target = reading.target
    rows, params = units.rows_under(target, reading.region)
    level, base, counts = _level(target)
    sign, wrong_side = ("-", ">") if target.rule == Rule.CAP else ("", "<")
    bound, params = _bound(reading, params, wrong_side)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.unit_id, m.region_id, m.path, m.{target.metric}, {_base(target)}, {_before(target)},"
            f" {sign}({level}), {base} FROM {rows} AND {counts} AND {bound} ORDER BY m.path, m.unit_id",
            params,
        )
        found = cursor.fetchall()
    given = fill([row[7:] for row in found], total)
    return [Step(*row[:7], add) for row, add in zip(found, given, strict=True) if add]


def _level(target):
    """SQL of a unit: what it stands at, what that is divided by, and does an addition to it count at all?"""
    figure, counts = f"COALESCE(m.{target.metric}, 0)", []
    if target.rule == Rule.TREND and not target.per:
        figure = f"{figure} - COALESCE(m.{target.metric}_before, 0)"
        counts.append(f"COALESCE(m.{target.metric}, m.{target.metric}_before) IS NOT NULL")
    if target.rule == Rule.TREND and target.missing == "exclude":
        counts.append(rules.both_years_known(target))
    if target.per:
        counts.append(f"m.{target.per} > 0")
    if target.missing == "exclude" and target.rule in (Rule.AVG, *rules.POOLED, Rule.PER10K, Rule.COVER):
        counts.append(f"m.{target.metric} IS NOT NULL")
    if target.rule == Rule.TOTAL and target.unit == UnitKind.PLACE:
        counts.append(f"m.level = {COMMUNITY_LEVEL}")
    return figure, f"m.{target.per}" if target.per else "1::bigint", " AND ".join(counts) or "TRUE"


def _bound(reading, params, wrong_side):
    """Which units lie below the threshold themselves (of a cap: above); of a total there is none."""
    target, limit = reading.target, reading.judgement.limit
    if target.rule == Rule.TOTAL:
        return "TRUE", params
    if target.rule == Rule.TREND:
        if not target.per:
            return f"COALESCE(m.{target.metric}, 0) <= COALESCE(m.{target.metric}_before, 0)", params
        wrong_side = "<="
    per_unit = limit / 10_000 if target.rule == Rule.PER10K else limit
    figure, base, _counts = _level(target)
    return (
        f"{figure} * %(den)s::numeric {wrong_side} {base} * %(num)s::numeric",
        params | {"num": per_unit.numerator, "den": per_unit.denominator},
    )


def fill(units, total):
    """Hand out ``total`` one by one, always to the lowest unit (the first among equals); how much each gets.

    ``units``: ``[(figure, divisor)]`` of whole numbers, divisors positive. The k-th addition to a unit
    stands at (figure + k) / divisor; those that are made are the ``total`` lowest of all of these. First
    all are taken that stand under the level at which the sum would come out evenly, a few too many;
    these are taken back from the highest.
    """
    if not units or not total:
        return [0] * len(units)
    shift = 2 * max(base for _figure, base in units).bit_length() + 1  # tells any two of them apart
    level = _even_level(units, total, shift)
    num, den = level.numerator, level.denominator
    given = [max(0, -(-base * num // den) - figure) for figure, base in units]
    excess = sum(given) - total

    def last(number):
        figure, base = units[number]
        return -(((figure + given[number] - 1) << shift) // base), -number

    heap = [(*last(number), number) for number, amount in enumerate(given) if amount and excess]
    heapq.heapify(heap)
    for _each in range(excess):
        number = heap[0][-1]
        given[number] -= 1
        if given[number]:
            heapq.heapreplace(heap, (*last(number), number))
        else:
            heapq.heappop(heap)
    return given


def _even_level(units, total, shift):
    """The level up to which ``total`` fills these units when it can be split at will, exact."""
    order = sorted(units, key=lambda unit: (unit[0] << shift) // unit[1])
    figures = bases = 0
    for number, (figure, base) in enumerate(order):
        figures, bases = figures + figure, bases + base
        if number + 1 == len(order):
            break
        next_figure, next_base = order[number + 1]
        if (total + figures) * next_base <= next_figure * bases:
            break
    return Fraction(total + figures, bases)
