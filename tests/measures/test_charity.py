"""The fifth party: gifts, funds and their uses, entities, resident units that share; and what is compared."""

from datetime import date
from decimal import Decimal

from communities.models import AffairChange, CommunityAffairItem, ResidentUnit
from linkage.foundation import keeping
from organizations.charity import services
from organizations.charity.models import CharityEntity, Donation, FundUse, SpecialFund
from organizations.services.changing import change_status
from tests.measures.figures import days_ago, figures, marked, today
from tests.measures.test_organizations import YEAR, budget
from tests.socialwork.makers import organization

LAST_YEAR = date(YEAR - 1, 12, 31)


def shop(region, name="爱心超市", **facts):
    return CharityEntity.objects.create(region=region, name=name, kind="love_supermarket", **facts)


def gift(entity, amount="100.05", kind="money", received_on=None, **facts):
    facts = {"donor_kind": "individual", "donor_name": "陈建国", "handler": "马晓燕", **facts}
    return Donation.objects.create(
        entity=entity,
        kind=kind,
        amount=amount and Decimal(amount),
        received_on=received_on or today(),
        **facts,
    )


def test_gifts_of_money_of_the_year_count_in_fen_where_the_entity_is_at_home(world):
    county, place = world.region("620102"), world.xingfuli
    entity = shop(place)
    gift(entity)
    gift(entity, received_on=LAST_YEAR)
    gift(entity, "900", kind="goods", description="轮椅 2 辆")
    with marked():
        gift(shop(county, "慈善会"), "7")
    keeping.remove(gift(entity), by=world.people["community"], reason="录入错误")
    assert figures("donations_received") == {place.pk: 10005, county.pk: 700}
    with marked():
        entity.region = world.wuyi
        entity.save()
    assert figures("donations_received") == {world.wuyi.pk: 10005, county.pk: 700}


def test_a_reversed_donation_counts_until_the_day_of_its_reversal(world):
    row = gift(shop(world.xingfuli), received_on=max(days_ago(2), date(YEAR, 1, 1)))
    with marked():
        services.reverse(row, by=world.people["community"], happened_on=today(), reason="重复登记")
    assert figures("donations_received") == {}
    if row.received_on < today():
        assert figures("donations_received", row.received_on) == {world.xingfuli.pk: 10005}


def test_funds_and_what_they_gave_out_this_year(world):
    entity = shop(world.xingfuli)
    fund = SpecialFund.objects.create(entity=entity, name="助老基金", purpose="助老")
    SpecialFund.objects.create(entity=entity, name="旧基金", purpose="助学", valid_to=days_ago(1))

    def use(amount, day):
        return FundUse.objects.create(
            fund=fund, used_on=day, amount=Decimal(amount), instrument="purchase", purpose="上门服务"
        )

    use("5", LAST_YEAR)
    with marked():
        use("30.50", today())
    assert figures("fund_uses") == {world.xingfuli.pk: 3050}
    assert figures("charity_funds") == {world.xingfuli.pk: 1}
    with marked():
        fund.valid_to = days_ago(1)
        fund.save()
    assert figures("charity_funds") == {}


def test_entities_there_on_the_day(world):
    shop(world.xingfuli)
    shop(world.xingfuli, "已停办", valid_to=days_ago(1))
    with marked():
        shop(world.region("620102020"), "街道慈善站")
    assert figures("charity_entities") == {world.xingfuli.pk: 1, world.region("620102020").pk: 1}


def test_resident_units_that_named_something_they_can_give(world):
    def unit(name, resources, **facts):
        return ResidentUnit.objects.create(
            region=world.xingfuli, name=name, kind="enterprise", resources=resources, **facts
        )

    unit("第三中学", ["room"])
    silent = unit("粮站", [])
    unit("旧厂", ["room"], valid_to=days_ago(1))
    assert figures("units_sharing") == {world.xingfuli.pk: 1}
    with marked():
        silent.resources = ["volunteers"]
        silent.save()
    assert figures("units_sharing") == {world.xingfuli.pk: 2}


def test_money_of_all_sources_and_purposes_is_what_a_place_puts_in(world):
    county = world.region("620102")
    budget(county, source="budget", purpose="stations", amount="10")
    budget(county, source="lottery", amount="2.50")
    budget(county, YEAR - 1, amount="7")
    assert figures("community_input") == {county.pk: 1250}
    assert figures("community_input_before") == {county.pk: 700}


def test_affairs_in_the_list_without_those_that_left_it(world):
    county = world.region("620102")
    taken, kept, _pending = (
        CommunityAffairItem.objects.create(region=county, name="代办年审", listed_on=days_ago(30)),
        CommunityAffairItem.objects.create(region=county, name="入户统计", listed_on=days_ago(30)),
        CommunityAffairItem.objects.create(
            region=county, name="新增检查", decision="pending", requested_by="某局", requested_on=days_ago(3)
        ),
    )
    AffairChange.objects.create(item=kept, kind="streamlined", changed_on=days_ago(2))
    with marked():
        AffairChange.objects.create(item=taken, kind="cancelled", changed_on=days_ago(1))
    assert figures("affairs_listed") == {county.pk: 1}
    assert figures("affairs_listed", days_ago(2)) == {county.pk: 2}


def test_organisations_that_ended_in_the_year_count_once(world):
    row = organization(world.xingfuli, "老年书画社", established_on=date(2015, 1, 1))
    with marked():
        change_status(
            row, "revoked", by=world.people["community"], happened_on=today(), reason="连续两年未年检"
        )
    change_status(row, "cancelled", by=world.people["community"], happened_on=today(), reason="注销登记")
    assert figures("orgs_ended") == {world.xingfuli.pk: 1}
    assert figures("orgs_ended", LAST_YEAR) == {}
