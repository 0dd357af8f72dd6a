"""The doors officials use every day, with 50,000 applications behind them and rights and history on.

One line per figure: name, value, unit, floor, ratio to the floor, goal for the value, ok or short. The
floor is what Hypha 6.7.0 needs for the same at 5,000 submissions (FLOORS §4); times are medians of whole
requests: middleware, session, view, template. A busy machine makes them longer: its load, the least time
and the processor time of Python alone stand behind them.
"""

import os
import statistics
import subprocess
import sys
import time
from itertools import cycle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
LOADING = sys.argv[1:2] == ["load"]
if LOADING:
    os.environ["LINKAGE_ROLE"] = "owner"  # works without time limits and tells the planner what there is

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from communities.models import Region  # noqa: E402
from communities.offices.models import User  # noqa: E402
from projects.models import Project, ProjectEvent, Status  # noqa: E402
from tests.bench import ledger  # noqa: E402

TIMES = 30
WARM = 3
# (goal in ms, goal in queries), (Hypha's ms, its queries)
LIST = (60, 12), (448, 140)
DESK = (60, 12), (266, 26)
DETAIL = (60, 20), (190, 67)
DECISION = (25, 15), (59, 46)
REPORT = (120, 12), (266, 26)  # beside its dashboard: 20,000 arrivals added up by city
# 兰州市城关区, the county with most streets, and the places above it.
PLACES = {"county": "620102", "city": "6201", "province": "62"}
short = []


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def line(name, value, unit, floor, goal, remark=""):
    verdict = "ok" if value <= goal else "short"
    if verdict == "short":
        short.append(name)
    figure = f"{value:.1f}" if unit == "ms" else str(value)
    say(f"{name} {figure} {unit} {floor} {value / floor:.2f} {goal} {verdict}{remark and '  # ' + remark}")


def measured(name, requests, goals):
    """Queries of one request, then the time of many; ``requests`` yields callables, one a request."""
    (goal_ms, goal_queries), (floor_ms, floor_queries) = goals
    for _ in range(WARM):
        answered(next(requests))
    with CaptureQueriesContext(connection) as seen:
        size = answered(next(requests))
    queries = seen.captured_queries  # the next request forgets them
    times, own = [], []
    for _ in range(TIMES):
        work = next(requests)
        start, used = time.perf_counter(), time.process_time()
        answered(work)
        times.append((time.perf_counter() - start) * 1000)
        own.append((time.process_time() - used) * 1000)
    times.sort()
    p95 = times[int(len(times) * 0.95) - 1]
    python = statistics.median(own)
    remark = f"least {times[0]:.0f}, p95 {p95:.0f}, processor {python:.0f} ms, {size / 1024:.0f} KiB"
    line(f"{name}_queries", len(queries), "queries", floor_queries, goal_queries)
    line(name, statistics.median(times), "ms", floor_ms, goal_ms, remark)
    if os.environ.get("BENCH_SQL"):
        for query in queries:
            say(f"#   {query['time']} {query['sql'][:3000]}")


def answered(work):
    response = work()
    if response.status_code not in (200, 302):
        sys.exit(f"{response.status_code}: {response.content[:500]}")
    return len(response.content)


def desk_of(place):
    """A signed-in browser at the desk of whoever reviews at this place."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=f"u{PLACES[place]}"))
    return client


def looks(client, addresses):
    for address in cycle(addresses):
        yield lambda address=address: client.get(address)


def decisions(client, place):
    """Consent to one project after the other, as the form of the page sends it."""
    for project in inbox(place):
        word = {
            "verdict": "approve",
            "step": project.step,
            "round": project.round,
            "opinion": "情况属实，同意上报。",
            "handler": "张文静",
            "leader": "李国华",
        }
        if place == "province":
            word |= {"granted_amount": project.requested_subsidy, "doc_no": ledger.DOC_NO}

        def post(pk=project.pk, word=word):
            response = client.post(f"/projects/{pk}/decide/", word)
            if response.status_code != 302:
                sys.exit(f"No decision: {response.status_code}")
            return response

        yield post
    sys.exit("Too few projects wait there: measure in a fresh database, by make bench-desk.")


def inbox(place):
    rows = Project.objects.filter(status=Status.IN_REVIEW, acting_office__region__code=PLACES[place])
    return list(rows.order_by("step_since"))


def measure():
    desks = {place: desk_of(place) for place in PLACES}
    pages = [f"/projects/{project.pk}/" for project in inbox("county")[:20]]
    for place, client in desks.items():
        measured(f"list_{place}", looks(client, ["/projects/"]), LIST)
    for place, client in desks.items():
        measured(f"desk_{place}", looks(client, ["/"]), DESK)
    measured("detail_county", looks(desks["county"], pages), DETAIL)
    measured("detail_province", looks(desks["province"], pages), DETAIL)
    for place in ("county", "province"):
        measured(f"rest_list_{place}", looks(desks[place], ["/api/v1/projects/"]), LIST)
    measured("arrivals_province", looks(desks["province"], [f"/programmes/{ledger.CODE}/arrivals/"]), REPORT)
    measured("search_province", looks(desks["province"], ["/search/?q=护童"]), LIST)
    for place in ("county", "province"):
        before = ProjectEvent.objects.filter(kind="decided").count()
        measured(f"decision_{place}", decisions(desks[place], place), DECISION)
        if ProjectEvent.objects.filter(kind="decided").count() != before + WARM + 1 + TIMES:
            sys.exit("Not every decision was recorded.")


def busy():
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main():
    if LOADING:
        return ledger.load()
    if not Region.objects.exists():
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "tests.bench.desk", "load"], check=True)
        say(f"# loaded in {time.perf_counter() - started:.0f} s")
    history = Project._meta.get_field("history").related_model.objects.count()
    say(f"# {Project.objects.count()} projects, {history} rows of their history; {busy()}")
    measure()
    say(f"# afterwards: {busy()}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
