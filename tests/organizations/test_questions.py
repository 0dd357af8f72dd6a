"""The questions of the register, on rows where their answers differ."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations.models import (
    AnnualInspection,
    Category,
    ClassificationScheme,
    CreditRecord,
    Employment,
    HostedAgency,
    OrganizationCategory,
    PartyOrganization,
    Penalty,
    Rating,
    ServedCommunity,
    SocialOrganization,
)
from tests.bench.plans import nodes, plan_of
from tests.organizations.conftest import agency, credit_code, employed, filed, guided, registered

ASK = SocialOrganization.objects
NUMBER = "11010519491231002X"


def names(rows):
    return sorted(rows.values_list("name", flat=True))


def test_three_tiers_are_counted_apart_and_what_does_not_work_not_at_all(world):
    guided(world.xingfuli, "台账")
    filed(world.xingfuli, "备案")
    registered(world.xingfuli, "登记")
    registered(world.xingfuli, "筹备", status="preparing", uscc="")
    guided(world.xingfuli, "注销", status="cancelled")
    registered(world.xingfuli, "整改", status="rectifying")
    registered(world.xingfuli, "行业协会", is_community_org=False)
    assert names(ASK.guided()) == ["台账"]
    assert names(ASK.filed()) == ["备案"]
    assert names(ASK.registered()) == sorted(["登记", "整改", "行业协会"])
    assert names(ASK.community_organizations()) == sorted(["台账", "备案", "登记", "整改"])


def test_a_community_has_what_is_at_home_there_and_what_serves_it_that_day(world):
    guided(world.xingfuli, "本社区")
    guided(world.tianqing, "邻社区")
    hub = filed(world.region("620102020"), "联合会", subtypes=["cso_federation"])
    ServedCommunity.objects.create(
        organization=hub,
        community=world.xingfuli,
        valid_from=date(2018, 1, 1),
        valid_to=date(2019, 12, 31),
    )
    assert names(ASK.serving(world.xingfuli, date(2019, 6, 1))) == sorted(["本社区", "联合会"])
    assert names(ASK.serving(world.xingfuli, date(2020, 1, 1))) == ["本社区"]
    assert names(ASK.at_home_in(world.xingfuli)) == ["本社区"]
    assert names(ASK.hubs()) == ["联合会"]


def test_nothing_was_registered_before_its_day(world):
    registered(world.xingfuli, "登记", registered_on=date(2018, 5, 1))
    assert names(ASK.registered(date(2018, 4, 30))) == []
    assert names(ASK.existing(date(2018, 4, 30))) == ["登记"]
    assert names(ASK.registered(date(2018, 5, 1))) == ["登记"]


class TestStaff:
    """社会组织专职工作人员, 从业人员: people, each once (DOMAIN §2.2)."""

    def test_the_two_head_counts_differ_from_the_rows(self, world):
        office = registered(world.xingfuli)
        club = filed(world.xingfuli)
        gone = registered(world.xingfuli, "已注销中心", status="cancelled")
        employed(office, "张明", number=NUMBER)
        employed(club, "张明", number=NUMBER)  # the same human, full time at a club that is only filed
        employed(office, "王芳", kind="part_time")
        employed(office, "李强", valid_to=date(2018, 1, 1))
        employed(gone, "赵亮")
        employed(club, "周静")  # full time, and not at a registered organisation
        assert Employment.objects.count() == 6
        assert Employment.objects.org_employees().count() == 4
        assert Employment.objects.org_employees().people().count() == 3
        assert Employment.objects.org_staff_fulltime().people().count() == 1
        assert Employment.objects.org_employees().part_time().count() == 1
        assert Employment.objects.org_staff_fulltime(date(2017, 1, 1)).people().count() == 2

    def test_the_list_shows_people_of_today_by_time(self, world):
        office = registered(world.xingfuli)
        employed(office, "张明", number=NUMBER, valid_from=date(2016, 1, 1), valid_to=date(2017, 1, 1))
        employed(office, "张明", number=NUMBER, valid_from=date(2018, 1, 1))
        employed(office, "李强")
        employed(office, "王芳", kind="part_time")
        guided(world.xingfuli)
        rows = {row.name: (row.full_time, row.part_time) for row in ASK.with_staff()}
        assert rows == {"益启社会工作服务中心": (2, 1), "夕阳红合唱队": (0, 0)}

    def test_seniority_is_counted_in_full_years(self, world):
        row = employed(registered(world.xingfuli), working_since=date(2010, 6, 2))
        assert row.seniority(date(2020, 6, 1)) == 9
        assert row.seniority(date(2020, 6, 2)) == 10


class TestParty:
    """应建未建: three members, no organisation (党章 30)."""

    def test_the_gap_closes_on_the_day_of_building(self, world):
        guided(world.xingfuli, "两名党员", party_members=2)
        choir = guided(world.xingfuli, "三名党员", party_members=3)
        guided(world.xingfuli, "已注销", party_members=5, status="cancelled")
        assert names(ASK.should_build_party()) == ["三名党员"]
        assert names(ASK.party_gap()) == ["三名党员"]
        assert choir.should_build_party()
        assert any("3" in text for text in choir.warnings())

        PartyOrganization.objects.create(
            organization=choir, name="党支部", form="own", valid_from=date(2020, 7, 1)
        )
        assert names(ASK.party_gap(date(2020, 6, 30))) == ["三名党员"]
        assert names(ASK.party_gap(date(2020, 7, 1))) == []
        assert choir.warnings() == []


class TestRating:
    """民政部令39号 8, 9 and 31."""

    @pytest.fixture
    def office(self, world):
        return registered(world.xingfuli, registered_on=date(2015, 3, 1))

    def refused(self, office, on):
        rating = Rating(organization=office, grade="3A", issued_on=on)
        with pytest.raises(ValidationError) as told:
            rating.full_clean(exclude=["valid_to"])
        return told.value.message_dict["issued_on"]

    def test_it_holds_five_years_and_not_a_day_longer(self, office):
        rating = Rating(organization=office, grade="4A", issued_on=date(2018, 3, 1))
        rating.full_clean(exclude=["valid_to"])
        rating.save()
        assert rating.valid_to == date(2023, 2, 28)
        assert ASK.rated(date(2018, 2, 28)).count() == 0
        assert ASK.rated(date(2023, 2, 28), at_least="3A").count() == 1
        assert ASK.rated(date(2023, 2, 28), at_least="5A").count() == 0
        assert ASK.rated(date(2023, 3, 1)).count() == 0
        assert ASK.rating_ends_soon(date(2023, 1, 1)).count() == 1
        assert ASK.rating_ends_soon(date(2022, 1, 1)).count() == 0

    def test_not_before_two_years_of_registration_and_only_when_registered(self, world, office):
        assert len(self.refused(office, date(2017, 2, 28))) == 1
        Rating(organization=office, grade="3A", issued_on=date(2017, 3, 1)).full_clean(exclude=["valid_to"])
        assert len(self.refused(guided(world.xingfuli), date(2020, 3, 1))) == 1
        office.registered_on = None
        assert len(self.refused(office, date(2020, 3, 1))) == 1

    @pytest.mark.parametrize("result", ["failed", "missed"])
    def test_not_after_a_failed_or_missed_inspection(self, office, result):
        AnnualInspection.objects.create(organization=office, year=2019, result=result)
        assert len(self.refused(office, date(2020, 3, 1))) == 1
        assert not list(self._reasons(office, date(2021, 3, 1)))

    def _reasons(self, office, on):
        try:
            Rating(organization=office, grade="3A", issued_on=on).full_clean(exclude=["valid_to"])
        except ValidationError as error:
            return error.messages
        return []

    def test_not_after_two_basic_inspections_in_a_row(self, office):
        AnnualInspection.objects.create(organization=office, year=2019, result="basic")
        assert self._reasons(office, date(2020, 3, 1)) == []
        AnnualInspection.objects.create(organization=office, year=2018, result="basic")
        assert len(self.refused(office, date(2020, 3, 1))) == 1

    def test_not_in_the_year_after_a_penalty_nor_before_it_is_carried_out(self, office):
        penalty = Penalty.objects.create(
            organization=office,
            kind="warning",
            decided_on=date(2019, 5, 1),
            authority="民政局",
            reason="未年检",
            carried_out_on=date(2019, 6, 1),
        )
        assert len(self.refused(office, date(2020, 3, 1))) == 1
        assert self._reasons(office, date(2021, 3, 1)) == []
        penalty.carried_out_on = None
        penalty.save()
        assert len(self.refused(office, date(2022, 3, 1))) == 1


def test_an_agency_is_hosted_from_a_day_to_a_day_and_while_both_work(world):
    """GS-2.2c: 接纳民办社工机构从事社会服务活动."""
    choir = guided(world.xingfuli)
    helper = agency(world.region("620902"))
    tie = HostedAgency(organization=choir, agency=helper, valid_from=date(2017, 1, 1))
    tie.full_clean()
    tie.save()
    assert names(ASK.hosting_agencies(date(2016, 12, 31))) == []
    assert names(ASK.hosting_agencies(date(2017, 1, 1))) == ["夕阳红合唱队"]
    assert names(ASK.hosting_agencies()) == ["夕阳红合唱队"]
    SocialOrganization.objects.filter(pk=helper.pk).update(subtypes=[])
    assert names(ASK.hosting_agencies()) == [], "no social-work agency any more"
    SocialOrganization.objects.filter(pk=helper.pk).update(subtypes=helper.subtypes)
    helper.status = "cancelled"
    helper.save()
    assert names(ASK.hosting_agencies()) == []
    with pytest.raises(ValidationError):
        HostedAgency(organization=choir, agency=registered(world.xingfuli)).full_clean()
    with pytest.raises(ValidationError):
        HostedAgency(organization=helper, agency=helper).full_clean()


def test_filings_that_end_are_named_before_and_after(world):
    today = timezone.localdate()
    filed(world.xingfuli, "将到期", filing_valid_to=today + timedelta(days=10))
    filed(world.xingfuli, "已到期", filing_valid_to=today - timedelta(days=1))
    filed(world.xingfuli, "长期", filing_valid_to=today + timedelta(days=365))
    filed(world.xingfuli, "无期限")
    assert names(ASK.filing_ends_soon()) == ["将到期"]
    assert names(ASK.filing_ended()) == ["已到期"]
    told = {row.name: len(row.warnings()) for row in ASK.all()}
    assert told == {"将到期": 1, "已到期": 1, "长期": 0, "无期限": 0}


def test_who_was_not_inspected_is_named(world):
    office = registered(world.xingfuli, "年检了")
    AnnualInspection.objects.create(organization=office, year=2025, result="passed")
    registered(world.xingfuli, "没年检")
    registered(world.xingfuli, "新登记", registered_on=date(2026, 2, 1))
    guided(world.xingfuli, "台账组织")
    assert names(ASK.not_inspected(2025)) == ["没年检"]


def test_who_was_not_inspected_is_looked_for_among_the_registered_alone(world):
    """Where nearly all are inspected the reminder reads to the end: of the index of a tenth, not of all."""
    asked = ASK.not_inspected(2025).order_by().values("pk").query.sql_with_params()
    plan = plan_of(*asked, "SET LOCAL enable_seqscan = off")
    read = {
        node["Index Name"] for node in nodes(plan) if node.get("Relation Name", "").endswith("organization")
    }
    assert read == {"organization_registered"}


def test_schemes_of_the_documents_meet_in_common_categories(world):
    """GS-4.2b, WH-3.2.1a, YZ-2.2c: several schemes, one list for figures across places."""
    codes = set(ClassificationScheme.objects.values_list("code", flat=True))
    assert codes == {"mca-2017", "weihai-2015", "sichuan", "gansu-2016", "yuzhong-2016"}
    gansu = Category.objects.filter(scheme__code="gansu-2016").values_list("name", flat=True)
    assert list(gansu) == ["城乡社区服务类", "公益慈善类", "行业协会商会类", "科技类"]
    for community, scheme, name in (
        (world.xingfuli, "gansu-2016", "公益慈善类"),
        (world.tianqing, "yuzhong-2016", "慈善救助类"),
        (world.hekou, "yuzhong-2016", "经济类"),
    ):
        OrganizationCategory.objects.create(
            organization=guided(community, name),
            category=Category.objects.get(scheme__code=scheme, name=name),
        )
    assert names(ASK.in_common_category("charity")) == sorted(["公益慈善类", "慈善救助类"])
    assert names(ASK.in_common_category("business")) == ["经济类"]


def test_sizes_of_a_registration_are_remarked_not_refused(world):
    few = registered(
        world.xingfuli,
        legal_form="association",
        uscc=credit_code("51"),
        individual_members=20,
        unit_members=12,
        initial_funds=10_000,
    )
    few.full_clean()
    assert len(few.warnings()) == 2
    for people, units in ((50, 0), (0, 30), (30, 20)):
        few.individual_members, few.unit_members = people, units
        assert len(few.warnings()) == 1
    fund = registered(
        world.xingfuli, "基金会", legal_form="foundation", uscc=credit_code("53"), initial_funds=3_000_000
    )
    assert fund.warnings() == []
    fund.is_charity = fund.public_fundraising = True
    assert len(fund.warnings()) == 1
    assert len(guided(world.xingfuli, "幸福里业主委员会").warnings()) == 1


def test_only_published_credit_in_force_is_shown_to_residents(world):
    choir = guided(world.xingfuli)
    facts = {"organization": choir, "kind": "negative", "source": "民政局", "recorded_on": date(2024, 1, 1)}
    shown = CreditRecord.objects.create(content="公开", **facts)
    CreditRecord.objects.create(content="不公开", is_public=False, **facts)
    CreditRecord.objects.create(content="已修复", valid_to=date(2024, 12, 31), **facts)
    assert list(choir.credit_records.published()) == [shown]
    assert choir.credit_records.published(date(2024, 6, 1)).count() == 2


def test_charities_are_those_recognised_by_the_day(world):
    registered(world.xingfuli, "慈善", is_charity=True, charity_since=date(2020, 1, 1))
    registered(world.xingfuli, "普通")
    assert names(ASK.charities()) == ["慈善"]
    assert names(ASK.charities(date(2019, 12, 31))) == []


def test_what_is_lacking_in_charters_is_listed(world):
    registered(world.xingfuli, "未写入")
    registered(world.xingfuli, "已写入", charter_party_clause=True)
    guided(world.xingfuli, "台账")
    assert names(ASK.without_party_clause()) == ["未写入"]
