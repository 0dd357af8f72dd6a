"""How the database would go about a count: what EXPLAIN says, and what must not stand in it.

``x OR IN (subquery)`` is no condition an index can serve: every row is read and the subquery asked of each,
or answered whole beforehand. No count has one; and a count of a few units reads no big table as a whole.
"""

import json

from django.db import connection, transaction

from linkage.attainment.models import UNIT_TABLES
from linkage.attainment.services import unit_rows
from linkage.foundation import measures

CONDITIONS = ("Filter", "Join Filter", "Hash Cond", "Recheck Cond", "Index Cond", "One-Time Filter")
WHOLE = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan")


def plan_of(sql, params, settings=""):
    with transaction.atomic(), connection.cursor() as cursor:
        if settings:
            cursor.execute(settings)
        cursor.execute(f"EXPLAIN (FORMAT JSON, VERBOSE OFF) {sql}", params)
        found = cursor.fetchone()[0]
        transaction.set_rollback(True)
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def ors(plan):
    """The conditions in which a subquery stands beside an OR."""
    for node in nodes(plan):
        for name in CONDITIONS:
            if asks_beside_an_or(node.get(name, "")):
                yield f"{node['Node Type']} {node.get('Relation Name', '')}: {node[name]}"


def asks_beside_an_or(condition):
    """Is one of the terms of some ``(… OR …)`` a subquery, or has one within?"""
    open_groups = []
    for position, letter in enumerate(condition):
        if letter == "(":
            open_groups.append([position, False])
        elif letter == ")" and open_groups:
            start, has_or = open_groups.pop()
            if has_or and "SubPlan" in condition[start:position]:
                return True
        elif open_groups and condition.startswith(" OR ", position):
            open_groups[-1][1] = True
    return False


def read_whole(plan, big):
    """The big tables that are read from end to end."""
    for node in nodes(plan):
        if node["Node Type"] in WHOLE and node.get("Relation Name") in big:
            narrowed = "Index Cond" in node or "Recheck Cond" in node
            if not narrowed:
                yield f"{node['Node Type']} of {node['Relation Name']}: {node.get('Filter', '')}"


def big_tables(least=5000):
    """Tables of so many rows, as the planner thinks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [least])
        return {name for (name,) in cursor.fetchall()}


def counts(on, units_of):
    """``(name, SQL, parameters, few)`` of every measure for all and for a few units, and of the refresh.

    ``units_of(kind)`` answers the keys of a few units of a kind.
    """
    for measure in measures.registered():
        yield measure.key, *measure.rows(on).order_by().query.sql_with_params(), False
        some = measure.of(on, units_of(measure.unit))
        yield f"{measure.key} of a few", *some.order_by().query.sql_with_params(), True
    then = unit_rows.OPEN % {"on": f"'{on.isoformat()}'"}
    tree = f"(SELECT * FROM communities_region WHERE {then})"
    for table in UNIT_TABLES:
        yield f"refresh {table.KIND}", *unit_rows.rows_of(table, on, units_of(table.KIND), tree=tree), True


def flaws(on):
    """What is wrong with the plans over the registers as they are: a line each."""
    big, units = big_tables(), {table.KIND: _a_few(table) for table in UNIT_TABLES}
    found = []
    for name, sql, params, few in counts(on, units.get):
        plan = plan_of(sql, params)
        found += [f"{name}: {said}" for said in ors(plan)]
        found += [f"{name}: {said}" for said in read_whole(plan, big) if few]
    return found


def _a_few(table):
    """Three units in the middle of the tree."""
    keys = table.objects.order_by("path").values_list("pk", flat=True)
    middle = keys.count() // 2
    return list(keys[middle : middle + 3]) or [0]
