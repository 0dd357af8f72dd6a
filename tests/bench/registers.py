"""The lists of the registers with a whole province behind them: every one, as leader, reviewer and clerk.

One line per figure: name, value, unit, floor, ratio to the floor, goal for the value, ok or short. The
floor is what a bare REST list of DRF needs at 500,000 rows (FLOORS §5), without rights, template or words;
times are medians of whole requests. The goal of a count of queries is what the same list needs for one row,
and one for the names of places: a row of one's own place needs none.

``BENCH_SCALE`` is the share of the communities that have registers (0.1; 1 for the full form, which also
measures the loading), ``BENCH_PROVINCE`` the province (13), ``BENCH_ONLY`` a part of the names to measure.
"""

import io
import os
import resource
import statistics
import subprocess
import sys
import time
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
LOADING = sys.argv[1:2] == ["load"]
if LOADING:
    os.environ["LINKAGE_ROLE"] = "owner"  # works without time limits and tells the planner what there is

import django  # noqa: E402

django.setup()

from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from communities.models import Level, Region  # noqa: E402
from communities.offices.models import Office, Post, User  # noqa: E402
from linkage.api import router  # noqa: E402
from linkage.demo import people, registers  # noqa: E402
from linkage.foundation.filters import KeysetPagination  # noqa: E402
from linkage.foundation.ledger import Entry  # noqa: E402
from linkage.foundation.registers import Place, Register, Removed  # noqa: E402
from socialwork.volunteers.models import Volunteer  # noqa: E402

SCALE = float(os.environ.get("BENCH_SCALE", "0.1"))
PROVINCE = os.environ.get("BENCH_PROVINCE", "13")
ONLY = os.environ.get("BENCH_ONLY", "")
SEED = 2021
TIMES, WARM = 9, 2
GOAL = 150  # ms
LOAD_GOAL = 900  # s for a whole province
# ms of the kind of page at DRF with select_related; queries: always two
FLOORS = {"first": 29, "search": 29, "name": 29, "choice": 18, "county": 11, "street": 11, "rest": 11}
short = []


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def line(name, value, unit, floor, goal, remark=""):
    verdict = "ok" if value <= goal else "short"
    if verdict == "short":
        short.append(name)
    figure = str(value) if unit == "queries" else f"{value:.1f}"
    say(f"{name} {figure} {unit} {floor} {value / floor:.2f} {goal} {verdict}{remark and '  # ' + remark}")


# Loading


def load():
    started = time.perf_counter()
    call_command("load_regions", "--province", PROVINCE, stdout=io.StringIO())
    province = Region.objects.get(code=PROVINCE)
    with transaction.atomic():
        people.open_offices(province)
        say(f"# places and offices {time.perf_counter() - started:.0f} s")
        loaded = registers.load(province, seed=SEED, scale=SCALE)
    seconds = time.perf_counter() - started
    for model, (rows, spent) in sorted(loaded.spent.items(), key=lambda told: -told[1][1]):
        say(f"# {model._meta.label} {rows} rows {spent:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        size = cursor.fetchone()[0]
    rows = sum(rows for rows, _seconds in loaded.spent.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(
        "registers_load",
        seconds,
        "s",
        LOAD_GOAL,
        max(60, LOAD_GOAL * SCALE),
        f"{rows} rows, {size}, {memory:.0f} MB",
    )


# Who looks


def visitors():
    """``{name: (browser, place)}`` of a province's leader, of its fullest county, of a community of that."""
    province = Region.objects.get(code=PROVINCE)
    full = Region.objects.filter(volunteers__isnull=False).annotate(volunteers_here=Count("volunteers"))
    community = full.order_by("-volunteers_here", "code").filter(parent__parent__level=Level.COUNTY).first()
    county = community.parent.parent
    role = Post.Role
    return {
        "province": (browser("leader", province, role.LEADER), province),
        "county": (browser("reviewer", county, role.REVIEWER), county),
        "community": (browser("clerk", community, role.CLERK), community),
    }


def browser(username, place, role):
    user, made = User.objects.get_or_create(username=f"bench_{username}", defaults={"name": "周敏"})
    if made:
        office = Office.objects.serving(place).get()
        Post.objects.create(user=user, office=office, role=role, valid_from=people.SINCE)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


# What is looked at


def desks():
    """``(name, address, admin)`` of every register."""
    for model, desk in admin.site._registry.items():
        if isinstance(desk, Register) and ONLY in model._meta.label_lower:
            yield (
                model._meta.label_lower,
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
                desk,
            )


def endpoints():
    """``(name, address)`` of every register over REST."""
    for _prefix, viewset, basename in router.registry:
        model = getattr(getattr(viewset, "queryset", None), "model", None)
        if model is not None and issubclass(model, Entry) and ONLY in model._meta.label_lower:
            yield model._meta.label_lower, reverse(f"api:{basename}-list")


def pages(desk, address, client, place, community):
    """``{kind: address}``: the pages of one register that this person turns to."""
    found = {"first": address}
    if Place not in desk.get_list_filter(None):
        return found  # one list for the whole platform
    if place.level <= Level.COUNTY:
        found["street"] = f"{address}?place={community.parent.code}"
        if choice := a_choice(client, address):
            found["choice"] = address + choice
    if place.level < Level.COUNTY:
        found["county"] = f"{address}?place={community.parent.parent.code}"
    if text := a_search(desk, community):
        found["search"] = f"{address}?{urlencode({'q': text[:2]})}"  # many have it: a family and a character
        found["name"] = f"{address}?{urlencode({'q': text})}"
    return found


def a_choice(client, address):
    """The first value of the first filter that is neither the place nor the recycle bin."""
    listed = client.get(address).context_data["cl"]
    for spec in listed.filter_specs:
        if not isinstance(spec, (Place, Removed)):
            for choice in list(spec.choices(listed))[1:]:
                return choice["query_string"]
    return ""


def a_search(desk, community):
    """What somebody would type: the first three characters of a row of this community, or of any."""
    for field in desk.search_fields:
        path, _at, lookup = field.rpartition("__")
        rows = desk.model.objects.exclude(**{path: ""}).order_by("pk")
        near = rows.filter(**{desk.model.region_path: community.path})
        value = near.values_list(path, flat=True).first() or rows.values_list(path, flat=True).first()
        if value and not path.endswith("code"):
            return value if lookup == "exact" else value[:3]
    return ""


# Measuring


def answered(client, address):
    response = client.get(address)
    if response.status_code != 200:
        sys.exit(f"{address}: {response.status_code} {response.content[:500]}")
    return response


def queries_of(client, address):
    with CaptureQueriesContext(connection) as seen:
        answered(client, address)
    return seen.captured_queries


def measured(name, client, address, kind, with_one):
    """Queries for a full page and for one row, then the time of many requests."""
    for _ in range(WARM):
        answered(client, address)
    queries = queries_of(client, address)
    with with_one():
        alone = len(queries_of(client, address))
    times, own = [], []
    for _ in range(TIMES):
        start, used = time.perf_counter(), time.process_time()
        answered(client, address)
        times.append((time.perf_counter() - start) * 1000)
        own.append((time.process_time() - used) * 1000)
    line(f"{name}_queries", len(queries), "queries", 2, alone + 1)
    least, python = min(times), statistics.median(own)
    slowest = max(queries, key=lambda query: float(query["time"]))
    remark = (
        f"least {least:.0f}, processor {python:.0f} ms, slowest query {float(slowest['time']) * 1000:.0f} ms"
    )
    line(name, statistics.median(times), "ms", FLOORS[kind], GOAL, remark)
    if os.environ.get("BENCH_SQL") and statistics.median(times) > GOAL:
        say(f"#   {slowest['sql'][:4000]}")


class PagesOf:
    """For a while, pages of so many rows."""

    def __init__(self, target, attribute, rows):
        self.target, self.attribute, self.rows = target, attribute, rows

    def __enter__(self):
        self.kept = getattr(self.target, self.attribute)
        setattr(self.target, self.attribute, self.rows)

    def __exit__(self, *problem):
        setattr(self.target, self.attribute, self.kept)


def measure():
    found = visitors()
    community = found["community"][1]
    for label, address, desk in desks():
        for who, (client, place) in found.items():
            for kind, page in pages(desk, address, client, place, community).items():
                name = f"{label}_{who}_{kind}"
                measured(name, client, page, kind, lambda desk=desk: PagesOf(desk, "list_per_page", 1))
    for label, address in endpoints():
        for who, (client, _place) in found.items():
            alone = lambda: PagesOf(KeysetPagination, "size", 1)  # noqa: E731
            measured(f"{label}_{who}_rest", client, address, "rest", alone)


def busy():
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main():
    if LOADING:
        load()
        return 1 if short else 0
    loaded = 0
    if not Volunteer.objects.exists():
        loaded = subprocess.run(
            [sys.executable, "-m", "tests.bench.registers", "load"], check=False
        ).returncode
    say(f"# {Volunteer.objects.count()} volunteers; {busy()}")
    measure()
    say(f"# afterwards: {busy()}")
    return 1 if short or loaded else 0


if __name__ == "__main__":
    sys.exit(main())
