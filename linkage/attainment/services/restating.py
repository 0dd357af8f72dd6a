"""An edition read over the tree of today: where the units of then stand now.

A unit counts where its place lies today. Of a place that has closed, where the one that took it over lies;
of one that was split up and ended, at the nearest place that holds all its parts, for nobody can say which
part a figure belonged to; of one that ended without a successor, at the nearest place above it that stands.
"""

from django.db import connection
from django.utils import timezone

from communities.models import Region, Succession

# From the places of today to the kept rows: those that stand under each place asked for, then those that
# have gone and whose heir stands there.
ROWS = """(
SELECT k.edition_id, k.unit_id, n.id AS region_id, n.path, k.level, k.kind, k.document_id, k.area_of,
    k.in_areas, k.pilot_of, {measures}, ARRAY[k.edition_id, n.asked] AS cell
FROM (
    SELECT r.id AS place, r.id, r.path, w.id AS asked
    FROM unnest(%(places)s::bigint[], %(paths)s::text[]) AS w (id, path)
    JOIN communities_region r ON r.path >= w.path AND r.path < w.path || '~'
    WHERE r.closed_on IS NULL OR r.closed_on > %(today)s
    UNION ALL
    SELECT g.gone, r.id, r.path, w.id
    FROM unnest(%(gone)s::bigint[], %(heirs)s::bigint[]) AS g (gone, heir)
    JOIN communities_region r ON r.id = g.heir
    JOIN unnest(%(places)s::bigint[], %(paths)s::text[]) AS w (id, path)
        ON r.path >= w.path AND r.path < w.path || '~'
) n JOIN {kept} k ON k.{place} = n.place AND k.edition_id = ANY(%(editions)s))"""


def rows(tables):
    """``{kind: SQL}``: the kept rows that count for each of ``places`` today, with their ``cell``."""
    return {
        kind: ROWS.format(
            kept=table._meta.db_table,
            place="unit_id" if kind == "place" else "region_id",
            measures=", ".join(f"k.{key}" for key in table.MEASURES),
        )
        for kind, table in tables.items()
    }


def parameters(regions):
    today = timezone.localdate()
    closed = dict(Region.objects.filter(closed_on__lte=today).order_by().values_list("pk", "path"))
    found = heirs(closed)
    return {
        "gone": list(found),
        "heirs": [pk for pk, _path in found.values()],
        "paths": [region.path for region in regions],
        "today": today,
    }


def heirs(closed):
    """Where what counted for closed places counts today. ``closed``: ``{pk: its last path}``.

    Answers ``{pk: (pk, path) of the place that stands}``.
    """
    if not closed:
        return {}
    after, lasting = {}, {}
    rows = Succession.objects.values_list("before_id", "after_id", "after__path", "after__closed_on")
    today = timezone.localdate()
    for before, successor, path, closed_on in rows.order_by("pk"):
        after.setdefault(before, []).append(successor)
        if closed_on is None or closed_on > today:
            lasting[successor] = path
    chains = {}  # the places that may stand in for it, the nearest first
    for pk, path in closed.items():
        ends = _ends(pk, after, lasting)
        codes = _common([lasting[end].rstrip("/").split("/") for end in ends])
        chains[pk] = (codes or path.rstrip("/").split("/")[:-1])[::-1]
    wanted = {code for chain in chains.values() for code in chain}
    standing = Region.objects.filter(code__in=wanted).open_on(today)
    by_code = {code: (pk, path) for pk, code, path in standing.values_list("pk", "code", "path")}
    found = {pk: [by_code[code] for code in chain if code in by_code] for pk, chain in chains.items()}
    return {pk: nearest[0] for pk, nearest in found.items() if nearest}


def _ends(pk, after, lasting):
    """The places at the end of the lines that lead on from here, each once."""
    ends, edge, seen = [], [pk], set()
    while edge:
        one = edge.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in lasting and one != pk:
            ends.append(one)
        else:
            edge += after.get(one, [])
    return ends


def _common(chains):
    """The codes with which all of them begin."""
    found = []
    for codes in zip(*chains, strict=False):
        if len(set(codes)) > 1:
            break
        found.append(codes[0])
    return found


# Who or what is touched at all: its own placements, what lay or lies under any of its paths and began or
# ended sometime, and what became part of it by succession.
TOUCHED = """SELECT k.edition_id, k.unit_id, k.path, r.path, COALESCE(r.closed_on <= %(today)s, FALSE)
FROM (
    WITH RECURSIVE own AS (
        SELECT DISTINCT path FROM communities_regionplacement WHERE region_id = %(place)s::bigint
    ), line AS (
        SELECT s.before_id FROM communities_succession s CROSS JOIN LATERAL (
            SELECT r.path FROM communities_region r WHERE r.id = s.after_id OFFSET 0  -- few: by their keys
        ) a JOIN own ON a.path >= own.path AND a.path < own.path || '~'
        UNION
        SELECT s.before_id FROM communities_succession s JOIN line ON line.before_id = s.after_id
    )
    SELECT p.region_id FROM own JOIN communities_regionplacement p
        ON p.path >= own.path AND p.path < own.path || '~'
    WHERE NOT (lower_inf(p.valid) AND upper_inf(p.valid))
    UNION SELECT before_id FROM line
) t JOIN communities_region r ON r.id = t.region_id
JOIN attainment_keptplace k ON k.unit_id = t.region_id AND k.edition_id = ANY(%(editions)s)
"""


def changed(place, editions):
    """The keys of those editions in which other units counted for this place than would today.

    A place that has closed since is read as it was.
    """
    kept = [edition.pk for edition in editions if edition.demand_id is not None]
    today = timezone.localdate()
    if not kept or not place.is_open_on(today):
        return set()
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"place": place.pk, "editions": kept, "today": today})
        rows = cursor.fetchall()
    gone = heirs({unit: now for _edition, unit, _then, now, is_closed in rows if is_closed})
    then_of = {edition: then for edition, unit, then, _now, _closed in rows if unit == place.pk}
    # Without a row of its own among them it has neither moved nor been opened: it lay where it lies.
    opened_later = place.opened_on and {
        edition.pk for edition in editions if place.opened_on > edition.as_of and edition.pk not in then_of
    }
    found = set()
    for edition, unit, then, now, _closed in rows:
        now = gone[unit][1] if unit in gone else now
        lay = then_of.get(edition, None if opened_later and edition in opened_later else place.path)
        was_in, is_in = bool(lay) and then.startswith(lay), now.startswith(place.path)
        if was_in != is_in:
            found.add(edition)
    return found
