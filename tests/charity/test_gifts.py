"""Donations with receipts, goods in stock, special funds: nothing edited away, nothing below nothing."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from linkage.foundation import history, keeping
from linkage.foundation.errors import NotNow
from organizations.charity import services
from organizations.charity.models import CharityEntity, Donation, SpecialFund, StockItem
from tests.organizations.conftest import registered

DAY = date(2025, 5, 5)


@pytest.fixture
def clerk(world):
    return world.people["community"]


@pytest.fixture
def shop(world):
    return CharityEntity.objects.create(region=world.xingfuli, name="爱心超市", kind="love_supermarket")


def gift(entity, **facts):
    facts = {
        "donor_kind": "individual",
        "donor_name": "陈建国",
        "kind": "money",
        "amount": Decimal(500),
        "received_on": DAY,
        "handler": "马晓燕",
        **facts,
    }
    row = Donation(entity=entity, **facts)
    row.full_clean()
    row.save()
    return row


def receipted(entity, number="0001", **facts):
    return gift(entity, receipt_no=number, receipt_on=DAY, **facts)


class TestReceipts:
    def test_a_number_stands_once_at_each_entity(self, world, shop):
        receipted(shop)
        with pytest.raises(ValidationError):
            receipted(shop)
        receipted(CharityEntity.objects.create(region=world.xingfuli, name="基金", kind="foundation"))
        gift(shop), gift(shop)  # without a number there may be many

    @pytest.mark.parametrize(
        "facts",
        [
            {"amount": Decimal(600)},
            {"donor_kind": "enterprise"},
            {"receipt_no": "0002"},
            {"receipt_no": ""},
            {"received_on": date(2025, 5, 4)},
            {"description": "另外"},
        ],
    )
    def test_what_stands_on_a_receipt_is_never_edited(self, shop, facts):
        row = receipted(shop)
        for name, value in facts.items():
            setattr(row, name, value)
        with pytest.raises(ValidationError):
            row.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            Donation.objects.filter(pk=row.pk).update(**facts)
        assert Donation.objects.get(pk=row.pk).amount == 500

    def test_nor_is_it_removed_but_reversed(self, shop, clerk):
        row = receipted(shop)
        with pytest.raises(ValidationError):
            keeping.remove(row, by=clerk, reason="金额错误")
        with pytest.raises(IntegrityError), transaction.atomic():
            Donation.objects.filter(pk=row.pk).update(removed_at=timezone.now(), removed_reason="错")
        reversal = services.reverse(row, by=clerk, happened_on=date(2025, 5, 8), reason="金额错误")
        assert Donation.objects.effective().money() == 0
        assert Donation.objects.effective(date(2025, 5, 7)).money() == 500
        assert (reversal.reverses, reversal.amount, reversal.handler) == (row, 500, clerk.name)
        with pytest.raises(NotNow):
            services.reverse(row, by=clerk, happened_on=DAY, reason="再次")
        with pytest.raises(NotNow):
            services.reverse(reversal, by=clerk, happened_on=DAY, reason="再次")
        with pytest.raises(ValidationError):
            keeping.remove(reversal, by=clerk, reason="撤回冲正")

    def test_without_a_receipt_it_is_corrected_and_removed_like_any_row(self, shop, clerk):
        row = gift(shop)
        row.amount = Decimal(50)
        row.save()
        assert Donation.objects.without_receipt().money() == 50
        keeping.remove(row, by=clerk, reason="录错")
        assert Donation.objects.effective().money() == 0

    def test_a_reversal_needs_a_day_after_the_donation_a_reason_and_somebody_of_the_place(
        self, world, shop, clerk
    ):
        row = receipted(shop)
        with pytest.raises(ValidationError) as told:
            services.reverse(row, by=clerk, happened_on=date(2025, 5, 4), reason="")
        assert set(told.value.message_dict) == {"happened_on", "reason"}
        for who in ("stranger", "observer"):
            with pytest.raises(PermissionDenied):
                services.reverse(row, by=world.people[who], happened_on=DAY, reason="错误")

    @pytest.mark.parametrize(
        ("facts", "wrong"),
        [
            ({"amount": None}, {"amount"}),
            ({"amount": Decimal(0)}, {"amount"}),
            ({"kind": "goods"}, {"description"}),
            ({"donor_name": ""}, {"donor_name"}),
            ({"receipt_no": "1"}, {"receipt_on"}),
            ({"receipt_no": "1", "receipt_on": DAY - timedelta(days=1)}, {"receipt_on"}),
            ({"receipt_no": "1", "receipt_on": DAY, "handler": ""}, {"handler"}),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, shop, facts, wrong):
        with pytest.raises(ValidationError) as told:
            gift(shop, **facts)
        assert set(told.value.message_dict) == wrong

    def test_money_is_never_negative(self, shop):
        row = gift(shop)
        for amount in (-1, 0):
            with pytest.raises(IntegrityError), transaction.atomic():
                Donation.objects.filter(pk=row.pk).update(amount=amount)


class TestPrivacy:
    """慈善法 82: the donor may forbid the name."""

    def test_the_name_is_sealed_and_shown_nowhere(self, shop):
        row = receipted(shop, hide_name=True)
        assert str(row).startswith("爱心人士")
        assert (row.donor_name, row.shown_donor, row.masked("real_name")) == ("爱心人士", "爱心人士", "陈**")
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(d)::text FROM charity_donation d")
            assert "陈建国" not in cursor.fetchone()[0]
            cursor.execute("SELECT to_jsonb(d)::text FROM charity_donationhistory d")
            assert "陈建国" not in cursor.fetchone()[0]
        told = [value for change in history.of(row) for _label, *values in change.values for value in values]
        assert told and not any("陈" in str(value) for value in told)

    def test_a_donor_may_wish_it_later_and_withdraw_the_wish_though_the_receipt_stands(self, shop):
        row = receipted(shop)
        row.hide_name = True
        row.save()
        assert (row.donor_name, row.real_name) == ("爱心人士", "陈建国")
        row = Donation.objects.get()
        row.hide_name = False
        row.save()
        assert (row.donor_name, row.real_name) == ("陈建国", "")

    def test_a_reversal_does_not_tell_the_name_either(self, shop, clerk):
        row = receipted(shop, hide_name=True)
        assert services.reverse(row, by=clerk, happened_on=DAY, reason="退款").shown_donor == "爱心人士"

    def test_a_collection_box_needs_no_name(self, shop):
        assert gift(shop, donor_kind="unnamed", donor_name="").shown_donor == "爱心人士"


class TestStock:
    @pytest.fixture
    def quilts(self, shop):
        return StockItem.objects.create(entity=shop, name="棉被", unit="床")

    def book(self, item, kind, quantity, by, **facts):
        facts = {"happened_on": DAY, "purpose": "过冬", **facts}
        return services.book(item, by=by, kind=kind, quantity=Decimal(quantity), **facts)

    def test_what_comes_in_and_goes_out_adds_up(self, shop, quilts, clerk):
        source = gift(shop, kind="goods", amount=None, description="棉被 30 床")
        self.book(quilts, "received", 30, clerk, donation=source)
        self.book(quilts, "issued", 12, clerk, households=12)
        self.book(quilts, "missing", 1, clerk)
        self.book(quilts, "found", 2, clerk)
        quilts.refresh_from_db()
        assert quilts.quantity == 19 == sum(row.effect for row in quilts.movements.all())

    def test_more_than_there_is_does_not_go_out(self, quilts, clerk):
        self.book(quilts, "received", 5, clerk)
        for kind in ("issued", "written_off", "missing"):
            with pytest.raises(ValidationError) as told:
                self.book(quilts, kind, "5.01", clerk)
            assert set(told.value.message_dict) == {"quantity"}
        with pytest.raises(IntegrityError), transaction.atomic():
            StockItem.objects.filter(pk=quilts.pk).update(quantity=-1)

    def test_the_bookings_that_are_wrong_are_told_all_at_once(self, world, quilts, clerk):
        other = CharityEntity.objects.create(region=world.xingfuli, name="基金", kind="foundation")
        with pytest.raises(ValidationError) as told:
            self.book(
                quilts,
                "issued",
                0,
                clerk,
                purpose=" ",
                happened_on=timezone.localdate() + timedelta(days=1),
                donation=gift(other),
            )
        assert set(told.value.message_dict) == {"quantity", "purpose", "happened_on", "donation"}

    def test_nobody_from_elsewhere_books(self, world, quilts):
        with pytest.raises(PermissionDenied):
            self.book(quilts, "received", 5, world.people["stranger_community"])


@pytest.mark.django_db(transaction=True)
def test_two_clerks_never_give_out_the_same_goods(world):
    """Five are left and each gives out three, in the same moment: one of them is told."""
    shop = CharityEntity.objects.create(region=world.xingfuli, name="爱心超市", kind="love_supermarket")
    item = StockItem.objects.create(entity=shop, name="棉被", unit="床")
    clerk = world.people["community"]
    services.book(item, by=clerk, kind="received", quantity=Decimal(5), happened_on=DAY)
    start, told = Barrier(2), []

    def give():
        try:
            start.wait()
            services.book(item, by=clerk, kind="issued", quantity=Decimal(3), happened_on=DAY, purpose="过冬")
        except ValidationError as error:
            told.append(error)
        finally:
            connection.close()

    hands = [Thread(target=give) for _hand in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    item.refresh_from_db()
    assert (item.quantity, len(told)) == (2, 1)


class TestFunds:
    @pytest.fixture
    def fund(self, world):
        entity = CharityEntity.objects.create(region=world.xingfuli, name="基金会", kind="foundation")
        return SpecialFund.objects.create(entity=entity, name="助老基金", purpose="助老")

    def draw(self, fund, amount, by, **facts):
        facts = {"happened_on": DAY, "instrument": "purchase", "purpose": "上门服务", **facts}
        return services.draw(fund, by=by, amount=Decimal(amount), **facts)

    def test_only_what_was_given_can_be_used(self, fund, clerk):
        gift(fund.entity, fund=fund, amount=Decimal(1000))
        gift(fund.entity, fund=fund, kind="goods", amount=Decimal(900), description="轮椅 2 辆")
        self.draw(fund, 700, clerk)
        assert (fund.received, fund.spent, fund.balance) == (1000, 700, 300)
        with pytest.raises(ValidationError) as told:
            self.draw(fund, "300.01", clerk)
        assert set(told.value.message_dict) == {"amount"}
        self.draw(fund, 300, clerk)
        assert fund.balance == 0

    def test_a_donation_that_is_used_up_is_not_reversed(self, fund, clerk):
        row = receipted(fund.entity, fund=fund)
        self.draw(fund, 400, clerk)
        with pytest.raises(NotNow):
            services.reverse(row, by=clerk, happened_on=DAY, reason="退款")
        gift(fund.entity, fund=fund, amount=Decimal(400))
        services.reverse(row, by=clerk, happened_on=DAY, reason="退款")
        assert fund.balance == 0

    def test_a_fund_of_another_entity_takes_no_donation(self, world, fund, shop):
        with pytest.raises(ValidationError) as told:
            gift(shop, fund=fund)
        assert set(told.value.message_dict) == {"fund"}


def test_a_foundation_is_tied_to_its_organisation(world):
    row = CharityEntity.objects.create(region=world.xingfuli, name="基金会", kind="community_foundation")
    assert len(row.warnings()) == 1
    row.organization = registered(world.xingfuli)
    assert len(row.warnings()) == 1, "the organisation is no charity yet"
    row.organization.is_charity = True
    assert row.warnings() == []
