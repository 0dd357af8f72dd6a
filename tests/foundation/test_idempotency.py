"""The same request sent twice has one effect and one answer."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from communities.offices.models import User
from linkage.foundation import idempotency
from linkage.foundation.api import exception_handler, once_per_key
from linkage.foundation.errors import IdempotencyConflict, NotNow
from linkage.foundation.models import IdempotencyKey, StaleMark


@pytest.fixture
def maya(db):
    return User.objects.create(username="maya")


def effect():
    mark = StaleMark.objects.create(kind="effect", unit_id="1")
    return 201, {"mark": mark.pk}


def effects():
    return StaleMark.objects.filter(kind="effect").count()


def send(user, key="k1", body=None, do=effect, route="POST /x/"):
    return idempotency.once(user=user, key=key, route=route, body=body or {"a": 1}, do=do)


def test_a_retry_gets_the_stored_answer_and_no_second_effect(maya):
    first, second = send(maya), send(maya)
    assert (second.status, second.data) == (first.status, first.data)
    assert (first.replayed, second.replayed, effects()) == (False, True, 1)


def test_the_key_with_another_body_or_another_route_is_refused(maya):
    send(maya)
    with pytest.raises(IdempotencyConflict):
        send(maya, body={"a": 2})
    with pytest.raises(IdempotencyConflict):
        send(maya, route="POST /y/")
    assert effects() == 1


def test_two_people_may_use_the_same_key(maya):
    send(maya)
    send(User.objects.create(username="other"))
    assert effects() == 2


def test_a_refused_request_keeps_nothing_so_that_it_may_be_sent_again(maya):
    def refuse():
        effect()
        raise NotNow("too early")

    with pytest.raises(NotNow):
        send(maya, do=refuse)
    assert (effects(), IdempotencyKey.objects.count()) == (0, 0)
    assert send(maya).replayed is False


@pytest.mark.parametrize("key", ["", "x" * 101, "a b", "a\x00", "中"])
def test_a_key_that_is_no_key_is_refused(maya, key):
    with pytest.raises(ValidationError):
        send(maya, key=key)


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twenty_times_at_once_has_one_effect():
    maya = User.objects.create(username="maya")
    barrier, answers = threading.Barrier(20), []

    def one():
        try:
            barrier.wait(10)
            answers.append(send(maya))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert effects() == 1
    assert len({answer.data["mark"] for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 19


# Pages


def post(rf, user, **data):
    request = rf.post("/projects/1/submit/", data)
    request.user = user
    return idempotency.once_for_page(request, lambda: f"/projects/{effect()[1]['mark']}/")


def test_a_double_click_on_a_form_leads_twice_to_the_same_page(rf, maya):
    once = idempotency.token()
    first = post(rf, maya, once=once, title="a", csrfmiddlewaretoken="1")
    second = post(rf, maya, once=once, title="a", csrfmiddlewaretoken="2")
    assert (first.status_code, first.url) == (302, second.url)
    assert effects() == 1


def test_a_form_without_the_field_is_simply_done(rf, maya):
    post(rf, maya, title="a")
    assert effects() == 1


# REST


class Effects(APIView):
    parser_classes = [JSONParser]

    def get_exception_handler(self):
        return exception_handler

    @once_per_key
    def post(self, request):
        if request.data.get("bad"):
            effect()
            return Response({"detail": "no"}, status=400)
        return Response(effect()[1], status=201)


def call(user, body, key=None):
    headers = {"Idempotency-Key": key} if key is not None else {}
    request = APIRequestFactory().post("/api/v1/effects/", body, format="json", headers=headers)
    force_authenticate(request, user)
    return Effects.as_view(permission_classes=[])(request)


def test_rest_replays_and_says_so(maya):
    first, second = call(maya, {"a": 1}, "k"), call(maya, {"a": 1}, "k")
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert effects() == 1


def test_rest_answers_422_to_another_body_and_400_to_a_bad_key(maya):
    call(maya, {"a": 1}, "k")
    assert call(maya, {"a": 2}, "k").status_code == 422
    assert call(maya, {"a": 2}, "x" * 101).status_code == 400


def test_rest_keeps_nothing_of_an_answer_that_refuses(maya):
    assert call(maya, {"bad": True}, "k").status_code == 400
    assert (effects(), IdempotencyKey.objects.count()) == (0, 0)
