"""督办 of a unit that went on as another one: that one is asked, once, and everybody can read why."""

import pytest
from django.utils import timezone

from communities import services
from communities.models import Region
from communities.services import Part
from linkage.attainment import tasks
from linkage.attainment.models import SupervisionItem
from linkage.attainment.services import following, supervision
from linkage.attainment.services.supervision import ItemState
from linkage.foundation.models import Notice
from organizations.models import SocialOrganization
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401 (fixtures)
from tests.attainment.test_supervision import hand_down, has_now, states
from tests.notices import deliver
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db

DOC = "甘民复〔2026〕9号"
MET, ASKED, GONE = "620102020001", "620102020002", "620102021001"  # 幸福里 meets it; the others are asked


def merge(world, *gone, into):
    places = [world.region(code) for code in gone]
    by = world.fresh("county_admin")
    services.merge(places, into=into, on=timezone.localdate(), basis=DOC, by=by)


def the_item(row):
    return row.items.get(pk=row.items.get(name="畅家巷社区").pk)


def notes(item):
    return [(note.office_name, note.by, note.text) for note in item.notes.all()]


def test_the_place_that_took_over_is_asked_in_its_turn(gansu):  # noqa: F811
    row = hand_down(gansu)
    item, heir = the_item(row), gansu.region(MET)
    assert following.follow() == 0
    merge(gansu, GONE, into=heir)
    assert states(row)["畅家巷社区"] == ItemState.OPEN, "until somebody looks"
    assert (following.follow(), following.follow()) == (1, 0)
    item.refresh_from_db()
    assert (item.unit_id, item.region, item.name) == (heir.pk, heir, "幸福里社区")
    assert item.office.region == heir and (item.figure, item.needed, item.left_on) == (0, 5, None)
    assert notes(item) == [("平台", None, "“畅家巷社区”已并入“幸福里社区”，自即日起改为督办“幸福里社区”。")]
    assert states(row)["幸福里社区"] == ItemState.DONE, "its own figures decide"
    has_now(gansu, MET, 4)
    assert states(row)["幸福里社区"] == ItemState.OPEN
    deliver()
    told = Notice.objects.filter(kind="supervision.issued", user__posts__office=item.office)
    assert told.exists(), "the office that took over learns of it"
    assert "已并入“幸福里社区”" in said(open_as(gansu, "community", row.get_absolute_url()))
    history = SupervisionItem.pgh_event_model.objects.filter(pgh_obj=item.pk).order_by("pk")
    assert list(history.values_list("name", flat=True)) == ["畅家巷社区", "幸福里社区"]


def test_an_heir_that_is_asked_already_is_asked_once_and_it_is_said(gansu):  # noqa: F811
    row = hand_down(gansu)
    item = the_item(row)
    merge(gansu, GONE, into=gansu.region(ASKED))
    assert (following.follow(), following.follow()) == (1, 0)
    item.refresh_from_db()
    assert (item.unit_id, item.left_on) == (gansu.region(GONE).pk, timezone.localdate())
    ((_office, _by, text),) = notes(item)
    assert text == "“畅家巷社区”已并入“天庆嘉园社区”；本次督办已含“天庆嘉园社区”，不重复督办。"
    assert row.items.count() == 4


def test_of_two_that_became_a_new_one_one_goes_on(gansu):  # noqa: F811
    row = hand_down(gansu)
    by, today = gansu.fresh("county_admin"), timezone.localdate()
    above = gansu.region(GONE).parent
    new = services.open_region("新合社区", level=5, parent=above, on=today, basis=DOC, by=by, kind="urban")
    merge(gansu, ASKED, GONE, into=new)
    tasks.refresh_readings()
    asked = [(one.name, one.left_on is None, one.notes.count()) for one in row.items.order_by("pk")]
    assert sorted(asked) == [
        ("富康社区", True, 0), ("新合社区", True, 1), ("畅家巷社区", False, 1), ("西苑社区", True, 0)
    ]  # fmt: skip


def test_after_a_split_nobody_is_asked_in_its_place_and_it_is_said_once(gansu):  # noqa: F811
    row = hand_down(gansu)
    item, by = the_item(row), gansu.fresh("county_admin")
    parts = [Part("东社区"), Part("西社区")]
    services.split(gansu.region(GONE), parts, on=timezone.localdate(), basis=DOC, by=by)
    assert (following.follow(), following.follow()) == (1, 0)
    item.refresh_from_db()
    assert item.left_on and "无法确定由谁承接" in item.notes.get().text


def test_what_has_ended_is_not_followed_any_more(gansu):  # noqa: F811
    row = hand_down(gansu)
    supervision.withdraw(row, reason="口径已调整", by=gansu.fresh("province"))
    merge(gansu, GONE, into=gansu.region(MET))
    assert following.follow() == 0
    assert the_item(row).notes.count() == 0


def test_an_organisation_is_followed_to_the_entry_it_was_merged_into_and_to_its_new_place(gansu):  # noqa: F811
    row, gone = hand_down(gansu), gansu.region(GONE)
    double, kept = (Rows(gone, mark)[SocialOrganization] for mark in ("重复登记", "保留登记"))
    facts = {"supervision": row, "unit_kind": "organisation", "region": gone, "needed": 1}
    item = SupervisionItem.objects.create(unit_id=double.pk, name=str(double), **facts)
    SocialOrganization.everything.filter(pk=double.pk).update(merged_into=kept, removed_at=timezone.now())
    assert following.follow() == 1
    item.refresh_from_db()
    assert (item.unit_id, item.name, item.region) == (kept.pk, str(kept), gone)
    merge(gansu, GONE, into=gansu.region(MET))
    assert following.follow() == 2, "the community and the organisation in it"
    item.refresh_from_db()
    assert (item.unit_id, item.region) == (kept.pk, gansu.region(MET))
    assert [text for _office, _by, text in notes(item)] == [
        f"“{double}”已并入“{kept}”，自即日起改为督办“{kept}”。",
        "所在的“畅家巷社区”已并入“幸福里社区”，自即日起由该处承接。",
    ]
    assert Region.objects.get(pk=gone.pk).closed_on
