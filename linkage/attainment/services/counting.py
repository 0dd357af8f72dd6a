"""The engine: measure rows of units, sums along the tree, set by set in SQL.

Everything that writes here holds one advisory lock. ``refresh`` takes the marks that triggers left
and counts only what they touch; ``rebuild`` counts everything beside the standing sums and swaps it
in. For the same day both must say the same; ``differences`` compares them.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from linkage.attainment import codes
from linkage.attainment.models import UNIT_TABLES, Edition, EditionSums, Target, TargetSums
from linkage.attainment.services import kept, plan, unit_rows
from linkage.foundation import measures, stale

LOCK = 0x4C4E4B41  # "LNKA"
TREE = "tree"  # the kind of mark a moved region leaves: its old sums and new ones are all suspect
SUMS = TargetSums._meta.db_table
BATCH = 2000


@contextmanager
def alone():
    """One counter at a time; ends with the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The limits of the site are those of one page; a nation takes longer, and another counter too.
        cursor.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL jit = off")
        yield cursor


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
                homes |= unit_rows.recount(cursor, table, on, units)
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
        unit_rows.stage_tree(cursor, timezone.localdate())
        _stage_sums(cursor, layout)
        return _swap(cursor, layout, timezone.localdate())


def freeze(kind, on, *, missed=None):
    """Keep the readings of a day as an edition: units, sums, demand. The same edition is made once.

    ``missed``, of a deadline that is kept: the codes of targets that came later. They get an edition of
    their own, which demands them alone; what was kept before stays what is read of the others.
    """
    with alone() as cursor:
        if missed:
            missed = sorted(set(missed) - kept.known_at(kind, on))
            if not missed:
                return None
        elif found := Edition.objects.filter(kind=kind, as_of=on).order_by("pk").first():
            return found
        layout = layout_of_all()
        edition = Edition.objects.create(
            kind=kind,
            as_of=on,
            is_retroactive=_is_late(kind, on),
            computed_at=timezone.now(),
            demand=kept.demand_of(on, missed),
        )
        unit_rows.stage_tree(cursor, on)
        for table in UNIT_TABLES:
            unit_rows.stage(cursor, table, on)
            unit_rows.keep(cursor, table, edition)
        _stage_sums(cursor, layout, staged=True)
        cursor.execute(
            f"INSERT INTO {EditionSums._meta.db_table} (edition_id, region_id, plan_id, sums)"
            f" SELECT %s, id, %s, {_array(layout)} FROM stage_sums",
            [edition.pk, plan.keep(layout).pk],
        )
        _drop(cursor, staged=True)
        return edition


def _is_late(kind, on):
    """A day that ends something is counted in the night after it, any other on the day itself."""
    nights = 1 if kind in (Edition.Kind.DEADLINE, Edition.Kind.YEARLY) else 0
    return timezone.localdate() > on + timedelta(days=nights)


def differences(on=None):
    """Places in which a full count differs from the standing sums; empty when all is well.

    Answers (region id, standing, counted), the figures in the order of the plan.
    """
    with alone() as cursor:
        layout = layout_of_all()
        unit_rows.stage_tree(cursor, on or timezone.localdate())
        for table in UNIT_TABLES:
            unit_rows.stage(cursor, table, on or timezone.localdate())
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


def _drop(cursor, *, staged):
    """Tests call this several times in one transaction."""
    names = [f"stage_{table._meta.db_table}" for table in UNIT_TABLES] if staged else []
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(['stage_tree', 'stage_sums', 'stage_own', *names])}")


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
    unit_rows.stage_tree(cursor, on)
    counted = unit_rows.write(cursor, on)
    _stage_sums(cursor, layout)
    _swap(cursor, layout, on)
    return counted


def swap_in(cursor, on, changed):
    """The staged figures take the place of the standing ones.

    ``changed``: ``{kind: units}`` that changed while they were staged, and are counted once more here.
    """
    layout = layout_of_all()
    unit_rows.stage_tree(cursor, on)
    unit_rows.write(cursor, on, staged=True)
    for table in UNIT_TABLES:
        units = changed.get(table.KIND, [])
        for start in range(0, len(units), BATCH):
            unit_rows.recount(cursor, table, on, units[start : start + BATCH])
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
