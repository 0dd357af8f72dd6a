"""What else is kept of an organisation: support, policies, its beginnings, the years of an agency."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from linkage.foundation import keeping
from organizations import services
from organizations.models import (
    AgencyPerformance,
    HubMember,
    ServedCommunity,
    SocialOrganization,
    Support,
    SupportPolicy,
)
from tests.organizations.conftest import agency, credit_code, filed, guided, registered

ASK = SocialOrganization.objects


def names(rows):
    return sorted(rows.values_list("name", flat=True))


def test_a_support_says_how_much_it_was(world):
    facts = {"organization": guided(world.xingfuli), "giver": "街道", "given_on": date(2024, 1, 1)}
    for given in ({"amount": 5000}, {"quantity": "活动室 40 平方米"}):
        Support(kind="activity_space", **given, **facts).full_clean()
    with pytest.raises(ValidationError) as told:
        Support(kind="activity_space", **facts).full_clean()
    assert set(told.value.message_dict) == {"quantity"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.create(kind="start_up_money", amount=-1, **facts)


def test_a_policy_of_support_is_kept_by_its_place_under_its_number(world):
    policy = SupportPolicy(
        region=world.region("620102"),
        paper="cultivation",
        title="若干措施",
        doc_no="城民发[2024]12号",
        kinds=["training"],
    )
    policy.full_clean()
    policy.save()
    assert (policy.doc_no, policy.get_kinds_labels()) == ("城民发〔2024〕12号", "人员培训")
    with pytest.raises(ValidationError):
        SupportPolicy(region=policy.region, paper="other", title="另一", doc_no="第12号").full_clean()


def test_a_document_of_purchase_or_fostering_has_its_number(world):
    county = world.region("620102")
    SupportPolicy(region=county, paper="other", title="通知").full_clean()
    with pytest.raises(ValidationError) as told:
        SupportPolicy(region=county, paper="purchase_rules", title="实施办法").full_clean()
    assert set(told.value.message_dict) == {"doc_no"}


def test_agencies_register_directly_and_may_be_founded_by_a_street(world):
    agency(world.xingfuli, "直接", direct_registration=True)
    agency(world.xingfuli, "有主管", supervisory_unit="城关区民政局")
    agency(world.xingfuli, "街道创建", founded_by_street=world.region("620102020"))
    registered(world.xingfuli, "普通中心", direct_registration=True)
    assert names(ASK.agencies()) == sorted(["直接", "有主管", "街道创建"])
    assert names(ASK.registered_directly()) == sorted(["直接", "普通中心"])
    assert names(ASK.founded_by_streets()) == ["街道创建"]


def test_a_hub_has_members_and_covers_communities(world):
    hub = filed(world.region("620102020"), "联合会", subtypes=["cso_federation"])
    choir = guided(world.xingfuli)
    HubMember.objects.create(organization=hub, member=choir, valid_from=date(2020, 1, 1))
    for community in (world.xingfuli, world.tianqing):
        ServedCommunity.objects.create(organization=hub, community=community)
    with pytest.raises(IntegrityError), transaction.atomic():
        HubMember.objects.create(organization=hub, member=choir, valid_from=date(2021, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        HubMember.objects.create(organization=hub, member=hub)
    with pytest.raises(ValidationError):
        ServedCommunity(organization=hub, community=world.region("620102020")).full_clean()
    assert hub.served.on().count() == 2


def test_the_year_of_an_agency_stands_once_in_four_facts(world):
    """HB-3.4d."""
    office = agency(world.xingfuli)
    facts = {"organization": office, "year": 2025}
    AgencyPerformance.objects.create(
        stations_run=2, organizations_fostered=5, resources_linked=120_000, volunteers_led=86, **facts
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyPerformance.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyPerformance.objects.create(organization=office, year=2024, resources_linked=-1)


def test_merging_two_entries_keeps_the_moves_members_and_staff_of_both(world, clerk):
    kept, double = guided(world.xingfuli), guided(world.xingfuli, leader_name="王桂兰")
    hub = filed(world.xingfuli, "联合会", subtypes=["hub"])
    HubMember.objects.create(organization=hub, member=double)
    services.change_status(double, "abnormal", by=clerk, happened_on=date(2020, 1, 1), reason="停办")
    keeping.merge(kept, double, by=clerk, reason="重复登记")
    kept.refresh_from_db()
    assert kept.leader_name == "王桂兰"
    assert [member.member for member in hub.members.all()] == [kept]
    assert kept.status_changes.count() == 1


def test_an_organisation_somebody_leans_on_is_not_removed(world, clerk):
    hub, choir = filed(world.xingfuli, "联合会"), guided(world.xingfuli)
    HubMember.objects.create(organization=hub, member=choir)
    with pytest.raises(ValidationError):
        keeping.remove(choir, by=clerk, reason="重复")
    keeping.remove(hub, by=clerk, reason="重复")
    keeping.remove(choir, by=clerk, reason="重复")
    assert not ASK.exists()
    registered(world.xingfuli, uscc=credit_code())


def test_a_removed_organisation_frees_its_code_and_comes_back_only_while_it_is_free(world, clerk):
    office = registered(world.xingfuli)
    keeping.remove(office, by=clerk, reason="录错社区")
    other = registered(world.tianqing, uscc=office.uscc)
    with pytest.raises(ValidationError):
        keeping.restore(SocialOrganization.everything.get(pk=office.pk), by=clerk)
    keeping.remove(other, by=world.people["street"], reason="让位")
    keeping.restore(SocialOrganization.everything.get(pk=office.pk), by=clerk)
    assert ASK.get().region == world.xingfuli


def test_merging_brings_the_code_only_the_other_one_knows(world, clerk):
    kept, double = filed(world.xingfuli), filed(world.xingfuli, uscc=credit_code())
    keeping.merge(kept, double, by=clerk, reason="重复登记")
    kept.refresh_from_db()
    assert kept.uscc == double.uscc
