"""Wrong bodies, wrong questions and foreign rows over REST: a clear 4xx, nothing changed, never a 500."""

import json

import pytest
from rest_framework.authtoken.models import Token

from tests.access.ledger import beside_the_registers, changed

pytestmark = pytest.mark.django_db

GOOD = {"verdict": "approve", "opinion": "同意", "step": "street_review", "round": 1}


@pytest.fixture
def send(doors, client):
    token = Token.objects.create(user=doors.world.people["street"])
    client.raise_request_exception = False

    def post(body, url=None, kind="application/json", **headers):
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
        url = url or f"/api/v1/projects/{doors.sent.pk}/decide/"
        headers = {"Authorization": f"Token {token.key}", **headers}
        return client.post(url, raw, content_type=kind, headers=headers)

    return post


def test_the_good_body_passes(send):
    assert send(GOOD).status_code == 200


NUMBERS = [
    "-1",
    "0",
    "1e400",
    "9" * 401,
    "NaN",
    "Infinity",
    '"x"',
    "true",
    "null",
    "[1]",
    "{}",
    "1.5",
    "1001",
]
TEXTS = ['"\\u0000"', '"\\ud800"', '"' + "长" * 6000 + '"', "7e7", "[]", "{}", "null", '["x"]', "true", '""']


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("verdict", TEXTS),
        ("opinion", ['"\\u0000"', '"\\ud800"', '"' + "长" * 6000 + '"', "[]", "{}", "null", '""', '"  "']),
        ("step", TEXTS),
        ("round", NUMBERS),
        ("handler", ['"\\u0000"', '"' + "长" * 300 + '"', "[]", "{}", "null"]),
        ("signed_on", ['"2016-02-30"', '"x"', '"0000-00-00"', '"99999-01-01"', "[]", "7", '"2099-01-01"']),
        (
            "granted_amount",
            ["-1", "1e400", "9" * 401, '"NaN"', '"Infinity"', '"1e400"', "[]", "0.001", '"x"'],
        ),
        ("doc_no", ['"\\u0000"', '"' + "长" * 300 + '"', "[]", "{}"]),
        ("marks", ["7", '"x"', '[{"field": "status", "note": "x"}]', '[{"field": "title"}]', "[[]]", "{}"]),
    ],
)
def test_a_bad_value_is_a_400_and_changes_nothing(send, field, values):
    before = beside_the_registers()
    for value in values:
        body = json.dumps({name: given for name, given in GOOD.items() if name != field})[:-1]
        answer = send(f'{body}, "{field}": {value}}}')
        assert answer.status_code == 400 or (field, answer.status_code) in (("step", 409), ("round", 409)), (
            f"{field} {value[:40]}: {answer.status_code} {answer.content[:200]}"
        )
    assert changed(before) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b'"x"',
        b'{"verdict": "approve", "verdict": "reject"}',
        b'{"opinion": "\xff\xfe"}',
        b'\xef\xbb\xbf{"a": 1}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"round": ' + b"9" * 5000 + b"}",
        json.dumps({f"f{number}": 1 for number in range(5000)}).encode(),
    ],
    ids=range(13),
)
def test_a_body_that_is_no_good_json_is_a_400(send, body):
    before = beside_the_registers()
    assert send(body).status_code == 400
    assert changed(before) == []


def test_ten_megabytes_and_other_kinds_of_body_are_refused(send):
    before = beside_the_registers()
    assert send(b'{"opinion": "' + b"x" * 10_000_000 + b'"}').status_code == 413
    for kind in ("application/x-www-form-urlencoded", "text/plain", "application/xml"):
        assert send("verdict=approve&opinion=x&step=street_review&round=1", kind=kind).status_code == 415
    assert changed(before) == []


def test_a_decision_after_the_fact_is_a_409(send):
    assert send(GOOD).status_code == 200
    before = beside_the_registers()
    assert send(GOOD).status_code == 409
    assert send({**GOOD, "step": "county_review"}).status_code == 403  # its turn, but not this person's
    assert changed(before) == []


@pytest.mark.parametrize("key", ["", "长", "x" * 101, "a b", "a\tb"])
def test_a_key_that_is_no_key_is_refused(send, key):
    before = beside_the_registers()
    try:
        answer = send(GOOD, **{"Idempotency-Key": key})
    except UnicodeEncodeError:
        return  # no client can send it
    assert answer.status_code == 400
    assert changed(before) == []


def test_what_lies_elsewhere_is_answered_like_what_does_not_exist(doors, send, client):
    from tests import factories  # noqa: PLC0415

    far = factories.submitted(doors.world, doors.world.fukang)
    before = beside_the_registers()
    for deed in ("decide", "withdraw"):
        answers = [send(GOOD, f"/api/v1/projects/{pk}/{deed}/") for pk in (far.pk, 999_999, 10**17)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert changed(before) == []


@pytest.mark.parametrize("code", ["620902001001", "99", "620123", "X000"])
def test_a_filter_answers_alike_for_a_foreign_and_a_missing_place(doors, client, code):
    token = Token.objects.create(user=doors.world.people["street"])
    answer = client.get(f"/api/v1/projects/?region={code}", headers={"Authorization": f"Token {token.key}"})
    assert (answer.status_code, answer.json()["results"]) == (200, [])
