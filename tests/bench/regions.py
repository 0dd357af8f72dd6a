"""The nation's tree: loading it beside a bare COPY, and reading it at that size beside raw SQL.

One line per figure: name, value, unit, floor, ratio to the floor, goal for the ratio, ok or short.
The figures of FLOORS §3 (other ways to keep a tree) stand behind the lines they belong to.
"""

import os
import resource
import statistics
import sys
import tempfile
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
os.environ["LINKAGE_ROLE"] = "owner"  # makes the table to compare with

import django

django.setup()

from django.db import connection  # noqa: E402

from communities import services  # noqa: E402
from communities.models import Level, Region, RegionPlacement, paths  # noqa: E402
from communities.services import divisions  # noqa: E402

LOAD_GOAL = 6
MEMORY_GOAL = 500  # MB
PROVINCE = "41"
short = []


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def line(name, value, unit, floor, goal, remark=""):
    ratio = value / floor
    verdict = "ok" if ratio <= goal else "short"
    if verdict == "short":
        short.append(name)
    say(f"{name} {value:.2f} {unit} {floor:.2f} {ratio:.2f} {goal} {verdict}{remark and '  # ' + remark}")


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_ms(work, times):
    work()
    return statistics.median(timed(work) for _ in range(times)) * 1000


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def copied(table):
    """Seconds that a bare COPY of a table's rows takes into an identical empty table with its indexes."""
    name = connection.ops.quote_name(f"{table}_floor")
    with tempfile.TemporaryFile("w+b") as file, connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TABLE {name} (LIKE {connection.ops.quote_name(table)} INCLUDING ALL)")
        cursor.copy_expert(f"COPY {table} TO STDOUT", file)
        file.seek(0)
        taken = timed(lambda: cursor.copy_expert(f"COPY {name} FROM STDIN", file))
        cursor.execute(f"DROP TABLE {name}")
    return taken


def loading():
    if Region.objects.exists():
        sys.exit("The tree must be empty: run it by make bench-regions.")
    done = []
    taken = timed(lambda: done.append(services.load(divisions.places())))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    levels = done[0].levels
    say("# " + ", ".join(f"{level.name.lower()} {count}" for level, count in levels.items()))
    places, placements = copied(Region._meta.db_table), copied(RegionPlacement._meta.db_table)
    line("nation_load", taken, "s", places, LOAD_GOAL, "places and placements, beside COPY of the places")
    line("nation_load_both", taken, "s", places + placements, LOAD_GOAL, "beside COPY of both tables")
    line("nation_load_memory", memory, "MB", MEMORY_GOAL, 1, "peak of the process, beside what is allowed")
    again = []
    seconds = timed(lambda: again.append(services.load(divisions.places())))
    line("nation_load_again", seconds, "s", places, LOAD_GOAL, f"{again[0].added + again[0].changed} changed")


def reading():
    connection.close()  # caches as a new connection finds them
    province = Region.objects.get(code=PROVINCE)
    city = Region.objects.filter(parent=province).first()
    village = Region.objects.within(province).communities().last()
    low, high = province.path, province.path + "~"
    page_sql = (
        "SELECT * FROM communities_region WHERE path >= %s AND path < %s AND level = 5 ORDER BY path LIMIT 50"
    )
    villages = Region.objects.within(province).communities().order_by("path")
    line(
        "page_of_50_villages_of_a_province",
        median_ms(lambda: list(villages[:50]), 60),
        "ms",
        median_ms(lambda: rows(page_sql, low, high), 60),
        10,
        "treebeard 60, mptt 1.1, ltree 44, denormalised 1.6",
    )
    line(
        "page_at_offset_2000",
        median_ms(lambda: list(villages[2000:2050]), 60),
        "ms",
        median_ms(lambda: rows(page_sql + " OFFSET 2000", low, high), 60),
        10,
        "treebeard 43, mptt 2.1, ltree 43, denormalised 2.2",
    )
    line(
        "page_with_full_names",
        median_ms(lambda: paths(villages[:50]), 60),
        "ms",
        median_ms(lambda: rows(page_sql, low, high), 60),
        20,
        "two queries",
    )
    line(
        "ancestors_of_a_village",
        median_ms(lambda: list(Region.objects.ancestors_of(village)), 200),
        "ms",
        median_ms(
            lambda: rows(
                "SELECT * FROM communities_region WHERE code = ANY(%s) ORDER BY path", village.path_codes[:-1]
            ),
            200,
        ),
        10,
        "treebeard 0.78, mptt 10.2, ltree 0.23, denormalised 1.5",
    )
    line(
        "children_of_a_province_counted",
        median_ms(lambda: Region.objects.filter(parent=province).count(), 200),
        "ms",
        median_ms(
            lambda: rows("SELECT count(*) FROM communities_region WHERE parent_id = %s", province.pk), 200
        ),
        10,
    )
    line(
        "villages_of_a_city_counted",
        median_ms(lambda: Region.objects.within(city).communities().count(), 60),
        "ms",
        median_ms(
            lambda: rows(
                "SELECT count(*) FROM communities_region WHERE path >= %s AND path < %s AND level = %s",
                city.path, city.path + "~", int(Level.COMMUNITY),
            ),
            60,
        ),
        5,
        "descendants of a city: treebeard 1.3, ltree 0.57, text path 0.35",
    )  # fmt: skip
    line(
        "found_by_two_characters_in_the_nation",
        median_ms(lambda: list(Region.objects.filter(name__holds="雁南").order_by("path")[:20]), 60),
        "ms",
        median_ms(
            lambda: rows(
                "SELECT * FROM communities_region WHERE string_to_array(name, NULL) @> '{雁,南}' "
                "AND position('雁南' IN name) > 0 ORDER BY path LIMIT 20"
            ),
            60,
        ),
        5,
    )


if __name__ == "__main__":
    loading()
    reading()
    sys.exit(1 if short else 0)
