"""特殊群体统计: twice a year the tables of special groups are counted, trimmed and published, once for all.

Sensitive personal data are told only as far as they serve the purpose (个人信息保护法 art. 6, 28), so: no
filters, no other days, no communities, the same rows for everybody. A table is of a half-year and is
published a month after it ends; later corrections go into the next one, as two tables of days close to each
other would tell who has been added. Two tables half a year apart still differ by those who came and went;
that is told of whole streets only.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from communities.models import Level, Region
from linkage.attainment import rules
from linkage.attainment.models import PUBLISHED_GROUPS, GroupFigures, GroupTable
from linkage.foundation import journal

ENDS = ((6, 30), (12, 31))
GRACE = timedelta(days=31)  # for reporting
LOCK = 0x4C4E4B47  # "LNKG"
BATCH = 1000


@dataclass
class Node:
    """One place, or the communities directly under a place that has streets as well."""

    region: Region
    is_rest: bool = False
    communities: int = 0
    reported: int = 0
    people: dict = field(default_factory=dict)
    below: list = field(default_factory=list)

    def add(self, other):
        self.communities += other.communities
        self.reported += other.reported
        for group, people in other.people.items():
            self.people[group] = self.people.get(group, 0) + people


def due_day(today):
    """The last half-year whose figures are to be published by this day."""
    ends = [date(year, *end) for year in (today.year - 1, today.year) for end in ENDS]
    return max(end for end in ends if end + GRACE <= today)


def publish_due(today=None):
    """Publish the table that is due unless it is there; answers it."""
    return publish(due_day(today or timezone.localdate()))


@transaction.atomic
def publish(on):
    """The tables of this day, made once: the same call again answers the ones that are there."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    standing = GroupTable.objects.filter(as_of=on).first()
    if standing is not None:
        return standing
    table = GroupTable.objects.create(as_of=on, published_at=timezone.now())
    rows = [row for root in counted(on) for row in _told(table, root)]
    GroupFigures.objects.bulk_create(rows, batch_size=BATCH)
    journal.record("groups_published", target=table, facts={"rows": len(rows)})
    return table


def counted(on):
    """The provinces as trees of figures: sums of the newest profiles of the communities open that day."""
    places = Region.objects.open_on(on).exclude(level=Level.COMMUNITY).order_by("path")
    nodes = {region.pk: Node(region) for region in places}
    own = _of_communities(on)
    roots = []
    for node in reversed(nodes.values()):
        mine = own.get(node.region.pk)
        if mine is not None:
            node.add(mine)
            if node.below:  # streets came before, as their paths are longer
                mine.region, mine.is_rest = node.region, True
                node.below.append(mine)
        above = nodes.get(node.region.parent_id)
        if above is None:
            roots.append(node)
        else:
            above.add(node)
            above.below.append(node)
    return roots


LATEST = """
WITH latest AS (
    SELECT DISTINCT ON (p.region_id) r.parent_id AS home, p.region_id, p.special_groups
    FROM communities_communityprofile p JOIN communities_region r ON r.id = p.region_id
    WHERE p.removed_at IS NULL AND p.as_of <= %(on)s AND r.level = 5
      AND (r.opened_on IS NULL OR r.opened_on <= %(on)s) AND (r.closed_on IS NULL OR r.closed_on > %(on)s)
    ORDER BY p.region_id, p.as_of DESC
)"""


def _of_communities(on):
    """``{pk of the place above: Node}`` of the communities directly under it."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.parent_id, count(*), count(*) FILTER (WHERE EXISTS (
                SELECT FROM communities_communityprofile p
                WHERE p.region_id = r.id AND p.removed_at IS NULL AND p.as_of <= %(on)s))
            FROM communities_region r WHERE r.level = 5
              AND (r.opened_on IS NULL OR r.opened_on <= %(on)s)
              AND (r.closed_on IS NULL OR r.closed_on > %(on)s)
            GROUP BY 1
            """,
            {"on": on},
        )
        for home, communities, reported in cursor.fetchall():
            found[home] = Node(None, communities=communities, reported=reported)
        cursor.execute(
            LATEST
            + """
            SELECT home, told.key, sum(told.value::bigint)::bigint
            FROM latest CROSS JOIN LATERAL jsonb_each_text(special_groups) AS told
            WHERE told.key = ANY(%(groups)s) GROUP BY 1, 2
            """,
            {"on": on, "groups": [str(group) for group in PUBLISHED_GROUPS]},
        )
        for home, group, people in cursor.fetchall():
            found[home].people[group] = people
    return found


def _told(table, root):
    """The rows of a tree, what is withheld left out."""
    told = {str(group) for group in PUBLISHED_GROUPS if not rules.is_small(root.people.get(group))}
    todo = [(root, None, told)]
    while todo:
        node, above, told = todo.pop()
        yield GroupFigures(
            table=table,
            region=node.region,
            above=above,
            is_rest=node.is_rest,
            path=node.region.path,
            name=node.region.name,
            communities=node.communities,
            reported=node.reported,
            people={
                group: node.people.get(group) if group in told else None
                for group in map(str, PUBLISHED_GROUPS)
                if group not in told or group in node.people
            },
        )
        below = rules.told_below(told, [child.people for child in node.below])
        todo += [(child, node.region, below) for child in node.below]


# What is asked of them


def table_of(on=None):
    """The newest tables, or the newest of this day or before; None where nothing was published yet."""
    tables = GroupTable.objects.order_by("-as_of")
    return (tables.filter(as_of__lte=on) if on else tables).first()


def rows_of(table, place):
    """The row of a place and those directly below it."""
    rows = GroupFigures.objects.filter(table=table).select_related("region")
    return rows.filter(region=place, is_rest=False) | rows.filter(above=place)
