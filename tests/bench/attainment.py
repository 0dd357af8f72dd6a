"""The readings of a synthetic nation: summed anew, one community changed, one place read.

One line per figure: name, value, unit, floor, ratio to the floor, goal, ok or short. Every place of the
nation gets a measure row with figures at random; the targets of all five documents are applied to all of
it. The floor is the SQL that sums the same figures of the communities up the tree and does nothing else.
"""

import os
import resource
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
os.environ["LINKAGE_ROLE"] = "owner"

import django

django.setup()

from django.db import connection, reset_queries, transaction  # noqa: E402

from communities import services as tree  # noqa: E402
from communities.models import Level, Region  # noqa: E402
from communities.services import divisions  # noqa: E402
from linkage.attainment import rules  # noqa: E402
from linkage.attainment.models import PlaceMeasures, Target  # noqa: E402
from linkage.attainment.services import counting, reading  # noqa: E402
from linkage.foundation import stale  # noqa: E402
from linkage.packs import services as packs  # noqa: E402

PROVINCE, SUM_GOAL, FRESH_GOAL, READ_GOAL, MEMORY_GOAL = "13", 2, 1000, 100, 400
short = []


def say(name, value, unit, goal, *, floor=None):
    judged = value / floor if floor else value
    verdict = "ok" if judged <= goal else "short"
    if verdict == "short":
        short.append(name)
    beside = f"{floor:.2f} {judged:.2f}" if floor else "- -"
    sys.stdout.write(f"{name} {value:.2f} {unit} {beside} {goal} {verdict}\n")
    sys.stdout.flush()


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fill():
    """A row for every place of the nation, with figures at random."""
    tree.load(divisions.places())
    for path in packs.shipped():
        if "gansu" not in path.name:
            packs.load(path)
    rules._territory = lambda region: "TRUE"  # all targets apply to the whole nation here
    keys = PlaceMeasures.MEASURES
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {PlaceMeasures._meta.db_table} (unit_id, region_id, home_id, path, level, kind,"
            f" area_of, in_areas, pilot_of, {', '.join(keys)})"
            " SELECT id, id, CASE WHEN level = 5 THEN parent_id ELSE id END, path, level, kind,"
            " '{}', '{}', '{}', "
            + ", ".join("(random() * 12)::bigint" for _key in keys)
            + " FROM communities_region"
        )
        cursor.execute(f"ANALYZE {PlaceMeasures._meta.db_table}")


def floor(layout):
    """The same figures of places, summed up the tree by nothing but SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        figures = ", ".join(f"SUM({sql})::bigint AS s{number}" for number, sql in layout.columns["place"])
        listed = ", ".join(f"s{number}" for number, _sql in layout.columns["place"])
        together = ", ".join(f"SUM(s{number})::bigint" for number, _sql in layout.columns["place"])
        conditions = ", ".join(f"({sql}) AS c{n}" for n, sql in enumerate(layout.conditions["place"]))
        cursor.execute(
            f"CREATE TEMP TABLE bare ON COMMIT DROP AS SELECT home_id AS id, {figures} FROM"
            f" (SELECT m.*, {conditions} FROM {PlaceMeasures._meta.db_table} m) m GROUP BY 1"
        )
        cursor.execute("CREATE TEMP TABLE bare_sums ON COMMIT DROP AS SELECT 0 AS level, * FROM bare LIMIT 0")
        for level in (4, 3, 2, 1):
            cursor.execute(
                f"INSERT INTO bare_sums SELECT %s, id, {together} FROM (SELECT b.id, {listed} FROM bare b"
                " JOIN communities_region r ON r.id = b.id WHERE r.level = %s UNION ALL"
                f" SELECT r.parent_id, {listed} FROM bare_sums b JOIN communities_region r ON r.id = b.id"
                " JOIN communities_region u ON u.id = r.parent_id WHERE u.level = %s) x GROUP BY 2",
                [level, level, level],
            )


def main():
    fill()
    layout = counting.layout_of_all()
    counting.resum()
    sys.stdout.write(
        f"# {PlaceMeasures.objects.count()} places, {len(layout.at)} targets and measures,"
        f" {layout.width} figures\n"
    )
    bare = min(timed(lambda: floor(layout)) for _ in range(2))
    ours = min(timed(counting.resum) for _ in range(2))
    say("sums-of-the-nation", ours, "s", SUM_GOAL, floor=bare)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say("memory-of-the-worker", memory, "MB", MEMORY_GOAL)

    def fresh(region):
        stale.mark("place", [region.pk])
        return timed(counting.refresh) * 1000

    far = Region.objects.filter(level=Level.COMMUNITY).order_by("path")[::100_000]
    say("one-community-fresh", statistics.median(fresh(region) for region in far), "ms", FRESH_GOAL)
    province = Region.objects.get(code=PROVINCE)
    targets = list(Target.objects.select_related("document__region"))
    connection.force_debug_cursor = True

    def read():
        reset_queries()
        reading.read(targets, province)
        reading.read_below(targets, province)

    read()
    say("reading-a-province", statistics.median(timed(read) for _ in range(7)) * 1000, "ms", READ_GOAL)
    say("its-queries", len(connection.queries), "queries", 12)
    sys.exit(1 if short else 0)


main()
