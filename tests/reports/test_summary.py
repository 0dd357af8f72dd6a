"""汇总表: rows that add up, ratios of sums, what is missing said, a way down from each figure, paper, CSV."""

import csv
import io
from fractions import Fraction

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities.models import Level
from linkage.attainment.models import PlaceMeasures
from linkage.attainment.services import counting
from linkage.foundation import measures
from linkage.reports import codes
from linkage.reports.documents import cells
from linkage.reports.services import summary
from linkage.reports.services.summary import Kind, State
from tests.attainment.figures import set_figures, summed
from tests.attainment.test_pages import chinese, open_as, said  # noqa: F401 (a fixture)
from tests.queries import at_most

pytestmark = pytest.mark.django_db

# households (None: not reported), volunteers
HAVE = {"620102020001": (100, 30), "620102020002": (300, 20), "620102021001": (None, 50)}
ALL = Level.COMMUNITY


@pytest.fixture
def filled(world, chinese):  # noqa: F811
    """Figures made by hand: of communities, and of the county itself."""
    counting.rebuild()
    PlaceMeasures.objects.update(households=None, volunteers=0, lottery_fund=0, registered_orgs=0)
    for code, (households, volunteers) in HAVE.items():
        set_figures(world.region(code), households=households, volunteers=volunteers, communities=1)
    set_figures(world.region("620102"), registered_orgs=3, lottery_fund=1_234_56, communities=0)
    summed()
    return world


def rows(world, code, level, keys=("households", "volunteers", "registered_orgs", "communities")):
    return summary.read(list(keys), world.region(code), level, most=500).rows


def told(found, key):
    return [(row.kind, row.place.code, row.figures[key].value) for row in found if row.kind is not Kind.GROUP]


def test_lines_under_one_another_add_up_with_what_the_county_has_itself(filled):
    found = rows(filled, "620102", Level.STREET)
    orgs = told(found, "registered_orgs")
    assert (Kind.OWN, "620102", 3) in orgs
    for key in ("volunteers", "registered_orgs", "communities"):
        parts = [value for kind, _code, value in told(found, key) if kind in (Kind.PLACE, Kind.OWN)]
        assert sum(parts) == told(found, key)[-1][2]
    assert told(found, "volunteers")[-1] == (Kind.TOTAL, "620102", 100)


def test_each_place_between_has_its_subtotal_after_its_rows(filled):
    found = rows(filled, "620102", ALL)
    street = filled.region("620102020")
    kinds = [(row.kind, row.place.code) for row in found if street.contains(row.place)]
    assert kinds == [
        (Kind.GROUP, "620102020"),
        (Kind.PLACE, "620102020001"),
        (Kind.PLACE, "620102020002"),
        (Kind.SUBTOTAL, "620102020"),
    ]
    subtotal = next(row for row in found if row.kind is Kind.SUBTOTAL and row.place == street)
    assert subtotal.figures["volunteers"].value == 50


def test_what_nobody_reported_is_no_zero_and_is_told(filled):
    found = {row.place.code: row for row in rows(filled, "620102", ALL) if row.kind is Kind.PLACE}
    silent = found["620102021001"].figures["households"]
    assert (silent.value, silent.state) == (None, State.UNREPORTED)
    whole = rows(filled, "620102", ALL)[-1]
    assert whole.figures["households"].value == 400
    assert whole.missing == whole.figures["communities"].value - 2


def test_a_ratio_is_taken_of_sums_over_those_that_reported(filled):
    """30 of 100 and 20 of 300 households: 50 of 400, not the mean of 30 % and 6.7 %; the 50 volunteers of
    the community that reported no households are in neither."""
    column = codes.Column("每百户", share=("volunteers", "households"), times=100, unit="人")
    whole = rows(filled, "620102", ALL)[-1]
    assert cells.cell(column, whole.figures).text == "12.50"
    per_community = codes.Column("每社区户数", share=("households", "communities"), unit="户")
    assert cells.cell(per_community, whole.figures).text == "200.00"


def test_a_ratio_is_exact_until_it_is_shown():
    column = codes.Column("x", share=("volunteers", "communities"), unit="人")
    assert cells.ratio(column, 2, 3) == Fraction(2, 3)
    assert str(cells.rounded(Fraction(1, 8))) == "0.13"  # 0.125: half up
    assert str(cells.rounded(Fraction(-1, 8))) == "-0.13"
    money = codes.Column("x", share=("lottery_fund", "communities"), unit="元")
    assert cells.ratio(money, 250, 1) == Fraction(5, 2)  # 250 fen are 2.5 yuan


def test_every_figure_leads_down_and_at_a_community_to_the_records(filled):
    page = open_as(filled, "province", "/summary/?table=volunteers&place=620102").content.decode()
    assert "/summary/?table=volunteers&amp;place=620102020" in page
    street = open_as(filled, "province", "/summary/?table=volunteers&place=620102020").content.decode()
    pk = filled.region("620102020001").pk
    assert f"/measures/volunteers/records/{pk}/" in street
    open_as(filled, "province", f"/measures/volunteers/records/{pk}/")
    own = open_as(filled, "province", "/summary/?table=organisations&place=620102").content.decode()
    assert f"/measures/registered_orgs/records/{filled.region('620102').pk}/" in own
    assert "本级" in own


def test_projects_of_a_community_are_listed_one_by_one(filled):
    answer = open_as(filled, "province", "/summary/behind/approved_projects/620102020001/")
    assert "立项项目" in said(answer)
    open_as(filled, "stranger", "/summary/behind/approved_projects/620102020001/", 404)
    open_as(filled, "province", "/summary/behind/volunteers/620102020001/", 404)  # has records of its own


@pytest.mark.parametrize("who", ["province", "city", "county", "street", "community"])
def test_everybody_begins_at_home_and_no_table_asks_more_for_more_places(filled, who):
    client = Client()
    client.force_login(filled.fresh(who))
    client.get("/summary/")
    with at_most(22):
        answer = client.get("/summary/")
    assert answer.context["place"] == filled.people[who].home_region


def test_somebody_elses_place_is_no_place(filled):
    open_as(filled, "stranger", "/summary/?place=620102", 404)
    open_as(filled, "stranger", "/summary/export/?place=620102", 404)
    open_as(filled, "province", "/summary/?place=620102&level=9", 400)
    open_as(filled, "province", "/summary/?m-no_such_figure=1", 400)


def test_chosen_figures_are_a_table_of_their_own(filled):
    answer = open_as(filled, "county", "/summary/?table=own&m-volunteers=1&m-lottery_fund=1")
    assert [head.name for head in answer.context["sheet"].heads] == ["注册志愿者数", "当年安排的彩票公益金"]
    assert "请选择要汇总的指标" in said(open_as(filled, "county", "/summary/?table=own"))
    too_many = "&".join(f"m-{measure.key}=1" for measure in measures.registered()[:21])
    open_as(filled, "county", f"/summary/?table=own&{too_many}", 400)


def test_the_workbook_looks_like_the_paper_table(filled):
    answer = open_as(filled, "county", "/summary/export/?table=volunteers&level=5")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet["A1"].value.endswith("志愿者汇总表")
    assert sheet["A2"].value.startswith("填报单位：") and "截至日期" in sheet["A2"].value
    assert "A3:B4" in {str(span) for span in sheet.merged_cells.ranges}  # two lines of heads, two of places
    lines = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=5)}
    total = lines["合计", None]
    assert total[0].font.b and total[6 - 1].value == 100
    assert any(b == "小计" for _a, b in lines)
    assert any(str(a).startswith("制表人：") for a, _b in lines)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_csv_has_the_same_rows(filled):
    answer = open_as(filled, "county", "/summary/export/?table=volunteers&format=csv")
    read = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert read[2][:2] == ["地区", "社区（村）（个）"]
    assert read[-1][0] == "合计" and read[-1][4] == "100"


def test_an_edition_is_read_as_it_lay(filled):
    edition = counting.freeze("demand", counting.timezone.localdate())
    PlaceMeasures.objects.update(volunteers=999)
    summed()
    found = summary.read(["volunteers"], filled.region("620102"), Level.STREET, edition=edition, most=500)
    kept = found.rows[-1].figures["volunteers"].value
    assert kept != 999 and kept is not None
    page = open_as(filled, "county", f"/summary/?table=volunteers&edition={edition.pk}").content.decode()
    assert "/records/" not in page


def test_the_shipped_tables_name_what_there_is():
    assert {measure.key for _name, found in codes.by_register() for measure in found} == {
        measure.key for measure in measures.registered()
    }
    with pytest.raises(codes.Malformed, match="no measures"):
        codes.read({"table": [{"key": "x", "title": "x", "column": [{"name": "a", "measure": "nothing"}]}]})
    with pytest.raises(codes.Malformed, match="unit"):
        one = {"name": "a", "share": ["volunteers", "residents"]}
        codes.read({"table": [{"key": "x", "title": "x", "column": [one]}]})
