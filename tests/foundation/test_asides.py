"""Small questions of a page are asked together, each once."""

import pytest
from django.db.models import Exists, Value

from communities.offices.models import Office, User
from linkage.foundation.asides import Asides
from tests.queries import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def asides(world):
    return Asides(User.objects.filter(pk=world.people["county"].pk))


def test_whoever_reads_the_first_answer_fetches_all(asides):
    there = asides.put("there", Exists(Office.objects.all()))
    number = asides.put("number", Value(7))
    with at_most(1) as asked:
        assert there() is True
    assert len(asked) == 1
    with at_most(0):
        assert (number(), there(), asides.read("number")) == (7, True, 7)


def test_what_is_put_later_is_asked_later_and_nothing_twice(asides):
    asides.put("first", Value(1))
    assert asides.read("first") == 1
    assert asides.knows("first") and not asides.knows("second")
    with at_most(1):
        again, second = asides.put("first", Value(9)), asides.put("second", Value(2))
        assert (again(), second()) == (1, 2)


def test_what_was_never_put_is_no_answer(asides):
    with pytest.raises(KeyError):
        asides.read("never")
