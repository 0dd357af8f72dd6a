"""Wrong input through the real doors of the site: a clear answer, nothing changed, never a 500."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.services import filing
from tests.abuse.conftest import DOORS, KEPT
from tests.access.ledger import beside_the_registers, changed

pytestmark = pytest.mark.django_db

HOSTILE = {
    "nul": "a\x00b",
    "long": "长" * 6000,
    "rare": "𠮷" * 300 + "\u202e\u200b<script>alert(1)</script>'\"--",
    "huge": "9" * 401,
    "negative": "-1",
    "list": ["1e400", "x"],
    "left out": "",
}
SOME = (("nul", "negative"), ("long", "list"), ("rare", "huge"))
CLEAR = {200, 302, 400, 403, 404, 409, 413, 422}


def test_a_good_body_passes_every_door_and_changes_something(doors, client):
    """The control: behind a door that never opens, everything is refused."""
    for name in DOORS:
        doors.sign_in(client, doors[name].who)
        before = beside_the_registers()
        with doors.undone():
            answer = doors.send(client, name)
            assert answer.status_code in (200, 302), name
            assert changed(before) or name == "contact", name


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("all_kinds", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_bad_value_in_any_field_is_told_and_leaves_everything_as_it_was(doors, client, name, all_kinds):
    """Every field is left out, and gets some of the bad values in turns; in the long form all of them."""
    client.raise_request_exception = False
    wrong = []
    doors.sign_in(client, doors[name].who)
    before = beside_the_registers()
    for number, field in enumerate([*doors[name].body, "everything"]):
        for kind in HOSTILE if all_kinds else ("left out", *SOME[number % len(SOME)]):
            if field == "everything" and kind != "left out":
                continue
            value = HOSTILE[kind]
            gone = doors[name].body if field == "everything" else (field,) if kind == "left out" else ()
            with doors.undone():
                answer = doors.send(client, name, without=gone, **{field: value})
                status = answer.status_code
                if status not in CLEAR or (kind == "nul" and status != 400):
                    wrong.append(f"{field} {kind}: {status}")
                if status >= 400 and (tables := set(changed(before)) - KEPT.get(name, set())):
                    wrong.append(f"{field} {kind}: {status} but changed {tables}")
    assert wrong == []


def test_bytes_that_are_no_text_are_refused_at_every_door(doors, client):
    for name in DOORS:
        door = doors[name]
        doors.sign_in(client, door.who)
        before = beside_the_registers()
        for body in (b"title=%ff%fe", b"title=\xff\xfe", b"\xed\xa0\x80=1", b"a=%00"):
            answer = client.post(door.url, body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code == 400, (name, body)
        assert changed(before) == [], name


@pytest.mark.parametrize("name", ["submission", "decide", "public_objection", "profile"])
def test_too_much_is_refused(doors, client, name):
    door = doors[name]
    doors.sign_in(client, door.who)
    before = beside_the_registers()
    fields = {f"f{number}": "x" for number in range(5000)}
    assert client.post(door.url, fields).status_code == 400
    text = "a=" + "x" * 3_000_000
    assert client.post(door.url, text, content_type="application/x-www-form-urlencoded").status_code == 413
    files = {f"f{number}": SimpleUploadedFile("a.pdf", b"%PDF") for number in range(21)}
    assert client.post(door.url, files).status_code == 400
    assert changed(before) == []


def test_without_the_token_of_the_form_nothing_passes_any_door(doors):
    client = Client(enforce_csrf_checks=True)
    for name in DOORS:
        doors.sign_in(client, doors[name].who)
        before = beside_the_registers()
        assert doors.send(client, name).status_code == 403, name
        assert changed(before) == [], name


# The same deed twice, and deeds after the fact


@pytest.mark.parametrize(
    "name", ["submit", "withdraw", "reopen", "decide", "return", "grant", "settle", "take_down"]
)
def test_the_same_form_sent_twice_acts_once(doors, client, name):
    assert doors.send(client, name).status_code == 302
    before = beside_the_registers()
    answer = doors.send(client, name)
    assert answer.status_code in (302, 403, 404, 409, 422)
    assert changed(before) == []


def test_an_objection_sent_twice_is_one(doors, client):
    for name in ("public_objection", "objection"):
        doors.send(client, name)
        before = beside_the_registers()
        assert doors.send(client, name).status_code == 302
        assert changed(before) == []


@pytest.mark.parametrize(
    "name",
    ["planning", "hearing", "assembly_review", "submission", "need", "remove_need", "objection", "settle"],
)
def test_nothing_is_written_into_an_application_that_was_handed_in(doors, client, name):
    doors.objection.delete()
    doors.send(client, "submit")
    filing.submit(doors.draft, by=doors.world.people["community"])
    before = beside_the_registers()
    assert doors.send(client, name).status_code in (302, 404)
    assert changed(before) == []


# Addresses

PLACES = (
    *("/projects/{}/", "/projects/{}/edit/", "/projects/{}/form.docx", "/attachments/{}/", "/accounts/{}/"),
    *("/public/notices/{}/", "/api/v1/projects/{}/", "/admin/projects/project/{}/change/"),
)
LISTS = (
    *("/", "/tasks/", "/projects/", "/programmes/GS-2016/arrivals/", "/accounts/", "/public/"),
    *("/public/projects/", "/api/v1/projects/", "/api/v1/regions/", "/api/v1/programmes/"),
)
QUERIES = (
    "?nonsense=1",
    "?q=a&q=b",
    "?status=emperor",
    "?cursor=x",
    "?cursor=" + "e" * 4000,
    "?region__code=62",
    "?created_by__password__startswith=p",
    "?q=%00",
    "?q=%ff",
    "?ordering=created_by__password",
)
ADMIN_QUERIES = (
    "?created_by__password__startswith=p",
    "?region__path__regex=.",
    "?_to_field=password",
    "?_to_field=password&_popup=1",
    "?o=99999999999999999999",
    "?p=-1",
    "?region__exact=x",
    "?status__exact=%00",
)


def test_a_number_no_row_can_have_is_no_row(doors, client):
    doors.sign_in(client, "county_admin")
    for place in PLACES:
        for number in ("9" * 400, "0", "99999999999999999999"):
            assert client.get(place.format(number)).status_code in (302, 403, 404), place


def test_a_question_a_list_does_not_know_is_a_400(doors, client):
    for place in LISTS:
        doors.sign_in(client, "county_admin" if place == "/accounts/" else "province")
        for query in QUERIES:
            assert client.get(place + query).status_code == 400, place + query


def test_the_admin_does_not_let_itself_be_asked_for_columns(doors, client):
    doors.sign_in(client, "staff")
    for model in ("projects/project", "communities/communityprofile", "offices/user"):
        for query in ADMIN_QUERIES:
            status = client.get(f"/admin/{model}/{query}").status_code
            assert status in (200, 302, 400), model + query
            assert "password__startswith" not in query or status in (302, 400)
