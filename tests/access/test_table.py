"""The access table walked: every route of the site, every kind of person, their own rows and others'."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from tests.access import registers, table
from tests.access.ledger import changed, everything
from tests.access.story import PEOPLE
from tests.access.walk import masked

pytestmark = pytest.mark.django_db


def routes(resolver=None, prefix=""):
    """Every address of the site, its parameters as <name>."""
    for part in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(part.pattern)
        if hasattr(part, "url_patterns"):
            yield from routes(part, pattern)
        else:
            yield plain(pattern)


def plain(pattern):
    pattern = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", pattern)
    pattern = re.sub(r"<\w+:(\w+)>", r"<\1>", pattern)
    return pattern.replace("^", "").replace("$", "")


EVERY = set(routes())
ROUTES = sorted(EVERY - set(registers.ROUTES))


def test_every_route_has_its_lines_in_the_table():
    assert sorted(set(ROUTES) - set(table.TABLE)) == [], "routes without a line in tests/access/table.py"
    assert sorted({*table.TABLE, *registers.ROUTES} - EVERY) == [], "lines whose route is gone"


def test_the_table_names_only_people_there_are():
    for route, lines in table.TABLE.items():
        for line in lines.values():
            for people in line.values():
                assert people == table.ELSE or set(people.split()) <= set(PEOPLE), route


PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_every_route_gives_each_answer_of_the_table(story, part):
    """Of those who are to get the same answers one asks, in turns; the long form sends everybody."""
    asking = {who: [] for who in PEOPLE}
    for number, route in enumerate(ROUTES[part::PARTS]):
        for people in alike(route):
            asking[people[number % len(people)]].append(route)
    walk(story, asking)


@pytest.mark.long
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_the_answers_of_the_table(story, who):
    walk(story, {who: ROUTES})


def alike(route):
    """The people in groups of which everybody gets the same answers, whatever they ask this route for."""
    groups = {}
    for who in PEOPLE:
        answers = tuple(table.expected(route, *asked, who) for asked in questions(route, who))
        groups.setdefault(answers, []).append(who)
    return groups.values()


def walk(story, asking):
    """These people ask these routes for every row; nothing is left changed."""
    clients = {who: Client(raise_request_exception=False) for who in asking}
    headers = {who: story.sign_in(client, who) for who, client in clients.items()}
    before = everything()
    found = [
        f"{who}: {difference}"
        for who, routes in asking.items()
        for difference in differences(story, clients[who], who, headers[who], routes)
    ]
    assert not found, "\n".join(found)
    assert changed(before) == []


def questions(route, who):
    """``(method, row)`` of everything one asks of a route; "missing" is a row that does not exist."""
    lines = table.TABLE[route]
    for method in ("GET", "POST"):
        labels = [key.partition(" ")[2] for key in lines if key.split()[0] == method]
        if "<" in route and "missing" not in labels:
            labels.append("missing")
        if table.usual(route, method, who) is not None:
            labels = labels[:1]  # answered before any row is looked at
        yield from ((method, label) for label in labels or [""])


def differences(story, client, who, headers, routes):
    for route in routes:
        nowhere = {}
        for method, label in questions(route, who):
            answer = ask(story, client, headers, route, method, label)
            wanted = table.expected(route, method, label, who)
            got = told(answer, route, wanted)
            if got != wanted:
                yield f"{method} {route} [{label}]: {got}, not {wanted}"
            if wanted == 404 or is_sent_away(route, answer):
                nowhere[method, label] = masked(answer, seen(story, route, label))
        for (method, label), bytes_ in nowhere.items():
            if bytes_ != nowhere.get((method, "missing"), bytes_):
                yield f"{method} {route} [{label}] is answered unlike a row that does not exist"


def is_sent_away(route, answer):
    """The admin sends to its index whoever asks for a row that is not theirs."""
    return route in table.ADMIN and answer.status_code == 302 and answer["Location"] == "/admin/"


def ask(story, client, headers, route, method, label):
    """One request; whatever it changed is undone."""
    cache.clear()
    url = story.address(route, label or "near") + table.QUERIES.get(route, "")
    cookies = client.cookies.copy()
    if method == "GET":
        answer = client.get(url, headers=headers)
        if answer.streaming:
            answer.getvalue()
    else:
        body = table.BODIES.get(route, {})
        kind = {"content_type": "application/json"} if route in table.REST else {}
        with transaction.atomic():
            answer = client.post(url, body, headers=headers, **kind)
            transaction.set_rollback(True)
    client.cookies = cookies  # a message meant for the next page is not shown on it
    return answer


def told(answer, route, wanted):
    """The status, or in words where a redirect leads when the table says so in words."""
    if answer.status_code != 302 or isinstance(wanted, int):
        return answer.status_code
    where = answer["Location"]
    if where.startswith("/password/"):
        return table.PASSWORD
    return table.LOGIN if where.startswith(("/login/", "/admin/login/")) else where


def seen(story, route, label):
    return [str(value) for value in story.values(route, label).values()]
