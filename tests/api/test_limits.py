"""How often one may ask over REST: counted for a person and for a token, in all processes together."""

import pytest
from django.core.cache import caches
from rest_framework.authtoken.models import Token

from communities.offices import services
from linkage.foundation import admission

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The middle of a minute, so that no window ends meanwhile; counters of this test alone."""
    now = 10_000 * 60 + 30.0
    monkeypatch.setattr(admission.time, "time", lambda: now)
    counters = caches["counters"]
    counters.key_prefix = "test_limits"
    yield lambda later: monkeypatch.setattr(admission.time, "time", lambda: now + later)
    counters.delete_many([f"limit:{name}:{pk}:{window}" for name, pk, window in _seen])
    _seen.clear()


_seen = set()


@pytest.fixture
def limits(settings, world, monkeypatch):
    plain = admission._counted

    def noted(key, seconds):
        _seen.add(tuple(key.split(":")[1:]))
        return plain(key, seconds)

    monkeypatch.setattr(admission, "_counted", noted)

    def set_(**found):
        settings.API_LIMITS = {name: (times, 60) for name, times in found.items()}

    return set_


@pytest.fixture
def ask(client):
    def get(key, path="measures/", **more):
        return client.get(f"{API}{path}", headers={"Authorization": f"Token {key}"}, **more)

    return get


def key_of(world, who):
    return Token.objects.get_or_create(user=world.people[who])[0].key


def test_whoever_asks_too_often_is_told_when_to_come_back(limits, world, ask, clock):
    limits(user=3)
    key = key_of(world, "county")
    assert [ask(key).status_code for _time in range(4)] == [200, 200, 200, 429]
    answer = ask(key)
    assert (answer["Retry-After"], answer.json()) == ("30", {"detail": "请求过于频繁，请 30 秒后再试。"})
    assert ask(key_of(world, "street")).status_code == 200, "each person has their own count"
    clock(31)
    assert ask(key).status_code == 200


def test_it_is_json_where_a_table_was_asked_for(limits, world, ask):
    limits(user=1)
    key = key_of(world, "county")
    ask(key)
    answer = ask(key, "measures/?format=csv")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")


def test_a_token_has_a_limit_of_its_own_within_that_of_its_owner(limits, world, ask):
    limits(user=5, token=2)
    region = world.region("620102")
    _one, first = services.make_token(by=world.fresh("county"), name="a", region=region, days=30)
    _two, second = services.make_token(by=world.fresh("county"), name="b", region=region, days=30)
    assert [ask(first).status_code for _time in range(3)] == [200, 200, 429]
    assert [ask(second).status_code for _time in range(3)] == [200, 200, 429]
    assert ask(key_of(world, "county")).status_code == 429, "both counted for their owner"


def test_a_session_counts_as_its_person(limits, world, client, ask):
    limits(user=1)
    client.force_login(world.people["county"])
    assert client.get(f"{API}measures/").status_code == 200
    assert ask(key_of(world, "county")).status_code == 429
    assert client.get("/targets/").status_code == 200, "pages are not counted"


def test_exports_have_their_own_limit(limits, world, client):
    limits(exports=1)
    headers = {"Authorization": f"Token {key_of(world, 'county')}"}

    def start():
        return client.post(f"{API}exports/", "{}", "application/json", headers=headers).status_code

    assert [start(), start()] == [400, 429]
    assert client.get(f"{API}exports/", headers=headers).status_code == 200


def test_no_limit_is_no_limit(limits, world, ask):
    limits(user=0)
    assert {ask(key_of(world, "county")).status_code for _time in range(5)} == {200}


def test_where_nobody_can_count_nobody_is_refused(limits, world, ask, settings):
    settings.CACHES = {
        **settings.CACHES,
        "counters": {**settings.CACHES["counters"], "LOCATION": "unix:///nowhere.sock"},
    }
    limits(user=1)
    assert {ask(key_of(world, "county")).status_code for _time in range(3)} == {200}
