"""Counting from the base tables with a whole province behind it, beside the bare GROUP BY of every measure.

Both sides run under the settings of a rebuild and write what they find into a table. One line a measure, of
which none is judged: many take a millisecond, and the floors leave things out (``floors``). Judged is what a
rebuild does: the measure rows of all units, with everything around them, against all bare GROUP BYs.
"""

import time

from django.db import connection, transaction
from django.utils import timezone

from linkage.attainment.models import UNIT_TABLES
from linkage.attainment.services import unit_rows
from linkage.foundation import measures
from tests.bench import plans
from tests.bench.floors import FLOORS

TIMES, GOAL = 3, 2


def figures():
    """``(name, ours, floor)`` in seconds of every measure, and last of the whole."""
    on = timezone.localdate()
    values = {"on": on, "year": on.year}
    bare = {key: _least(_written, floor, _filled(floor, values)) for key, floor in FLOORS.items()}
    for measure in measures.registered():
        sql, params = measure.rows(on).order_by().query.sql_with_params()
        yield measure.key, _least(_written, sql, params), bare[measure.key]
    yield "counting-all-measures", _least(_staged, on), sum(bare.values())


def plans_in_order(say):
    """How many plans there are, and a line for each flaw of one."""
    found = plans.flaws(timezone.localdate())
    for flaw in found:
        say(f"# {flaw[:400]}")
    return len(found)


def _filled(sql, values):
    return {name: value for name, value in values.items() if f"%({name})s" in sql}


def _least(work, *args):
    return min(work(*args) for _ in range(TIMES))


def _written(sql, params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        with unit_rows.everything(cursor):
            start = time.perf_counter()
            cursor.execute(f"CREATE TEMP TABLE counted ON COMMIT DROP AS {sql}", params)
            taken = time.perf_counter() - start
        transaction.set_rollback(True)
    return taken


def _staged(on):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        unit_rows.stage_tree(cursor, on)
        start = time.perf_counter()
        for table in UNIT_TABLES:
            unit_rows.stage(cursor, table, on)
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
    return taken
