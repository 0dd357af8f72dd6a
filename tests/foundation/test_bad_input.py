"""Wrong bytes, wrong sizes, wrong moments: a clear answer each time, never a 500."""

import json

import pytest
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.views import APIView

from communities.offices.middleware import OfficeTokenAuthentication
from communities.offices.models import User
from linkage.foundation import api, faults
from linkage.foundation.errors import IdempotencyConflict, NotNow
from linkage.foundation.models import AuditEvent
from linkage.urls import urlpatterns as real

ERRORS = {
    "not-now": NotNow("already decided by 张文静"),
    "not-now-there": NotNow("already decided", url="/echo/"),
    "conflict": IdempotencyConflict("used"),
    "invalid": ValidationError({"title": ["too long"], "__all__": ["as a whole"]}),
    "denied": PermissionDenied(),
    "bad": BadRequest("unknown parameter x"),
    "suspicious": SuspiciousOperation("internal detail"),
    "data": DataError("value too long"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "bug": ZeroDivisionError(),
}


def fail(kind):
    if kind == "half":
        "\ud800".encode()
    if kind == "locked":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE lock_not_available; END $$")
    raise ERRORS[kind]


def failing(request, kind):
    fail(kind)


def echo(request):
    told = [str(message) for message in messages.get_messages(request)]
    return HttpResponse(json.dumps([told, request.POST.get("title"), len(request.FILES)]))


class Failing(APIView):
    permission_classes = []

    def get(self, request, kind):
        fail(kind)


class Echo(APIView):
    permission_classes = []
    authentication_classes = []
    parser_classes = [api.StrictJSONParser]

    def post(self, request):
        return Response(request.data)


class Whoami(APIView):
    authentication_classes = [OfficeTokenAuthentication]

    def post(self, request):
        request.user.name = request.data["name"]
        request.user.save()
        return Response(status=204)


urlpatterns = [
    path("fail/<kind>/", failing),
    path("echo/", echo),
    path("api/v1/fail/<kind>/", Failing.as_view()),
    path("api/v1/echo/", Echo.as_view()),
    path("api/v1/rename/", Whoami.as_view()),
    *real,
]
handler400 = "linkage.foundation.views.bad_request"
handler403 = "linkage.foundation.views.forbidden"
handler404 = "linkage.foundation.views.not_found"
handler500 = "linkage.foundation.views.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def maya(client):
    user = User.objects.create(username="maya", name="马晓燕")
    client.force_login(user)
    return user


# Pages


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("conflict", 422), ("invalid", 422), ("denied", 403), ("bad", 400), ("suspicious", 400),
        ("data", 400), ("nul", 400), ("half", 400), ("bug", 500),
    ],
)  # fmt: skip
def test_every_error_has_its_page(client, kind, status):
    response = client.get(f"/fail/{kind}/")
    assert response.status_code == status
    assert "text/html" in response["Content-Type"]
    assert b"internal detail" not in response.content


def test_an_unknown_address_is_a_404(client):
    assert client.get("/nowhere/at/all/").status_code == 404


def test_the_wrong_moment_leads_back_with_the_reason(client, maya):
    response = client.post("/fail/not-now/", headers={"referer": "http://testserver/echo/"})
    assert (response.status_code, response.url) == (302, "http://testserver/echo/")
    assert json.loads(client.get("/echo/").content)[0] == ["already decided by 张文静"]


@pytest.mark.parametrize("referer", ["http://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_another_site(client, maya, referer):
    assert client.post("/fail/not-now/", headers={"referer": referer}).url == "/"


def test_an_error_may_name_where_to_go_and_never_leads_in_a_circle(client, maya):
    assert client.post("/fail/not-now-there/").url == "/echo/"
    here = client.get("/fail/not-now/", headers={"referer": "http://testserver/fail/not-now/?a=1"})
    assert here.url == "/"


def test_a_locked_row_is_a_moment_too(client, maya):
    assert client.post("/fail/locked/").status_code == 302


def test_htmx_is_sent_back_by_its_own_header(client, maya):
    response = client.post(
        "/fail/not-now/", headers={"hx-request": "true", "referer": "http://testserver/echo/"}
    )
    assert (response.status_code, response["HX-Redirect"]) == (200, "http://testserver/echo/")


def test_a_denial_of_a_known_person_is_written_down(client, maya):
    client.post("/fail/denied/")
    client.get("/api/v1/fail/denied/")
    events = AuditEvent.objects.filter(kind="denied").order_by("id")
    assert [(event.name, event.path) for event in events] == [
        ("马晓燕", "/fail/denied/"),
        ("马晓燕", "/api/v1/fail/denied/"),
    ]


# The gate


@pytest.mark.parametrize("query", ["?q=%00", "?q=%ff", "?q=%ed%a0%80", "?%00=1", "?q=" + "a" * 2001])
def test_a_query_that_is_no_text_is_refused(client, query):
    assert client.get(f"/echo/{query}").status_code == 400
    assert client.get(f"/api/v1/fail/bug/{query}").json().keys() == {"detail"}


def test_ordinary_chinese_and_rare_characters_pass(client):
    response = client.post("/echo/?q=%F0%A0%AE%B7+%E7%94%98", {"title": "𠮷野家·100%"})
    assert json.loads(response.content)[1] == "𠮷野家·100%"


@pytest.mark.parametrize("body", [b"title=%00", b"title=%ff", b"title=\xff", b"%00=1"])
def test_a_form_that_is_no_text_is_refused(client, body):
    response = client.post("/echo/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_a_multipart_form_with_nul_is_refused(client):
    assert client.post("/echo/", {"title": "a\x00b"}).status_code == 400


def test_nul_in_a_cookie_an_address_or_a_header_is_refused(client):
    client.cookies["sessionid"] = "a"
    assert client.get("/echo/", HTTP_COOKIE="sessionid=a\x00b").status_code == 400
    assert client.get("/%00/").status_code == 400
    assert client.get("/echo/", HTTP_AUTHORIZATION="Token \x00").status_code == 400


def test_too_much_is_refused_before_it_is_read_and_says_how_much_is_possible(client, settings):
    settings.REQUEST_MAX_BYTES = 3 * 1024 * 1024

    class Wire:
        """200 MB that nobody keeps."""

        taken = 0
        readline = None

        def read(self, size):
            self.taken += size
            return b"x" * size

    wire = Wire()
    environ = client._base_environ(
        REQUEST_METHOD="POST", PATH_INFO="/echo/", CONTENT_LENGTH=str(200 * 1024 * 1024),
        CONTENT_TYPE="multipart/form-data; boundary=x",
    )  # fmt: skip
    response = client.request(**{**environ, "wsgi.input": wire})
    assert response.status_code == 413
    assert "3 MB" in response.content.decode()
    assert wire.taken == 200 * 1024 * 1024


@pytest.mark.parametrize("length", ["-1", "abc", "１２"])
def test_a_length_that_is_no_number_is_refused(client, length):
    assert client.generic("POST", "/echo/", b"", CONTENT_LENGTH=length).status_code == 400


def test_more_form_text_than_fits_in_memory_is_a_413(client):
    body = b"title=" + b"a" * 3_000_000
    response = client.post("/echo/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


def test_five_thousand_fields_are_refused(client):
    assert client.post("/echo/", {f"f{number}": "1" for number in range(5000)}).status_code == 400


# REST


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("not-now", 409), ("conflict", 422), ("invalid", 400), ("denied", 403), ("bad", 400),
        ("suspicious", 400), ("data", 400), ("nul", 400), ("half", 400), ("bug", 500),
    ],
)  # fmt: skip
def test_rest_errors_have_one_shape(client, kind, status):
    response = client.get(f"/api/v1/fail/{kind}/")
    assert response.status_code == status
    assert response.json()["detail"]
    assert set(response.json()) <= {"detail", "errors"}


def test_rest_names_all_errors_by_field(client):
    assert client.get("/api/v1/fail/invalid/").json()["errors"] == {
        "title": ["too long"],
        "non_field_errors": ["as a whole"],
    }


def test_nested_errors_are_one_level():
    found = {"lines": [{}, {"amount": ["too much"]}], "title": ["missing"]}
    assert api._by_field(found) == {"lines.1.amount": ["too much"], "title": ["missing"]}


@pytest.mark.parametrize(
    "body",
    [
        b" ", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":Infinity}', b'{"a":1e400}', b'{"a":-1e400}',
        b'{"a":1' + b"0" * 400 + b"}", b'{"a":"\\u0000"}', b'{"\\u0000":1}', b'{"a":"\\ud800"}',
        b'["\\udc00"]', b'{"a":"\xff"}', b"\xef\xbb\xbf{}", b"[" * 51 + b"]" * 51,
        b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000, b'{"a":"\x00"}',
    ],
)  # fmt: skip
def test_json_that_is_not_json_is_a_400(client, body):
    response = client.post("/api/v1/echo/", body, content_type="application/json")
    assert response.status_code == 400, response.content
    assert response.json()["detail"]


def test_ten_megabytes_of_json_are_a_413(client):
    body = b'["' + b"a" * 10_000_000 + b'"]'
    assert client.post("/api/v1/echo/", body, content_type="application/json").status_code == 413


def test_good_json_passes_unchanged(client):
    body = {"name": '𠮷 "[[" \\', "deep": [[[{"a": [1, -2.5, None, True]}]]], "emoji": "👍🏽"}
    response = client.post("/api/v1/echo/", json.dumps(body), content_type="application/json")
    assert response.json() == body


def test_a_token_signs_the_history_too(client):
    maya = User.objects.create(username="maya", name="马晓燕")
    token = Token.objects.create(user=maya)
    response = client.post(
        "/api/v1/rename/", {"name": "new"}, content_type="application/json",
        headers={"authorization": f"Token {token.key}"},
    )  # fmt: skip
    assert response.status_code == 204
    context = maya.history.order_by("pgh_id").last().pgh_context
    assert (context["by"], context["path"]) == (maya.pk, "/api/v1/rename/")


def test_faults_know_what_is_our_own_mistake():
    assert faults.fault_of(KeyError("x")) is None
    assert faults.fault_of(ValueError("x")) is None
