"""A session ends half an hour after the last request, and is written once a minute at most."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.foundation.sessions import SessionStore

pytestmark = pytest.mark.django_db
PAGE = "/projects/"


@pytest.fixture
def browser(world):
    client = Client()
    client.force_login(world.people["county"])
    return client


def ends(client):
    return Session.objects.get(session_key=client.cookies[settings.SESSION_COOKIE_NAME].value).expire_date


def after(seconds):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


def test_a_second_request_in_the_same_minute_writes_nothing(browser):
    with after(30):
        before = ends(browser)
        assert browser.get(PAGE).status_code == 200
        assert ends(browser) == before
        assert settings.SESSION_COOKIE_NAME not in browser.get(PAGE).cookies


def test_work_goes_on_as_long_as_requests_come(browser):
    for minute in range(25, 200, 25):
        with after(minute * 60):
            assert browser.get(PAGE).status_code == 200
            assert ends(browser) == timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
            assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == settings.SESSION_COOKIE_AGE


def test_half_an_hour_without_a_request_signs_out(browser):
    begun = ends(browser) - timedelta(seconds=settings.SESSION_COOKIE_AGE)

    def since(seconds):  # the moment it began: how long this machine takes plays no part
        return time_machine.travel(begun + timedelta(seconds=seconds), tick=False)

    with since(59):
        assert browser.get(PAGE).status_code == 200
    with since(59 + settings.IDLE_SECONDS):
        assert browser.get(PAGE).status_code == 200
    with since(59 + 2 * settings.IDLE_SECONDS + 61):
        assert browser.get(PAGE).status_code == 302


def test_prolonging_takes_one_statement_and_a_change_beside_it_is_kept(browser):
    with after(90):
        held = SessionStore(browser.cookies[settings.SESSION_COOKIE_NAME].value)
        held.get("nothing")  # reads it
        with CaptureQueriesContext(connection) as seen:
            held.save()
        assert [query["sql"].split()[0] for query in seen] == ["UPDATE"]
    with after(180):
        held = SessionStore(held.session_key)
        held["kept"] = "yes"
        held.save()
        assert SessionStore(held.session_key)["kept"] == "yes"


def test_a_session_that_was_ended_meanwhile_does_not_come_back(browser):
    with after(90):
        held = SessionStore(browser.cookies[settings.SESSION_COOKIE_NAME].value)
        held.get("nothing")
        Session.objects.all().delete()
        with pytest.raises(UpdateError):
            held.save()
        assert not Session.objects.exists()
