"""The pilot list as the meeting has settled it, brought in by a table."""

import pytest
from django.urls import reverse
from django.utils import timezone

from linkage.foundation.models import AuditEvent
from projects.models import PilotArea, PilotCommunity
from tests.spreadsheets.makers import book, counts, handed_in, imported, problems

pytestmark = pytest.mark.django_db
REGISTER = "projects.pilotcommunity"
HEAD = ["序号", "试点单位", "试点社区", "确定日期", "文号"]


def table(*rows):
    return book([["试点社区名单"], HEAD, *rows], name="名单.xlsx", title="名单")


@pytest.fixture
def province(world):
    return world.people["province"]


def test_the_list_names_communities_and_where_need_be_their_areas(world, province):
    PilotCommunity.objects.filter(region__in=[world.tianqing, world.fukang]).delete()
    PilotArea.objects.filter(region__code="620902").delete()
    before, day = PilotCommunity.objects.count(), timezone.localdate()
    taken = handed_in(
        REGISTER,
        table(
            [1, "城关区", "天庆嘉园社区", day, "甘民发〔2016〕30号"],
            [2, "肃州区", "富康社区", day, "甘民发〔2016〕30号"],
            [3, "城关区", "幸福里社区", None, None],
        ),
        by=province,
    )
    assert counts(taken) == {"new": 2, "same": 1}, problems(taken)
    assert imported(taken, by=province).state == "applied"
    assert PilotCommunity.objects.count() == before + 2
    named = PilotCommunity.objects.get(region=world.fukang)
    assert (named.area.region.code, named.basis, named.designated_on) == ("620902", "甘民发〔2016〕30号", day)
    assert AuditEvent.objects.filter(kind="pilot_area_named", by=province).count() == 1
    assert AuditEvent.objects.filter(kind="pilot_community_named", by=province).count() == 2
    again = handed_in(REGISTER, table([1, "城关区", "天庆嘉园社区", day, "甘民发〔2016〕30号"]), by=province)
    assert counts(again) == {"same": 1}


def test_wrong_lines_are_told_and_what_stands_is_not_rewritten(world, province):
    taken = handed_in(
        REGISTER,
        table(
            [1, "城关区", "没有的社区", None, ""],
            [2, "城关区", "富康社区", None, ""],
            [3, "城关区", "幸福里社区", None, "另一份文件"],
        ),
        by=province,
    )
    assert counts(taken) == {"wrong": 3}, problems(taken)
    assert "已于" in problems(taken)[5][0]


def test_an_area_names_its_own_communities_and_no_others(world):
    PilotCommunity.objects.filter(region=world.tianqing).delete()
    county = world.people["county"]
    taken = handed_in(
        REGISTER,
        table([1, "", "天庆嘉园社区", None, "城民发〔2016〕3号"], [2, "", "富康社区", None, ""]),
        by=county,
    )
    assert counts(taken) == {"new": 1, "wrong": 1}, problems(taken)
    assert "肃州" not in str(problems(taken))
    imported(taken, by=county, good_only=True)
    assert PilotCommunity.objects.get(region=world.tianqing).by == county


def test_who_names_no_pilots_looks_and_exports_but_hands_nothing_in(world, client):
    client.force_login(world.people["community"])
    at = reverse("desk:table", args=[REGISTER])
    assert 'type="file"' not in client.get(at).content.decode()
    assert client.post(at, {"file": table()}).status_code == 403
    export = reverse("desk:table_export", args=[REGISTER])
    assert client.get(export, {"programme": world.programme.code}).status_code == 200
    assert client.get(export, {"area": "1"}).status_code == 400
