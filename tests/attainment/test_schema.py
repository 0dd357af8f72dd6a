"""The statistics asked at random, after their own description: never a 5xx, never an undescribed answer."""

from datetime import date
from zlib import crc32

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from rest_framework.authtoken.models import Token
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from linkage.attainment.services import counting
from tests.attainment.test_api import counted  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

DOORS = r"^/api/v1/(regions|measures|targets|attainment|editions|statistics|special-groups|exports|tokens)/"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What a place or a target may well be called, so that not every question ends with a 404.
KNOWN = {
    "place": ["62", "620102", "620102020", "620102020001"],
    "policy": ["GS-2016"],
    "target": ["GS-T06", "GS-T11", "GS-T14b"],
    "as_of": ["2026-06-30", "2020-01-01"],
    "below": ["1"],
    "measure": ["elections_held"],
    "level": ["5"],
    "size": ["1", "50"],
}


@pytest.fixture
def one_connection():
    """The requests are part of the transaction of the test, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(counted):  # noqa: F811
    counting.freeze("demand", date(2026, 6, 30))
    return Token.objects.create(user=counted.people["county"]).key


@pytest.fixture
def schema(key, settings, one_connection):
    settings.ALLOWED_HOSTS = ["*"]
    return schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


lazy = schemathesis.pytest.from_fixture("schema").include(path_regex=DOORS)


def _often_known(case):
    """Three questions in four have values that there are, chosen by what the question says."""
    for said in (case.query, case.body):
        if not isinstance(said, dict):
            continue
        turn = crc32(repr(sorted(said.items(), key=str)).encode("utf-8", "replace"))
        for number, (name, values) in enumerate(KNOWN.items()):
            if name in said and (turn >> number) % 4:
                said[name] = values[(turn >> number) % len(values)]


def asked(case, key):
    _often_known(case)
    case.headers["Authorization"], case.cookies = f"Token {key}", {}
    answer = case.call()
    case.validate_response(answer, checks=CHECKS)


@lazy.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_question_ends_in_an_error_of_ours(case, key):
    asked(case, key)


@pytest.mark.long
@lazy.parametrize()
@settings(
    max_examples=150,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
def test_nor_does_any_of_many(case, key):
    asked(case, key)
