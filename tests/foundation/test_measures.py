"""A measure is registered once, and one that is not connected is not zero."""

import pytest
from django.utils import timezone

from linkage.foundation import measures
from linkage.foundation.measures import Measure


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(measures, "_measures", {})


def test_measures_are_found_by_key_and_by_unit():
    projects = measures.register(Measure("approved", "approved projects", "project", rows=list))
    people = measures.register(Measure("people", "residents", "community", rows=list))
    assert measures.get("approved") is projects
    assert measures.get("unheard") is None
    assert measures.of_unit("community") == [people]


def test_two_measures_cannot_share_a_key():
    measures.register(Measure("approved", "approved projects", "project", rows=list))
    measures.register(Measure("approved", "approved projects", "project", rows=list))
    with pytest.raises(ValueError, match="approved"):
        measures.register(Measure("approved", "something else", "project", rows=list))


class Asked(list):
    """Rows that remember what they were asked for."""

    def filter(self, **wanted):
        return wanted


def test_a_few_units_are_asked_of_all_rows_or_in_their_own_way():
    plain = Measure("plain", "plain", "place", rows=lambda on: Asked())
    own = Measure("own", "own", "place", rows=lambda on: Asked(), near=lambda on, units: (on, units))
    day = timezone.localdate()
    assert plain.of(day, [1, 2]) == {"unit__in": [1, 2]}
    assert own.of(day, [1, 2]) == (day, [1, 2])
