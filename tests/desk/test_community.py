"""社区一页通: what is known of one community, what is not, and who is told of which records."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from communities.codes import SENSITIVE, RegionTagKind
from communities.facilities.models import OpenedResource, ServiceFacility
from communities.models import CommitteeElection, CommunityProfile, RegionTag, ResidentUnit
from communities.needs.models import NeedItem
from linkage.attainment.models import Edition
from linkage.desk.community import rows
from organizations.charity.models import CharityEntity, Donation
from tests import factories
from tests.attainment.figures import set_figures, summed
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401
from tests.foundation.test_words_on_pages import NAMES, Reader, english
from tests.queries import at_most
from tests.socialwork.makers import assigned, certificate, employed, keeper, organization, post, worker
from tests.volunteers.makers import volunteer

pytestmark = pytest.mark.django_db

XINGFULI, TIANQING = "620102020001", "620102020002"
MOST = 12  # questions of the page, those of its frame among them


def page(world, who="county", code=XINGFULI, more=""):
    return open_as(world, who, f"/communities/{code}/{more}")


def lines(answer):
    """``{name: figure}`` of the strip and the cards."""
    found = [*answer.context["strip"]]
    for card in answer.context["cards"]:
        found += [card.head, *card.lines]
    return {str(one.name): one for one in found}


def told(answer):
    return {name: str(one.value) for name, one in lines(answer).items()}


@pytest.fixture
def kept(gansu):  # noqa: F811
    """What the registers of 幸福里 hold."""
    place, today = gansu.xingfuli, timezone.localdate()
    CommunityProfile.objects.create(
        region=place, as_of=date(2026, 6, 30), households=3412, residents=9860, elderly=1892,
        area_km2=Decimal("1.1"), source="社区台账",
    )  # fmt: skip
    facility = ServiceFacility.objects.create(
        region=place, name="幸福里服务站", kind="comprehensive", is_comprehensive=True, area_m2=1260
    )
    OpenedResource.objects.create(facility=facility, name="议事厅", capacity=40)
    CommitteeElection.objects.create(
        region=place, held_on=date(2021, 6, 18), method="direct", eligible=10, voted=9,
        term_from=date(2021, 6, 18), term_to=date(2026, 6, 18),
    )  # fmt: skip
    RegionTag.objects.create(region=gansu.region("620102"), kind="ethnic_minority", basis="x")
    (
        organization(place, "登记的", "registered"),
        organization(place, "指导的一"),
        organization(place, "指导的二"),
    )
    holder = worker(place, "持证人")
    certificate(holder), certificate(holder, level="intermediate")
    assigned(worker(gansu.region("620102"), "外来的"), place)
    post(place, "空着的岗位")
    ResidentUnit.objects.create(region=place, name="小学", kind="institution")
    entity = CharityEntity.objects.create(region=place, name="爱心超市", kind="love_supermarket")
    Donation.objects.create(
        entity=entity, donor_kind="person", donor_name="某人", kind="money", amount=126_500, received_on=today
    )
    set_figures(place, areas=[gansu.programme.document_id], residents=9860, volunteers=911, staff=11,
                orgs_with_social_work=4, community_orgs=3, sw_posts=1, sw_posts_filled=0)  # fmt: skip
    return gansu


def test_one_page_tells_what_the_registers_know_of_a_community(kept):
    answer = page(kept)
    known = told(answer)
    assert known["常住居民"] == "9,860 人 / 3,412 户"
    assert (known["60 岁以上"], lines(answer)["60 岁以上"].note) == ("1,892 人", "19.1%")
    assert (known["辖区面积"], known["综合服务设施"]) == ("1.10 平方公里", "1,260 平方米")
    assert (known["社区工作人员"], known["注册志愿者"], known["占常住人口"]) == ("11 人", "911 人", "9.2%")
    assert (known["登记"], known["街道备案"], known["社区指导"]) == ("1 个", "0 个", "2 个")
    assert (known["助理社会工作师"], known["社会工作师"]) == ("0 人", "1 人"), (
        "each person once, by the highest"
    )
    assert (known["最近一次换届"], lines(answer)["最近一次换届"].note) == ("2021-06-18", "直选")
    assert (known["本年捐赠款"], known["驻区单位"], known["空缺岗位"]) == ("12.65 万元", "1 个", "1 个")
    text = said(answer)
    for word in (
        "2016 年试点社区",
        "少数民族地区",
        "概况基准日 2026-06-30，来源：社区台账",
        "空着的岗位",
        "议事厅",
    ):
        assert word in text
    judged = {line.target.code: line for line in answer.context["judged"].lines}
    assert (judged["GS-T13"].value, judged["GS-T13"].gap) == ("9.2%", "差 75 人")


def test_what_nobody_has_reported_says_so_and_is_never_zero(kept):
    known = told(page(kept))
    assert (known["18 岁以下"], known["户籍人口"]) == ("未填报", "未填报")
    assert known["本年协商议事"] == "协商台账未接入"
    CommunityProfile.objects.filter(region__code="620102021001").update(removed_at=timezone.now())
    bare = told(page(kept, "province", "620102021001"))
    assert (bare["常住居民"], bare["占常住人口"]) == ("未填报", "居民数未填报")
    assert (bare["综合服务设施"], bare["最近一次换届"]) == ("台账无记录", "台账无记录")
    assert bare["本年捐赠款"] == "未登记慈善载体"
    measured = {row.measure.key: row.now for row in page(kept, "province", "620102021001").context["counted"]}
    assert measured["residents"] == "未填报"


def test_every_number_leads_to_its_records_as_far_as_one_may_read_them(kept):
    found = {name: one.address for name, one in lines(page(kept)).items()}
    assert found["社区工作人员"] == f"/measures/staff/records/{kept.xingfuli.pk}/"
    assert found["社区指导"].endswith(
        f"socialorganization/?place={XINGFULI}&tier__exact=guided&is_community_org__exact=1"
    )
    assert found["空缺岗位"].endswith(f"socialworkpost/?place={XINGFULI}&filled=vacant")
    kept.people["charity"] = keeper(kept, "620102", "charity", duty="charity")
    answer = page(kept, "charity")
    found = {name: one.address for name, one in lines(answer).items()}
    assert found["驻区单位"] and found["本年捐赠款"]
    assert not any(found[name] for name in ("常住居民", "社区指导", "空缺岗位", "志愿服务队伍"))
    text = said(answer)
    assert "空着的岗位" not in text
    assert "岗位台账不在您的查看范围内" in text
    for address in {one.address for one in lines(page(kept)).values() if "/measures/" in one.address}:
        open_as(kept, "county", address)


def test_projects_and_needs_are_those_one_may_read(kept):
    place, by = kept.xingfuli, kept.people["community"]
    approved = factories.approved(kept, title="邻里课堂")
    draft = factories.draft(kept, title="还没报的")
    about = {"region": place, "group": "general", "field": "elderly_care", "method": "survey"}
    for project, title, people in ((approved, "课后照看", 61), (draft, "草稿里的需求", 99)):
        need = NeedItem.objects.create(
            title=title, people=people, collected_on=date(2026, 3, 1), created_by=by, **about
        )
        project.needs.add(need)
    answer = page(kept)
    assert [project.title for project in answer.context["found"]] == ["邻里课堂"]
    NeedItem.objects.create(
        title="少数人的需求",
        people=3,
        collected_on=date(2026, 3, 1),
        created_by=by,
        **about | {"group": sorted(SENSITIVE)[0]},
    )
    answer = page(kept)
    assert "少数人的需求" not in said(answer)
    titles = [need.title for need in answer.context["needs"]]
    assert "课后照看" in titles
    assert "草稿里的需求" not in said(answer)
    own = page(kept, "community")
    assert {project.title for project in own.context["found"]} == {"邻里课堂", "还没报的"}
    assert "草稿里的需求" in said(own)


def test_the_page_asks_as_often_however_much_there_is(kept):
    client, address = Client(), f"/communities/{XINGFULI}/"
    client.force_login(kept.fresh("county"))
    with at_most(MOST) as before:
        client.get(address)
    approved = factories.approved(kept)
    factories.draft(kept)
    for number in range(4):
        volunteer(kept.xingfuli, f"志愿者{number}")
        post(kept.xingfuli, f"岗位{number}")
        employed(organization(kept.xingfuli, f"队{number}"), f"职工{number}")
        RegionTag.objects.create(region=kept.xingfuli, kind=RegionTagKind.values[number], basis="x")
    assert approved.needs.exists()
    with at_most(len(before)):
        answer = client.get(address)
    assert len(answer.context["facts"].vacant) == 5


def test_the_year_before_is_told_by_the_edition_that_ended_it(kept):
    def edition(day, kind="monthly", demand=1):
        return Edition(kind=kind, as_of=day, demand_id=demand)

    today = date(2026, 11, 22)
    january, december = edition(date(2026, 1, 1)), edition(date(2025, 12, 31), "demand")
    first = edition(date(2025, 12, 31), "deadline", None)  # the first ones kept sums alone
    assert rows.year_end([january, december, first], today) is december
    assert rows.year_end([january, edition(date(2026, 2, 1))], today) is january
    assert rows.year_end([edition(date(2026, 2, 1))], today) is None
    figures = {"volunteers": 742, "residents_served": 0}
    listed = rows.counted(kept.xingfuli, {"volunteers": 911}, figures, january)
    found = {row.measure.key: (row.now, row.before, str(row.source)) for row in listed}
    assert found["volunteers"] == ("911 人", "742 人", "志愿者")
    assert found["residents_served"][1] == "—", "the year had just begun: nothing of the year before"


def test_changes_tell_who_and_what_and_only_of_this_community(kept):
    profile = CommunityProfile.objects.get(region=kept.xingfuli, as_of=date(2026, 6, 30))
    profile.households = 3500
    profile.save()
    ResidentUnit.objects.create(region=kept.tianqing, name="别处的单位", kind="institution")
    answer = open_as(kept, "county", f"/communities/{XINGFULI}/history/")
    text = said(answer)
    assert "3412 → 3500" in text
    assert "小学" in text
    assert "别处的单位" not in text
    assert answer.context["placements"]["spans"][0][2] == "幸福里社区"
    kept.people["charity"] = keeper(kept, "620102", "charity", duty="charity")
    assert "3500" not in said(open_as(kept, "charity", f"/communities/{XINGFULI}/history/"))


def test_the_ways_to_the_page_and_past_it(kept):
    address = f"/communities/{XINGFULI}/"
    assert f'href="{address}"' in open_as(kept, "county", "/search/?q=幸福里").content.decode()
    street = open_as(kept, "county", "/targets/?place=620102020").content.decode()
    assert f'href="{address}?policy=GS-2016"' in street
    assert (
        f'href="{address}?policy=GS-2016"'
        in open_as(kept, "county", f"/targets/?place={XINGFULI}").content.decode()
    )
    kept.people["county"].is_staff = True
    kept.people["county"].save()
    screen = open_as(kept, "county", f"/admin/communities/region/{kept.xingfuli.pk}/change/")
    assert f'href="{address}"' in screen.content.decode()
    for wrong in ("/communities/620102020/", "/communities/620902001001/", "/communities/99/"):
        open_as(kept, "county", wrong, 404)
    open_as(kept, "county", f"{address}?policy=WH-2015", 404)
    open_as(kept, "county", f"{address}?place=62", 400)


def test_the_workbench_tells_the_targets_of_ones_own_place(kept):
    assert 'hx-get="/workbench/targets/"' in open_as(kept, "county", "/").content.decode()
    summed()
    answer = open_as(kept, "county", "/workbench/targets/")
    assert answer.context["unmet"] >= len(answer.context["bars"]) > 0
    text = said(answer)
    assert "本辖区指标 城关区" in text
    assert "逾期未达标" in text
    first = answer.context["bars"][0].line.target.code
    assert f"/targets/{first}/failing/?place=620102" in answer.content.decode()


def test_every_word_is_chinese(kept):
    factories.approved(kept)
    for address in (f"/communities/{XINGFULI}/", f"/communities/{XINGFULI}/history/", "/workbench/targets/"):
        texts = Reader(open_as(kept, "county", address).content.decode()).said
        assert [word for text in texts for word in english(text, NAMES)] == [], address
