"""The units a target looks at, one by one in the order of places: what each has, whether it passes."""

from dataclasses import dataclass

from django.db import connection

from linkage.attainment import rules
from linkage.attainment.codes import Rule, UnitKind
from linkage.attainment.models import KEPT_TABLES, UNIT_TABLES
from linkage.attainment.services import kept, reading

TABLES = {table.KIND: table for table in UNIT_TABLES}
ALONE = (Rule.AVG, Rule.RATIO)  # a unit may reach by itself what is demanded of all together
ALL, FAILING, UNREPORTED = WHICH = ("all", "failing", "unreported")


@dataclass(frozen=True)
class Unit:
    """One unit. ``base`` is what its figure is a share of, if it is one; ``before`` and ``base_before``
    the same a year earlier, of a trend. ``lack`` and ``passes`` are None where units are not tested."""

    unit: int
    region_id: int
    path: str
    figure: int | None
    base: int | None
    before: int | None
    base_before: int | None
    lack: int | None
    passes: bool | None


def units(target, region, *, which=ALL, after=None, limit=50, edition=None, restated=False):
    """The units under a place that the target looks at; the next page after a key (path, unit).

    ``which``: all of them, those that fail (only of targets that test unit by unit) or those that have
    reported nothing. In an edition target and place are those of then, as ``kept`` gives them;
    ``restated``, over the tree of today.
    """
    if not reading.connected(target) or (which == FAILING and not rules.names_failing(target)):
        return []
    tests = rules.names_failing(target)
    is_trend = target.rule == Rule.TREND
    columns = [
        f"m.{target.metric}",
        f"m.{target.per}" if target.per else "NULL::bigint",
        f"m.{target.metric}_before" if is_trend else "NULL::bigint",
        f"m.{target.per}_before" if is_trend and target.per else "NULL::bigint",
        rules.lack(target) if tests else "NULL::bigint",
        f"COALESCE({rules.passes(target)}, FALSE)" if tests else "NULL::boolean",
    ]
    rows, params = rows_under(target, region, edition=edition, restated=restated)
    wanted = those_of(target, which)
    params |= {"limit": limit}
    if after is not None:
        wanted.append("(m.path, m.unit_id) > (%(path)s, %(unit)s)")
        params |= {"path": after[0], "unit": after[1]}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.unit_id, m.region_id, m.path, {', '.join(columns)}"
            f" FROM {' AND '.join([rows, *wanted])}"
            " ORDER BY m.path, m.unit_id LIMIT %(limit)s",
            params,
        )
        return [Unit(*row) for row in cursor.fetchall()]


def reaching(target, region, *, edition=None, restated=False):
    """Of a demand on all units together: how many reach it by themselves, of how many whose figure is known.

    The second reading of a share or an average (DOMAIN GS-T13): it stands beside the value and is not
    judged. None where the target tests its units anyway, or no unit could reach it alone.
    """
    if target.rule not in ALONE or target.unit == UnitKind.PLACE or not target.at_least:
        return None
    if not reading.connected(target):
        return None
    rows, params = rows_under(target, region, edition=edition, restated=restated)
    known = [f"m.{target.metric} IS NOT NULL", *([f"m.{target.per} > 0"] if target.per else [])]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FILTER (WHERE {rules.passes(target)}), COUNT(*)"
            f" FROM {' AND '.join([rows, *known])}",
            params,
        )
        return cursor.fetchone()


def failing(target, region, **part):
    """The units under a place that fail the target (整改清单)."""
    return units(target, region, which=FAILING, **part)


def rows_under(target, region, *, edition=None, restated=False):
    """FROM and WHERE of the units under a place that a target looks at, with their parameters."""
    table, params = TABLES[target.table]._meta.db_table, {}
    if edition and restated:
        tables, params = kept.rows_of([edition], [region], restated=True)
        table = tables[target.table]
    elif edition:
        rows = KEPT_TABLES[target.table]._meta.db_table
        table, params = f"(SELECT * FROM {rows} WHERE edition_id = %(edition)s)", {"edition": edition.pk}
    return (
        f"{table} m WHERE {rules.condition(target)} AND m.path >= %(low)s AND m.path < %(high)s",
        params | {"low": region.path, "high": f"{region.path}~"},
    )


def those_of(target, which):
    """What the rows of a part of the units have in common, as SQL."""
    if which == FAILING:
        wanted = [f"NOT COALESCE({rules.passes(target)}, FALSE)"]
        if target.missing == "exclude":
            wanted.append(f"m.{target.metric} IS NOT NULL")
        if target.per:
            wanted.append(f"m.{target.per} IS DISTINCT FROM 0")
        return wanted
    if which == UNREPORTED:
        unknown = [f"m.{key} IS NULL" for key in (target.metric, target.per) if key]
        return [f"({' OR '.join(unknown)})"]
    return []
