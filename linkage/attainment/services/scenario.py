"""设定情景: other thresholds, other readings of coverage words, additions. Evaluated, shown, never stored.

Everything is exact: a target is copied with what is set, units are tested and summed anew over the
standing measure rows, and the result is judged as a reading is.
"""

import copy
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.models import CoverageTerm, Target
from linkage.attainment.services import live, plan, reading

FULL = "full"  # every unit below its bound is brought up to it
WITH_SHARE = (Rule.EACH, Rule.RANGE, Rule.FREQ)


@dataclass(frozen=True)
class Change:
    """What is set for one target; None or 0 leaves a thing as it is.

    ``bound``: an exact threshold (of a range a pair of them). ``share``: of the units that must pass.
    ``lift``: every unit on the wrong side of its bound moves towards it by so much, not beyond it, or
    ``FULL``. ``add``: added to the numerator of the place itself (units that pass, where units are tested).
    """

    bound: Fraction | tuple | None = None
    share: Fraction | None = None
    lift: int | str | None = None
    add: int = 0

    def __bool__(self):
        return any(value not in (None, 0) for value in (self.bound, self.share, self.lift, self.add))


@dataclass(frozen=True)
class Outcome:
    """One target today and as supposed, for the place and for each place directly below it."""

    target: Target
    before: reading.Reading
    after: reading.Reading
    below: list  # (place, before, after)

    @property
    def judged_below(self):
        judged = (rules.Status.NOT_APPLICABLE, rules.Status.NOT_CONNECTED, rules.Status.NO_DATA)
        return [row for row in self.below if row[1].status not in (*judged, rules.Status.PART)]

    @property
    def met_below(self):
        """How many places below meet it today, and how many would."""
        rows = self.judged_below
        return sum(row[1].is_met for row in rows), sum(row[2].is_met for row in rows)


def takes_bound(target):
    return target.rule != Rule.TREND


def takes_share(target):
    return target.rule in WITH_SHARE


def takes_lift(target):
    """Has a unit a bound of its own?"""
    return target.rule not in (Rule.TOTAL, Rule.QUOTA, Rule.TREND)


def suppose(target, change, words):
    """A copy of a target as it would be; never saved."""
    supposed = copy.copy(target)
    word = words.get(target.term) if target.term and target.threshold is None else None
    bound = change.bound if change.bound is not None else word
    if isinstance(bound, tuple):
        supposed.between_low, supposed.between_high = map(str, bound)
    elif bound is not None and target.at_most:
        supposed.at_most = str(bound)
    elif bound is not None:
        supposed.at_least = str(bound)
    if change.share is not None:
        supposed.share = str(change.share)
    return supposed


def evaluate(targets, changes, words, place, children, today):
    """Outcomes of the targets that something is set for, in their order.

    ``changes``: ``{target code: Change}``; ``words``: ``{coverage word: share}``.
    """
    touched = [
        target
        for target in targets
        if changes.get(target.code) or (target.term in words and target.threshold is None)
    ]
    if not touched:
        return []
    places = [place, *children]
    before = reading.read_places(touched, places, on=today)
    terms = list(CoverageTerm.objects.in_force(today).select_related("region"))
    nothing = Change()
    supposed = [suppose(target, changes.get(target.code, nothing), words) for target in touched]
    limits = [target.threshold_for(place, today, terms).value for target in supposed]
    layout = plan.lay_out(
        supposed,
        supposed={
            target.code: lifted(target, changes[target.code].lift, limit)
            for target, limit in zip(supposed, limits, strict=True)
            if target.code in changes and changes[target.code].lift and takes_lift(target)
        },
    )
    sums = live.sums(layout, places)

    def after(target, where, was, add):
        figures = layout.figures(target.code, sums[where.pk])
        figures[0] += add * (10_000 if target.rule == Rule.PER10K else 1)
        return live.judged(
            target,
            where,
            figures,
            target.threshold_for(where, today, terms),
            deadline=target.due(today),
            today=today,
            is_whole=target.document.region_id == where.pk,
            met_then=rules.MET_THEN.get(was.status),
            computed_at=was.computed_at,
        )

    found = []
    for number, target in enumerate(supposed):
        was = before[place.pk][number]
        add = changes.get(target.code, nothing).add
        found.append(
            Outcome(
                touched[number],
                was,
                after(target, place, was, add),
                [
                    (child, before[child.pk][number], after(target, child, before[child.pk][number], 0))
                    for child in children
                ],
            )
        )
    return found


def lifted(target, lift, limit):
    """SQL of a unit's figure when those on the wrong side of the bound move towards it, not beyond it."""
    figure = f"COALESCE(m.{target.metric}, 0)"
    missing, counts = _lack(target, figure, limit)
    step = missing if lift == FULL else f"LEAST({missing}, {int(lift)})"
    sign = "-" if target.is_cap else "+"
    return f"(CASE WHEN {counts} AND {missing} > 0 THEN {figure} {sign} {step} ELSE m.{target.metric} END)"


def _lack(target, figure, limit):
    """SQL of how far a unit is from its bound, and of whether it may be moved at all."""
    base = f"m.{target.per}" if target.per else None
    counts = [f"m.{target.per} > 0"] if base else []
    if target.missing == "exclude":  # a unit that is left out is not brought in by an addition
        counts.append(f"m.{target.metric} IS NOT NULL")
    may = " AND ".join(counts) or "TRUE"
    if rules.lists_units(target):
        if target.rule in (Rule.COVER, Rule.MILESTONE):
            return f"(1 - LEAST({figure}, 1))", may
        return f"({rules.lack(target)})", may
    bound = limit / 10_000 if target.rule == Rule.PER10K else limit
    if not base:
        return f"({ceil(bound)} - {figure})", may
    share = f"COALESCE({base}, 0)::numeric * {bound.numerator} / {bound.denominator}"
    if target.rule == Rule.CAP:
        return f"({figure} - FLOOR({share})::bigint)", may
    return f"(CEIL({share})::bigint - {figure})", may


def most_to_add(target, figures):
    """How many more units can pass at all, where units are tested; None where there is no such bound."""
    return max(0, figures[1] - figures[0]) if rules.lists_units(target) else None


def least_to_add(figures, target):
    """Nothing goes below zero."""
    return -floor(Fraction(figures[0], 10_000 if target.rule == Rule.PER10K else 1))
