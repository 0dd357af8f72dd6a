"""How the database goes about counting: no condition that only the whole table can answer.

The tables of this test are so small that reading them whole is always cheapest; whether the database reads
them whole for a few units, the long form of ``test_recount`` sees with Gansu behind it, and the bench with
Hebei.
"""

import pytest
from django.utils import timezone

from linkage.attainment.models import UNIT_TABLES
from projects.models import PilotCommunity
from tests.bench import plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def counts(world):
    units = {table.KIND: [1, 2, 3] for table in UNIT_TABLES}
    units["place"] = [world.xingfuli.pk, world.hekou.pk]
    units["pilot_community"] = list(PilotCommunity.objects.values_list("pk", flat=True)[:2])
    return list(plans.counts(timezone.localdate(), units.get))


def test_no_count_asks_a_subquery_beside_an_or(counts):
    found = {name: list(plans.ors(plans.plan_of(sql, params))) for name, sql, params, _few in counts}
    assert {name: said for name, said in found.items() if said} == {}
    assert len(found) > 110


@pytest.mark.parametrize(
    ("condition", "asks"),
    [
        ("((kind = 1) OR (hashed SubPlan 1))", True),
        ("(open AND (EXISTS(SubPlan 1) OR EXISTS(SubPlan 3)))", True),
        ("((closed IS NULL) OR ((a = 1) AND (NOT (SubPlan 2))))", True),
        ("(((closed IS NULL) OR (closed > '2026-01-01'::date)) AND EXISTS(SubPlan 1))", False),
        ("((a = 1) OR (b = ANY ((InitPlan 1).col1)))", False),
    ],
)
def test_a_subquery_beside_an_or_is_known_from_one_beside_an_and(condition, asks):
    assert plans.asks_beside_an_or(condition) is asks
