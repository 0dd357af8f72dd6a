"""What a target came to over the editions: the small line, the table, the forecast; and the pages of time."""

import io
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from communities import services as tree
from linkage.attainment.documents import charts
from linkage.attainment.models import Edition, Target
from linkage.attainment.services import counting
from linkage.attainment.services.forecast import forecast, line
from linkage.foundation.models import Job
from tests import factories
from tests.attainment.figures import set_figures, summed
from tests.attainment.test_editions import by_hand, today  # noqa: F401 (a fixture)
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401 (fixtures)
from tests.foundation.test_words_on_pages import NAMES, Reader, english
from tests.queries import at_most

DAY = date(2026, 1, 1)
pages = pytest.mark.django_db


def after(days):
    return DAY + timedelta(days)


def tenths(*values):
    """So many figures, 30 days apart."""
    return [(after(30 * number), Fraction(value, 10)) for number, value in enumerate(values)]


# The forecast, by hand


def test_a_straight_line_is_carried_on_to_the_deadline():
    found = forecast(tenths(1, 2, 3), limit=Fraction(1, 2), today=after(60), deadline=after(90), highest=1)
    assert (found.points, found.per_day) == (3, Fraction(1, 300))
    assert (found.value, found.lacks, found.meets) == (Fraction(4, 10), Fraction(1, 10), False)


def test_the_line_lies_nearest_by_least_squares():
    """y = 0, 2, 1 at x = 0, 1, 2: slope 1/2, mean 1 in the middle."""
    slope, start = line([(DAY, 0), (after(1), 2), (after(2), 1)])
    assert slope == Fraction(1, 2)
    assert slope * after(1).toordinal() + start == 1
    found = forecast([(DAY, 0), (after(1), 2), (after(2), 1)], limit=2, today=after(2), deadline=after(4))
    assert (found.value, found.lacks, found.meets) == (Fraction(5, 2), 0, True)


@pytest.mark.parametrize(
    ("values", "deadline", "value"), [((5, 7, 9), 300, Fraction(1)), ((5, 3, 1), 300, Fraction(0))]
)
def test_a_share_lies_between_nothing_and_all(values, deadline, value):
    found = forecast(
        tenths(*values), limit=Fraction(9, 10), today=after(60), deadline=after(deadline), highest=1
    )
    assert found.value == value


def test_of_a_number_only_the_floor_is_sure():
    points = [(after(30 * n), 100 * n) for n in range(3)]
    assert forecast(points, limit=10, today=after(60), deadline=after(90)).value == 300


def test_a_cap_has_to_come_down():
    rising = forecast(
        tenths(1, 2, 3), limit=Fraction(3, 10), today=after(60), deadline=after(90), is_cap=True, highest=1
    )
    assert (rising.value, rising.lacks, rising.meets) == (Fraction(4, 10), Fraction(1, 10), False)
    falling = forecast(
        tenths(5, 4, 3), limit=Fraction(2, 10), today=after(60), deadline=after(90), is_cap=True, highest=1
    )
    assert falling.meets


def test_without_a_deadline_ahead_it_says_when():
    points = tenths(1, 2, 3)
    assert forecast(points, limit=Fraction(1, 2), today=after(60)).met_on == after(120)
    assert forecast(points, limit=Fraction(1, 2), today=after(60), deadline=after(10)).met_on == after(120)
    assert forecast(tenths(3, 2, 1), limit=Fraction(1, 2), today=after(60)).met_on is None
    assert forecast(tenths(3, 3, 3), limit=Fraction(1, 2), today=after(60)).met_on is None
    slow = [(after(30 * n), Fraction(n, 1_000_000)) for n in range(3)]
    assert forecast(slow, limit=Fraction(1, 2), today=after(60)).met_on is None, "what lies a life away"
    assert forecast(tenths(5, 4, 3), limit=Fraction(2, 10), today=after(60), is_cap=True).met_on == after(90)


def test_two_figures_are_no_trend_and_the_last_twelve_are_enough():
    assert forecast(tenths(1, 2), limit=1, today=after(30)) is None
    assert forecast([(DAY, 1)] * 3, limit=1, today=after(30)) is None, "one day thrice"
    points = [(after(30 * n), n if n > 7 else 99) for n in range(20)]
    assert forecast(points, limit=100, today=after(600)).per_day == Fraction(1, 30)


# Drawings


def test_the_small_line_says_what_it_draws():
    spark = charts.spark(tenths(1, 2, 3), Fraction(3, 10), "在此")
    assert (spark.points, spark.limit, spark.text) == ("3.0,23.0 48.0,13.0 93.0,3.0", "3.0", "在此")
    assert charts.spark(tenths(1), Fraction(1), "") is None
    assert charts.spark([], None, "") is None
    assert charts.spark(tenths(3, 3), None, "").points == "3.0,13.0 93.0,13.0"


@pytest.mark.parametrize("values", [(0, 0), (1, 1), (1, 999), (Fraction(1, 1000), Fraction(2, 1000))])
def test_the_axes_hold_every_figure(values):
    points = [(after(40 * number), Fraction(value), False) for number, value in enumerate(values)]
    chart = charts.chart(points, limit=Fraction(values[1]), deadline=after(20), ahead=None, label=str)
    low, high = (Fraction(chart.ups[number][1]) for number in (0, -1))
    assert low <= min(values) <= max(values) <= high
    assert 2 <= len(chart.ups) <= 7
    assert chart.left <= float(chart.deadline) <= chart.right
    assert all(chart.top <= float(y) <= chart.bottom for _x, y, _restated in chart.dots)


# The pages


@pytest.fixture
def months(gansu, by_hand):  # noqa: F811
    """Four monthly editions in which the volunteers of 幸福里 grow, the last two months ago at most."""
    first = today().replace(day=1)
    kept = []
    for back in range(4, 0, -1):
        volunteers = 1000 - back * 100
        region = gansu.xingfuli
        set_figures(region, areas=[gansu.programme.document.pk], volunteers=volunteers, residents=10_000)
        summed()
        month = first.month - back
        day = date(first.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        kept.append(counting.freeze(Edition.Kind.MONTHLY, day))
    set_figures(gansu.xingfuli, areas=[gansu.programme.document.pk], volunteers=1000, residents=10_000)
    summed()
    gansu.months = kept
    return gansu


def trend(answer, code):
    return next(line.trend for line in answer.context["lines"] if line.target.code == code)


@pages
@pytest.mark.parametrize("who", ["province", "city", "county", "street", "community"])
def test_every_level_shows_its_trend_and_opens_its_history(months, who):
    home = open_as(months, who, "/targets/")
    spark = trend(home, "GS-T13")
    assert len(spark.points.split()) == 5
    assert spark.text.startswith("共 5 期：")
    assert spark.text.endswith("要求 ≥10%")
    if who == "community":
        assert "为 6%，" in spark.text
        assert "为 10%；" in spark.text
    history = open_as(months, who, f"/targets/GS-T13/history/?place={months.people[who].home_region.code}")
    rows = history.context["rows"]
    assert [row.kind for row in rows] == ["当前", "月报", "月报", "月报", "月报"]
    assert history.context["chart"] is not None
    assert "按最近 4 期的线性趋势" in said(history) or "目前已达标" in said(history)


@pages
def test_the_table_says_what_changed_since_the_edition_before(months):
    rows = open_as(months, "county", "/targets/GS-T13/history/?place=620102020").context["rows"]
    assert rows[0].line.value == "9.9%"
    assert (rows[0].change, rows[0].figures) == ("+0.5 个百分点", "分子 +100 人，分母 ±0 人")
    assert (rows[-1].change, rows[-1].figures) == ("—", "")


@pages
def test_the_forecast_is_said_with_its_method(months):
    Target.objects.filter(code="GS-T13").update(deadline=today() + timedelta(400))
    text = said(open_as(months, "county", "/targets/GS-T13/history/?place=620102020"))
    assert "预计能够达到" in text
    assert "最小二乘法" in text
    Target.objects.filter(code="GS-T13").update(deadline=today() + timedelta(400), at_least="1/2")
    text = said(open_as(months, "county", "/targets/GS-T13/history/?place=620102020"))
    assert "预计不能达到" in text
    Target.objects.filter(code="GS-T13").update(deadline=date(2017, 12, 31))
    assert "照此进度约" in said(open_as(months, "county", "/targets/GS-T13/history/?place=620102020"))
    for code, reason in (("GS-T14b", "名额指标"), ("GS-T07", "里程碑"), ("GS-T20", "上年同期")):
        assert reason in said(open_as(months, "province", f"/targets/{code}/history/")), code
    assert "没有数据" in said(open_as(months, "province", "/targets/GS-T03/history/"))


@pages
@pytest.mark.parametrize("place", ["62", "6201", "620102", "620102020", "620102020001"])
def test_a_page_read_in_an_edition_says_so_and_stays_in_it(months, place):
    edition = months.months[0]
    answer = open_as(months, "province", f"/targets/?place={place}&edition={edition.pk}")
    text = said(answer)
    assert f"{edition.as_of} 月报的数据，不随台账变化。" in text
    assert "追溯计算" in text
    content = answer.content.decode()
    links = [part.split('"')[0] for part in content.split('href="')[1:]]
    within = [link for link in links if link.startswith("?place=")]
    assert all(f"edition={edition.pk}" in link for link in within if "policy=" in link), within
    read = next(line for line in answer.context["lines"] if line.target.code == "GS-T13")
    live = next(
        line
        for line in open_as(months, "province", f"/targets/?place={place}").context["lines"]
        if line.target.code == "GS-T13"
    )
    assert read.reading.figures[0] == live.reading.figures[0] - 400
    restated = open_as(months, "province", f"/targets/?place={place}&edition={edition.pk}&restated=1")
    assert "按现行区划" in said(restated)
    again = next(line for line in restated.context["lines"] if line.target.code == "GS-T13")
    assert again.reading.figures == read.reading.figures


@pages
def test_the_list_of_an_edition_and_its_workbook_are_of_that_day(months):
    edition = months.months[0]
    set_figures(
        months.tianqing, areas=[months.programme.document.pk], orgs_with_social_work=9, volunteers=998
    )
    summed()
    now = open_as(months, "city", "/targets/GS-T04/failing/")
    then = open_as(months, "city", f"/targets/GS-T04/failing/?edition={edition.pk}")
    assert "天庆嘉园社区" not in [row.name for row in now.context["rows"]]
    assert "天庆嘉园社区" in [row.name for row in then.context["rows"]]
    assert f"edition={edition.pk}" in then.context["rows"][0].address
    sheet = load_workbook(
        io.BytesIO(
            open_as(months, "city", f"/targets/GS-T04/failing/export/?edition={edition.pk}").getvalue()
        )
    ).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[3][1] == f"月报 {edition.as_of} 追溯计算"
    assert "天庆嘉园社区" in {row[1] for row in rows}


@pages
def test_a_place_that_did_not_exist_then_is_only_read_over_the_places_of_today(months):
    by = months.people["province_admin"] = factories.person(
        "province_admin", "省管", months.offices["62"], "administrator"
    )
    new = tree.open_region("新街道", level=4, parent=months.region("620102"), on=today(), basis="文", by=by)
    edition = months.months[0]
    answer = open_as(months, "province", f"/targets/?place={new.code}&edition={edition.pk}")
    assert "尚未设立" in said(answer)
    assert "restated=1" in answer.content.decode()
    open_as(months, "province", f"/targets/?place={new.code}&edition={edition.pk}&restated=1")
    open_as(months, "province", f"/targets/GS-T04/failing/?place={new.code}&edition={edition.pk}")
    street = open_as(months, "province", f"/targets/?place=620102&edition={edition.pk}")
    assert new.pk not in {region.pk for region, _lines in street.context["grid"].rows}


@pages
def test_a_place_that_has_left_is_told_of_and_not_opened(months):
    by = factories.person("province_admin", "省管", months.offices["62"], "administrator")
    tree.move(months.region("620102021"), months.region("620123"), on=today(), basis="文", by=by)
    counting.rebuild()
    edition = months.months[0]
    answer = open_as(months, "county", f"/targets/?edition={edition.pk}")
    assert "酒泉路街道" in said(answer)
    assert "?place=620102021&" not in answer.content.decode()
    assert "?place=620102020&" in answer.content.decode()
    listed = open_as(months, "county", f"/targets/GS-T04/failing/?edition={edition.pk}")
    assert {row.name: bool(row.address) for row in listed.context["rows"]}["畅家巷社区"] is False
    restated = open_as(months, "county", f"/targets/?edition={edition.pk}&restated=1")
    assert "酒泉路街道" not in said(restated)


@pages
def test_the_small_line_does_not_fall_by_a_merge(months):
    by = factories.person("province_admin", "省管", months.offices["62"], "administrator")
    tree.merge([months.tianqing], into=months.xingfuli, on=today() - timedelta(1), basis="文", by=by)
    counting.rebuild()
    set_figures(months.xingfuli, areas=[months.programme.document.pk], volunteers=1998, residents=20_000)
    summed()
    answer = open_as(months, "province", "/targets/?place=620102020001")
    spark = trend(answer, "GS-T13")
    assert "为 7.9%，" in spark.text, "600 and 998 of 20,000 together"
    assert spark.text.endswith("已按现行区划重算")
    history = open_as(months, "province", "/targets/GS-T13/history/?place=620102020001")
    assert "已重算" in said(history)
    plain = open_as(months, "province", "/targets/GS-T13/history/?place=620102020001&as_was=1")
    assert plain.context["rows"][-1].line.value == "6%"


@pages
def test_the_button_stands_for_those_who_may_and_the_page_says_that_it_is_being_done(months):
    assert "留存当前数据" not in said(open_as(months, "city", "/targets/"))
    assert "留存当前数据" in said(open_as(months, "province", "/targets/"))
    client = Client()
    client.force_login(months.fresh("province"))
    answer = client.post("/targets/keep/", follow=True)
    assert "已开始留存今日数据" in said(answer)
    assert "正在留存今日数据" in said(answer)
    assert "今日数据正在留存" in said(client.post("/targets/keep/", follow=True))
    Job.objects.update(state=Job.State.FAILED, finished_at=timezone.now())
    assert "留存失败" in said(client.get("/targets/"))
    counting.freeze(Edition.Kind.DEMAND, today())
    assert "留存当前数据" not in said(client.get("/targets/"))
    assert f"留存 {today()}" in said(client.get("/targets/"))
    assert client.get("/targets/keep/").status_code == 405
    client.force_login(months.fresh("city"))
    assert client.post("/targets/keep/").status_code == 403


@pages
@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/targets/?edition=999999", 404),
        ("/targets/?edition=x", 400),
        ("/targets/?restated=2", 400),
        ("/targets/GS-T04/failing/?edition=999999", 404),
        ("/targets/GS-T04/history/?place=620902", 404),
        ("/targets/GS-T99/history/", 404),
        ("/targets/GS-T04/history/?as_was=2", 400),
        ("/targets/GS-T04/history/?edition=1", 400),
    ],
)
def test_other_addresses_are_not_guessed_at(months, url, status):
    open_as(months, "county", url, status)


@pages
def test_the_pages_of_time_speak_chinese_and_ask_few_questions(months):
    edition = months.months[0]
    client = Client()
    client.force_login(months.fresh("province"))
    client.get("/targets/")
    for url, most in (
        ("/targets/", 12),
        (f"/targets/?edition={edition.pk}", 14),
        (f"/targets/?edition={edition.pk}&restated=1", 14),
        ("/targets/GS-T13/history/", 12),
    ):
        client.get(url)
        with at_most(most):
            answer = client.get(url)
        words = [word for text in Reader(answer.content.decode()).said for word in english(text, NAMES)]
        assert words == [], url


@pages
def test_nothing_is_drawn_of_one_figure(gansu):  # noqa: F811
    assert all(line.trend is None for line in open_as(gansu, "province", "/targets/").context["lines"])
    text = said(open_as(gansu, "province", "/targets/GS-T13/history/"))
    assert "近一年内有两期以上数据后绘制曲线" in text
    assert "不足 3 期" in text
