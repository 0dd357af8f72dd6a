"""Wrong input through the real doors of the site: a clear answer, nothing changed, never a 500."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.services import filing
from tests.abuse.conftest import DOORS, KEPT
from tests.access.ledger import changed, everything

pytestmark = pytest.mark.django_db

HOSTILE = {
    "nul": "a\x00b",
    "long": "长" * 6000,
    "rare": "𠮷" * 300 + "\u202e\u200b<script>alert(1)</script>'\"--",
    "huge": "9" * 401,
    "negative": "-1",
    "exponent": "1e400",
    "list": ["1", "x"],
    "nothing": "",
    "a foreign id": "999999999999999999999",
}
CLEAR = {200, 302, 400, 403, 404, 409, 413, 422}


@pytest.mark.parametrize("name", DOORS)
def test_a_good_body_passes_and_changes_something(doors, client, name):
    """The control: behind a door that never opens, everything is refused."""
    before = everything()
    answer = doors.send(client, name)
    assert answer.status_code in (200, 302), (answer.context and answer.context.get("form"), answer.content)
    assert changed(before) or name == "contact"


@pytest.mark.parametrize("name", DOORS)
def test_a_bad_value_in_any_field_is_told_and_leaves_everything_as_it_was(doors, client, name):
    client.raise_request_exception = False
    wrong = []
    doors.sign_in(client, doors[name].who)
    before = everything()
    for field in doors[name].body:
        for kind, value in HOSTILE.items():
            with doors.undone():
                answer = doors.send(client, name, **{field: value})
                status = answer.status_code
                if status not in CLEAR or (kind == "nul" and status != 400):
                    wrong.append(f"{field} {kind}: {status}")
                if status >= 400 and (tables := set(changed(before)) - KEPT.get(name, set())):
                    wrong.append(f"{field} {kind}: {status} but changed {tables}")
    assert wrong == []


@pytest.mark.parametrize("name", DOORS)
def test_a_field_left_out_or_a_body_of_nothing_is_no_500(doors, client, name):
    client.raise_request_exception = False
    wrong = []
    doors.sign_in(client, doors[name].who)
    before = everything()
    for field in [*doors[name].body, None]:
        gone = doors[name].body if field is None else (field,)
        with doors.undone():
            answer = doors.send(client, name, without=gone)
            if answer.status_code not in CLEAR:
                wrong.append(f"without {field}: {answer.status_code}")
            if answer.status_code >= 400 and (tables := set(changed(before)) - KEPT.get(name, set())):
                wrong.append(f"without {field}: {answer.status_code} but changed {tables}")
    assert wrong == []


@pytest.mark.parametrize("name", DOORS)
def test_bytes_that_are_no_text_are_refused(doors, client, name):
    door = doors[name]
    doors.sign_in(client, door.who)
    before = everything()
    for body in (b"title=%ff%fe", b"title=\xff\xfe", b"\xed\xa0\x80=1", b"a=%00"):
        answer = client.post(door.url, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400, body
    assert changed(before) == []


@pytest.mark.parametrize("name", ["submission", "decide", "public_objection", "profile"])
def test_too_much_is_refused(doors, client, name):
    door = doors[name]
    doors.sign_in(client, door.who)
    before = everything()
    fields = {f"f{number}": "x" for number in range(5000)}
    assert client.post(door.url, fields).status_code == 400
    text = "a=" + "x" * 3_000_000
    assert client.post(door.url, text, content_type="application/x-www-form-urlencoded").status_code == 413
    files = {f"f{number}": SimpleUploadedFile("a.pdf", b"%PDF") for number in range(21)}
    assert client.post(door.url, files).status_code == 400
    assert changed(before) == []


@pytest.mark.parametrize("name", DOORS)
def test_without_the_token_of_the_form_nothing_passes(doors, name):
    client = Client(enforce_csrf_checks=True)
    doors.sign_in(client, doors[name].who)
    before = everything()
    answer = doors.send(client, name)
    assert answer.status_code == 403
    assert changed(before) == []


# The same deed twice, and deeds after the fact


@pytest.mark.parametrize(
    "name", ["submit", "withdraw", "reopen", "decide", "return", "grant", "settle", "take_down"]
)
def test_the_same_form_sent_twice_acts_once(doors, client, name):
    assert doors.send(client, name).status_code == 302
    before = everything()
    answer = doors.send(client, name)
    assert answer.status_code in (302, 403, 404, 409, 422)
    assert changed(before) == []


def test_an_objection_sent_twice_is_one(doors, client):
    for name in ("public_objection", "objection"):
        doors.send(client, name)
        before = everything()
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
    before = everything()
    assert doors.send(client, name).status_code in (302, 404)
    assert changed(before) == []


# Addresses


@pytest.mark.parametrize("number", ["9" * 400, "0", "99999999999999999999"])
@pytest.mark.parametrize(
    "place",
    ["/projects/{}/", "/projects/{}/edit/", "/attachments/{}/", "/public/notices/{}/", "/accounts/{}/",
     "/api/v1/projects/{}/", "/projects/{}/form.docx", "/admin/projects/project/{}/change/"],
)  # fmt: skip
def test_a_number_no_row_can_have_is_no_row(doors, client, place, number):
    doors.sign_in(client, "county_admin")
    assert client.get(place.format(number)).status_code in (302, 404)


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


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    "place", ["/", "/tasks/", "/projects/", "/programmes/GS-2016/arrivals/", "/accounts/", "/public/",
              "/public/projects/", "/api/v1/projects/", "/api/v1/regions/", "/api/v1/programmes/"],
)  # fmt: skip
def test_a_question_the_list_does_not_know_is_a_400(doors, client, place, query):
    doors.sign_in(client, "county_admin" if place == "/accounts/" else "province")
    assert client.get(place + query).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "?created_by__password__startswith=p",
        "?region__path__regex=.",
        "?_to_field=password",
        "?_to_field=password&_popup=1",
        "?o=99999999999999999999",
        "?p=-1",
        "?region__exact=x",
        "?status__exact=%00",
    ],
)
@pytest.mark.parametrize("model", ["projects/project", "communities/communityprofile", "offices/user"])
def test_the_admin_does_not_let_itself_be_asked_for_columns(doors, client, model, query):
    doors.sign_in(client, "staff")
    answer = client.get(f"/admin/{model}/{query}")
    assert answer.status_code in (200, 302, 400)
    assert "password__startswith" not in query or answer.status_code in (302, 400)
