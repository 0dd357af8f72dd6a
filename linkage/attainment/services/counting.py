"""The engine: measure rows of units, sums along the tree, set by set in SQL.

Everything that writes here holds one advisory lock. ``refresh`` takes the marks that triggers left
and counts only what they touch; ``rebuild`` counts everything beside the standing sums and swaps it
in. For the same day both must say the same; ``differences`` compares them.
"""

from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

from linkage.attainment import codes
from linkage.attainment.models import KEPT_TABLES, UNIT_TABLES, Edition, EditionSums, Target, TargetSums
from linkage.attainment.services import kept, plan
from linkage.foundation import measures, stale

LOCK = 0x4C4E4B41  # "LNKA"
TREE = "tree"  # the kind of mark a moved region leaves: its old sums and new ones are all suspect
SUMS = TargetSums._meta.db_table
BATCH = 2000
OPEN = "(opened_on IS NULL OR opened_on <= %(on)s) AND (closed_on IS NULL OR closed_on > %(on)s)"
ABOUT = ("region_id", "home_id", "path", "level", "kind", "document_id", "area_of", "in_areas", "pilot_of")


@contextmanager
def alone():
    """One counter at a time; ends with the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The limits of the site are those of one page; a nation takes longer, and another counter too.
        cursor.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL jit = off")
        yield cursor


@contextmanager
def everything(cursor):
    """Whole tables are joined here: by hashing, whatever the planner thinks of so many of them."""
    cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off")
    cursor.execute("SET LOCAL work_mem = '64MB'")
    yield
    cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on")


def layout_of_all():
    """What the standing sums hold: all targets, and the plain sum of everything that can be counted."""
    targets = Target.objects.select_related("document__region").order_by("slot")
    return plan.lay_out(targets, [key for key in codes.EVERY_MEASURE if measures.get(key) is not None])


def refresh(on=None):
    """Count again what has changed since the last time. Answers how many units were looked at."""
    on = on or timezone.localdate()
    with alone() as cursor:
        layout = layout_of_all()
        if stale.take(TREE, limit=100_000) or _stands_on_another_plan(layout):
            return _rebuild(cursor, layout, on)
        looked_at, homes = 0, set()
        for table in UNIT_TABLES:
            units = [int(unit) for unit in stale.take(table.KIND, limit=BATCH)]
            if units:
                looked_at += len(units)
                homes |= recount(cursor, table, on, units)
                cursor.execute(_REMEMBER, [table.KIND, units])
        if homes:
            _resum(cursor, layout, homes, on)
        return looked_at


# A rebuild in the making may have counted these units before they changed.
_REMEMBER = (
    "INSERT INTO attainment_stagedmark (kind, unit) SELECT %s, unit FROM unnest(%s::bigint[]) AS unit"
    " WHERE EXISTS (SELECT FROM attainment_staging) ON CONFLICT DO NOTHING"
)


def _stands_on_another_plan(layout):
    standing = TargetSums.objects.select_related("plan").first()
    return standing is None or standing.plan.digest != layout.digest


def rebuild(on=None):
    """Count everything afresh and swap it in. Readers see the old sums until this commits.

    Marks that arrive meanwhile stay and are taken by the next refresh, after the swap.
    """
    with alone() as cursor:
        return _rebuild(cursor, layout_of_all(), on or timezone.localdate())


def rebuild_after_load():
    """The same after a bulk load, of which the planner knows nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT attainment_fresh_statistics()")
    return rebuild()


def resum():
    """Sum the measure rows as they stand and swap the sums in; no base table is read."""
    with alone() as cursor:
        layout = layout_of_all()
        _tree(cursor, timezone.localdate())
        _stage_sums(cursor, layout)
        return _swap(cursor, layout, timezone.localdate())


def freeze(kind, on):
    """Keep the readings of a day as an edition: units, sums, demand. The same edition is made once."""
    with alone() as cursor:
        found = Edition.objects.filter(kind=kind, as_of=on).first()
        if found is not None:
            return found
        layout = layout_of_all()
        edition = Edition.objects.create(
            kind=kind,
            as_of=on,
            is_retroactive=on < timezone.localdate(),
            computed_at=timezone.now(),
            demand=kept.demand_of(on),
        )
        _tree(cursor, on)
        for table in UNIT_TABLES:
            _stage_rows(cursor, table, on)
            _keep_rows(cursor, table, edition)
        _stage_sums(cursor, layout, staged=True)
        cursor.execute(
            f"INSERT INTO {EditionSums._meta.db_table} (edition_id, region_id, plan_id, sums)"
            f" SELECT %s, id, %s, {_array(layout)} FROM stage_sums",
            [edition.pk, plan.keep(layout).pk],
        )
        _drop(cursor, staged=True)
        return edition


def _keep_rows(cursor, table, edition):
    """The staged rows as they are; places with their name and what they belong to."""
    about = [name for name in ("unit_id", *ABOUT) if name != "home_id"]
    columns = ", ".join([*about, *table.MEASURES])
    chosen = ", ".join(f"m.{name}" for name in [*about, *table.MEASURES])
    join = ""
    if table.KIND == "place":
        columns, chosen = f"{columns}, name, parent_id", f"{chosen}, t.name, t.parent_id"
        join = " JOIN stage_tree t ON t.id = m.unit_id"
    cursor.execute(
        f"INSERT INTO {KEPT_TABLES[table.KIND]._meta.db_table} (edition_id, {columns})"
        f" SELECT %s, {chosen} FROM stage_{table._meta.db_table} m{join}",
        [edition.pk],
    )


def differences(on=None):
    """Places in which a full count differs from the standing sums; empty when all is well.

    Answers (region id, standing, counted), the figures in the order of the plan.
    """
    with alone() as cursor:
        layout = layout_of_all()
        _tree(cursor, on or timezone.localdate())
        for table in UNIT_TABLES:
            _stage_rows(cursor, table, on or timezone.localdate())
        _stage_sums(cursor, layout, staged=True)
        cursor.execute(
            f"SELECT COALESCE(s.region_id, t.id), s.sums, t.sums FROM {SUMS} s FULL JOIN"
            f" (SELECT id, {_array(layout)} AS sums FROM stage_sums) t ON t.id = s.region_id"
            " WHERE s.sums IS DISTINCT FROM t.sums ORDER BY 1"
        )
        found = cursor.fetchall()
        _drop(cursor, staged=True)
        return found


def _array(layout):
    return f"ARRAY[{', '.join(f's{number}' for number in range(layout.width))}]::bigint[]"


# The tree of a day


def _tree(cursor, on):
    """``stage_tree``: the places open on a day, as they lay, with their depth."""
    if on == timezone.localdate():
        rows = "SELECT id, parent_id, path, level, kind, name FROM communities_region WHERE {open}"
    else:
        rows = (
            "SELECT r.id, p.parent_id, p.path, r.level, p.kind, p.name FROM communities_region r"
            " JOIN communities_regionplacement p ON p.region_id = r.id AND p.valid @> %(on)s::date"
            " WHERE {open}"
        )
    cursor.execute(
        "CREATE TEMP TABLE stage_tree ON COMMIT DROP AS SELECT t.*,"
        f" length(path) - length(replace(path, '/', '')) AS depth FROM ({rows.format(open=OPEN)}) t",
        {"on": on},
    )
    cursor.execute("CREATE UNIQUE INDEX ON stage_tree (id)")
    cursor.execute("ANALYZE stage_tree")


def _drop(cursor, *, staged):
    """Tests call this several times in one transaction."""
    names = [f"stage_{table._meta.db_table}" for table in UNIT_TABLES] if staged else []
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(['stage_tree', 'stage_sums', 'stage_own', *names])}")


# Measure rows


def _rows_of(table, on, units=None, *, tree="stage_tree", staged=False):
    """SQL and parameters of the measure rows of a kind of unit, in the order of ``_columns``.

    The figures of all measures are laid under each other and gathered by unit, once: a join for each would
    carry every row of the table through forty of them. ``staged``: they were counted before and stand in
    ``attainment_stagedfigure``.
    """
    chosen = table.units(on) if units is None else table.units(on).filter(pk__in=units)
    sql, params = chosen.order_by().query.sql_with_params()
    keys = [key for key in table.MEASURES if measures.get(key) is not None]
    figures, more = _staged_figures(keys) if staged else _counted_figures(keys, on, units)
    names = {key: f"'{key}'" if staged else number for number, key in enumerate(keys)}
    gathered = "".join(f", MAX(value) FILTER (WHERE key = {names[key]}) AS {key}" for key in keys)
    values = []
    for key in table.MEASURES:
        if key not in names:  # its register is not connected: nothing is known, which is not zero
            values.append(f"NULL::bigint AS {key}")
        else:
            values.append(f"f.{key}" if measures.get(key).reported else f"COALESCE(f.{key}, 0) AS {key}")
    around, around_joins = _around(tree, few=units is not None)
    join = "JOIN" if table.SPARSE else "LEFT JOIN"
    return (
        "SELECT u.unit AS unit_id, u.place AS region_id,"
        " CASE WHEN r.level = 5 THEN r.parent_id ELSE r.id END AS home_id, r.path, r.level, r.kind,"
        f" u.document::bigint AS document_id, {around}, {', '.join(values)}"
        f" FROM ({sql}) u JOIN {tree} r ON r.id = u.place {around_joins} {join}"
        f" (SELECT unit{gathered} FROM ({figures}) v (unit, key, value) GROUP BY 1) f ON f.unit = u.unit",
        [*params, *more],
    )


def _counted_figures(keys, on, units):
    """Rows (unit, number of the key, value) of these measures, counted now: SQL and parameters."""
    found, params = [], []
    for number, key in enumerate(keys):
        measure = measures.get(key)
        rows = measure.rows(on) if units is None else measure.of(on, units)
        sql, more = rows.order_by().query.sql_with_params()
        found.append(f"SELECT unit, {number}, value::bigint FROM ({sql}) {key}")
        params.extend(more)
    return " UNION ALL ".join(found), params


def _staged_figures(keys):
    """The same of figures that were staged, with the key itself."""
    return "SELECT unit, key, value FROM attainment_stagedfigure WHERE key = ANY(%s)", [keys]


def _around(tree, *, few):
    """Which documents name the place a pilot area, have one around it, name it a pilot community.

    ``few``: looked up row by row, or else found for all places at once.
    """
    areas = (
        "SELECT a.region_id, at.path, pr.document_id FROM projects_pilotarea a"
        f" JOIN projects_programme pr ON pr.id = a.programme_id JOIN {tree} at ON at.id = a.region_id"
    )
    named = (
        "SELECT c.region_id, pr.document_id FROM projects_pilotcommunity c"
        " JOIN projects_programme pr ON pr.id = c.programme_id"
    )
    if few:
        return (
            f"ARRAY(SELECT DISTINCT document_id FROM ({areas}) a WHERE a.region_id = r.id) AS area_of,"
            f" ARRAY(SELECT DISTINCT document_id FROM ({areas}) a"
            " WHERE r.path >= a.path AND r.path < a.path || '~') AS in_areas,"
            f" ARRAY(SELECT DISTINCT document_id FROM ({named}) c WHERE c.region_id = r.id) AS pilot_of",
            "",
        )
    documents = "array_agg(DISTINCT document_id) AS documents"
    return (
        "COALESCE(ao.documents, '{}') AS area_of, COALESCE(ia.documents, '{}') AS in_areas,"
        " COALESCE(po.documents, '{}') AS pilot_of",
        f"LEFT JOIN (SELECT region_id, {documents} FROM ({areas}) a GROUP BY 1) ao ON ao.region_id = r.id"
        f" LEFT JOIN (SELECT t.id, {documents} FROM {tree} t JOIN ({areas}) a"
        " ON t.path >= a.path AND t.path < a.path || '~' GROUP BY 1) ia ON ia.id = r.id"
        f" LEFT JOIN (SELECT region_id, {documents} FROM ({named}) c GROUP BY 1) po ON po.region_id = r.id",
    )


def _columns(table):
    return ", ".join(["unit_id", *ABOUT, *table.MEASURES])


def _stage_rows(cursor, table, on):
    rows, params = _rows_of(table, on)
    with everything(cursor):
        cursor.execute(f"CREATE TEMP TABLE stage_{table._meta.db_table} ON COMMIT DROP AS {rows}", params)


def recount(cursor, table, on, units):
    """Write the measure rows of these units; answers the places whose own figures they touch."""
    name = table._meta.db_table
    cursor.execute(f"DELETE FROM {name} WHERE unit_id = ANY(%s) RETURNING home_id", [units])
    homes = {home for (home,) in cursor.fetchall()}
    open_then = OPEN % {"on": f"'{on.isoformat()}'"}
    tree = f"(SELECT * FROM communities_region WHERE {open_then})"
    rows, params = _rows_of(table, on, units, tree=tree)
    cursor.execute(
        f"INSERT INTO {name} ({_columns(table)}) SELECT {_columns(table)} FROM ({rows}) r RETURNING home_id",
        params,
    )
    return homes | {home for (home,) in cursor.fetchall()}


# Sums


def _stage_sums(cursor, layout, *, staged=False):
    """``stage_sums``: every place above the communities, its own units and those of the places below."""
    own = plan.sums_of_units(layout, "home_id", prefix="stage_" if staged else "")
    cursor.execute(f"CREATE TEMP TABLE stage_own ON COMMIT DROP AS {own}")
    cursor.execute("CREATE UNIQUE INDEX ON stage_own (place)")
    listed = [f"s{number}" for number in range(layout.width)]
    cursor.execute(
        "CREATE TEMP TABLE stage_sums (id bigint, parent_id bigint, depth int"
        f"{''.join(f', {name} bigint' for name in listed)}) ON COMMIT DROP"
    )
    cursor.execute("SELECT max(depth) FROM stage_tree WHERE level < 5")
    deepest = cursor.fetchone()[0] or 0
    together = ", ".join(f"COALESCE(o.{name}, 0) + COALESCE(c.{name}, 0)" for name in listed)
    below = ", ".join(f"SUM({name})::bigint AS {name}" for name in listed)
    for depth in range(deepest, 0, -1):
        cursor.execute(
            f"INSERT INTO stage_sums SELECT r.id, r.parent_id, r.depth, {together} FROM stage_tree r"
            " LEFT JOIN stage_own o ON o.place = r.id LEFT JOIN"
            f" (SELECT parent_id, {below} FROM stage_sums WHERE depth = %s GROUP BY 1) c"
            " ON c.parent_id = r.id WHERE r.level < 5 AND r.depth = %s",
            [depth + 1, depth],
        )


def _rebuild(cursor, layout, on):
    # What was marked until now is counted here; what is marked from now on, by the next refresh.
    kinds = [TREE, *(table.KIND for table in UNIT_TABLES)]
    cursor.execute("DELETE FROM foundation_stalemark WHERE kind = ANY(%s)", [kinds])
    # Everything is counted anew here: whoever does so in steps begins again.
    cursor.execute("DELETE FROM attainment_staging")
    _tree(cursor, on)
    counted = _write_rows(cursor, on)
    _stage_sums(cursor, layout)
    _swap(cursor, layout, on)
    return counted


def _write_rows(cursor, on, *, staged=False):
    """All measure rows anew; answers how many."""
    counted = 0
    for table in UNIT_TABLES:
        name = table._meta.db_table
        rows, params = _rows_of(table, on, staged=staged)
        cursor.execute(f"DELETE FROM {name}")
        with everything(cursor):
            cursor.execute(
                f"INSERT INTO {name} ({_columns(table)}) SELECT {_columns(table)} FROM ({rows}) r", params
            )
            counted += cursor.rowcount
    return counted


def swap_in(cursor, on, changed):
    """The staged figures take the place of the standing ones.

    ``changed``: ``{kind: units}`` that changed while they were staged, and are counted once more here.
    """
    layout = layout_of_all()
    _tree(cursor, on)
    _write_rows(cursor, on, staged=True)
    for table in UNIT_TABLES:
        units = changed.get(table.KIND, [])
        for start in range(0, len(units), BATCH):
            recount(cursor, table, on, units[start : start + BATCH])
    _stage_sums(cursor, layout)
    _swap(cursor, layout, on)


def _swap(cursor, layout, on):
    """The staged sums take the place of the standing ones; readers see these until the commit."""
    kept = plan.keep(layout)
    cursor.execute(f"DELETE FROM {SUMS}")
    cursor.execute(
        f"INSERT INTO {SUMS} (region_id, plan_id, sums, as_of, computed_at)"
        f" SELECT id, %s, {_array(layout)}, %s, clock_timestamp() FROM stage_sums",
        [kept.pk, on],
    )
    swapped = cursor.rowcount
    _drop(cursor, staged=False)
    return swapped


def _resum(cursor, layout, homes, on):
    """Sum these places and then every place above them again, the deepest first."""
    cursor.execute("SELECT path FROM communities_region WHERE id = ANY(%s)", [sorted(homes)])
    codes = {code for (path,) in cursor.fetchall() for code in path.rstrip("/").split("/")}
    cursor.execute(
        "SELECT id, length(path) - length(replace(path, '/', '')) FROM communities_region"
        " WHERE code = ANY(%s) AND level < 5",
        [sorted(codes)],
    )
    by_depth = {}
    for region, depth in cursor.fetchall():
        by_depth.setdefault(depth, []).append(region)
    kept = plan.keep(layout)
    chain = sorted(region for regions in by_depth.values() for region in regions)
    own = plan.sums_of_units(layout, "home_id", where="m.home_id = ANY(%(chain)s)")
    cursor.execute(f"CREATE TEMP TABLE stage_own ON COMMIT DROP AS {own}", {"chain": chain})
    below = ", ".join(f"SUM(s.sums[{number + 1}])::bigint AS s{number}" for number in range(layout.width))
    together = ", ".join(
        f"COALESCE(o.s{number}, 0) + COALESCE(c.s{number}, 0)" for number in range(layout.width)
    )
    for depth in sorted(by_depth, reverse=True):
        cursor.execute(
            f"INSERT INTO {SUMS} (region_id, plan_id, sums, as_of, computed_at)"
            f" SELECT w.id, %(plan)s, ARRAY[{together}]::bigint[], %(on)s, clock_timestamp()"
            " FROM unnest(%(places)s::bigint[]) AS w (id) LEFT JOIN stage_own o ON o.place = w.id LEFT JOIN"
            f" (SELECT r.parent_id, {below} FROM communities_region r JOIN {SUMS} s ON s.region_id = r.id"
            "  WHERE r.parent_id = ANY(%(places)s) GROUP BY 1) c ON c.parent_id = w.id"
            " ON CONFLICT (region_id) DO UPDATE SET plan_id = EXCLUDED.plan_id, sums = EXCLUDED.sums,"
            " as_of = EXCLUDED.as_of, computed_at = EXCLUDED.computed_at",
            {"plan": kept.pk, "on": on, "places": by_depth[depth]},
        )
    cursor.execute("DROP TABLE stage_own")
