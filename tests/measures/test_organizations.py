"""Organisations, who works there, whom they cover; and the money of places."""

from datetime import date
from decimal import Decimal

from linkage.foundation import keeping
from organizations.charity.models import CappedSpending, FundBudget
from organizations.models import Employment, ServedCommunity, SupportPolicy
from tests.measures.figures import days_ago, figures, here, marked, today
from tests.registers.rows import credit_code
from tests.socialwork.makers import employed, identity, organization

YEAR = today().year


def registered(region, number, **facts):
    return organization(region, f"机构{number}", "registered", uscc=credit_code("620102", number), **facts)


def filed(region, number):
    return organization(
        region,
        f"备案{number}",
        "filed",
        filing_number=f"备{number}",
        filing_street=region.ancestor_at(region.Level.STREET),
    )


def test_community_organisations_of_all_tiers_count_in_their_home_community(world):
    place = world.xingfuli
    registered(place, 1)
    filed(place, 1)
    organization(place, "台账队", "guided")
    organization(place, "异常队", status="abnormal")
    organization(place, "注销队", status="cancelled")
    organization(place, "筹备队", status="preparing")
    organization(place, "行业会", is_community_org=False)
    organization(world.region("620102020"), "街道队")
    keeping.remove(organization(place, "误录队"), by=world.people["community"], reason="录入错误")
    assert figures("community_orgs") == {place.pk: 4}


def test_registered_organisations_count_at_their_home_of_any_level(world):
    county = world.region("620102")
    registered(county, 1)
    registered(world.xingfuli, 2, status="revoked")
    filed(world.xingfuli, 1)
    with marked():
        last = registered(world.xingfuli, 3, is_community_org=False)
    assert figures("registered_orgs") == {county.pk: 1, world.xingfuli.pk: 1}
    with marked():
        last.region = world.wuyi
        last.save()
    assert figures("registered_orgs") == {county.pk: 1, world.wuyi.pk: 1}


def test_an_organisation_founded_later_did_not_count_before(world):
    organization(world.xingfuli, "新队", established_on=days_ago(10))
    assert here("community_orgs", world.xingfuli) == 1
    assert figures("community_orgs", days_ago(11)) == {}


def test_who_works_at_organisations_counts_once_where_the_last_employer_is(world):
    county = world.region("620102")
    agency, guided = registered(county, 1), organization(world.xingfuli, "互助会")
    employed(agency, "甲", identity(1), valid_from=date(2020, 1, 1))
    employed(agency, "乙", identity(2), "part_time")
    employed(agency, "丙", identity(3), valid_to=days_ago(1))
    employed(guided, "丁", identity(4))
    assert figures("org_employees") == {county.pk: 2, world.xingfuli.pk: 1}
    with marked():
        employed(guided, "甲", identity(1), valid_from=date(2022, 1, 1))
    assert figures("org_employees") == {county.pk: 1, world.xingfuli.pk: 2}
    assert figures("org_staff_fulltime") == {county.pk: 1}
    with marked():
        guided.status = "cancelled"
        guided.save()
    assert figures("org_employees") == {county.pk: 2}


def test_an_employment_that_ends_lets_another_one_count(world):
    first, second = registered(world.xingfuli, 1), registered(world.wuyi, 2)
    employed(first, "甲", identity(1), valid_from=date(2020, 1, 1))
    employed(second, "甲", identity(1), valid_from=date(2022, 1, 1))
    assert figures("org_staff_fulltime") == {world.wuyi.pk: 1}
    with marked():
        Employment.objects.filter(organization=second).update(kind="part_time")
    assert figures("org_staff_fulltime") == {world.xingfuli.pk: 1}
    assert figures("org_employees") == {world.wuyi.pk: 1}


def test_a_federation_covers_its_home_and_those_on_its_list(world):
    street = world.region("620102020")
    federation = organization(street, "联合会", subtypes=["cso_federation"])
    hub = organization(world.wuyi, "枢纽", subtypes=["hub"])
    ServedCommunity.objects.create(organization=hub, community=world.fukang, valid_to=days_ago(1))
    with marked():
        ServedCommunity.objects.create(organization=federation, community=world.xingfuli)
    assert figures("federation_served") == {world.xingfuli.pk: 1}
    assert figures("hub_own") == {world.wuyi.pk: 1}
    assert figures("hub_served") == {world.xingfuli.pk: 1, world.wuyi.pk: 1}
    with marked():
        federation.subtypes = ["supporting"]
        federation.save()
    assert figures("hub_served") == {world.wuyi.pk: 1}


def test_a_social_work_association_counts_at_the_level_of_its_city_or_county(world):
    city, county = world.region("6201"), world.region("620102")
    for place, number in ((city, 1), (county, 2), (world.region("62"), 3), (world.xingfuli, 4)):
        registered(place, number, subtypes=["sw_association"])
    registered(city, 5, subtypes=["sw_association"])
    registered(world.region("620123"), 6, subtypes=["sw_association"], status="revoked")
    organization(world.region("620171"), "筹建组", subtypes=["sw_association"])
    assert figures("sw_association") == {city.pk: 1, county.pk: 1}


# Money


def budget(region, year=YEAR, source="lottery", purpose="projects", amount="100.10", **facts):
    return FundBudget.objects.create(
        region=region, year=year, source=source, purpose=purpose, amount=Decimal(amount), **facts
    )


def test_lottery_money_is_of_the_year_and_of_the_place_itself_in_fen(world):
    county = world.region("620102")
    budget(county)
    budget(county, purpose="training", amount="0.05")
    budget(county, YEAR - 1, amount="7")
    budget(county, source="budget", amount="1000")
    budget(world.region("6201"), amount="20", adopted_on=today())
    keeping.remove(budget(world.xingfuli), by=world.people["community"], reason="录入错误")
    assert figures("lottery_fund") == {county.pk: 10015, world.region("6201").pk: 2000}
    assert figures("lottery_fund_before") == {county.pk: 700}
    if today() != date(YEAR, 1, 1):
        assert figures("lottery_fund", days_ago(1)) == {county.pk: 10015}


def test_social_work_stands_in_the_budget_of_a_place(world):
    city, county, other = (world.region(code) for code in ("6201", "620102", "620123"))
    budget(county, source="lottery", purpose="social_work")
    budget(other, YEAR - 1, source="budget", purpose="social_work")
    budget(world.region("6209"), source="budget", purpose="social_work", amount="0")
    with marked():
        budget(city, source="budget", purpose="social_work")
    budget(city, source="budget", purpose="posts")
    assert figures("sw_budget_line") == {city.pk: 1}


def test_capped_money_is_summed_over_its_sources_in_the_year(world):
    county = world.region("620102")

    def spent(source, total, purchased, year=YEAR):
        return CappedSpending.objects.create(
            region=county, year=year, source=source, total=Decimal(total), purchased=Decimal(purchased)
        )

    spent("assistance_work", "1000000", "20000")
    spent("hardship", "1", "0.01", YEAR - 1)
    with marked():
        spent("hardship", "0.50", "0.01")
    assert figures("capped_total") == {county.pk: 100000050}
    assert figures("capped_purchased") == {county.pk: 2000001}


def test_every_source_of_capped_money_is_also_a_unit_of_its_own(world):
    county = world.region("620102")

    def spent(source, total, purchased, year=YEAR):
        return CappedSpending.objects.create(
            region=county, year=year, source=source, total=Decimal(total), purchased=Decimal(purchased)
        )

    work = spent("assistance_work", "1000000", "20000")
    spent("hardship", "1", "0.01", YEAR - 1)
    with marked():
        hardship = spent("hardship", "0.50", "0.01")
    assert figures("fund_total") == {work.pk: 100000000, hardship.pk: 50}
    assert figures("fund_purchased") == {work.pk: 2000000, hardship.pk: 1}


# Documents of GS-4.2g


def test_places_with_a_document_of_their_own_in_force(world):
    province, county, street = (world.region(code) for code in ("62", "620102", "620102020"))

    def policy(region, paper, title="办法", **facts):
        facts = {"doc_no": "民发〔2024〕8号", **facts}
        return SupportPolicy.objects.create(region=region, paper=paper, title=title, **facts)

    policy(province, "purchase_rules")
    policy(street, "purchase_rules")
    policy(county, "purchase_rules", "旧办法", valid_to=days_ago(1))
    policy(county, "other", "其他", doc_no="")
    assert figures("purchase_rules_issued") == {province.pk: 1}
    with marked():
        policy(county, "cultivation")
    policy(county, "cultivation", "细则")
    assert figures("cultivation_issued") == {county.pk: 1}
    with marked():
        SupportPolicy.objects.filter(region=county, paper="cultivation").update(valid_to=days_ago(1))
    assert figures("cultivation_issued") == {}
    assert here("cultivation_issued", county, days_ago(1)) == 1
