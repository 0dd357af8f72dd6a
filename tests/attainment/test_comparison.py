"""对照其他文件: read against a document that does not govern the place; neutral, marked, counted twice."""

import copy
import io
import random

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from linkage.attainment.codes import UnitKind
from linkage.attainment.models import PlaceMeasures
from linkage.attainment.services import comparison, reading
from linkage.packs.services import load, shipped
from linkage.policy.models import PolicyDocument
from tests.attainment.figures import plain, set_figures, summed
from tests.attainment.test_pages import chinese, gansu, open_as, said  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture
def others(gansu):  # noqa: F811
    for path in shipped():
        if "gansu" not in path.name:
            load(path)
    return gansu


@pytest.mark.parametrize("seed", range(2))
def test_every_target_of_other_documents_is_what_plain_python_counts_here(others, seed):
    chance = random.Random(seed)
    PlaceMeasures.objects.all().delete()
    figures = (None, 0, 0, 1, 2, 3, 5, 9, 10, 11, 40, 5000)
    rows = [
        set_figures(region, **{key: chance.choice(figures) for key in PlaceMeasures.MEASURES})
        for region in others.regions.values()
    ]
    summed()
    tried = 0
    for document in PolicyDocument.objects.exclude(code="GS-2016"):
        for place in (others.region("62"), others.region("620102"), others.xingfuli):
            for found in comparison.compare(document, place, timezone.localdate()):
                target = copy.copy(found.target)
                if found.reading is None or not reading.connected(target) or target.table != "place":
                    continue
                here = copy.copy(document)
                here.region = place
                target.document, target.scope = here, "all"
                assert found.reading.figures == plain(target, place, rows), (target.code, place.name)
                tried += 1
    assert tried > 60


def test_ones_own_document_is_no_other_one(others):
    answer = open_as(others, "city", "/targets/comparison/")
    assert [document.code for document in answer.context["documents"]] == ["HB-2021", "CQ-2018", "WH-2015"]
    open_as(others, "city", "/targets/comparison/?policy=GS-2016", 404)
    open_as(others, "city", "/targets/comparison/?policy=YZ-2016", 404)
    open_as(others, "city", "/targets/comparison/?place=62&policy=CQ-2018", 404)
    open_as(others, "city", "/targets/comparison/?place=6209&policy=CQ-2018", 404)


def test_it_is_marked_and_carries_no_status(others):
    answer = open_as(others, "city", "/targets/comparison/?policy=WH-2015")
    text = said(answer)
    assert text.count("对照参考，不作为考核依据") >= 2
    assert "逾期" not in text and "未达标" not in text
    assert 'class="lk-state' not in answer.content.decode()
    row = next(row for row in answer.context["rows"] if row.line.target.code == "WH-T04")
    assert [line.target.code for line in row.own] == ["GS-T13"]  # judged one by one there, together here
    row = next(row for row in answer.context["rows"] if row.line.target.code == "WH-T05b")
    assert [line.target.code for line in row.own] == ["GS-T02b", "GS-T11"]


def test_what_belongs_to_the_other_programme_does_not_apply(others):
    """Gansu's own document, as a place outside it would be held against it."""
    document = PolicyDocument.objects.get(code="GS-2016")
    document.region = others.region("6209")
    document.save()
    found = {
        one.target.code: one
        for one in comparison.compare(document, others.region("6201"), timezone.localdate())
    }
    assert {code for code, one in found.items() if one.reading is None} == {
        "GS-T01", "GS-T10", "GS-T14a", "GS-T14b", "GS-T14c", "GS-T15a", "GS-T15b", "GS-T16",
    }  # fmt: skip
    assert found["GS-T14a"].target.unit == UnitKind.PILOT_COMMUNITY
    assert found["GS-T04"].widened and not found["GS-T13"].widened
    # Over all urban communities of the city, though none lies in a pilot area of a programme of 酒泉.
    assert found["GS-T04"].reading.figures == [1, 3, 3, 3]
    assert found["GS-T09"].reading.status == "part"


def test_a_total_of_another_territory_is_a_figure_without_judgement(others):
    answer = open_as(others, "province", "/targets/comparison/?policy=HB-2021")
    row = next(row for row in answer.context["rows"] if row.line.target.code == "HB-T04")
    assert row.result == "只列数字，不作对照"
    assert row.remark == "该文件对其全域提出的总量"


def test_the_workbook_is_marked_too(others):
    answer = open_as(others, "city", "/targets/comparison/export/?policy=CQ-2018")
    rows = [
        [cell.value for cell in row]
        for row in load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows()
    ]
    assert rows[0][0] == "对照参考，不作为考核依据"
    assert rows[1][:2] == ["地区", "兰州市"]
    open_as(others, "city", "/targets/comparison/export/", 404)
