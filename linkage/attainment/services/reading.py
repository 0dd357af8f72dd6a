"""Targets read for a place: the figures that stand, judged exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Func, Max, Q, Subquery
from django.utils import timezone

from communities.models import Level, Region
from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.models import (
    CoverageTerm,
    Edition,
    EditionSums,
    KeptPlace,
    PlaceMeasures,
    Target,
    TargetSums,
    Threshold,
)
from linkage.attainment.rules import Judgement, Status
from linkage.attainment.services import kept, plan
from linkage.attainment.services.plan import Standing
from linkage.foundation import measures

NOT_OF_UNITS = (Rule.TOTAL, Rule.QUOTA, Rule.TREND)  # nothing in their figures says how many units reported


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
    before: object = None  # the standing at its deadline, where that has passed and was kept

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
        """The share of units that reported, exact; None where nothing is to be reported.

        What is counted from the rows of a register is never unreported: nobody can tell a register that
        was not kept from one in which there is nothing.
        """
        if self.target.rule == Rule.TREND or not self.figures[2] or not asks_for_reports(self.target):
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


def asks_for_reports(target):
    """Does somebody fill in a figure of the target, or is all of it counted from registers?"""
    found = [measures.get(key) for key in (target.metric, target.per) if key]
    return any(measure is None or measure.reported for measure in found)


def missing_measures(target):
    keys, known = [target.metric, *([target.per] if target.per else [])], target.connected_keys
    return [key for key in keys if (measures.get(key) is None if known is None else key not in known)]


def targets_of(document):
    found = Target.objects.filter(document=document).select_related("document__region")
    return list(found.with_programmes())


def read(targets, region, **asked):
    """The readings of these targets for one place, in their order; asked as ``read_places`` is."""
    return read_places(targets, [region], **asked)[region.pk]


def read_places(
    targets, regions, *, edition=None, restated=False, on=None, known=None, standing=None, kept_then=None
):
    """``{region pk: [readings]}``; two reads of sums for any number of places.

    In an edition by what was demanded then, each place as it lay; ``restated``, over the tree of today.
    For whoever has read them already: ``known``, all editions; ``standing``, what ``sums`` answered;
    ``kept_then``, editions of deadlines and what ``standings`` answered of them.
    """
    on = on or (edition.as_of if edition else timezone.localdate())
    then, lay = kept.of(edition) if edition else None, {}
    if then:
        same = then.same_as(targets, restated=restated)
        targets = [old or target for old, target in zip(same, targets, strict=True)]
        lay = {} if restated else kept.as_was(edition, regions)
        terms = then.terms
    else:
        terms = list(CoverageTerm.objects.in_force(on).select_related("region")) if targets else []
    regions = [lay.get(region.pk, region) for region in regions]
    if standing is None:
        standing = sums(targets, regions, edition=edition, restated=restated)
    before = at_deadlines(targets, regions, on, edition, known, kept_then)
    return {
        region.pk: [
            judged(target, region, standing.get(region.pk), on, terms, before.get((target.code, region.pk)))
            for target in targets
        ]
        for region in regions
    }


def read_below(targets, region, *, edition=None, on=None):
    """``[(child, [readings])]`` for each place directly below."""
    if edition and edition.demand_id:
        children = kept.children(edition, region)
    else:
        children = list(region.children.open_on(on or timezone.localdate()).order_by("path"))
    found = read_places(targets, children, edition=edition, on=on)
    return [(child, found[child.pk]) for child in children]


def totals(keys, regions, *, edition=None, restated=False, standing=None):
    """``{region pk: {key: sum}}`` of measures; None where nothing was counted or nothing is connected."""
    if standing is None:
        standing = sums([], regions, keys, edition=edition, restated=restated)
    found = {
        region.pk: {key: standing[region.pk].total(key) if region.pk in standing else None for key in keys}
        for region in regions
    }
    communities = [region.pk for region in regions if region.level == Level.COMMUNITY]
    reported = [key for key in keys if (measure := measures.get(key)) and measure.reported]
    if communities and reported and not restated:
        for pk, row in own_figures(communities, reported, edition=edition).items():
            found[pk] |= row  # not reported is not nothing
    return found


def counted_at(regions, *, edition=None):
    """When the newest of these sums was counted; None of communities, which are read as they stand."""
    if edition is not None:
        return edition.computed_at
    above = [region.pk for region in regions if region.level != Level.COMMUNITY]
    counted = TargetSums.objects.filter(region__in=above) if above else TargetSums.objects.none()
    return counted.aggregate(at=Max("computed_at"))["at"]


def own_figures(communities, keys, *, edition=None):
    """``{pk: {key: figure}}`` of places as their rows say it: None where nothing was reported."""
    if edition:
        rows = KeptPlace.objects.filter(edition_id=edition.pk, unit_id__in=communities)
        return {row.pop("unit_id"): row for row in rows.values("unit_id", *keys)}
    rows = PlaceMeasures.objects.filter(pk__in=communities).values("pk", *keys)
    return {row.pop("pk"): row for row in rows}


def own_row(community, keys, edition=None):
    """The same of one place as a question: its figures in the order of ``keys``, None without a row."""
    rows = KeptPlace.objects.filter(edition_id=edition.pk) if edition else PlaceMeasures.objects
    figures = Func(*keys, template="ARRAY[%(expressions)s]", output_field=ArrayField(BigIntegerField()))
    return Subquery(rows.filter(unit_id=community).values(figures=figures))


def sums(targets, regions, keys=(), *, edition=None, restated=False):
    """``{region pk: Standing}``: the figures of these targets and measures for each place."""
    if edition and restated:
        rows = kept.standings([edition], regions, targets, keys, restated=True)
    elif edition:
        rows = standings([([edition], regions)], targets, keys)
    if edition:
        return {place: standing for (_edition, place), standing in rows.items()}
    above = [region.pk for region in regions if region.level != Level.COMMUNITY]
    found = {}
    if above:
        for row, layout in plan.laid_out(TargetSums.objects.filter(region__in=above)):
            found[row.region_id] = Standing(layout, row.sums, row.computed_at)
    communities = [region.pk for region in regions if region.level == Level.COMMUNITY]
    if communities and (targets or keys):
        found |= _of_communities(targets, communities, keys)
    return found


def _of_communities(targets, communities, keys):
    """Communities have no sums of their own: their figures are those of their units."""
    layout = plan.lay_out(targets, [key for key in keys if measures.get(key) is not None])
    rows = plan.sums_of_units(layout, "region_id", "m.region_id = ANY(%(places)s)") if layout.width else ""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING.format(rows=rows or "SELECT NULL::bigint AS place"), {"places": communities})
        counted = cursor.fetchall()
    return {
        place: Standing(layout, sums if sums and row else [0] * layout.width, at)
        for place, at, row, *sums in counted
        if at or row
    }


# A community is counted when the place above it has sums; then nothing found is nothing, and not unknown.
_STANDING = """
SELECT r.id, t.computed_at, s.* FROM communities_region r
LEFT JOIN attainment_targetsums t ON t.region_id = r.parent_id
LEFT JOIN ({rows}) s ON s.place = r.id
WHERE r.id = ANY(%(places)s)
"""


def of_deadlines(targets, on, edition=None, known=None):
    """The editions of the deadlines that have passed, out of ``known`` ones if those were read.

    For a reading in an edition, those that were there when it was made.
    """
    passed = {target.deadline for target in targets if target.deadline and target.deadline < on}
    if not passed:
        return []
    if known is None:
        known = Edition.objects.with_demand().filter(kind=Edition.Kind.DEADLINE, as_of__in=passed)
    return [
        one
        for one in known
        if one.kind == Edition.Kind.DEADLINE
        and one.as_of in passed
        and (edition is None or one.computed_at <= edition.computed_at)
    ]


def at_deadlines(targets, regions, on, edition=None, known=None, kept_then=None):
    """``{(code of a target, region pk): standing}`` of the deadlines that have passed, where editions were
    kept that knew the target: of several the first.
    """
    if kept_then is None:
        editions = of_deadlines(targets, on, edition, known)
        kept_then = editions, standings([(editions, regions)], targets)
    editions, found = kept_then
    of_day = {}
    for edition in sorted(editions, key=lambda one: one.pk):
        of_day.setdefault(edition.as_of, []).append(edition)
    before = {}
    for target in targets:
        of_target = [one for one in of_day.get(target.deadline, ()) if _knew(one, target)]
        for edition in of_target[:1]:
            for region in regions:
                if standing := found.get((edition.pk, region.pk)):
                    before[target.code, region.pk] = standing
    return before


def _knew(edition, target):
    then = kept.of(edition)
    return then is None or target.code in then.rows


def standings(asked, targets, keys=()):
    """``{(edition pk, region pk): Standing}`` as the tree was; communities by their units.

    ``asked``: pairs of editions and regions, all read together.
    """
    of = {edition.pk: edition for editions, _regions in asked for edition in editions}
    wanted, communities, found = Q(pk__in=[]), {}, {}
    for editions, regions in asked:
        above = [region.pk for region in regions if not region.is_community]
        if above and editions:
            wanted |= Q(edition__in=[edition.pk for edition in editions], region__in=above)
        if below := tuple(region for region in regions if region.is_community):
            communities.setdefault(below, {}).update({edition.pk: edition for edition in editions})
    for row, layout in plan.laid_out(EditionSums.objects.filter(wanted)):
        edition = of[row.edition_id]
        found[row.edition_id, row.region_id] = Standing(layout, row.sums, edition.computed_at, edition)
    for regions, editions in communities.items():
        found |= kept.standings(editions.values(), regions, targets, keys)
    return found


def judged(target, region, standing, on, terms, before=None):
    """One target judged by its figures. ``before``: the standing at its deadline, where it has passed."""
    figures = standing.figures(target.code) if standing else None
    threshold = target.threshold_for(region, on, terms)
    limit = target.share_exact if target.rule in rules.PER_UNIT else threshold.value
    judgement = rules.judge(target.rule, figures or [0, 0, 0, 0], limit)
    is_connected = connected(target)
    status = rules.status(
        judgement,
        figures or [0, 0, 0, 0],
        deadline=target.due(on),
        today=on,
        connected=is_connected,
        is_whole=target.document.region_id == region.pk,
        met_then=_was_met(target, region, before, limit) if before else None,
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
        before,
    )


def nobody_reported(target, figures):
    """There are units it looks at, and none of them told anything."""
    return target.rule not in NOT_OF_UNITS and bool(figures[2]) and not figures[3]


def _was_met(target, region, before, limit):
    """Whether the target was met at its deadline, by what was demanded then; None where nobody can say."""
    figures = before.figures(target.code)
    if figures is None or nobody_reported(target, figures):
        return None
    then = kept.of(before.edition)
    old = then.same_as([target])[0] if then else None
    if old:
        limit = rules.limit_of(old, region, before.edition.as_of, then.terms)
    return rules.judge((old or target).rule, figures, limit).is_met
