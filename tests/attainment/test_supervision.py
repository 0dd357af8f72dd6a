"""督办: handed down from a list, seen by those who are asked, done when the registers say so."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from linkage.attainment.models import Supervision, SupervisionItem, SupervisionNote, Target
from linkage.attainment.services import counting, reading, supervision
from linkage.attainment.services.supervision import ItemState
from linkage.foundation import idempotency
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent, Notice
from tests.attainment.figures import set_figures, summed
from tests.attainment.test_pages import HAVE, chinese, gansu, open_as, said  # noqa: F401 (fixtures)
from tests.notices import deliver
from tests.queries import at_most

pytestmark = pytest.mark.django_db

NOW = timezone.localdate
TOLD = ("每个 ≥5 个", "33.3%", "差 4 个社区")


def read(code, region):
    return reading.read([Target.objects.select_related("document__region").get(code=code)], region)[0]


def hand_down(world, who="province", place="62", code="GS-T04", **more):
    given = {"origin": "path", "due_on": NOW() + timedelta(days=30), "told": TOLD} | more
    return supervision.issue(read(code, world.region(place)), by=world.fresh(who), **given)


def has_now(world, code, orgs):
    """The register of a community says so many organisations now; counted and summed."""
    document = world.programme.document
    _orgs, volunteers, residents = HAVE[code]
    figures = {"orgs_with_social_work": orgs, "volunteers": volunteers, "residents": residents}
    set_figures(world.region(code), areas=[document.pk], **figures)
    summed()


def states(row):
    found = supervision.tracked(row, list(row.items.order_by("region__path")))
    return {one.item.name: one.state for one in found}


# Handing down


def test_a_leader_hands_down_the_cheapest_path(gansu):  # noqa: F811
    row = hand_down(gansu, note="  请于月底前补齐。 ")
    told = list(row.items.order_by("region__path").values_list("name", "figure", "needed", "office__name"))
    assert told == [
        ("天庆嘉园社区", 4, 5, "天庆嘉园社区居民委员会"),
        ("畅家巷社区", 0, 5, "畅家巷社区居民委员会"),
        ("西苑社区", 1, 5, "西苑社区居民委员会"),
        ("富康社区", 0, 5, "富康社区居民委员会"),
    ]
    assert (row.office.name, row.note, row.demand) == ("甘肃省民政厅", "请于月底前补齐。", "每个 ≥5 个")
    assert AuditEvent.objects.filter(kind="supervision_issued", target_id=str(row.pk)).count() == 1


def test_a_list_by_sums_asks_for_what_each_unit_shall_reach(gansu):  # noqa: F811
    row = hand_down(gansu, "street", "620102020", "GS-T13")
    assert list(row.items.values_list("name", "figure", "base", "needed")) == [
        ("天庆嘉园社区", 998, 10_000, 1000)
    ]


@pytest.mark.parametrize(
    "who, place, may",
    [
        ("province", "62", "甘肃省民政厅"), ("province", "620102", "甘肃省民政厅"),
        ("city", "620102", "兰州市民政局"), ("county_admin", "620102020", "城关区民政局"),
        ("street", "620102020", "雁南街道办事处"), ("street", "620102", None), ("city", "62", None),
        ("observer", "6201", None), ("street_clerk", "620102020", None), ("community", "620102020001", None),
        ("stranger", "6201", None),
    ],
)  # fmt: skip
def test_who_may_hand_down(gansu, who, place, may):  # noqa: F811
    office = supervision.issuing_office(gansu.fresh(who), gansu.region(place))
    assert (office and office.name) == may


def test_nobody_else_may_hand_down(gansu):  # noqa: F811
    for who in ("observer", "street_clerk", "stranger"):
        with pytest.raises(PermissionDenied):
            hand_down(gansu, who, "620102020")


def test_what_is_met_or_not_judged_is_not_handed_down(gansu):  # noqa: F811
    with pytest.raises(NotNow):
        hand_down(gansu, "jiayuguan", "6202")
    with pytest.raises(NotNow):
        hand_down(gansu, code="GS-T03")
    with pytest.raises(NotNow):
        hand_down(gansu, code="GS-T14b")  # a quota: no unit that could be asked


def test_an_office_supervises_a_target_at_a_place_once_at_a_time(gansu):  # noqa: F811
    first = hand_down(gansu)
    with pytest.raises(NotNow) as refused:
        hand_down(gansu, "province_second")
    assert refused.value.url == first.get_absolute_url()
    hand_down(gansu, "city", "6201")  # another office, another place
    supervision.close(first, by=gansu.fresh("province_second"))
    assert hand_down(gansu).pk != first.pk


def test_too_many_units_are_handed_down_place_by_place(gansu, monkeypatch):  # noqa: F811
    monkeypatch.setattr(supervision, "MOST", 3)
    with pytest.raises(ValidationError, match="4"):
        hand_down(gansu)
    assert not Supervision.objects.exists()


def test_the_day_lies_ahead(gansu):  # noqa: F811
    with pytest.raises(ValidationError):
        hand_down(gansu, due_on=NOW() - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        row = hand_down(gansu)
        Supervision.objects.filter(pk=row.pk).update(due_on=NOW() - timedelta(days=1))


# How it goes


def test_a_unit_has_done_it_when_the_registers_say_so(gansu):  # noqa: F811
    row = hand_down(gansu)
    assert set(states(row).values()) == {ItemState.OPEN}
    has_now(gansu, "620102020002", 5)
    assert states(row)["天庆嘉园社区"] == ItemState.DONE  # at once, whoever writes down the day
    assert supervision.progress([row])[row.pk] == supervision.Progress(done=1, all=4, gone=0)

    assert supervision.note_done() == 1
    assert supervision.note_done() == 0
    item = row.items.get(name="天庆嘉园社区")
    assert item.done_on == NOW()

    has_now(gansu, "620102020002", 3)  # an organisation gives up
    assert states(row)["天庆嘉园社区"] == ItemState.SLIPPED
    has_now(gansu, "620102020002", 9)
    assert supervision.note_done(NOW() + timedelta(days=3)) == 0
    item.refresh_from_db()
    assert item.done_on == NOW()


def test_what_is_not_done_in_time_is_overdue(gansu):  # noqa: F811
    row = hand_down(gansu)
    Supervision.objects.filter(pk=row.pk).update(
        issued_on=NOW() - timedelta(days=9), due_on=NOW() - timedelta(days=1)
    )
    row.refresh_from_db()
    has_now(gansu, "620102020002", 5)
    assert states(row)["天庆嘉园社区"] == ItemState.DONE
    assert states(row)["富康社区"] == ItemState.OVERDUE
    assert row.is_overdue


def test_a_unit_that_is_closed_later_is_told_and_not_counted(gansu):  # noqa: F811
    row = hand_down(gansu)
    place = gansu.region("620902001001")
    place.closed_on = NOW() - timedelta(days=1)
    place.save()
    counting.rebuild()
    assert states(row)["富康社区"] == ItemState.GONE
    told = supervision.progress([row])[row.pk]
    assert (told.all, told.gone) == (3, 1)
    assert "已撤并或不再属于考核范围，不计" in said(open_as(gansu, "province", row.get_absolute_url()))


def test_a_sum_is_done_by_the_figure_and_not_by_the_share(gansu):  # noqa: F811
    row = hand_down(gansu, "street", "620102020", "GS-T13")
    document = gansu.programme.document
    set_figures(gansu.tianqing, areas=[document.pk], volunteers=999, residents=10)
    assert set(states(row).values()) == {ItemState.OPEN}
    set_figures(gansu.tianqing, areas=[document.pk], volunteers=1000, residents=10_000)
    assert set(states(row).values()) == {ItemState.DONE}


def test_progress_of_many_is_asked_in_one_question(gansu):  # noqa: F811
    rows = [hand_down(gansu), hand_down(gansu, "city", "6201"), hand_down(gansu, code="GS-T11")]
    rows = list(Supervision.objects.select_related("target__document__region"))
    with at_most(1):
        found = supervision.progress(rows)
    assert sorted(one.all for one in found.values()) == [2, 4, 7]
    with at_most(1):
        near = supervision.progress(rows, [gansu.region("620102020").path])
    assert sorted(one.all for one in near.values()) == [1, 1, 2]


# Ending, telling


def test_withdrawing_takes_a_reason_and_ends_it(gansu):  # noqa: F811
    row = hand_down(gansu)
    with pytest.raises(ValidationError):
        supervision.withdraw(row, reason="  ", by=gansu.fresh("province"))
    for who in ("city", "observer", "county_admin"):
        with pytest.raises(PermissionDenied):
            supervision.withdraw(row, reason="x", by=gansu.fresh(who))
    supervision.withdraw(row, reason="口径已调整", by=gansu.fresh("province_second"))
    with pytest.raises(NotNow):
        supervision.close(row, by=gansu.fresh("province"))
    with pytest.raises(NotNow):
        supervision.report(row.items.get(name="富康社区"), text="x", by=gansu.fresh("stranger"))
    has_now(gansu, "620102020002", 5)
    assert supervision.note_done() == 0  # nobody waits for it any more


def test_the_office_asked_tells_how_it_goes(gansu):  # noqa: F811
    row = hand_down(gansu)
    item = row.items.get(name="天庆嘉园社区")
    note = supervision.report(item, text=" 已与两家机构签约。 ", by=gansu.fresh("street_clerk"))
    assert (note.office_name, note.text) == ("雁南街道办事处", "已与两家机构签约。")
    for who in ("community", "observer", "stranger", "province"):
        with pytest.raises(PermissionDenied):
            supervision.report(item, text="x", by=gansu.fresh(who))
    assert states(row)["天庆嘉园社区"] == ItemState.OPEN


def test_every_change_of_a_supervision_is_kept(gansu):  # noqa: F811
    row = hand_down(gansu)
    supervision.close(row, reason="基本完成", by=gansu.fresh("province"))
    history = Supervision.pgh_event_model.objects.filter(pgh_obj=row.pk).order_by("pk")
    assert list(history.values_list("state", flat=True)) == ["open", "closed"]


# Who sees what


@pytest.mark.parametrize(
    "who, sees",
    [
        ("province", 4), ("city", 2), ("county_admin", 2), ("street", 1), ("observer", 2), ("stranger", 1),
        ("stranger_community", 1), ("community", None), ("village", None), ("jiayuguan", None),
    ],
)  # fmt: skip
def test_everybody_sees_the_units_of_their_own_places(gansu, who, sees):  # noqa: F811
    row = hand_down(gansu)
    answer = open_as(gansu, who, row.get_absolute_url(), 200 if sees else 404)
    if sees:
        assert len(answer.context["rows"]) == sees
        assert answer.context["progress"].all == sees
    listed = open_as(gansu, who, "/targets/supervision/?box=all")
    assert len(listed.context["rows"]) == (1 if sees else 0)


def test_what_an_office_below_hands_down_is_not_asked_of_those_above(gansu):  # noqa: F811
    hand_down(gansu, "city", "6201")
    for who, asked in (("province", 0), ("city", 0), ("county_admin", 1), ("street", 1)):
        listed = open_as(gansu, who, "/targets/supervision/?box=asked")
        assert len(listed.context["rows"]) == asked, who
    assert open_as(gansu, "city", "/targets/supervision/").context["box"] == "issued"


# Pages


def post(world, who, url, wanted, **fields):
    client = Client()
    client.force_login(world.fresh(who))
    answer = client.post(url, fields)
    assert answer.status_code == wanted, answer.content.decode()[:2000]
    return answer


def test_from_the_list_to_the_supervision_and_back_on_the_workbench(gansu):  # noqa: F811
    answer = open_as(gansu, "province", "/targets/GS-T04/path/")
    url = answer.context["issue_url"]
    page = open_as(gansu, "province", url)
    assert page.context["steps"] == 4
    once, due = page.context["once"], str(NOW() + timedelta(days=10))
    for _twice in range(2):
        answer = post(gansu, "province", url, 302, origin="path", due_on=due, once=once)
    row = Supervision.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert row.demand == "每个 ≥5 个" and row.gap == "差 4 个社区"
    post(gansu, "province", url, 302, origin="path", due_on=due, once=idempotency.token())
    assert Supervision.objects.count() == 1

    home = open_as(gansu, "stranger_community", "/")
    assert [(one.pk, told.all) for one, told in home.context["supervised"]] == [(row.pk, 1)]
    assert "0/1" in said(home)
    assert open_as(gansu, "province", "/").context["supervised"] == []
    has_now(gansu, "620902001001", 5)
    assert open_as(gansu, "stranger_community", "/").context["supervised"] == []


def test_the_list_of_all_that_fall_short_is_handed_down_too(gansu):  # noqa: F811
    answer = open_as(gansu, "province", "/targets/GS-T04/failing/")
    assert "origin=failing" in answer.content.decode()
    url = "/targets/GS-T02b/supervise/?place=62&origin=failing"
    assert open_as(gansu, "province", url).context["steps"] == 6  # the path would ask fewer
    assert open_as(gansu, "province", "/targets/GS-T02b/supervise/?place=62").context["steps"] == 6
    assert "origin=failing" not in open_as(gansu, "observer", "/targets/GS-T04/failing/").content.decode()


def test_what_is_wrong_is_told_on_the_form(gansu):  # noqa: F811
    url = "/targets/GS-T04/supervise/?place=62"
    answer = post(gansu, "province", url, 422, origin="path", due_on="2016-01-01", note="x" * 501)
    assert set(answer.context["form"].errors) == {"due_on", "note"}
    assert set(post(gansu, "province", url, 422).context["form"].errors) == {"due_on", "origin"}
    post(gansu, "observer", "/targets/GS-T04/supervise/?place=6201", 403)
    post(gansu, "stranger", "/targets/GS-T04/supervise/?place=6201", 404)
    assert not Supervision.objects.exists()


def test_progress_and_ends_on_the_page(gansu):  # noqa: F811
    row = hand_down(gansu)
    item = row.items.get(name="天庆嘉园社区")
    url = f"{row.get_absolute_url()}items/{item.pk}/"
    post(gansu, "street", url, 422, text=" ")
    post(gansu, "street", url, 302, text="正在洽谈")
    post(gansu, "observer", url, 403, text="x")
    post(gansu, "stranger", url, 404, text="x")
    assert SupervisionNote.objects.get().text == "正在洽谈"
    assert "正在洽谈" in said(open_as(gansu, "province", row.get_absolute_url()))
    post(gansu, "city", f"{row.get_absolute_url()}close/", 403)
    post(gansu, "province", f"{row.get_absolute_url()}withdraw/", 422)
    post(gansu, "province", f"{row.get_absolute_url()}withdraw/", 302, reason="口径已调整")
    assert "口径已调整" in said(open_as(gansu, "street", row.get_absolute_url()))
    post(gansu, "province", f"{row.get_absolute_url()}close/", 302)  # told on the page: it has ended
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_pages_go_on_behind_the_last_unit(gansu, monkeypatch):  # noqa: F811
    monkeypatch.setattr("linkage.attainment.views.supervision.SIZE", 3)
    row = hand_down(gansu)
    first = open_as(gansu, "province", row.get_absolute_url())
    second = open_as(gansu, "province", row.get_absolute_url() + first.context["links"]["next_url"])
    names = [one.name for answer in (first, second) for one, _may in answer.context["rows"]]
    assert names == ["天庆嘉园社区", "畅家巷社区", "西苑社区", "富康社区"]


def test_the_workbook_lists_units_with_their_progress(gansu):  # noqa: F811
    row = hand_down(gansu)
    supervision.report(row.items.get(name="天庆嘉园社区"), text="已签约", by=gansu.fresh("street"))
    answer = open_as(gansu, "county_admin", f"{row.get_absolute_url()}export/")
    rows = [
        [cell.value for cell in line]
        for line in load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows()
    ]
    units = [line for line in rows if line[1] in ("天庆嘉园社区", "畅家巷社区", "富康社区")]
    assert [line[1] for line in units] == ["天庆嘉园社区", "畅家巷社区"]
    assert "已签约" in units[0][8]


def test_a_list_asks_the_database_equally_often(gansu):  # noqa: F811
    hand_down(gansu)
    with at_most(22):
        open_as(gansu, "province", "/targets/supervision/?box=all")
    hand_down(gansu, code="GS-T11")
    hand_down(gansu, "city", "6201")
    with at_most(22):
        open_as(gansu, "province", "/targets/supervision/?box=all")


def test_items_carry_what_they_were_asked_for_only(gansu):  # noqa: F811
    row = hand_down(gansu)
    item = row.items.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionItem.objects.create(
            supervision=row, unit_kind=item.unit_kind, unit_id=item.unit_id, name="x",
            region=item.region, needed=1,
        )  # fmt: skip


def test_the_offices_asked_find_it_among_their_messages_until_it_ends(gansu):  # noqa: F811
    row = hand_down(gansu)
    deliver()
    community = gansu.fresh("stranger_community")  # of 富康社区
    (notice,) = Notice.objects.visible_to(community)
    assert notice.title == f"督办：{row.target.quote}" and "涉及本单位 1 个" in notice.text
    assert notice.url == row.get_absolute_url()
    assert open_as(gansu, "stranger_community", notice.url).status_code == 200

    supervision.close(row, by=gansu.fresh("province"))

    assert not Notice.objects.visible_to(community).exists()


def test_what_ended_before_it_was_told_is_not_told(gansu):  # noqa: F811
    row = hand_down(gansu)
    supervision.withdraw(row, reason="口径已调整", by=gansu.fresh("province_second"))
    deliver()

    assert not Notice.objects.exists()
