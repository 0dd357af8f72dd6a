"""Public money by place, year and source; what is capped; what must be published and filed in time."""

import html
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from organizations.charity.models import (
    CappedSpending,
    FundBudget,
    FundDisclosure,
    FundraisingDisclosure,
    FundSpending,
    PublicFundraisingPlan,
    unpublished,
)
from tests.organizations.conftest import registered


def budget(region, amount=1000, **facts):
    facts = {"year": 2025, "source": "lottery", "purpose": "projects", **facts}
    return FundBudget.objects.create(region=region, amount=Decimal(amount), **facts)


COMPARISON = "/admin/charity/fundbudget/comparison/"
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def lines(page):
    """The rows of the tables of a page, as texts."""
    return [[html.unescape(cell).strip() for cell in CELL.findall(row)] for row in ROW.findall(page)]


def as_said(row):
    """A row of the workbook as the page writes it; its head says what is in per cent."""
    if isinstance(row[1], str):
        return [*row[:4], row[4].removesuffix("（%）")]
    more = "+" if row[3] > 0 else ""
    percent = row[4] if isinstance(row[4], str) else f"{'+' if row[4] > 0 else ''}{row[4]:.1f}%"
    return [row[0], f"{row[1]:,.2f}", f"{row[2]:,.2f}", f"{more}{row[3]:,.2f}", percent]


class TestBudgets:
    def test_money_is_entered_by_place_year_source_and_purpose_once(self, world):
        county, city = world.region("620102"), world.region("6201")
        budget(county)
        budget(county, purpose="training")
        budget(county, source="budget")
        budget(city)
        with pytest.raises(IntegrityError), transaction.atomic():
            budget(county)
        with pytest.raises(IntegrityError), transaction.atomic():
            budget(county, year=2024, amount=-1)
        assert {row.level for row in FundBudget.objects.all()} == {2, 3}

    def test_lottery_money_of_each_level_in_a_year(self, world):
        """CQ-3.2b: 每年要从本级彩票公益金中安排一定资金."""
        budget(world.region("620102"))
        budget(world.region("6201"), amount=0)
        budget(world.region("62"), year=2024)
        budget(world.region("620123"), source="budget")
        places = set(FundBudget.objects.lottery(2025).values_list("region__name", flat=True))
        assert places == {"城关区"}

    def test_a_year_is_compared_with_the_one_before_by_source(self, world):
        """CQ-3.2a, HB-4.2c: 逐步扩大, 逐步加大."""
        county = world.region("620102")
        budget(county, 400, year=2024)
        budget(county, 600)
        budget(county, 100, purpose="training")
        budget(county, 50, source="earmarked", year=2024)
        budget(county, 9, year=2023)
        assert FundBudget.objects.by_source(2025) == {"lottery": (700, 400), "earmarked": (0, 50)}
        assert FundBudget.objects.by_purpose(2025) == {"projects": 600, "training": 100}
        assert FundBudget.objects.of_year(2025).total() == 700

    def test_the_page_compares_years_of_ones_places_or_of_one_of_them(self, world, client):
        city, county, foreign = (world.region(code) for code in ("6201", "620102", "620902"))
        budget(city, 1000, year=2024, source="budget")
        budget(city, 1500, source="budget")
        budget(county, 40, purpose="training")
        budget(foreign, 777)
        client.force_login(world.people["city"])

        def told(**asked):
            page = client.get(reverse("admin:charity_fundbudget_show_comparison"), {"year": 2025, **asked})
            assert page.status_code == 200
            return {
                line["name"]: (line["before"], line["now"], line["percent"])
                for _head, lines in page.context["tables"]
                for line in lines
            }

        all_places = told()
        assert all_places["财政预算（一般公共预算）"] == (1000, 1500, 50)
        assert all_places["彩票公益金（福彩）"] == (0, 40, None)
        assert (all_places["人才培训"], all_places["合计"]) == ((0, 40, None), (1000, 1540, 54))
        assert told(level="own")["合计"] == (1000, 1500, 50)
        assert told(place="620102")["合计"] == (0, 40, None)
        here = reverse("admin:charity_fundbudget_show_comparison")
        for wrong, status in (("year=1", 422), ("place=620902", 422), ("x=1", 400)):
            assert client.get(f"{here}?{wrong}").status_code == status

    def test_the_workbook_and_the_print_say_what_the_page_says(self, world, client):
        city, county = world.region("6201"), world.region("620102")
        budget(city, "1000000.55", year=2024, source="budget")
        budget(city, "1333333.33", source="budget")
        budget(county, 40000, purpose="training")
        budget(county, 7000, year=2024, purpose="training", source="earmarked")
        budget(world.region("620902"), 77777)
        client.force_login(world.people["city"])
        for asked in ({}, {"level": "own"}, {"place": "620102"}):
            asked = {"year": 2025, **asked}
            page = client.get(COMPARISON, asked).content.decode()
            said = lines(page)
            assert len(said) > 3
            assert lines(client.get(COMPARISON, {**asked, "as": "print"}).content.decode()) == said
            link = re.search(r'href="([?][^"]*as=xlsx[^"]*)"', page)[1]
            answer = client.get(COMPARISON + html.unescape(link))
            sheet = load_workbook(io.BytesIO(answer.getvalue())).active
            rows = [row for row in sheet.iter_rows(values_only=True) if row[1] is not None]
            assert [as_said(row) for row in rows] == said

    def test_the_papers_are_of_ones_own_places_and_of_known_shapes(self, world, client):
        budget(world.region("620902"), 77777)
        client.force_login(world.people["city"])
        for shape in ("print", "xlsx"):
            answer = client.get(COMPARISON, {"year": 2025, "as": shape})
            assert answer.status_code == 200
            assert client.get(COMPARISON, {"year": 2025, "place": "620902", "as": shape}).status_code == 422
        empty = load_workbook(io.BytesIO(answer.getvalue())).active
        assert not [row for row in empty.iter_rows(values_only=True) if row[1] is not None]
        assert client.get(COMPARISON, {"year": 2025, "as": "exe"}).status_code == 400

    def test_commitments_are_not_cut_away_and_nothing_is_overpaid(self, world):
        row = budget(world.region("620102"))
        facts = {"budget": row, "title": "驿站", "recipient": "中心", "committed_on": date(2025, 3, 1)}
        spent = FundSpending.objects.create(amount=800, paid=300, **facts)
        assert (row.committed, row.paid) == (800, 300)
        row.amount = Decimal("799.99")
        with pytest.raises(ValidationError):
            row.full_clean()
        spent.paid = Decimal(801)
        with pytest.raises(ValidationError):
            spent.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            spent.save()


class TestCap:
    """河北2021 四(二): 列支比例不高于2%."""

    def row(self, world, purchased, **facts):
        facts = {"year": 2025, "source": "hardship", "total": Decimal(1_000_000), **facts}
        return CappedSpending(region=world.region("620102"), purchased=Decimal(purchased), **facts)

    @pytest.mark.parametrize(
        ("purchased", "near", "over"),
        [
            ("14999.99", False, False),
            ("15000", True, False),
            ("20000", True, False),
            ("20000.01", False, True),
        ],
    )
    def test_it_is_remarked_from_one_and_a_half_percent_and_refused_above_two(
        self, world, purchased, near, over
    ):
        row = self.row(world, purchased)
        assert (row.is_near, row.is_over, bool(row.warnings())) == (near, over, near or over)
        if over:
            with pytest.raises(ValidationError) as told:
                row.full_clean()
            assert set(told.value.message_dict) >= {"doc_no"}
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()
            row.doc_no = "冀民[2022]12号"
        row.full_clean()
        row.save()
        assert (CappedSpending.objects.near().count(), CappedSpending.objects.over().count()) == (near, over)

    def test_the_share_is_exact(self, world):
        row = self.row(world, 1, total=Decimal(3))
        assert row.share * 3 == 1

    def test_no_more_than_the_whole_and_once_a_year_and_source(self, world):
        for wrong in ({"purchased": 11, "total": 10}, {"purchased": 0, "total": 0}):
            with pytest.raises(ValidationError):
                self.row(world, **wrong, doc_no="冀民〔2022〕12号").full_clean()
        self.row(world, 1).save()
        with pytest.raises(ValidationError):
            self.row(world, 2).full_clean()
        self.row(world, 2, source="assistance_work").save()


class TestDisclosure:
    def test_lottery_money_is_published_by_the_end_of_june(self, world):
        """彩票管理条例 36."""
        county, city = world.region("620102"), world.region("6201")
        budget(county)
        budget(city)
        late = FundDisclosure.objects.create(
            region=county, year=2025, published_on=date(2026, 7, 1), medium="网站"
        )
        assert late.warnings()
        assert list(FundDisclosure.objects.late()) == [late]
        assert not unpublished(2025, date(2026, 6, 30)).exists()
        assert {row.region for row in unpublished(2025, date(2026, 7, 1))} == {city}
        late.published_on = date(2026, 6, 30)
        assert late.warnings() == []
        late.save()
        assert not FundDisclosure.objects.late().exists()
        late.published_on = date(2024, 6, 30)
        with pytest.raises(ValidationError):
            late.full_clean()


class TestFundraising:
    """慈善法 24 and 79."""

    @pytest.fixture
    def charity(self, world):
        return registered(world.xingfuli, is_charity=True, public_fundraising=True)

    def plan(self, organization, **facts):
        facts = {
            "title": "冬日暖阳",
            "purpose": "过冬",
            "lead": "李静",
            "starts_on": date(2024, 1, 10),
            "ends_on": date(2024, 12, 31),
            "filed_on": date(2024, 1, 2),
            **facts,
        }
        return PublicFundraisingPlan(organization=organization, **facts)

    def test_it_is_filed_before_the_first_day_by_somebody_qualified(self, world, charity):
        self.plan(charity).full_clean()
        with pytest.raises(ValidationError) as told:
            self.plan(
                registered(world.xingfuli), filed_on=date(2024, 1, 10), ends_on=date(2024, 1, 9)
            ).full_clean()
        assert set(told.value.message_dict) >= {"organization", "filed_on", "ends_on"}
        with pytest.raises(IntegrityError), transaction.atomic():
            self.plan(charity, filed_on=date(2024, 1, 10)).save()

    def test_a_long_one_is_disclosed_every_three_months_and_after_its_end(self, charity):
        plan = self.plan(charity)
        plan.save()

        def tell(day):
            FundraisingDisclosure.objects.create(plan=plan, disclosed_on=day, raised=10, used=5)

        assert plan.disclosure_due(date(2024, 2, 1)) == date(2024, 4, 10)
        assert plan.warnings(date(2024, 4, 10)) == []
        assert plan.warnings(date(2024, 4, 11))
        tell(date(2024, 4, 1))
        assert plan.disclosure_due(date(2024, 4, 11)) == date(2024, 7, 2)
        tell(date(2024, 12, 30))
        assert plan.disclosure_due(date(2025, 1, 5)) == date(2025, 4, 1)
        assert plan.warnings(date(2025, 4, 2)), "one at the end is still due"
        tell(date(2025, 2, 1))
        assert plan.disclosure_due(date(2025, 5, 1)) is None

    def test_a_short_one_is_disclosed_within_three_months_of_its_end(self, charity):
        plan = self.plan(charity, ends_on=date(2024, 3, 31))
        plan.save()
        assert plan.disclosure_due(date(2024, 4, 1)) == date(2024, 7, 1)

    def test_no_more_is_used_than_was_raised(self, charity):
        plan = self.plan(charity)
        plan.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            FundraisingDisclosure.objects.create(plan=plan, disclosed_on=date(2024, 4, 1), raised=10, used=11)

    def test_those_under_way_on_a_day(self, charity):
        self.plan(charity).save()
        assert PublicFundraisingPlan.objects.running(date(2024, 6, 1)).count() == 1
        assert PublicFundraisingPlan.objects.running(date(2025, 1, 1)).count() == 0
