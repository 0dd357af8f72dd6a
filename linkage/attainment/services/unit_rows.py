"""The measure rows of units: what each unit adds, with the place it counts for, as SQL over a tree of a day.

``stage_tree`` is that tree, a temporary table; so are the rows of ``stage``. The tables of measures that
stand are written here and nowhere else.
"""

from contextlib import contextmanager

from django.utils import timezone

from linkage.attainment.models import KEPT_TABLES, UNIT_TABLES
from linkage.foundation import measures
from linkage.foundation.earlier import as_they_stood

OPEN = "(opened_on IS NULL OR opened_on <= %(on)s) AND (closed_on IS NULL OR closed_on > %(on)s)"
ABOUT = ("region_id", "home_id", "path", "level", "kind", "document_id", "area_of", "in_areas", "pilot_of")


TOGETHER = 8  # measures that are gathered in one pass


@contextmanager
def everything(cursor):
    """Whole tables are joined here: by hashing, whatever the planner thinks of so many of them."""
    cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off")
    cursor.execute("SET LOCAL work_mem = '64MB'")
    yield
    cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on")


def stage_tree(cursor, on):
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


def rows_of(table, on, units=None, *, tree="stage_tree", staged=False):
    """SQL and parameters of the measure rows of a kind of unit, in the order of ``_columns``.

    The figures of measures are laid under each other and gathered by unit, ``TOGETHER`` at a time: a join for
    each would carry every row of the table through forty of them, and all at once would ask every figure
    forty times which one it is. ``staged``: they were counted before and stand in
    ``attainment_stagedfigure``.
    """
    chosen = as_they_stood(table.units(on), on)
    if units is not None:
        chosen = chosen.filter(pk__in=units)
    sql, params = chosen.order_by().query.sql_with_params()
    keys = [key for key in table.MEASURES if measures.get(key) is not None]
    gathers, more, at = [], [], {}
    width = TOGETHER if units is None else len(keys)
    for number, first in enumerate(range(0, len(keys), width)):
        some = keys[first : first + width]
        figures, theirs = _staged_figures(some) if staged else _counted_figures(some, on, units)
        more += theirs
        at |= {key: f"f{number}.{key}" for key in some}
        names = {key: f"'{key}'" if staged else place for place, key in enumerate(some)}
        gathered = "".join(f", MAX(value) FILTER (WHERE key = {names[key]}) AS {key}" for key in some)
        gathers.append(
            f" LEFT JOIN (SELECT unit{gathered} FROM ({figures}) v (unit, key, value) GROUP BY 1) f{number}"
            f" ON f{number}.unit = u.unit"
        )
    values = []
    for key in table.MEASURES:
        if key not in at:  # its register is not connected: nothing is known, which is not zero
            values.append(f"NULL::bigint AS {key}")
        else:
            values.append(at[key] if measures.get(key).reported else f"COALESCE({at[key]}, 0) AS {key}")
    around, around_joins = _around(tree, few=units is not None)
    counted = " OR ".join(f"f{number}.unit IS NOT NULL" for number in range(len(gathers)))
    where = f" WHERE {counted}" if table.SPARSE else ""
    return (
        "SELECT u.unit AS unit_id, u.place AS region_id,"
        " CASE WHEN r.level = 5 THEN r.parent_id ELSE r.id END AS home_id, r.path, r.level, r.kind,"
        f" u.document::bigint AS document_id, {around}, {', '.join(values)}"
        f" FROM ({sql}) u JOIN {tree} r ON r.id = u.place {around_joins} {''.join(gathers)}{where}",
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


def stage(cursor, table, on):
    rows, params = rows_of(table, on)
    with everything(cursor):
        cursor.execute(f"CREATE TEMP TABLE stage_{table._meta.db_table} ON COMMIT DROP AS {rows}", params)


def recount(cursor, table, on, units):
    """Write the measure rows of these units; answers the places whose own figures they touch."""
    name = table._meta.db_table
    cursor.execute(f"DELETE FROM {name} WHERE unit_id = ANY(%s) RETURNING home_id", [units])
    homes = {home for (home,) in cursor.fetchall()}
    open_then = OPEN % {"on": f"'{on.isoformat()}'"}
    tree = f"(SELECT * FROM communities_region WHERE {open_then})"
    rows, params = rows_of(table, on, units, tree=tree)
    cursor.execute(
        f"INSERT INTO {name} ({_columns(table)}) SELECT {_columns(table)} FROM ({rows}) r RETURNING home_id",
        params,
    )
    return homes | {home for (home,) in cursor.fetchall()}


def write(cursor, on, *, staged=False):
    """All measure rows anew; answers how many."""
    counted = 0
    for table in UNIT_TABLES:
        name = table._meta.db_table
        rows, params = rows_of(table, on, staged=staged)
        cursor.execute(f"DELETE FROM {name}")
        with everything(cursor):
            cursor.execute(
                f"INSERT INTO {name} ({_columns(table)}) SELECT {_columns(table)} FROM ({rows}) r", params
            )
            counted += cursor.rowcount
    return counted


def keep(cursor, table, edition):
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
