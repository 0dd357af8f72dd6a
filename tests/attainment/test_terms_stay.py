"""The coverage words of the platform are there from the beginning, and again after a database was emptied."""

import pytest
from django.core.management import call_command

from linkage.attainment.codes import DEFAULT_TERMS
from linkage.attainment.models import CoverageTerm

pytestmark = pytest.mark.django_db


def test_they_come_with_the_tables_and_are_not_doubled():
    words = sorted(word for word, _value, _basis in DEFAULT_TERMS)
    found = CoverageTerm.objects.filter(document=None, programme=None, region=None).order_by("term")
    assert sorted(found.values_list("term", flat=True)) == words
    CoverageTerm.objects.filter(term="全部").delete()
    call_command("migrate", verbosity=0)
    assert sorted(found.values_list("term", flat=True)) == words
