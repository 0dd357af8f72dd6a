"""A session ends half an hour after the last request, and is written once a minute at most."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

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
    with after(59):
        assert browser.get(PAGE).status_code == 200
    with after(59 + settings.IDLE_SECONDS):
        assert browser.get(PAGE).status_code == 200
    with after(59 + 2 * settings.IDLE_SECONDS + 61):
        assert browser.get(PAGE).status_code == 302
