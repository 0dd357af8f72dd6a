"""The pages of targets: from the province down to a community that falls short, and the list handed down."""

import html
import io
import re
from datetime import date

import pytest
from babel.messages.mofile import write_mo
from django.test import Client
from openpyxl import load_workbook

from communities.models import Region
from communities.offices.models import Post
from linkage.attainment import services
from linkage.attainment.models import Benchmark, CoverageTerm, Target
from linkage.attainment.services import counting
from linkage.foundation import catalogue
from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED
from linkage.policy.models import PolicyDocument
from tests import factories
from tests.attainment.figures import set_figures, summed
from tests.foundation.test_words_on_pages import NAMES, Reader, english
from tests.queries import at_most
from tests.volunteers.makers import identity, volunteer

pytestmark = pytest.mark.django_db

# What communities of the story have: organisations with social workers, volunteers, residents.
HAVE = {
    "620102020001": (5, 1000, 10_000),
    "620102020002": (4, 998, 10_000),
    "620102021001": (0, 0, None),
    "620123100200": (3, 10, 1000),
    "620201001001": (5, 500, 1000),
    "620171101001": (1, 0, 1000),
    "620902001001": (0, 0, 1000),
}


@pytest.fixture
def chinese(settings, tmp_path):
    folder = tmp_path / catalogue.LOCALE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with open(folder / "django.mo", "wb") as target:
        write_mo(target, catalogue.read())
    settings.LOCALE_PATHS = [str(tmp_path)]


@pytest.fixture
def gansu(world, chinese):
    """The targets of Gansu over rows made by hand."""
    document = world.programme.document
    services.load_targets(document, Pack(SHIPPED / "gansu-2016.toml").targets)
    CoverageTerm.objects.get_or_create(
        term="基本覆盖", document=None, region=None, programme=None, version=1,
        defaults={"value": "9/10", "basis": "按惯例", "valid_from": date(2000, 1, 1)},
    )  # fmt: skip
    counting.rebuild()
    for code, (orgs, volunteers, residents) in HAVE.items():
        figures = {"orgs_with_social_work": orgs, "volunteers": volunteers, "residents": residents}
        nothing = {"studio_own": 0, "federation_served": 0, "staff_professional": 0}
        zero = {"elections_held": 0, "elections_direct": 0, "registered_orgs": 0, "org_employees": 3}
        set_figures(world.region(code), areas=[document.pk], **figures, **nothing, **zero)
    summed()
    return world


def open_as(world, who, url, wanted=200):
    client = Client()
    client.force_login(world.fresh(who))
    answer = client.get(url)
    assert answer.status_code == wanted, url
    return answer


def line(answer, code):
    return next(line for line in answer.context["lines"] if line.target.code == code)


def said(answer):
    return " ".join(" ".join(Reader(answer.content.decode()).said).split())


def test_a_leader_walks_from_the_province_to_the_community_that_falls_short(gansu):
    province = open_as(gansu, "province", "/targets/?target=GS-T04")
    read = line(province, "GS-T04")
    assert (read.value, read.limit, read.gap) == ("33.3%", "每个 ≥5 个", "差 4 个社区")
    below = province.context["ranking"]
    assert below.bars[0].region.name == "嘉峪关市"
    assert below.bars[0].line.value == "100%"
    assert "?place=6201&amp;policy=GS-2016&amp;target=GS-T04" in province.content.decode()

    street = open_as(gansu, "province", "/targets/?place=620102020&target=GS-T04")
    found = [(bar.region.name, bar.line.value, bar.line.gap) for bar in street.context["ranking"].bars]
    assert found == [("幸福里社区", "5 个", "—"), ("天庆嘉园社区", "4 个", "差 1 个")]

    community = open_as(gansu, "province", "/targets/?place=620102020002")
    read = line(community, "GS-T04")
    assert (read.value, read.limit, read.gap, read.word) == ("4 个", "≥5 个", "差 1 个", "逾期未达标")
    assert "GS-T05" in {one.target.code for one in community.context["not_applying"]}
    assert community.context["ranking"] in (None, [], False)


@pytest.mark.parametrize("who", ["province", "city", "county", "street", "community"])
def test_everybody_begins_at_home(gansu, who):
    home = gansu.people[who].home_region
    answer = open_as(gansu, who, "/targets/")
    assert answer.context["place"] == home
    assert f"指标 · {home.name}" in said(answer)
    for region, opens in answer.context["crumbs"]:
        assert opens == home.contains(region)


def test_what_is_not_met_never_looks_met(gansu):
    read = line(open_as(gansu, "street", "/targets/"), "GS-T13")
    assert read.counted == "1,998 人 ÷ 20,000 人"
    assert (read.value, read.limit, read.gap, read.word) == ("9.9%", "≥10%", "差 2 人", "逾期未达标")
    read = line(open_as(gansu, "community", "/targets/"), "GS-T13")
    assert (read.value, read.gap, read.reading.is_met) == ("10%", "—", True)


def test_a_total_of_the_province_is_not_demanded_of_a_part(gansu):
    whole, part = (line(open_as(gansu, who, "/targets/"), "GS-T09") for who in ("province", "city"))
    assert whole.gap == "差 249,979 人"
    assert (part.value, part.gap, part.word) == ("12 人", "—", "计入上级合计")


def test_a_register_that_is_missing_is_named(gansu):
    answer = open_as(gansu, "province", "/targets/")
    read = line(answer, "GS-T03")
    assert (read.value, read.word) == ("—", "数据未接入")
    assert "待项目实施台账接入" in said(answer)


def test_every_figure_explains_itself(gansu):
    rows = {
        "clause": "二(二)",
        "quote": "平均每万人社会组织数达到15个",
        "rule": "PER10K",
        "metric": "registered_orgs",
    }
    Benchmark.objects.create(
        document=gansu.programme.document, code="YZ-B04", per="residents", value="15", **rows
    )
    answer = open_as(gansu, "province", "/targets/")
    text = said(answer)
    read = line(answer, "GS-T02a")
    assert read.limit == "基本覆盖（口径：≥90%）"
    assert read.formula == "社区社会组织联合会覆盖的社区数 ÷ 试点地区的城市社区总数"
    for told in ("平台默认", "无法定数值", "统计日", "约束性", "按未达标计", "填报率 85.7%"):
        assert told in text, told
    assert "/policies/GS-2016/#c-" in answer.content.decode()
    assert [value for _row, value in line(answer, "GS-T08").reported_elsewhere] == ["15"]


def test_what_other_places_report_stands_beside_the_same_figure_of_the_place(gansu):
    services.load_benchmarks(gansu.programme.document, Pack(SHIPPED / "yuzhong-2016.toml").benchmarks)
    answer = open_as(gansu, "province", "/targets/")
    shown = {row.benchmark.code: row for row in answer.context["reported"]}
    assert len(shown) == 10
    assert (shown["YZ-B02"].value, shown["YZ-B02"].here) == ("904 个", "0 个")
    assert (shown["YZ-B04"].value, shown["YZ-B04"].here) == ("15", "0")
    assert (shown["YZ-B05"].here, shown["YZ-B05"].waits_for) == ("—", "购买服务台账")
    assert [value for _row, value in line(answer, "GS-T18").reported_elsewhere] == ["10,000.00 万元"]
    assert "其他地方报告的 10 项数字" in said(answer)


def test_status_is_told_by_a_word_and_an_icon_beside_its_colour(gansu):
    text = said(open_as(gansu, "province", "/targets/"))
    for word in ("逾期未达标", "数据未接入", "数据不足", "达标"):
        assert word in text
    assert {read.icon for read in open_as(gansu, "province", "/targets/").context["lines"]} > {
        "alert-circle",
        "plug-connected-x",
    }


def test_the_places_below_stand_in_either_order(gansu):
    by_value = open_as(gansu, "province", "/targets/?target=GS-T13").context["ranking"]
    assert [bar.line.value for bar in by_value.bars] == ["50%", "9.5%", "0%", "0%"]
    assert [bar.rank for bar in by_value.bars] == [1, 2, 3, 3]
    by_place = open_as(gansu, "province", "/targets/?target=GS-T13&sort=place").context["ranking"]
    assert [bar.region.path for bar in by_place.bars] == sorted(bar.region.path for bar in by_place.bars)
    assert {bar.region.pk: bar.rank for bar in by_place.bars} == {
        bar.region.pk: bar.rank for bar in by_value.bars
    }
    assert float(by_value.threshold) < float(by_value.bars[0].width)


def test_ranks_are_hidden_on_the_page_on_paper_and_in_the_workbook_until_they_are_shown_again(gansu):
    client = Client()
    client.force_login(gansu.fresh("province"))
    url = "/targets/?target=GS-T13"

    def told(more=""):
        answer = client.get(url + more)
        export = re.search(r'href="([^"]*/targets/export/[^"]*)"', answer.content.decode())[1]
        book = load_workbook(io.BytesIO(client.get(html.unescape(export)).getvalue()))
        heads = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
        paths = [bar.region.path for bar in answer.context["ranking"].bars]
        ranked = 'lk-rank"' in answer.content.decode()
        return ranked, paths == sorted(paths), any(row and row[0] == "名次" for row in heads), said(answer)

    shown = told()
    assert shown[:3] == (True, False, True) and "隐藏排名" in shown[3]
    for more in ("&ranking=hidden", "", "&sort=value"):  # it is remembered
        hidden = told(more)
        assert hidden[:3] == (False, True, False), more
        assert "显示排名" in hidden[3] and "50%" in hidden[3], "the figures stay"
    assert told("&ranking=shown")[:3] == (True, False, True) == told()[:3]
    assert client.get("/targets/?ranking=1").status_code == 400


def test_the_failing_units_with_what_each_lacks_and_who_answers(gansu):
    answer = open_as(gansu, "city", "/targets/GS-T04/failing/")
    rows = [(row.place, row.name, row.has, row.lacks, row.office) for row in answer.context["rows"]]
    street = "城关区 › 雁南街道"
    assert rows == [
        (street, "天庆嘉园社区", "4 个", "1 个", "天庆嘉园社区居民委员会"),
        ("城关区 › 酒泉路街道", "畅家巷社区", "0 个", "5 个", "畅家巷社区居民委员会"),
    ]
    assert "/targets/?policy=GS-2016&amp;place=620102020002" in answer.content.decode()


def test_the_list_goes_on_behind_the_last_unit(gansu, monkeypatch):
    monkeypatch.setattr("linkage.attainment.views.units.SIZE", 3)
    seen, url = [], "/targets/GS-T04/failing/"
    while url:
        answer = open_as(gansu, "province", url)
        seen += [row.name for row in answer.context["rows"]]
        url = answer.context["next_url"] and "/targets/GS-T04/failing/" + answer.context["next_url"]
    assert seen == ["天庆嘉园社区", "畅家巷社区", "西苑社区", "富康社区"]


def test_a_target_of_sums_says_that_no_unit_is_tested(gansu):
    answer = open_as(gansu, "province", "/targets/GS-T13/failing/")
    assert "本指标不逐个单位判定" in said(answer)
    assert answer.context["line"].gap in said(answer)
    open_as(gansu, "province", "/targets/GS-T13/failing/export/", 404)


def test_the_workbook_says_what_is_demanded_by_whom_and_when(gansu):
    Region.objects.filter(code="620102020002").update(name="=1+1社区")
    answer = open_as(gansu, "city", "/targets/GS-T04/failing/export/")
    assert "xlsx" in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    about = {row[0]: row[1] for row in rows[:11]}
    assert set(about) == {
        *("文件", "条款", "地区", "统计时点", "现值", "要求", "差距", "期限", "状态", "填报率", "口径")
    }
    assert about["地区"] == "兰州市"
    assert about["条款"].startswith("二 “每个城市社区至少有5个以上")
    assert rows[12] == ["地区", "单位", "现有", "要求", "还差", "责任单位"]
    assert rows[13][1:] == ["=1+1社区", "4 个", "≥5 个", "1 个", "天庆嘉园社区居民委员会"]
    assert sheet.cell(14, 2).data_type == "s"
    assert len(rows) == 15


def test_every_unit_is_read_one_by_one_and_who_has_reported_nothing_is_named(gansu):
    answer = open_as(gansu, "city", "/targets/GS-T13/units/")
    told = {row.name: (row.has, row.lacks, row.passes) for row in answer.context["rows"]}
    assert told["幸福里社区"] == ("10% (1,000 人 ÷ 10,000 人)", "", None)
    assert told["畅家巷社区"] == ("0 人 ÷ 未填报", "", None)
    answer = open_as(gansu, "city", "/targets/GS-T13/units/?which=unreported")
    assert [row.name for row in answer.context["rows"]] == ["畅家巷社区"]
    answer = open_as(gansu, "city", "/targets/GS-T04/units/")
    assert {row.name: row.passes for row in answer.context["rows"]} == {
        "幸福里社区": True,
        "天庆嘉园社区": False,
        "畅家巷社区": False,
    }
    sheet = load_workbook(
        io.BytesIO(open_as(gansu, "city", "/targets/GS-T04/units/export/").getvalue())
    ).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [(row[1], row[-1]) for row in rows[13:]] == [
        ("幸福里社区", "达标"),
        ("天庆嘉园社区", "未达标"),
        ("畅家巷社区", "未达标"),
    ]


def test_a_figure_leads_down_to_the_records_it_was_counted_from(gansu):
    """From 口径 of a community to its volunteers, each a link into the register."""
    place = gansu.region("620102020001")
    names = {str(volunteer(place, name, identity(number))) for number, name in enumerate("甲乙丙")}
    volunteer(gansu.region("620902001001"), "丁", identity(9))
    counting.rebuild()
    page = open_as(gansu, "street", f"/targets/?place={place.code}").content.decode()
    address = f"/measures/volunteers/records/{place.pk}/"
    assert address in page
    answer = open_as(gansu, "street", address)
    assert {name for name, _address in answer.context["records"]} == names
    assert answer.context["figure"] == "3 人"
    assert answer.context["number"] == 3
    assert answer.context["unseen"] == 0
    assert all(link.startswith("/admin/volunteers/") for _name, link in answer.context["records"])


def test_records_of_another_part_of_the_registers_are_counted_and_not_shown(gansu):
    place = gansu.region("620102020001")
    volunteer(place, "甲", identity(1))
    counting.rebuild()
    address = f"/measures/volunteers/records/{place.pk}/"
    Post.objects.filter(user=gansu.people["street"]).update(duty="organization")
    answer = open_as(gansu, "street", address)
    assert (answer.context["records"], answer.context["unseen"]) == ([], 1)
    assert "无权查看" in said(answer)


@pytest.mark.parametrize("key", ["volunteers", "nothing", "purchase_amount"])
def test_records_of_a_place_outside_are_answered_like_those_of_none(gansu, key):
    there = gansu.region("620902001001").pk
    answers = {
        open_as(gansu, "county", f"/measures/{key}/records/{unit}/", 404).content
        for unit in (there, 999_999_999, 10**30)
    }
    assert len(answers) == 1
    open_as(gansu, "province", f"/measures/volunteers/records/{there}/?page=2", 400)


def test_what_was_not_reported_is_no_nought_on_the_page_of_a_community(gansu):
    cards = open_as(gansu, "province", "/targets/?place=620102021001").context["parties"]
    assert dict(line[:2] for line in cards[0][2])["常住人口"] == "—"
    cards = open_as(gansu, "province", "/targets/?place=620102020001").context["parties"]
    assert dict(line[:2] for line in cards[0][2])["常住人口"] == "10,000 人"


def test_the_page_of_a_place_goes_out_as_a_workbook(gansu):
    answer = open_as(gansu, "province", "/targets/export/?place=6201&policy=GS-2016")
    book = load_workbook(io.BytesIO(answer.getvalue()))
    assert book.sheetnames == ["指标", "排名", "下级对比", "五社概况"]
    page = open_as(gansu, "province", "/targets/?place=6201&policy=GS-2016")
    rows = [[cell.value for cell in row] for row in book["指标"].iter_rows()]
    others = page.context["not_applying"]
    shown = page.context["lines"]
    assert rows[7 + len(shown) + 1][0] == f"{len(others)} 项指标不适用于本地区"
    del rows[7 + len(shown) : 9 + len(shown)]
    assert [row[:3] for row in rows[7:]] == [
        [line.target.quote, line.target.clause, line.value] for line in [*shown, *others]
    ]
    below = [[cell.value for cell in row] for row in book["下级对比"].iter_rows()]
    grid = page.context["grid"]
    assert [row[0] for row in below[8:]] == [region.name for region, _lines in grid.rows] + ["兰州市"]
    assert below[6][1:] == [head.column_name for head in grid.heads]
    assert all(
        cell.data_type == "s" for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


@pytest.mark.parametrize(
    "url",
    [
        "/targets/?place=620902",
        "/targets/export/?place=620902",
        "/targets/GS-T04/units/?place=620902",
        "/targets/GS-T99/units/export/",
        "/targets/?place=62",
        "/targets/?place=99",
        "/targets/?policy=nowhere",
        "/targets/?policy=elsewhere",
        "/targets/?target=GS-T99",
        "/targets/GS-T99/failing/",
        "/targets/EL-T01/failing/",
        "/targets/GS-T04/failing/?place=620902",
        "/targets/GS-T04/failing/export/?place=620902",
    ],
)
def test_what_lies_outside_does_not_exist(gansu, url):
    jiuquan = gansu.region("6209")
    document = PolicyDocument.objects.create(
        code="elsewhere", title="酒泉市实施方案", region=jiuquan, year=2020, territory="酒泉市",
        territory_code="6209", linkage_model=5, kind="plan", text="…", pack_version="1",
    )  # fmt: skip
    about = {"clause": "一", "quote": "…", "unit": "community", "rule": "EACH", "metric": "volunteers"}
    Target.objects.create(document=document, code="EL-T01", at_least="1", **about)
    open_as(gansu, "county", url, 404)


def test_a_document_of_a_place_below_is_offered_above_and_not_beside(gansu):
    document = PolicyDocument.objects.create(
        code="lanzhou", title="兰州市实施方案", region=gansu.region("6201"), year=2020, territory="兰州市",
        territory_code="6201", linkage_model=5, kind="plan", text="…", pack_version="1",
    )  # fmt: skip
    about = {"clause": "一", "quote": "…", "unit": "community", "rule": "EACH", "metric": "volunteers"}
    Target.objects.create(document=document, code="LZ-T01", at_least="1", **about)
    counting.resum()
    for place, offered in (("62", True), ("6201", True), ("620102", True), ("6209", False)):
        answer = open_as(gansu, "province", f"/targets/?place={place}")
        assert (document in answer.context["documents"]) == offered, place


@pytest.mark.parametrize(
    "url",
    [
        "/targets/?colour=red",
        "/targets/?sort=x",
        "/targets/GS-T04/failing/?after=620102",
        "/targets/?place=62&place=63",
    ],
)
def test_an_address_that_is_not_known_is_not_guessed_at(gansu, url):
    open_as(gansu, "province", url, 400)


def test_without_a_post_there_is_nothing_to_show(world, chinese):
    world.people["nobody"] = factories.User.objects.create(username="nobody", name="某", password="!")
    answer = open_as(world, "nobody", "/targets/")
    assert "尚未任职" in said(answer)
    open_as(world, "nobody", "/targets/GS-T04/failing/", 404)


BELOW = {"62": ["6280", "6281"], "620102": ["620102080", "620102081"], "620102020": ["620102020080"]}


@pytest.mark.parametrize(
    ("place", "most"), [("62", 10), ("620102", 11), ("620102020", 13), ("620102020001", 12)]
)
def test_a_page_asks_few_questions_however_many_places_lie_below(gansu, place, most):
    """In all: session, person with posts, and what waits on the desk among them."""
    client = Client()
    client.force_login(gansu.fresh("province"))
    client.get("/targets/")
    for code in BELOW.get(place, []):
        factories.region(gansu, code, "新设的", gansu.region(place).level + 1, place)
    with at_most(most):
        client.get(f"/targets/?place={place}")
    with at_most(14):
        client.get(f"/targets/GS-T04/failing/?place={place}")


@pytest.mark.parametrize("who", ["province", "street", "community"])
def test_the_pages_speak_chinese_only(gansu, who):
    for url in (
        "/targets/",
        "/targets/?target=GS-T13",
        "/targets/GS-T04/failing/",
        "/targets/GS-T03/failing/",
        "/targets/GS-T13/units/",
        "/targets/GS-T20/units/",
        "/targets/GS-T04/units/?which=unreported",
        f"/measures/residents/records/{gansu.region('620102020001').pk}/",
    ):
        words = [
            word
            for text in Reader(open_as(gansu, who, url).content.decode()).said
            for word in english(text, NAMES)
        ]
        assert words == [], url
