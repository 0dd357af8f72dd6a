"""What is done with targets and readings: load, wake, rebuild, check, read."""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import connection, transaction
from django.db.models import Exists

from linkage.attainment import rules
from linkage.attainment.codes import Rule
from linkage.attainment.models import UNIT_TABLES
from linkage.attainment.services import counting, reading
from linkage.attainment.services.editions import keep_editions as keep_editions
from linkage.foundation import journal, stale
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
BENCHMARK_FIELDS = ("code", "clause", "quote", "rule", "metric", "per", "beside", "note")


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
                    {"region": region, "standing": standing, "counted": counted}
                    for region, standing, counted in found[:100]
                ],
                "count": len(found),
            },
        )
        counting.rebuild()
    return found


def readings(programme, region):
    """The ceilings of a programme read for this place: its quota targets, raises of the ceiling honoured."""
    targets = quota_targets(programme)
    return [_raised(found, programme) for found in reading.read(targets, region)]


def programme_below(programme, region):
    """What the projects and pilot communities of a programme come to in each place directly below."""
    children = list(region.children.order_by("path"))
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"region": region.pk, "document": programme.document_id})
        found = {place: figures for place, *figures in cursor.fetchall()}
    below = []
    for child in children:
        projects, fen, named, with_project = found.get(child.pk, [0] * 4)
        below.append((child, Below(projects, Decimal(fen) / 100, named, with_project)))
    return below


@dataclass(frozen=True)
class Below:
    """What a programme comes to in a place; the subsidy in yuan."""

    approved_projects: int
    granted_subsidy: Decimal
    pilot_communities: int
    communities_with_approved_project: int


_BELOW = """
SELECT c.id, SUM(a)::bigint, SUM(b)::bigint, SUM(p)::bigint, SUM(q)::bigint
FROM communities_region c JOIN (
    SELECT path, approved_projects AS a, granted_subsidy AS b, 0 AS p, 0 AS q
    FROM attainment_projectmeasures WHERE document_id = %(document)s
    UNION ALL
    SELECT path, 0, 0, pilot_communities, communities_with_approved_project
    FROM attainment_pilotcommunitymeasures WHERE document_id = %(document)s
) m ON m.path >= c.path AND m.path < c.path || '~'
WHERE c.parent_id = %(region)s GROUP BY 1
"""


def quota_targets(programme):
    found = reading.targets_of(programme.document)
    return [target for target in found if target.rule == Rule.QUOTA]


def _raised(found, programme):
    limits = {quota.target: quota.limit for quota in programme.quotas.all()}
    limit = limits.get(found.target.code)
    if limit is None or limit == found.limit:
        return found
    judgement = rules.judge(Rule.QUOTA, found.figures, Fraction(limit))
    return dataclasses.replace(found, judgement=judgement)


def catching_up(user):
    """How the page of this person reads whether changes wait to be counted."""
    marks = stale.marks(*[table.KIND for table in UNIT_TABLES], counting.TREE)
    return user.asides.put("catching_up", Exists(marks))
