"""A province counted from its registers; then the readings of a synthetic nation, summed, changed, shown.

One line per figure: name, value, unit, floor, ratio to the floor, goal, ok or short. The province has its
registers, a share ``BENCH_SCALE`` of its communities (0.3), and is counted beside bare GROUP BYs
(``counting``); its plans are looked at (``plans``). Then every place of the nation gets a measure row with
figures at random, and the targets of all five documents are applied to all of it. The floor of the sums is
the SQL that sums the same figures of the communities up the tree and does nothing else. Pages and statistics
are asked for by a browser; their queries are those of the whole request, session and frame among them. A
community is made fresh in the province, where it has rows in every register, and in the nation, where
after the province the same ones have them: the cost must not grow with the nation.
``BENCH_PART`` measures one of them: province or nation.
"""

import os
import resource
import statistics
import subprocess
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
os.environ["LINKAGE_ROLE"] = "owner"

import django

django.setup()

from django.db import connection, reset_queries, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from communities import services as tree  # noqa: E402
from communities.models import Level, Region  # noqa: E402
from communities.offices.models import Office, Post, User  # noqa: E402
from communities.services import divisions  # noqa: E402
from linkage.attainment import rules  # noqa: E402
from linkage.attainment.models import UNIT_TABLES, PlaceMeasures, Target  # noqa: E402
from linkage.attainment.services import counting, reading  # noqa: E402
from linkage.demo import people  # noqa: E402
from linkage.foundation import stale  # noqa: E402
from linkage.foundation.models import StaleMark  # noqa: E402
from linkage.packs import services as packs  # noqa: E402
from socialwork.volunteers.models import Volunteer  # noqa: E402
from tests.bench import counting as counted  # noqa: E402

PROVINCE, TARGET = "13", "HB-T01"
SUM_GOAL, FRESH_GOAL, READ_GOAL, MEMORY_GOAL = 2, 1000, 100, 400
SCALE, PART = os.environ.get("BENCH_SCALE", "0.3"), os.environ.get("BENCH_PART", "")
QUERIES_GOAL, TIMES = 12, 15
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


def note(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def load_policies():
    """All five documents; Gansu's names pilot areas and needs its places."""
    for path in packs.shipped():
        if "gansu" not in path.name or Region.objects.filter(code="62").exists():
            packs.load(path)


# A province


def province():
    """Registers of a share of Hebei, counted and looked at."""
    loading = [sys.executable, "-m", "tests.bench.registers", "load"]
    subprocess.run(loading, check=False, env={**os.environ, "BENCH_SCALE": SCALE, "BENCH_PROVINCE": PROVINCE})
    load_policies()
    counting.rebuild_after_load()
    note(f"# registers of {SCALE} of the province; {busy()}")
    for name, ours, bare in counted.figures():
        if name in counted.FLOORS:
            note(f"# {name} {ours * 1000:.1f} ms {bare * 1000:.1f} {ours / bare:.2f}")
        else:
            say(name, ours, "s", counted.GOAL, floor=bare)
    say("plans-that-read-too-much", counted.plans_in_order(note), "plans", 0)
    say("one-community-fresh-in-the-province", _fresh_with_rows(), "ms", FRESH_GOAL)
    _memory("memory-after-counting")


# A nation


def fill():
    """A row for every place of the nation, with figures at random."""
    tree.load(divisions.places())
    load_policies()
    rules._territory = lambda region: "TRUE"  # all targets apply to the whole nation here
    for table in UNIT_TABLES:
        table.objects.all().delete()
    StaleMark.objects.all().delete()
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


def nation():
    fill()
    layout = counting.layout_of_all()
    counting.resum()
    note(f"# {PlaceMeasures.objects.count()} places, {len(layout.at)} targets and measures,")
    note(f"# {layout.width} figures; {busy()}")
    bare = min(timed(lambda: floor(layout)) for _ in range(2))
    ours = min(timed(counting.resum) for _ in range(2))
    say("sums-of-the-nation", ours, "s", SUM_GOAL, floor=bare)
    _memory("memory-after-the-sums")
    communities = Region.objects.filter(level=Level.COMMUNITY).order_by("path")
    far = [communities[place] for place in range(0, communities.count(), 100_000)]
    say("one-community-fresh", statistics.median(fresh(region) for region in far), "ms", FRESH_GOAL)
    if Volunteer.objects.exists():
        say("one-community-fresh-with-rows", _fresh_with_rows(), "ms", FRESH_GOAL)
    read_a_province()
    pages()
    _memory("memory-of-the-worker")


def _memory(name):
    say(name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", MEMORY_GOAL)


def _fresh_with_rows():
    """The median of ten communities that have volunteers, and so rows in every register."""
    theirs = Volunteer.objects.order_by("region").values_list("region", flat=True).distinct()
    return statistics.median(fresh(region) for region in Region.objects.filter(pk__in=list(theirs[:10])))


def fresh(region):
    stale.mark("place", [region.pk])
    return timed(counting.refresh) * 1000


def read_a_province():
    place = Region.objects.get(code=PROVINCE)
    targets = list(Target.objects.select_related("document__region"))
    connection.force_debug_cursor = True

    def read():
        reset_queries()
        reading.read(targets, place)
        reading.read_below(targets, place)

    read()
    say("reading-a-province", statistics.median(timed(read) for _ in range(7)) * 1000, "ms", READ_GOAL)
    say("its-queries", len(connection.queries), "queries", QUERIES_GOAL)
    connection.force_debug_cursor = False


def pages():
    """The dashboard of the province and its statistics, as its leader asks for them."""
    client = browser(Region.objects.get(code=PROVINCE))
    asked = f"?place={PROVINCE}&policy={Target.objects.get(code=TARGET).document.code}"
    page(client, "dashboard-of-a-province", f"/targets/{asked}")
    page(client, "statistics", f"/api/v1/attainment/{asked}")
    page(client, "statistics-below", f"/api/v1/attainment/{asked}&below=1")


def page(client, name, address):
    for _ in range(3):
        answered(client, address)
    say(f"{name}-queries", queries(client, address), "queries", QUERIES_GOAL)
    used = time.process_time()
    times = [timed(lambda: answered(client, address)) * 1000 for _ in range(TIMES)]
    own = (time.process_time() - used) / TIMES * 1000
    say(name, statistics.median(times), "ms", READ_GOAL)
    note(f"#   least {min(times):.0f} ms, processor {own:.0f} ms; {busy()}")


def browser(place):
    """A leader of the place who has signed in."""
    people.open_offices(place)
    user, made = User.objects.get_or_create(username="bench_attainment", defaults={"name": "周敏"})
    if made:
        office = Office.objects.serving(place).get()
        Post.objects.create(user=user, office=office, role=Post.Role.LEADER, valid_from=people.SINCE)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def answered(client, address):
    response = client.get(address, secure=True)
    if response.status_code != 200:
        sys.exit(f"{address}: {response.status_code} {response.content[:500]}")
    return response


def queries(client, address):
    with CaptureQueriesContext(connection) as seen:
        answered(client, address)
    return len(seen.captured_queries)


def busy():
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main():
    if PART in ("", "province"):
        province()
    if PART in ("", "nation"):
        nation()
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
