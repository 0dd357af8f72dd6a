"""The desk of charity: receipts close the form, hidden names stay hidden, budgets are not overdrawn."""

from datetime import date
from decimal import Decimal

import pytest

from communities.offices.models import User
from organizations.charity.models import (
    CappedSpending,
    CharityEntity,
    Donation,
    FundBudget,
    FundDisclosure,
    FundSpending,
    PublicFundraisingPlan,
    SpecialFund,
    StockItem,
)
from tests.organizations.desk import address, errors, step, typed

PHONE = "13800001234"


@pytest.fixture
def desk(client, world):
    def sits(who):
        User.objects.filter(username=who).update(is_staff=True)
        client.force_login(User.objects.get(username=who))
        return client

    return sits


@pytest.fixture
def shop(world):
    return CharityEntity.objects.create(region=world.xingfuli, name="爱心超市", kind="love_supermarket")


def send(site, shop, **facts):
    here = address(Donation, "add")
    usual = {
        "entity": shop.pk,
        "donor_kind": "individual",
        "donor_name": "陈建国",
        "kind": "money",
        "amount": "500",
        "received_on": "2025-05-05",
    }
    return site.post(here, typed(site.get(here), **{**usual, **facts}))


def test_a_hidden_donor_is_hidden_on_every_page(desk, shop):
    site = desk("community")
    answer = send(site, shop, hide_name="on", donor_phone="138 0000 1234")
    assert answer.status_code == 302, errors(answer)
    row = Donation.objects.get()
    assert (row.real_name, row.donor_phone) == ("陈建国", PHONE)
    for page in (address(Donation, "changelist"), address(row), address(row, "history")):
        text = site.get(page).content.decode()
        assert "陈建国" not in text and PHONE not in text
    assert "爱心人士" in site.get(address(Donation, "changelist")).content.decode()
    found = site.get(address(Donation, "changelist", q="陈建国"))
    assert list(found.context["cl"].result_list) == []
    answer = site.post(address(row), typed(site.get(address(row)), wish="助学"))
    assert answer.status_code == 302, errors(answer)
    row.refresh_from_db()
    assert (row.real_name, row.donor_phone, row.wish) == ("陈建国", PHONE, "助学")


def test_a_receipt_closes_the_form_whatever_is_posted(desk, shop):
    site = desk("community")
    send(site, shop, receipt_no="0001", receipt_on="2025-05-06", handler="马晓燕")
    row = Donation.objects.get()
    answer = site.post(address(row), typed(site.get(address(row)), amount="900", receipt_no="", wish="助学"))
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.receipt_no, row.wish) == (500, "0001", "助学")
    assert site.post(address(row, "delete"), {"reason": "录错了"}).status_code in (403, 422)
    chosen = {"action": "remove_chosen", "_selected_action": [row.pk], "reason": "录错了"}
    site.post(address(Donation, "changelist"), chosen)
    assert Donation.objects.filter(pk=row.pk).exists()

    assert site.get(step(row, "reverse")).status_code == 200
    answer = site.post(step(row, "reverse"), {"happened_on": "2025-05-08", "reason": "金额错误"})
    assert answer.status_code == 302
    assert Donation.objects.effective().money() == 0
    states = site.get(address(Donation, "changelist")).content.decode()
    assert "冲正" in states or "revers" in states


@pytest.mark.parametrize(("asked", "found"), [("none", 1), ("issued", 1), ("reversed", 0)])
def test_receipts_are_filtered(desk, shop, asked, found):
    site = desk("community")
    send(site, shop)
    send(site, shop, receipt_no="0001", receipt_on="2025-05-06", handler="马晓燕")
    page = site.get(address(Donation, "changelist", receipt=asked))
    assert len(page.context["cl"].result_list) == found


def test_goods_and_funds_move_by_their_pages(desk, shop):
    site = desk("community")
    item = StockItem.objects.create(entity=shop, name="棉被", unit="床")
    fund = SpecialFund.objects.create(entity=shop, name="助老基金", purpose="助老")
    facts = {"kind": "issued", "quantity": "3", "happened_on": "2025-05-05", "purpose": "过冬"}
    assert site.post(step(item, "book"), facts).status_code == 422
    assert site.post(step(item, "book"), {**facts, "kind": "received"}).status_code == 302
    assert site.post(step(item, "book"), facts).status_code == 302
    item.refresh_from_db()
    assert item.quantity == 0 and item.movements.count() == 2

    facts = {"amount": "100", "happened_on": "2025-05-06", "instrument": "purchase", "purpose": "上门服务"}
    assert site.post(step(fund, "draw"), facts).status_code == 422
    send(site, shop, fund=fund.pk)
    assert site.post(step(fund, "draw"), facts).status_code == 302
    assert fund.balance == 400
    for row in (item, fund):
        assert site.get(address(row)).status_code == 200
        assert desk("stranger").get(address(row)).status_code == 404
        site = desk("community")


def test_quantity_is_not_a_field_of_the_form(desk, shop):
    site = desk("community")
    item = StockItem.objects.create(entity=shop, name="棉被", unit="床")
    site.post(address(item), typed(site.get(address(item)), quantity="99"))
    item.refresh_from_db()
    assert item.quantity == 0


class TestBudget:
    def lines(self, row, *amounts):
        held = row.spendings.count()
        data = {"spendings-TOTAL_FORMS": held + len(amounts)}
        for number, amount in enumerate(amounts, start=held):
            data |= {
                f"spendings-{number}-budget": row.pk,
                f"spendings-{number}-title": f"项目{number}",
                f"spendings-{number}-recipient": "中心",
                f"spendings-{number}-amount": amount,
                f"spendings-{number}-committed_on": "2025-03-01",
                f"spendings-{number}-paid": "0",
            }
        return data

    def test_lines_commit_no_more_than_is_planned(self, desk, world):
        row = FundBudget.objects.create(
            region=world.region("620102"), year=2025, source="lottery", purpose="projects", amount=1000
        )
        site = desk("county")
        answer = site.post(address(row), typed(site.get(address(row)), **self.lines(row, "600", "400.01")))
        assert set(errors(answer)) == {"spendings"}
        assert not FundSpending.objects.exists()
        answer = site.post(address(row), typed(site.get(address(row)), **self.lines(row, "600", "400")))
        assert answer.status_code == 302, errors(answer)
        answer = site.post(address(row), typed(site.get(address(row)), amount="999"))
        assert set(errors(answer)) >= {"amount"}

    def test_a_line_entered_meanwhile_counts_too(self, desk, world):
        row = FundBudget.objects.create(
            region=world.region("620102"), year=2025, source="lottery", purpose="projects", amount=1000
        )
        site = desk("county")
        page = site.get(address(row))
        FundSpending.objects.create(
            budget=row, title="他人", recipient="中心", amount=700, committed_on=date(2025, 2, 1)
        )
        forged = typed(page, **{**self.lines(row), "spendings-TOTAL_FORMS": 1})
        forged |= {
            "spendings-0-budget": row.pk,
            "spendings-0-title": "项目",
            "spendings-0-recipient": "中心",
            "spendings-0-amount": "400",
            "spendings-0-committed_on": "2025-03-01",
            "spendings-0-paid": "0",
        }
        assert site.post(address(row), forged).status_code == 200
        assert FundSpending.objects.count() == 1


def test_every_list_and_form_of_charity_opens(desk, world, shop, django_assert_max_num_queries):
    county = world.region("620102")
    CappedSpending.objects.create(region=county, year=2025, source="hardship", total=100, purchased=1)
    FundDisclosure.objects.create(region=county, year=2024, published_on=date(2025, 6, 1), medium="网站")
    FundBudget.objects.create(
        region=county, year=2025, source="lottery", purpose="projects", amount=Decimal(10)
    )
    for number in range(5):
        one = CharityEntity.objects.create(region=world.tianqing, name=f"站{number}", kind="charity_station")
        Donation.objects.create(
            entity=one, donor_kind="unnamed", kind="money", amount=1, received_on=date(2025, 1, 1)
        )
        SpecialFund.objects.create(entity=one, name="基金", purpose="助老")
        StockItem.objects.create(entity=one, name="米", unit="袋")
    site = desk("county")
    for model in (
        CappedSpending,
        CharityEntity,
        Donation,
        FundBudget,
        FundDisclosure,
        PublicFundraisingPlan,
        SpecialFund,
        StockItem,
    ):
        with django_assert_max_num_queries(14):
            assert site.get(address(model, "changelist")).status_code == 200, model
        assert site.get(address(model, "add")).status_code == 200, model
        row = model.objects.first()
        if row is not None:
            assert site.get(address(row)).status_code == 200, model
    for share in ("near", "over"):
        assert site.get(address(CappedSpending, "changelist", share=share)).status_code == 200


def test_the_clerks_of_charity_keep_it_and_those_of_organisations_do_not(desk, shop):
    for duty, status in (("charity", 200), ("", 200), ("organization", 403)):
        User.objects.get(username="community").posts.update(duty=duty)
        assert desk("community").get(address(CharityEntity, "changelist")).status_code == status


class TestPaper:
    def test_the_receipt_says_what_the_law_asks_and_names_nobody_who_wishes_not_to_be(self, desk, shop):
        """慈善法 38, 82."""
        site = desk("community")
        facts = {"entity": shop, "donor_kind": "person", "kind": "money", "received_on": date(2026, 3, 1)}
        given = Donation.objects.create(donor_name="李四光", amount=Decimal("1005.40"), **facts)
        answer = site.get(step(given, "receipt"))
        assert answer.status_code == 302 and answer["Location"] == address(given)
        facts |= {"receipt_on": date(2026, 3, 2), "handler": "王会计"}
        for number, hidden in (("SJ-1", False), ("SJ-2", True)):
            row = Donation.objects.create(
                donor_name="李四光", amount=Decimal("1005.40"), receipt_no=number, hide_name=hidden, **facts
            )
            paper = site.get(step(row, "receipt")).content.decode()
            for told in (number, "1,005.40", "人民币壹仟零伍元肆角整", "爱心超市", "王会计", "2026年3月2日"):
                assert told in paper
            assert ("李四光" in paper, "爱心人士" in paper) == (not hidden, hidden)
        assert "作废" not in paper
        site.post(step(row, "reverse"), {"happened_on": "2026-03-05", "reason": "退回捐赠"})
        assert "作废" in site.get(step(row, "receipt")).content.decode()
        assert desk("stranger").get(step(row, "receipt")).status_code == 404
