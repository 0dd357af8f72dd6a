"""Targets read for a place: the figures that stand, judged exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from django.db import connection
from django.utils import timezone

from communities.models import Level, Region
from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.models import (
    CoverageTerm,
    Edition,
    EditionSums,
    PlaceMeasures,
    Target,
    TargetSums,
    Threshold,
)
from linkage.attainment.rules import Judgement, Status
from linkage.attainment.services import plan
from linkage.foundation import measures


@dataclass(frozen=True)
class Reading:
    """One target read for one place. ``threshold`` says the number and where it comes from."""

    target: Target
    region: Region
    figures: list
    judgement: Judgement
    threshold: Threshold
    status: Status
    computed_at: object = None

    @property
    def is_connected(self):
        return self.status != Status.NOT_CONNECTED

    @property
    def value(self):
        return self.judgement.value

    @property
    def limit(self):
        return self.judgement.limit

    @property
    def gap(self):
        return self.judgement.gap

    @property
    def is_met(self):
        return self.judgement.is_met

    @property
    def units(self):
        return self.figures[2]

    @property
    def shown(self):
        """Value and limit for people: whole where they are whole, else floored to three decimals."""
        return [
            int(exact) if exact.denominator == 1 else floor(exact * 1000) / 1000
            for exact in (self.value or Fraction(0), self.limit or Fraction(0))
        ]

    @property
    def completeness(self):
        """The share of units that reported, exact; None where nothing is to be reported."""
        if self.target.rule == Rule.TREND or not self.figures[2]:
            return None
        return Fraction(self.figures[3], self.figures[2])

    @property
    def percent(self):
        """Whole percent of the way to the limit, for a bar; never rounded up to full."""
        if self.value is None or not self.limit:
            return 0
        percent = min(100, int(self.value * 100 / self.limit))
        return percent if self.is_met or percent < 100 else 99


def connected(target):
    """Are all registers that the target reads there?"""
    return not missing_measures(target)


def missing_measures(target):
    keys = [target.metric, *([target.per] if target.per else [])]
    return [key for key in keys if measures.get(key) is None]


def targets_of(document):
    return list(Target.objects.filter(document=document).select_related("document__region"))


def read(targets, region, *, edition=None, on=None):
    """The readings of these targets for one place, in their order."""
    return read_places(targets, [region], edition=edition, on=on)[region.pk]


def read_places(targets, regions, *, edition=None, on=None):
    """``{region pk: [readings]}``; two reads of sums for any number of places."""
    on = on or (edition.as_of if edition else timezone.localdate())
    terms = list(CoverageTerm.objects.in_force(on).select_related("region")) if targets else []
    sums = _sums(targets, regions, edition)
    then = _at_deadlines(targets, regions, on)
    return {
        region.pk: [
            _reading(target, region, sums.get(region.pk), on, terms, then.get((target.deadline, region.pk)))
            for target in targets
        ]
        for region in regions
    }


def read_below(targets, region, *, edition=None, on=None):
    """``[(child, [readings])]`` for each place directly below."""
    children = list(region.children.open_on(on or timezone.localdate()).order_by("path"))
    found = read_places(targets, children, edition=edition, on=on)
    return [(child, found[child.pk]) for child in children]


@dataclass(frozen=True)
class _Standing:
    """The sums of one place, and how they are laid out."""

    layout: plan.Layout
    sums: list
    computed_at: object

    def figures(self, code):
        return self.layout.figures(code, self.sums) if code in self.layout.at else None

    def total(self, key):
        return self.layout.total(key, self.sums) if f"={key}" in self.layout.at else None


def totals(keys, regions, *, edition=None):
    """``{region pk: {key: sum}}`` of measures; None where nothing was counted or nothing is connected."""
    sums = _sums([], regions, edition, keys)
    found = {
        region.pk: {key: sums[region.pk].total(key) if region.pk in sums else None for key in keys}
        for region in regions
    }
    communities = [region.pk for region in regions if region.level == Level.COMMUNITY]
    reported = [key for key in keys if (measure := measures.get(key)) and measure.reported]
    if communities and reported:
        for pk, *figures in PlaceMeasures.objects.filter(pk__in=communities).values_list("pk", *reported):
            found[pk] |= dict(zip(reported, figures, strict=True))  # not reported is not nothing
    return found


def _sums(targets, regions, edition, keys=()):
    above = [region.pk for region in regions if region.level != Level.COMMUNITY]
    found = {}
    if above:
        rows = EditionSums.objects.filter(edition=edition) if edition else TargetSums.objects
        for row, layout in _laid_out(rows.filter(region__in=above)):
            at = edition.computed_at if edition else row.computed_at
            found[row.region_id] = _Standing(layout, row.sums, at)
    communities = [region.pk for region in regions if region.level == Level.COMMUNITY]
    if communities and edition is None and (targets or keys):
        found |= _of_communities(targets, communities, keys)
    return found


def _laid_out(rows):
    """Rows of sums, each with the layout of its plan, which is read once."""
    layouts = {}
    for row in rows.select_related("plan"):
        if row.plan_id not in layouts:
            layouts[row.plan_id] = plan.read(row.plan)
        yield row, layouts[row.plan_id]


def _of_communities(targets, communities, keys):
    """Communities have no sums of their own: their figures are those of their units."""
    layout = plan.lay_out(targets, [key for key in keys if measures.get(key) is not None])
    counted = Region.objects.filter(pk__in=communities, parent__target_sums__isnull=False)
    at = dict(counted.order_by().values_list("pk", "parent__target_sums__computed_at"))
    found = {pk: _Standing(layout, [0] * layout.width, at[pk]) for pk in communities if pk in at}
    if layout.width:
        for place, *sums in summed(layout, "region_id", "m.region_id = ANY(%(places)s)", places=communities):
            found[place] = _Standing(layout, sums, at.get(place))
    return found


def summed(layout, by, where, **params):
    """Rows of ``plan.sums_of_units`` as they stand in the measure tables."""
    with connection.cursor() as cursor:
        cursor.execute(plan.sums_of_units(layout, by, where), params)
        return cursor.fetchall()


def _at_deadlines(targets, regions, on):
    """``{(deadline, region pk): standing}`` of the deadlines that have passed, where editions were kept."""
    passed = {target.deadline for target in targets if target.deadline and target.deadline < on}
    kept = EditionSums.objects.filter(
        edition__kind=Edition.Kind.DEADLINE,
        edition__as_of__in=passed,
        region__in=[region.pk for region in regions if region.level != Level.COMMUNITY],
    ).select_related("edition")
    return {
        (row.edition.as_of, row.region_id): _Standing(layout, row.sums, row.edition.computed_at)
        for row, layout in (_laid_out(kept) if passed else ())
    }


def _reading(target, region, standing, on, terms, then=None):
    figures = standing.figures(target.code) if standing else None
    threshold = target.threshold_for(region, on, terms)
    limit = target.share_exact if target.rule in rules.PER_UNIT else threshold.value
    judgement = rules.judge(target.rule, figures or [0, 0, 0, 0], limit)
    is_connected = connected(target)
    figures_then = then.figures(target.code) if then else None
    status = rules.status(
        judgement,
        figures or [0, 0, 0, 0],
        deadline=target.deadline,
        today=on,
        connected=is_connected,
        is_whole=target.document.region_id == region.pk,
        met_then=rules.judge(target.rule, figures_then, limit).is_met if figures_then else None,
    )
    if is_connected and figures is None:
        status = Status.NO_DATA  # not counted since the target was loaded
    return Reading(
        target,
        region,
        figures or [0, 0, 0, 0],
        judgement,
        threshold,
        status,
        standing and standing.computed_at,
    )
