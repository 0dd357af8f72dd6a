"""Numbers of people that slip into a log line or an exception report leave it masked."""

import logging

import pytest
from django.conf import settings as site
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.log import configure_logging

from linkage.foundation import fields, outbox
from linkage.foundation.masking import Masked, mask_numbers
from tests.leaks import log_lines

NUMBER = "11010519491231002X"
PHONE = "13812345678"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"no {NUMBER}.", "no 110105********002X."),
        ("11010519491231002x", "110105********002X"),
        ("110105 19491231 002X", "110105********002X"),
        (f"Key (id_number)=({NUMBER}) exists", "Key (id_number)=(110105********002X) exists"),
        (f"/people/?q={PHONE}&page=2", "/people/?q=138****5678&page=2"),
        (f"[{PHONE}, {PHONE}]", "[138****5678, 138****5678]"),
        ("+86 138-1234-5678", "138****5678"),
        ("8613812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        (f"手机{PHONE}身份证{NUMBER}号", "手机138****5678身份证110105********002X号"),
        ("１３８１２３４５６７８", "138****5678"),
        (f"1.{PHONE}", "1.138****5678"),
    ],
)
def test_what_looks_like_a_number_of_a_person_is_masked(text, shown):
    assert mask_numbers(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 09:00:00,123 job 1381234 took 13812 ms",
        "914403001922038216",  # a credit code
        "620102001001",  # a community
        "110105194913310021",  # no such month
        "12912345678",
        "138123456789",
        "1700000000000",
        "0931-5550127",
        "甘民发〔2016〕98号",
        "",
    ],
)
def test_other_numbers_stay_as_they_are(text):
    assert mask_numbers(text) == text


@pytest.fixture
def log():
    return logging.getLogger("django.tests")


def test_the_handler_of_the_site_masks_messages_arguments_and_tracebacks(log):
    with log_lines() as lines:
        log.warning("Cannot reach %s of %s", PHONE, {"id": NUMBER})
        log.warning(f"Cannot reach {PHONE}")
        log.warning(int(PHONE))
        try:
            raise ValueError(f"twice: {NUMBER}")
        except ValueError:
            log.exception("Failed for %s", PHONE, stack_info=True)
    text = lines.getvalue()
    assert text.count("138****5678") == 4
    assert "twice: 110105********002X" in text
    assert "ValueError" in text and "test_masking.py" in text
    assert PHONE not in text and NUMBER not in text


def test_a_message_whose_arguments_do_not_fit_is_neither_lost_nor_leaking(log, capsys):
    with log_lines() as lines:
        log.warning("%s and %s", PHONE)
    assert "do not fit" in lines.getvalue()
    assert PHONE not in lines.getvalue() + capsys.readouterr().err


def test_every_handler_of_the_site_has_the_filter():
    assert site.LOGGING["handlers"]
    for name, handler in site.LOGGING["handlers"].items():
        assert handler["filters"] == ["masked"], name
    assert isinstance(logging.getLogger("django").handlers[0].filters[0], Masked)


def test_the_web_server_speaks_through_the_same_handler():
    """gunicorn quotes the address of a request it fails on; it has set up its logger before the site does."""
    logger = logging.getLogger("gunicorn.error")
    logger.addHandler(logging.StreamHandler())
    before = logging.getLogger("django").handlers
    try:
        configure_logging(site.LOGGING_CONFIG, site.LOGGING)
        assert [handler.name for handler in logger.handlers] == ["stdout"]
    finally:
        logging.getLogger("django").handlers = before
        logger.handlers = []


# Exception reports


def fails(request):
    person = fields.Opened("周建平", sealed="2:x", place="people.person.name")
    typed = {"phone": PHONE}
    raise ValueError(f"cannot keep {NUMBER} {len(person)} {len(typed)}")


urlpatterns = [path("fails/", fails), path("fine/", lambda request: HttpResponse("fine"))]


@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_the_report_of_an_exception_is_masked_as_a_whole(client, accept):
    client.raise_request_exception = False
    with override_settings(DEBUG=True, ROOT_URLCONF=__name__, MIDDLEWARE=[]), log_lines() as lines:
        answer = client.post(f"/fails/?q={PHONE}", {"id_number": NUMBER}, headers={"Accept": accept})
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "ValueError" in page
    assert "cannot keep 110105********002X" in page
    assert "138****5678" in page
    for text in (page, lines.getvalue()):
        assert PHONE not in text and NUMBER not in text
        assert "周建平" not in text.replace('fields.Opened("周建平"', "").replace(
            "fields.Opened(&quot;周建平&quot;", ""
        ), "only our own line of source says the name"


def test_errors_kept_in_the_database_are_masked():
    assert outbox._tell(ValueError(f"no {NUMBER}")) == "ValueError: no 110105********002X"
