"""设定情景: what would be, counted a second time by plain Python; nothing is stored, everything is marked."""

import copy
import io
import random
from fractions import Fraction
from math import ceil, floor
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from linkage.attainment import rules
from linkage.attainment.forms.scenario import exact
from linkage.attainment.models import PlaceMeasures, Target
from linkage.attainment.services import reading, scenario
from linkage.attainment.services.scenario import FULL, Change
from tests.attainment.figures import plain, set_figures, summed
from tests.attainment.test_engine import everywhere, load_targets  # noqa: F401 (a fixture)
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401 (fixtures)
from tests.queries import at_most

pytestmark = pytest.mark.django_db


def supposed_rows(rows, target, lift, limit):
    """The rows after every unit on the wrong side of its bound moved towards it, by loops and fractions."""
    moved = []
    for row in rows:
        row = copy.copy(row)
        figure = getattr(row, target.metric)
        base = getattr(row, target.per) if target.per else None
        lack = _lack(target, figure or 0, base, limit)
        left_out = target.missing == "exclude" and figure is None
        if lack > 0 and not left_out and not (target.per and not base):
            step = lack if lift == FULL else min(lack, lift)
            setattr(row, target.metric, (figure or 0) + (-step if target.rule == "CAP" else step))
        moved.append(row)
    return moved


def _lack(target, figure, base, limit):
    if target.rule == "RANGE":
        return ceil(Fraction(target.between_low)) - figure
    if target.rule in ("EACH", "FREQ"):
        return ceil(Fraction(target.at_least) * (base or 0 if target.per else 1)) - figure
    if target.rule in ("COVER", "MILESTONE") and not target.per:
        return 1 - min(figure, 1)
    if target.rule == "CAP":
        return figure - floor(limit * (base or 0))
    if target.rule == "PER10K":
        limit = limit / 10_000
    return ceil(limit * (base or 0 if target.per else 1)) - figure


def other_bound(target, chance):
    if target.rule == "RANGE":
        return Fraction(2), Fraction(chance.choice((4, 9)))
    if (target.per and target.rule != "PER10K") or target.rule in ("COVER", "MILESTONE"):
        return Fraction(chance.choice((1, 2, 3)), chance.choice((3, 7, 100)))
    return Fraction(chance.choice((1, 4, 8, 30)))


@pytest.mark.parametrize("seed", range(3))
def test_a_scenario_is_what_plain_python_counts(everywhere, seed):  # noqa: F811
    load_targets(everywhere)
    chance = random.Random(seed)
    documents = list(Target.objects.values_list("document", flat=True).distinct())
    about = {"areas": documents, "pilot": documents, "area_of": documents}
    PlaceMeasures.objects.all().delete()
    figures = (None, 0, 0, 1, 2, 3, 5, 9, 10, 11, 40, 5000)
    rows = [
        set_figures(region, **about, **{key: chance.choice(figures) for key in PlaceMeasures.MEASURES})
        for region in everywhere.regions.values()
    ]
    summed()
    place = everywhere.region("62")
    children = list(place.children.order_by("path"))
    today = timezone.localdate()
    targets = [one for one in Target.objects.select_related("document__region") if one.table == "place"]
    targets = [one for one in targets if reading.connected(one)]
    changes = {}
    for target in targets:
        if scenario.takes_bound(target):
            lift = chance.choice((None, 1, 2, 50, FULL)) if scenario.takes_lift(target) else None
            share = Fraction(2, 3) if scenario.takes_share(target) and chance.random() < 0.5 else None
            changes[target.code] = Change(other_bound(target, chance), share, lift, chance.choice((0, 3)))
    outcomes = scenario.evaluate(targets, changes, {}, place, children, today)
    assert len(outcomes) > 25
    for outcome in outcomes:
        change = changes[outcome.target.code]
        supposed = scenario.suppose(outcome.target, change, {})
        limit = supposed.threshold_for(place, today).value
        there = supposed_rows(rows, supposed, change.lift, limit) if change.lift else rows
        held = rules.limit_of(supposed, place, today)
        for where, found in [(place, outcome.after), *((row[0], row[2]) for row in outcome.below)]:
            wanted = plain(supposed, where, there)
            if where == place:
                wanted[0] += change.add * (10_000 if supposed.rule == "PER10K" else 1)
            assert found.figures == wanted, (outcome.target.code, where.name, change)
            assert found.judgement == rules.judge(supposed.rule, wanted, held)
        assert outcome.before.figures == plain(outcome.target, place, rows)


def test_a_word_read_otherwise_moves_every_target_that_uses_it(gansu):  # noqa: F811
    place = gansu.region("62")
    targets = [
        one for one in Target.objects.select_related("document__region") if one.document.code == "GS-2016"
    ]
    word = {"基本覆盖": Fraction(8, 10)}
    found = scenario.evaluate(targets, {}, word, place, [], timezone.localdate())
    assert {outcome.target.code for outcome in found} == {"GS-T02a", "GS-T02b"}
    assert {(one.before.limit, one.after.limit) for one in found} == {(Fraction(9, 10), Fraction(8, 10))}
    assert Target.objects.get(code="GS-T02a").at_least == ""  # nothing was written


def ask(world, who, wanted=200, page="", **settings):
    query = urlencode({name.replace("__", "."): value for name, value in settings.items()})
    return open_as(world, who, f"/targets/scenario/{page}?{query}", wanted)


def told(answer):
    return [
        (one.target.code, one.before.value, one.after.value, one.after.word) for one in answer.context["told"]
    ]


def test_a_leader_sees_today_and_the_scenario_side_by_side(gansu):  # noqa: F811
    answer = ask(gansu, "street", **{"target": "GS-T13", "GS-T13.bound": "9.9%"})
    assert told(answer) == [("GS-T13", "9.9%", "9.9%", "达标")]
    answer = ask(gansu, "street", **{"target": "GS-T13", "GS-T13.add": "1"})
    assert told(answer)[0][3] == "逾期未达标"
    answer = ask(gansu, "street", **{"target": "GS-T13", "GS-T13.add": "2"})
    assert told(answer) == [("GS-T13", "9.9%", "10%", "达标")]
    text = said(answer)
    assert text.count("情景推演 · 不是实际数据") >= 3
    assert [name for name, *_rest in answer.context["settings"]] == [
        "四(三) “到2017年底社区注册志愿者人数不少于居民总数的10%” 本地区“注册志愿者数”合计增加"
    ]


def test_the_places_below_are_counted_that_would_meet_it(gansu):  # noqa: F811
    answer = ask(gansu, "province", **{"target": "GS-T13", "GS-T13.lift": "补足"})
    one = answer.context["told"][0]
    assert (one.judged_below, one.met_before, one.met_after) == (4, 1, 4)
    assert "下级 4 个：现达标 1 个，情景下 4 个" in said(answer)
    answer = ask(gansu, "province", **{"GS-T04.lift": "1"})
    one = answer.context["told"][0]
    assert (one.before.value, one.after.value) == ("33.3%", "50%")


def test_all_that_is_wrong_is_told_at_once_and_kept(gansu):  # noqa: F811
    wrong = {
        "target": "GS-T13", "GS-T13.bound": "一成", "GS-T13.lift": "-1", "GS-T04.share": "200%",
        "GS-T01.bound": "5-3", "word.基本覆盖": "1/0", "GS-T04.add": "5", "GS-T13.add": "-99999999",
    }  # fmt: skip
    answer = ask(gansu, "province", 422, **wrong)
    assert set(answer.context["form"].errors) == set(wrong) - {"target"}
    assert answer.context["told"] is None
    text = answer.content.decode()
    for value in ("一成", "200%", "5-3", "1/0"):
        assert value in text
    assert "未达标的单位只有 4 个" in said(answer)
    assert "上限" in said(answer)


@pytest.mark.parametrize(
    "text, number",
    [("90%", Fraction(9, 10)), ("１／３", Fraction(1, 3)), ("10/100", Fraction(1, 10)), ("5", 5),
     ("33.3％", Fraction(333, 1000)), ("1,000", 1000), ("0.9", Fraction(9, 10))],
)  # fmt: skip
def test_numbers_are_read_exactly_as_people_write_them(text, number):
    assert exact(text) == number


def test_huge_and_odd_numbers_break_nothing(gansu):  # noqa: F811
    for value in ("999999999999999", "1/99999", "1e9", "٣", "nan", "--5", "9" * 30):
        ask(gansu, "province", 422, **{"GS-T13.bound": value})
    for name in ("GS-T08.bound", "GS-T04.bound", "GS-T04.lift", "GS-T13.lift", "GS-T09.add", "GS-T19.lift"):
        ask(gansu, "province", 200, **{name: "1000000000"})


@pytest.mark.parametrize(
    "query, wanted",
    [("?GS-T99.bound=5", 400), ("?nothing=1", 400), ("?GS-T13.bound=5%&GS-T13.bound=6%", 400),
     ("?target=GS-T99", 404), ("?place=62", 404), ("?place=6209&policy=GS-2016", 404),
     ("?policy=CQ-2018", 404)],
)  # fmt: skip
def test_an_address_means_something_or_is_refused(gansu, query, wanted):  # noqa: F811
    open_as(gansu, "county", f"/targets/scenario/{query}", wanted)


def test_the_workbook_is_marked_too(gansu):  # noqa: F811
    answer = ask(gansu, "province", page="export/", **{"GS-T13.lift": "补足"})
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "情景推演 · 不是实际数据"
    assert sheet.oddHeader.center.text == "情景推演 · 不是实际数据"
    assert (
        "情景推演-不是实际数据" in answer["Content-Disposition"] or "utf-8" in answer["Content-Disposition"]
    )
    assert any(row[0] == "兰州市" for row in rows)
    ask(gansu, "province", 404, page="export/")


def test_a_scenario_asks_the_database_equally_often(gansu):  # noqa: F811
    with at_most(29):  # eight of them to sign in
        ask(gansu, "province", **{"GS-T13.lift": "补足"})
    with at_most(29):
        ask(gansu, "province", **{"GS-T13.lift": "补足", "GS-T04.lift": "1", "word.基本覆盖": "80%"})
