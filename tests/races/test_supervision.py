"""Two leaders hand down the same list at the same moment; two close it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from linkage.attainment import services
from linkage.attainment.models import CoverageTerm, Supervision, Target
from linkage.attainment.services import counting, reading, supervision
from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED
from tests import factories
from tests.attainment.figures import set_figures, summed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ground():
    world = factories.build()
    document = world.programme.document
    CoverageTerm.objects.get_or_create(
        term="基本覆盖", document=None, region=None, programme=None, version=1,
        defaults={"value": "9/10", "basis": "按惯例", "valid_from": timezone.localdate()},
    )  # fmt: skip
    services.load_targets(document, Pack(SHIPPED / "gansu-2016.toml").targets)
    counting.rebuild()
    for code in ("620102020001", "620102020002"):
        set_figures(world.region(code), areas=[document.pk], orgs_with_social_work=1)
    summed()
    return world


def issue(world, who):
    target = Target.objects.select_related("document__region").get(code="GS-T04")
    return supervision.issue(
        reading.read([target], world.region("62"))[0],
        origin="path",
        due_on=timezone.localdate() + timedelta(days=5),
        told=("", "", ""),
        by=world.fresh(who),
    )


def test_a_list_is_handed_down_once(ground, at_once):
    done = at_once(lambda: issue(ground, "province"), lambda: issue(ground, "province_second"))
    assert sorted(one.kind for one in done) == ["NotNow", "done"]
    row = Supervision.objects.get()
    assert row.items.count() > 0


def test_it_ends_once(ground, at_once):
    row = issue(ground, "province")
    done = at_once(
        lambda: supervision.close(row, by=ground.fresh("province")),
        lambda: supervision.withdraw(row, reason="x", by=ground.fresh("province_second")),
    )
    assert sorted(one.kind for one in done) == ["NotNow", "done"]


def test_the_day_of_a_unit_is_written_once(ground, at_once):
    row = issue(ground, "province")
    document = ground.programme.document
    set_figures(ground.xingfuli, areas=[document.pk], orgs_with_social_work=5)
    done = at_once(supervision.note_done, supervision.note_done)
    assert sum(one.value for one in done) == row.items.exclude(done_on=None).count() == 1
