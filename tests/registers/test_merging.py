"""Merging where several places keep something of the same human, and who may put back what was removed."""

import pytest
from django.core.exceptions import PermissionDenied

from communities.offices.models import Post
from communities.people.models import Person
from linkage.foundation import keeping
from socialwork.models import SocialWorker
from tests import factories
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db


def worker(person, region, name):
    return SocialWorker.objects.create(person=person, region=region, name=name)


def test_what_a_place_keeps_is_merged_with_its_like_in_that_place(world):
    """Both people are a social worker here, one of them elsewhere too: the rows of here become one."""
    here, elsewhere = world.xingfuli, world.wuyi  # which comes first in the order of places
    one, double = (Person.objects.create(region=here, name="王") for _number in range(2))
    worker(one, elsewhere, "elsewhere")
    kept, merged = worker(one, here, "here"), worker(double, here, "here too")
    keeping.merge(one, double, by=world.people["community"], reason="entered twice")
    merged.refresh_from_db()
    assert merged.merged_into == kept
    assert {row.name for row in SocialWorker.objects.all()} == {"elsewhere", "here"}


def test_an_administrator_puts_back_what_lies_under_the_own_place_alone(world):
    row = Rows(world.xingfuli, "near")["communities.Grid"]
    keeping.remove(row, by=world.people["community"], reason="entered twice")
    stranger = factories.person("jiuquan_admin", "管", world.offices["620902"], Post.Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        keeping.restore(row, by=stranger)
    assert keeping.restore(row, by=world.people["county_admin"]).removed_at is None
