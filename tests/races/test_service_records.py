"""Two volunteers of two places who are one person: their services of one time are recorded at once."""

import threading

import pytest

from socialwork.volunteers import services
from socialwork.volunteers.models import ServiceRecord
from tests.races.conftest import ROUNDS
from tests.volunteers.makers import at, identity, keeper, record, volunteer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(world):
    """The same person registered in two communities, each with a clerk."""
    rows = [volunteer(place, "王秀英", identity(1)) for place in (world.xingfuli, world.tianqing)]
    assert rows[0].person == rows[1].person
    return rows, keeper(world, "620102020", "social")


def serves(row, by, day):
    return lambda: record(row, by, start=at(9, day))


@ROUNDS
def test_one_person_never_serves_twice_at_one_time(two, at_once, rounds):
    rows, clerk = two
    for number in range(rounds):
        day = at(9).date().replace(day=1 + number % 28, month=1 + number // 28, year=2024)
        outcomes = at_once(*(serves(row, clerk, day) for row in rows))
        assert sorted(outcome.kind for outcome in outcomes) == ["ValidationError", "done"], outcomes
        told = next(outcome.error for outcome in outcomes if outcome.error)
        assert "started_at" in told.message_dict and "社区" not in str(told)
    assert ServiceRecord.objects.count() == rounds


def test_control_without_the_lock_of_the_person_both_are_recorded(two, at_once, monkeypatch):
    rows, clerk = two
    both, clean = threading.Barrier(2, timeout=30), ServiceRecord.clean

    def together(self):
        clean(self)
        both.wait()

    monkeypatch.setattr(services, "_hold", lambda volunteer: None)
    monkeypatch.setattr(ServiceRecord, "clean", together)
    outcomes = at_once(*(serves(row, clerk, at(9).date()) for row in rows))
    assert [outcome.kind for outcome in outcomes] == ["done", "done"], outcomes
