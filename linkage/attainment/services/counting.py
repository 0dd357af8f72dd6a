"""The engine: measure rows of units, sums along the tree, set by set in SQL.

Everything that writes here holds one advisory lock. ``refresh`` takes the marks that triggers left
and counts only what they touch; ``rebuild`` counts everything beside the standing sums and swaps it
in. For the same day both must say the same; ``differences`` compares them.
"""

from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from linkage.attainment.models import UNIT_TABLES, RegionSums, columns
from linkage.foundation import measures, stale

LOCK = 0x4C4E4B41  # "LNKA"
TREE = "tree"  # the kind of mark a moved region leaves: its old sums and new ones are all suspect
SUMS = RegionSums._meta.db_table
STAGE = "stage_sums"
BATCH = 2000


@contextmanager
def _alone():
    """One counter at a time; ends with the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield cursor


def refresh(on=None):
    """Count again what has changed since the last time. Answers how many units were looked at."""
    on = on or timezone.localdate()
    with _alone() as cursor:
        if stale.take(TREE, limit=100_000):
            for table in UNIT_TABLES:
                stale.take(table.KIND, limit=1_000_000)
            return _rebuild(cursor, on)
        looked_at, places = 0, set()
        for table in UNIT_TABLES:
            units = [int(unit) for unit in stale.take(table.KIND, limit=BATCH)]
            if units:
                looked_at += len(units)
                places |= _recount(cursor, table, on, units)
        if places:
            _resum(cursor, places)
        return looked_at


def rebuild(on=None):
    """Count everything afresh and swap it in. Readers see the old sums until this commits.

    Marks that arrive meanwhile stay and are taken by the next refresh, after the swap.
    """
    with _alone() as cursor:
        return _rebuild(cursor, on or timezone.localdate())


def differences(on=None):
    """Rows in which a full count differs from the standing sums; empty when all is well.

    Answers (region id, programme id, standing, counted) with the measures in the order of ``columns``.
    """
    with _alone() as cursor:
        _stage(cursor, on or timezone.localdate())
        names = columns()
        standing = _list("s", names)
        counted = _list("t", names)
        cursor.execute(
            f"SELECT COALESCE(s.region_id, t.region_id), COALESCE(s.programme_id, t.programme_id),"
            f" ARRAY[{standing}]::numeric[], ARRAY[{counted}]::numeric[]"
            f" FROM {SUMS} s FULL JOIN {STAGE} t USING (region_id, programme_id)"
            f" WHERE ARRAY[{standing}]::numeric[] <> ARRAY[{counted}]::numeric[] ORDER BY 1, 2"
        )
        found = cursor.fetchall()
        cursor.execute(f"DROP TABLE {STAGE}")
        return found


def _list(alias, names):
    return ", ".join(f"COALESCE({alias}.{name}, 0)" for name in names)


def _rows_of(table, on, units=None):
    """SQL and parameters of the measure rows of a kind of unit: unit, region, programme, measures."""
    chosen = table.units() if units is None else table.units().filter(pk__in=units)
    sql, params = chosen.order_by().query.sql_with_params()
    params = list(params)
    joins, values = [], []
    for name in table.MEASURES:
        measure = measures.get(name)
        rows = measure.rows(on) if units is None else measure.rows(on).filter(pk__in=units)
        inner, more = rows.order_by().query.sql_with_params()
        joins.append(f"LEFT JOIN ({inner}) m_{name} ON m_{name}.unit = u.unit")
        params.extend(more)
        values.append(f"COALESCE(m_{name}.value, 0) AS {name}")
    return (
        "SELECT u.unit AS unit_id, u.region AS region_id, u.programme AS programme_id,"
        f" {', '.join(values)} FROM ({sql}) u {' '.join(joins)}",
        params,
    )


def _recount(cursor, table, on, units):
    """Write the measure rows of these units; answers the (region, programme) pairs they touch."""
    name = table._meta.db_table
    cursor.execute(f"DELETE FROM {name} WHERE unit_id = ANY(%s) RETURNING region_id, programme_id", [units])
    places = set(cursor.fetchall())
    rows, params = _rows_of(table, on, units)
    into = ", ".join(["unit_id", "region_id", "programme_id", *table.MEASURES])
    cursor.execute(
        f"INSERT INTO {name} ({into}) SELECT {into} FROM ({rows}) r RETURNING region_id, programme_id",
        params,
    )
    return places | set(cursor.fetchall())


def _resum(cursor, places):
    """Sum these places and then every place above them again, the deepest first."""
    cursor.execute(
        "SELECT r.id, r.path FROM communities_region r WHERE r.id = ANY(%s)",
        [sorted({region for region, _programme in places})],
    )
    path = dict(cursor.fetchall())
    codes = {code for value in path.values() for code in value.rstrip("/").split("/")}
    cursor.execute("SELECT code, id FROM communities_region WHERE code = ANY(%s)", [sorted(codes)])
    region_of = dict(cursor.fetchall())
    by_depth = {}
    for region, programme in places:
        above = path[region].rstrip("/").split("/")
        for depth, code in enumerate(above):
            by_depth.setdefault(depth, set()).add((region_of[code], programme))
    for depth in sorted(by_depth, reverse=True):
        _sum_up(cursor, sorted(by_depth[depth]), SUMS, upsert=True)


def _sum_up(cursor, pairs, into, *, upsert):
    """Sums of regions from their own units and their direct children's sums."""
    names = columns()
    parts = [
        f"SELECT w.region_id, w.programme_id, {_own(table, names)} FROM {table._meta.db_table} own"
        " JOIN wanted w USING (region_id, programme_id)"
        for table in UNIT_TABLES
    ]
    below = ", ".join(f"s.{name}" for name in names)
    parts.append(
        f"SELECT w.region_id, w.programme_id, {below} FROM wanted w"
        f" JOIN communities_region c ON c.parent_id = w.region_id"
        f" JOIN {into} s ON s.region_id = c.id AND s.programme_id = w.programme_id"
    )
    nothing = ", ".join("0" for _name in names)
    parts.append(f"SELECT w.region_id, w.programme_id, {nothing} FROM wanted w")
    sums = ", ".join(f"SUM({name}) AS {name}" for name in names)
    listed = ", ".join(names)
    on_conflict = ""
    if upsert:
        new = ", ".join(f"{name} = EXCLUDED.{name}" for name in [*names, "computed_at"])
        on_conflict = f"ON CONFLICT (region_id, programme_id) DO UPDATE SET {new}"
    cursor.execute(
        f"WITH wanted (region_id, programme_id) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),"
        f" parts (region_id, programme_id, {listed}) AS ({' UNION ALL '.join(parts)})"
        f" INSERT INTO {into} (region_id, programme_id, {listed}, computed_at)"
        f" SELECT region_id, programme_id, {sums}, now() FROM parts GROUP BY 1, 2 {on_conflict}",
        [[region for region, _p in pairs], [programme for _r, programme in pairs]],
    )


def _own(table, names):
    return ", ".join(f"own.{name}" if name in table.MEASURES else "0" for name in names)


def _stage(cursor, on):
    """Every unit counted and every sum made anew in a table beside; chained upwards level by level."""
    names = columns()
    listed = ", ".join(names)
    cursor.execute(f"CREATE TEMP TABLE {STAGE} (LIKE {SUMS} INCLUDING DEFAULTS) ON COMMIT DROP")
    cursor.execute(f"ALTER TABLE {STAGE} DROP COLUMN id")
    parts, params = [], []
    for table in UNIT_TABLES:
        rows, more = _rows_of(table, on)
        parts.append(f"SELECT region_id, programme_id, {_own(table, names)} FROM ({rows}) own")
        params.extend(more)
    sums = ", ".join(f"SUM({name})" for name in names)
    cursor.execute(
        f"CREATE TEMP TABLE stage_units ON COMMIT DROP AS"
        f" SELECT region_id, programme_id, {', '.join(f'SUM({name}) AS {name}' for name in names)}"
        f" FROM ({' UNION ALL '.join(parts)}) u (region_id, programme_id, {listed}) GROUP BY 1, 2",
        params,
    )
    cursor.execute("SELECT max(length(path) - length(replace(path, '/', ''))) FROM communities_region")
    deepest = cursor.fetchone()[0] or 0
    for depth in range(deepest, 0, -1):
        cursor.execute(
            f"INSERT INTO {STAGE} (region_id, programme_id, {listed}, computed_at)"
            f" SELECT region_id, programme_id, {sums}, now() FROM ("
            f"  SELECT u.region_id, u.programme_id, {', '.join(f'u.{name}' for name in names)}"
            "   FROM stage_units u JOIN communities_region r ON r.id = u.region_id"
            "   WHERE length(r.path) - length(replace(r.path, '/', '')) = %s"
            "  UNION ALL"
            f"  SELECT c.parent_id, s.programme_id, {', '.join(f's.{name}' for name in names)}"
            f"  FROM {STAGE} s JOIN communities_region c ON c.id = s.region_id"
            "   WHERE length(c.path) - length(replace(c.path, '/', '')) = %s"
            f" ) parts (region_id, programme_id, {listed}) GROUP BY 1, 2",
            [depth, depth + 1],
        )
    cursor.execute("DROP TABLE stage_units")


def _rebuild(cursor, on):
    _stage(cursor, on)
    counted = 0
    for table in UNIT_TABLES:
        name = table._meta.db_table
        rows, params = _rows_of(table, on)
        into = ", ".join(["unit_id", "region_id", "programme_id", *table.MEASURES])
        cursor.execute(f"DELETE FROM {name}")
        cursor.execute(f"INSERT INTO {name} ({into}) SELECT {into} FROM ({rows}) r", params)
        counted += cursor.rowcount
    listed = ", ".join(["region_id", "programme_id", *columns(), "computed_at"])
    cursor.execute(f"DELETE FROM {SUMS}")
    cursor.execute(f"INSERT INTO {SUMS} ({listed}) SELECT {listed} FROM {STAGE}")
    cursor.execute(f"DROP TABLE {STAGE}")
    return counted
