"""Counting while others write and read, and a count that is broken off."""

import threading

import pytest
from django.db import connection

from linkage.attainment import services
from linkage.attainment.models import PlaceMeasures, TargetSums
from linkage.attainment.services import counting
from linkage.foundation.models import StaleMark
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db(transaction=True)


class BrokenOff(Exception):
    pass


@pytest.fixture
def held(monkeypatch):
    """A rebuild in a thread of its own that stops before it swaps; ``go`` lets it on or breaks it off."""
    reached, go, swap = threading.Event(), threading.Event(), counting._swap
    found = {}

    def waiting(*given):
        reached.set()
        assert go.wait(30)
        if found.get("break"):
            raise BrokenOff
        return swap(*given)

    def run():
        try:
            counting.rebuild()
        except BrokenOff:
            found["broken"] = True
        finally:
            connection.close()

    def begin():
        monkeypatch.setattr(counting, "_swap", waiting)
        thread = threading.Thread(target=run)
        thread.start()
        assert reached.wait(30)

        def end(*, broken=False):
            found["break"] = broken
            go.set()
            thread.join(30)
            monkeypatch.setattr(counting, "_swap", swap)
            return found

        return end

    return begin


def standing():
    return dict(TargetSums.objects.values_list("region", "sums")), PlaceMeasures.objects.count()


def test_what_is_written_while_all_is_counted_is_counted_afterwards(world, held):
    counting.rebuild()
    end = held()
    Rows(world.xingfuli, "meanwhile").all()
    end()
    assert counting.differences() != [], "the rebuild did not see it"
    assert StaleMark.objects.filter(kind="place").exists()
    services.refresh()
    assert counting.differences() == []


def test_readers_see_what_stood_until_the_new_sums_are_whole(world, held):
    counting.rebuild()
    Rows(world.xingfuli, "before").all()
    before = standing()
    end = held()
    assert standing() == before
    end()
    assert standing() != before


def test_a_count_broken_off_leaves_what_stood_and_the_marks(world, held):
    counting.rebuild()
    Rows(world.xingfuli, "before").all()
    before, marks = standing(), StaleMark.objects.count()
    assert held()(broken=True)["broken"]
    assert (standing(), StaleMark.objects.count()) == (before, marks)
    services.refresh()
    assert counting.differences() == []
