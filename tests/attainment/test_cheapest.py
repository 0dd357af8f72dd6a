"""最小补缺: what is asked for suffices, and nothing less does; shown by trying everything on small ground."""

import copy
import heapq
import io
import itertools
import random

import pytest
from openpyxl import load_workbook

from linkage.attainment import rules
from linkage.attainment.models import PlaceMeasures, Target
from linkage.attainment.services import cheapest, reading
from tests.attainment.figures import plain, set_figures, summed
from tests.attainment.test_engine import everywhere, load_targets  # noqa: F401 (a fixture)
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

TRIED = 7  # up to so many additions every way to make them is tried


def at_random(world, chance, figures):
    """A row for every place; every document has its pilot places everywhere."""
    documents = list(Target.objects.values_list("document", flat=True).distinct())
    about = {"areas": documents, "pilot": documents, "area_of": documents}
    PlaceMeasures.objects.all().delete()
    return [
        set_figures(region, **about, **{key: chance.choice(figures) for key in PlaceMeasures.MEASURES})
        for region in world.regions.values()
    ]


def judged(target, region, rows, found):
    """Is the target met by these rows, counted by plain Python?"""
    figures = plain(target, region, rows)
    return rules.judge(target.rule, figures, rules.limit_of(target, region, found.computed_at.date())).is_met


def added(rows, target, additions):
    """The rows after ``{unit: number}`` more of the measure; of a cap, so many less."""
    sign = -1 if target.rule == "CAP" else 1
    changed = []
    for row in rows:
        if additions.get(row.unit_id):
            row = copy.copy(row)
            setattr(row, target.metric, (getattr(row, target.metric) or 0) + sign * additions[row.unit_id])
        changed.append(row)
    return changed


def unmet(region):
    targets = Target.objects.select_related("document__region").exclude(rule="QUOTA")
    found = reading.read([one for one in targets if one.table == "place"], region)
    return [one for one in found if one.status in rules.UNMET]


@pytest.mark.parametrize("seed", range(4))
def test_what_the_list_asks_for_meets_the_target(everywhere, seed):  # noqa: F811
    load_targets(everywhere)
    rows = at_random(everywhere, random.Random(seed), (None, 0, 0, 1, 2, 3, 5, 9, 10, 11, 40, 5000))
    summed()
    tried = 0
    for code in ("62", "6201", "620102"):
        region = everywhere.region(code)
        for found in unmet(region):
            path = cheapest.path(found)
            assert not judged(found.target, region, rows, found)
            if path.reaches:
                asked = {step.unit: step.addition for step in path.steps}
                assert judged(found.target, region, added(rows, found.target, asked), found), found.target
                tried += 1
            if path.method == cheapest.BY_SUM and path.reaches:
                assert path.added == path.total
    assert tried > 40


@pytest.mark.parametrize("seed", range(6))
def test_no_smaller_list_meets_it_whatever_one_tries(everywhere, seed):  # noqa: F811
    load_targets(everywhere)
    chance = random.Random(seed)
    rows = at_random(everywhere, chance, (None, 0, 1, 2, 3, 4))
    region = everywhere.region("620102")
    for target in Target.objects.all():  # demands of a size that everything can be tried
        if target.rule == "TOTAL" or (target.at_least and target.rule in ("AVG", "PER10K")):
            target.at_least = str(chance.choice((2, 3, 4)) * (1000 if target.rule == "PER10K" else 1))
            target.save()
        elif target.rule in rules.PER_UNIT:  # some of the units are enough: those that lack least
            target.share = chance.choice(("1/3", "1/2", "2/3"))
            target.save()
    # A total of a territory is judged for the whole of it.
    type(unmet_document()).objects.update(region=region)
    summed()
    mine = [row for row in rows if row.path.startswith(region.path)]
    methods = set()
    for found in unmet(region):
        path = cheapest.path(found)
        cost = path.added
        if not path.reaches or cost > TRIED:
            continue
        methods.add((found.target.rule, path.method))
        # To ask who is left out for what it has not told is no addition: it would come in with all it has.
        told = [row for row in mine if getattr(row, found.target.metric) is not None]
        units = [row.unit_id for row in (told if found.target.missing == "exclude" else mine)]
        for way in ways(units, cost - 1):
            assert not judged(found.target, region, added(mine, found.target, way), found), (
                found.target.code,
                way,
            )
    assert len(methods) >= 5, methods


def unmet_document():
    return Target.objects.select_related("document").first().document


def ways(units, most):
    """Every way to make at most so many additions to these units."""
    for number in range(max(most, 0) + 1):
        for chosen in itertools.combinations_with_replacement(units, number):
            yield {unit: chosen.count(unit) for unit in set(chosen)}


@pytest.mark.parametrize("seed", range(300))
def test_handing_out_is_what_one_by_one_would_give(seed):
    chance = random.Random(seed)
    low = chance.choice((0, -20))
    units = [(chance.randint(low, 30), chance.choice((1, 1, 2, 3, 7, 10, 97))) for _each in range(6)]
    if seed % 3 == 0:
        units = [(figure, 1) for figure, _base in units]
    total = chance.randint(0, 60)
    assert cheapest.fill(units, total) == one_by_one(units, total)


def one_by_one(units, total):
    """To the lowest, the first among equals, again and again."""
    from fractions import Fraction  # noqa: PLC0415

    given = [0] * len(units)
    heap = [(Fraction(figure, base), number) for number, (figure, base) in enumerate(units)]
    heapq.heapify(heap)
    for _each in range(total):
        _level, number = heap[0]
        given[number] += 1
        figure, base = units[number]
        heapq.heapreplace(heap, (Fraction(figure + given[number], base), number))
    return given


def test_units_that_reach_the_demand_themselves_are_asked_for_nothing(everywhere):  # noqa: F811
    load_targets(everywhere)
    rows = at_random(everywhere, random.Random(7), (0, 1, 2, 3, 5, 9, 40))
    summed()
    found = reading.read([Target.objects.select_related("document__region").get(code="GS-T13")],
                         everywhere.region("62"))[0]  # fmt: skip
    of = {row.unit_id: row for row in rows}
    for step in cheapest.path(found).steps:
        row = of[step.unit]
        assert row.volunteers * 10 < row.residents
        assert (row.volunteers + step.addition - 1) * 10 < row.residents  # not more than it lacks


def test_the_page_tells_how_and_how_much(gansu):  # noqa: F811
    answer = open_as(gansu, "city", "/targets/GS-T04/path/")
    rows = [(row.name, row.has, row.addition, row.comes_to, row.office) for row in answer.context["rows"]]
    assert rows == [
        ("天庆嘉园社区", "4 个", "+1 个", "5 个", "天庆嘉园社区居民委员会"),
        ("畅家巷社区", "0 个", "+5 个", "5 个", "畅家巷社区居民委员会"),
    ]
    assert "从差得最少的补起" in said(answer)
    answer = open_as(gansu, "street", "/targets/GS-T13/path/")
    assert [(row.name, row.addition, row.comes_to) for row in answer.context["rows"]] == [
        ("天庆嘉园社区", "+2 人", "1,000 人")
    ]
    for told in ("合计还须增加2 人", "常住人口”按现有数不变", "自身已达到要求的单位不分"):
        assert told in said(answer), told


@pytest.mark.parametrize(
    "who, code, told",
    [
        ("community", "GS-T13", "这里没有差额"),
        ("city", "GS-T09", "此项按全域合计考核"),
        ("province", "GS-T03", "尚未接入"),
        ("province", "GS-T14b", "还须新增"),
    ],
)
def test_where_nothing_can_be_asked_the_page_says_why(gansu, who, code, told):  # noqa: F811
    answer = open_as(gansu, who, f"/targets/{code}/path/")
    assert told in said(answer)
    assert answer.context["rows"] == []
    open_as(gansu, who, f"/targets/{code}/path/export/", 404)


def test_the_list_goes_on_page_by_page(gansu, monkeypatch):  # noqa: F811
    monkeypatch.setattr("linkage.attainment.views.cheapest.SIZE", 3)
    seen, url = [], "/targets/GS-T04/path/"
    while url:
        answer = open_as(gansu, "province", url)
        seen += [row.name for row in answer.context["rows"]]
        url = answer.context["next_url"] and "/targets/GS-T04/path/" + answer.context["next_url"]
    assert seen == ["天庆嘉园社区", "西苑社区", "畅家巷社区", "富康社区"]
    open_as(gansu, "province", "/targets/GS-T04/path/?page=3", 404)
    for wrong in ("0", "-1", "x", "１", "99999999"):
        open_as(gansu, "province", f"/targets/GS-T04/path/?page={wrong}", 400)


def test_the_workbook_holds_the_method_and_every_unit(gansu):  # noqa: F811
    answer = open_as(gansu, "province", "/targets/GS-T04/path/export/")
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[:4]] == ["文件", "条款", "地区", "统计时点"]
    assert "算法" in [row[0] for row in rows]
    heads = next(number for number, row in enumerate(rows) if row[0] == "地区" and row[1] == "单位")
    assert rows[heads] == ["地区", "单位", "现有", "增加", "补到", "责任单位"]
    named = [row[1] for row in rows[heads + 1 : heads + 5]]
    assert named == ["天庆嘉园社区", "西苑社区", "畅家巷社区", "富康社区"]
