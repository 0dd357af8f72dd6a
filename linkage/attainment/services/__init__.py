"""What is done with targets and readings: load, wake, rebuild, check, read."""

from fractions import Fraction

from django.db import transaction

from linkage.attainment.codes import Rule
from linkage.attainment.models import UNIT_TABLES, Reading, RegionSums, Target
from linkage.attainment.services import counting
from linkage.foundation import jobs, journal, measures, stale
from linkage.policy.services import mirror

EXACT_FIELDS = ("at_least", "at_most", "share")
TARGET_FIELDS = (
    "code",
    "clause",
    "quote",
    "period_start",
    "deadline",
    "kind",
    "scope",
    "unit",
    "rule",
    "metric",
    "per",
    "term",
    "reach",
    "nature",
    "soft",
    "missing",
    "note",
)
BENCHMARK_FIELDS = ("code", "clause", "quote", "rule", "metric", "per", "note")


@transaction.atomic
def load_targets(document, tables):
    """Make the stored targets of a document say what its pack says; answers the rows changed."""
    rows = []
    for table in tables:
        low, high = table["between"] or (None, None)
        rows.append(
            {name: table[name] for name in TARGET_FIELDS}
            | {name: _exact(table[name]) for name in EXACT_FIELDS}
            | {"between_low": _exact(low), "between_high": _exact(high)}
        )
    return mirror(document.targets, "code", rows)


@transaction.atomic
def load_benchmarks(document, tables):
    """The same for the figures a document reports."""
    rows = [
        {name: table[name] for name in BENCHMARK_FIELDS} | {"value": _exact(table["value"])}
        for table in tables
    ]
    return mirror(document.benchmarks, "code", rows)


def _exact(threshold):
    return "" if threshold is None else str(Fraction(*threshold))


def refresh():
    """Bring the sums up to date; answers the number of units looked at."""
    looked_at = 0
    while step := counting.refresh():
        looked_at += step
    return looked_at


def start_rebuild(*, by=None):
    return jobs.start("rebuild_readings", by=by, title="rebuild_readings")


def check():
    """Compare the standing sums with a full count of the same day, report, then put right.

    A difference is never hidden: it goes to the journal with its rows before the rebuild.
    """
    refresh()
    found = counting.differences()
    if found:
        journal.record(
            "readings_differ",
            facts={
                "rows": [
                    {"region": region, "programme": programme, "standing": old, "counted": new}
                    for region, programme, old, new in _plain(found[:100])
                ],
                "count": len(found),
            },
        )
        counting.rebuild()
    return found


def _plain(rows):
    return [
        (region, programme, [str(value) for value in old], [str(value) for value in new])
        for region, programme, old, new in rows
    ]


def readings(programme, region):
    """The targets of the programme's document, read for this region from the standing sums."""
    sums = RegionSums.objects.filter(programme=programme, region=region).first()
    limits = {quota.target: quota.limit for quota in programme.quotas.all()}
    return [
        _reading(target, region, sums, limits)
        for target in Target.objects.filter(document=programme.document_id, rule=Rule.QUOTA)
    ]


def readings_below(programme, region):
    """(child region, its sums or None) for each direct child, ids first and then one read."""
    children = list(region.children.order_by("path"))
    sums = {
        row.region_id: row
        for row in RegionSums.objects.filter(programme=programme, region__in=[child.pk for child in children])
    }
    return [(child, sums.get(child.pk)) for child in children]


def _reading(target, region, sums, limits):
    connected = measures.get(target.metric) is not None
    value = getattr(sums, target.metric, 0) if sums is not None and connected else 0
    return Reading(
        target=target,
        region=region,
        value=Fraction(value),
        limit=Fraction(limits.get(target.code) or target.threshold),
        computed_at=sums.computed_at if sums else None,
        is_connected=connected,
    )


def is_catching_up():
    """Whether changes wait to be counted."""
    return any(stale.waiting(table.KIND) for table in UNIT_TABLES) or stale.waiting(counting.TREE)
