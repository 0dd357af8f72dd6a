"""Every measure says in Chinese what it is, what it is counted in and how; the keys are those agreed upon."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from linkage.attainment.codes import CONNECTED, NOT_CONNECTED
from linkage.foundation import catalogue, measures
from tests.measures.figures import today

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEASURES = measures.registered()


@pytest.fixture(scope="module")
def chinese():
    """The words of the catalogue itself: whether it is compiled does not matter here."""
    known = catalogue.read()

    def said(words, context=None):
        with override("en"):
            message = known.get(str(words), context)
        return message.string if message else ""

    return said


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_a_measure_explains_itself_in_chinese(measure, chinese):
    assert CHINESE.search(chinese(measure.name)), f"{measure.name} is not translated"
    assert CHINESE.search(chinese(measure.definition)), f"{measure.definition} is not translated"
    assert chinese(measure.definition).endswith("。")
    assert chinese(measure.counted_in, "counted in") in {"个", "人", "户", "元"}
    assert re.match(r"(CQ|GS|HB|WH|YZ)-", measure.basis)


def test_what_is_connected_is_registered_with_its_kind_of_unit_and_nothing_else_is():
    assert {(measure.unit, measure.key) for measure in MEASURES} == {
        (unit, key) for unit, keys in CONNECTED.items() for key in keys
    }
    assert not [key for keys in NOT_CONNECTED.values() for key in keys if measures.get(key)]


@pytest.mark.django_db
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_a_measure_shows_the_records_it_was_counted_from(measure):
    rows = measure.rows_behind(today(), 0)
    assert not rows.exists()
    assert issubclass(type(rows), type(rows.model.objects.visible_to(AnonymousUser())))


def test_only_figures_that_somebody_fills_in_may_be_unknown():
    reported = {measure.key for measure in MEASURES if measure.reported}
    assert reported == {"households", "residents", "registered_residents", "party_members"}


def test_names_and_definitions_are_not_said_twice(chinese):
    assert len({chinese(measure.name) for measure in MEASURES}) == len(MEASURES)
    assert len({chinese(measure.definition) for measure in MEASURES}) == len(MEASURES)
