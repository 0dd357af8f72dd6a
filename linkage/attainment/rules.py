"""What a rule asks of figures: the pair of one unit as SQL, and the judgement of a sum in whole numbers.

A target reduces to an additive pair (numerator, denominator) of every unit it observes (HOUSE, “Target = a
fraction”; DOMAIN §2.1). Beside the pair go the units looked at and those that reported. A trend cannot be
added up over time; in the place of the two last it carries the pair of the year before.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from django.db import models
from django.utils.translation import gettext_lazy as _

from linkage.attainment.codes import LEVELS_OF, UnitKind

PER_UNIT = ("EACH", "RANGE", "FREQ")  # a unit passes or not; the value is the share that passes
POOLED = ("RATIO", "CAP", "RULE")
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
PATH = re.compile(r"[0-9A-Z/]+\Z")


class Status(models.TextChoices):
    """DOMAIN §2.5.1, and what is no judgement: a register that does not exist yet."""

    MET = "met", _("met")
    NOT_YET = "not_yet", _("not met, within the term")
    OVERDUE = "overdue", _("overdue, not met")
    SLIPPED = "slipped", _("met at the deadline, no longer")
    MET_LATE = "met_late", _("met after the deadline")
    OPEN_ENDED = "open_ended", _("not met, no deadline")
    PART = "part", _("counts towards the whole")
    NO_DATA = "no_data", _("not enough data")
    NOT_APPLICABLE = "not_applicable", _("does not apply here")
    NOT_CONNECTED = "not_connected", _("data not connected")


# What falls short, in time or not: it has a gap, and may be handed down.
UNMET = (Status.NOT_YET, Status.OVERDUE, Status.SLIPPED, Status.OPEN_ENDED)
# Whether a target was met at its deadline, as its status tells.
MET_THEN = {Status.MET_LATE: False, Status.SLIPPED: True}


# The pair of a unit


@dataclass(frozen=True)
class Pair:
    """Four SQL expressions over the row ``m`` of a unit; a trend has the year before in the last two."""

    numerator: str
    denominator: str
    units: str
    reported: str

    def __iter__(self):
        return iter((self.numerator, self.denominator, self.units, self.reported))


def condition(target):
    """Which rows of its kind of unit a target looks at."""
    document = int(target.document_id)
    found = []
    if target.unit == UnitKind.PILOT_AREA:
        found.append(f"m.area_of @> ARRAY[{document}]::bigint[]")
    elif target.unit in LEVELS_OF:
        found.append(f"m.level IN ({', '.join(map(str, LEVELS_OF[target.unit]))})")
    if target.unit in ("project", "pilot_community"):
        found.append(f"m.document_id = {document}")
    if target.kind in ("urban", "rural"):
        found.append(f"m.kind = '{target.kind}'")
    if target.scope == "pilot_areas" and target.unit != "pilot_area":
        found.append(f"m.in_areas @> ARRAY[{document}]::bigint[]")
    if target.scope == "pilot_communities" and target.unit == "community":
        found.append(f"m.pilot_of @> ARRAY[{document}]::bigint[]")
    found.append(_territory(target.document.region))
    return " AND ".join(found)


def _territory(region):
    """A target applies to its own territory only (§2.5.9); one whose tree is not loaded has no units."""
    if region is None:
        return "FALSE"
    assert PATH.match(region.path)
    return f"m.path >= '{region.path}' AND m.path < '{region.path}~'"


def pair(target, figure=""):
    """What one unit adds to the sums of a target, where ``condition`` holds.

    ``figure``: SQL that is supposed in the place of the measure itself.
    """
    figure, base = figure or _column(target.metric), _column(target.per) if target.per else None
    known = f"{figure} IS NOT NULL" + (f" AND {base} IS NOT NULL" if base else "")
    reported = f"({known})::int"
    if target.rule == "TREND":
        before = f"COALESCE({_column(target.metric + '_before')}, 0)"
        base_before = f"COALESCE({_column(target.per + '_before')}, 0)" if base else "0"
        both = (f"COALESCE({figure}, 0)", f"COALESCE({base}, 0)" if base else "0", before, base_before)
        if target.missing == "exclude":  # a unit that lacks one of the two years is in neither
            return Pair(*(f"CASE WHEN {both_years_known(target)} THEN {sql} ELSE 0 END" for sql in both))
        return Pair(*both)
    exclude = target.missing == "exclude"
    counted = reported if exclude else "1"
    if target.rule in ("TOTAL", "QUOTA"):
        return Pair(f"COALESCE({figure}, 0)", "0", "1", reported)
    if target.rule == "AVG":
        return Pair(f"COALESCE({figure}, 0)", counted, "1", reported)
    if target.rule in PER_UNIT or (target.rule in ("COVER", "MILESTONE") and not base):
        looked = f"({base} IS DISTINCT FROM 0)::int * {counted}" if base else counted
        units = f"({base} IS DISTINCT FROM 0)::int" if base else "1"
        return Pair(f"COALESCE({passes(target, figure)}, FALSE)::int", looked, units, f"{reported} * {units}")
    return _pooled(target, figure, base, reported)


def both_years_known(target):
    """Of a trend: has the unit told everything of this year and of the year before?"""
    named = (target.metric, *([target.per] if target.per else []))
    return " AND ".join(f"{_column(key)} IS NOT NULL" for name in named for key in (name, f"{name}_before"))


def _pooled(target, figure, base, reported):
    """Figure and base are added up apart. Without its base a figure has nothing to be a share of and waits
    until the base is reported; only what a place above the communities keeps has none of its own (an
    organisation of the county serves the people of its communities)."""
    times = "10000 * " if target.rule == "PER10K" else ""
    above = target.unit == UnitKind.PLACE
    counts = f"(m.level < 5 OR {base} > 0)" if above else f"{base} > 0"
    looked = "(m.level = 5)::int" if above else "1"
    if target.missing == "exclude":
        counts += f" AND {figure} IS NOT NULL"
        base = f"CASE WHEN {figure} IS NOT NULL THEN {base} END"
    return Pair(
        f"COALESCE(CASE WHEN {counts} THEN {times}{figure} END, 0)",
        f"COALESCE({base}, 0)",
        looked,
        f"{reported} * {looked}" if above else reported,
    )


def passes(target, figure=""):
    """The test of one unit; NULL where nothing is known. ``figure`` as in ``pair``."""
    figure, base = figure or _column(target.metric), _column(target.per) if target.per else None
    if target.rule in ("COVER", "MILESTONE"):
        return f"({figure} >= {base})" if base else f"({figure} > 0)"
    if target.rule == "RANGE":
        low, high = (Fraction(target.between_low), Fraction(target.between_high))
        if target.soft:  # what lies above is remarked on, not counted against anybody
            return f"({figure} >= {ceil(low)})"
        return f"({figure} BETWEEN {ceil(low)} AND {floor(high)})"
    if target.is_cap:
        most = Fraction(target.at_most)
        some = f"{base} > 0 AND " if base else ""
        return f"({some}{figure} * {most.denominator} <= {base or 1} * {most.numerator})"
    least = Fraction(target.at_least)
    if base:
        return f"({base} > 0 AND {figure} * {least.denominator} >= {base} * {least.numerator})"
    return f"({figure} * {least.denominator} >= {least.numerator})"


def lack(target):
    """How much one unit lacks, rounded up to whole things; of a share, measured by its base.

    Where each has to stay within a number: how much is too much.
    """
    figure, base = f"COALESCE({_column(target.metric)}, 0)", _column(target.per) if target.per else None
    if target.rule in ("COVER", "MILESTONE"):
        return f"GREATEST(COALESCE({base}, 0) - {figure}, 0)" if base else "1"
    if target.rule == "RANGE":
        return f"GREATEST({ceil(Fraction(target.between_low))} - {figure}, 0)"
    if target.is_cap:
        most = Fraction(target.at_most)
        base = f"COALESCE({base}, 0)::numeric" if base else "1::numeric"
        return f"{figure} - FLOOR({base} * {most.numerator} / {most.denominator})::bigint"
    least = Fraction(target.at_least)
    if base:
        return (
            f"CEIL(COALESCE({base}, 0)::numeric * {least.numerator} / {least.denominator})::bigint - {figure}"
        )
    return f"{ceil(least)} - {figure}"


def lists_units(target):
    """Does the target test unit by unit? Its value is the share that passes, its gap a number of units."""
    return target.rule in PER_UNIT or (target.rule in ("COVER", "MILESTONE") and not target.per)


def names_failing(target):
    """Can the units be named that fall short (§2.5.7)?

    Also where what is covered is divided by what there is: a facility without its station, a place where
    matters were not settled.
    """
    return target.rule in (*PER_UNIT, "COVER", "MILESTONE")


def _column(key):
    assert NAME.match(key), key
    return f"m.{key}"


# The judgement of a sum


def limit_of(target, region, on, terms=None):
    """What the value of a sum is held against: the threshold, or of tests unit by unit the share to pass."""
    if target.rule in PER_UNIT:
        return target.share_exact
    return target.threshold_for(region, on, terms).value


@dataclass(frozen=True)
class Judgement:
    """A sum held against its threshold. ``value`` and ``limit`` are exact; ``value`` is None where none is.

    ``gap`` is what is missing, in the units of the numerator (people, organisations, communities), never
    negative; of a cap, what is too much.
    """

    rule: str
    value: Fraction | None
    limit: Fraction | None
    gap: int | None
    is_met: bool
    numerator: int
    denominator: int


def judge(rule, sums, limit):
    """``sums``: the four figures of a place; ``limit``: the exact threshold of the value."""
    numerator, denominator, *rest = sums
    if rule == "TREND":
        return _trend(numerator, denominator, *rest)
    if rule in ("TOTAL", "QUOTA"):
        value = Fraction(numerator)
        met = value == limit if rule == "QUOTA" else value >= limit
        return Judgement(rule, value, limit, _missing(limit - value), met, numerator, denominator)
    if denominator == 0:
        return Judgement(rule, None, limit, None, False, numerator, denominator)
    value = Fraction(numerator, denominator)
    if rule == "CAP":
        return Judgement(
            rule,
            value,
            limit,
            _missing(numerator - limit * denominator),
            value <= limit,
            numerator,
            denominator,
        )
    gap = limit * denominator - numerator
    if rule == "PER10K":
        gap /= 10_000
    return Judgement(rule, value, limit, _missing(gap), value >= limit, numerator, denominator)


def _trend(numerator, denominator, before, base_before):
    """Greater than a year before (§2.1 TREND: strictly). Without a year before there is no judgement."""
    if denominator or base_before:
        value = Fraction(numerator, denominator) if denominator else None
        limit = Fraction(before, base_before) if base_before else None
    else:
        value, limit = Fraction(numerator), Fraction(before) if before else None
    met = value is not None and limit is not None and value > limit
    return Judgement("TREND", value, limit, None, met, numerator, denominator)


def _missing(gap):
    return max(0, ceil(gap))


def status(judgement, sums, *, deadline, today, connected=True, is_whole=True, met_then=None):
    """``is_whole``: the place is the whole territory; a total is demanded of that alone.

    ``met_then``: was it met at the deadline, where an edition of that day was kept.
    """
    if not connected:
        return Status.NOT_CONNECTED
    if judgement.rule in ("TOTAL", "QUOTA") and not is_whole:
        return Status.PART
    if judgement.rule == "TREND":
        if judgement.limit is None or judgement.value is None:
            return Status.NO_DATA
    elif judgement.value is None:
        return Status.NO_DATA if sums[2] and not sums[3] else Status.NOT_APPLICABLE
    elif judgement.rule not in ("TOTAL", "QUOTA") and sums[2] and not sums[3]:
        return Status.NO_DATA
    if deadline is None or deadline >= today:
        if judgement.is_met:
            return Status.MET
        return Status.OPEN_ENDED if deadline is None else Status.NOT_YET
    if not judgement.is_met:
        return Status.SLIPPED if met_then else Status.OVERDUE
    return Status.MET if met_then is not False else Status.MET_LATE


# Special groups: which figures are told (PIPL art. 28; LESSONS §6 nr 24)

SMALLEST = 5  # fewer people, but at least one, are told of no place


def told_below(told, figures):
    """The groups whose figures are told of every place of a table; those of the others are told of none.

    ``told`` are the groups told of the place above, ``figures`` the people per group of each place of the
    table, whether they are told or not.

    One small figure withholds its whole column, and with it the column in every table further down. So
    what is known of a withheld figure is the sum of its column at most: with n places and the sum s at
    least 5, any of them may have any of 1 … 4 people, and s less that any other. Nothing is recomputed
    from sums, from upper tables or from lower ones, also by those who know this rule; a pattern of single
    cells withheld would tell more (of 8 people in two cells marked small each has 4).
    """
    return {group for group in told if not any(is_small(people.get(group)) for people in figures)}


def is_small(people):
    return people is not None and 0 < people < SMALLEST
