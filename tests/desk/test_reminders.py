"""The workbench tells who keeps registers what runs out or is missing in them, each with its list."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from communities.facilities.models import ServiceFacility
from linkage.desk.reminders import REMINDERS
from organizations.charity.models import CharityEntity, Donation
from organizations.models import OperatingContract, Rating
from tests.organizations.conftest import filed, registered
from tests.queries import at_most
from tests.socialwork import makers

pytestmark = pytest.mark.django_db


def numbers(site):
    return {item.key: number for item, number in site.get("/").context["reminders"]}


@pytest.fixture
def running_out(world):
    """One of each, at 幸福里."""
    here, today = world.xingfuli, timezone.localdate()
    soon = today + timedelta(days=20)
    filed(here, filing_valid_to=soon)
    known = registered(here, registered_on=date(2015, 3, 1))
    for name, issued in (("到期的", today.year - 6), ("将到期的", None)):
        row = registered(here, name, registered_on=today)
        Rating.objects.create(organization=row, grade="3A", issued_on=date(issued or today.year - 4, 1, 1))
        if issued is None:
            Rating.objects.filter(organization=row).update(valid_to=soon)
    for number, ends in ((1, today - timedelta(days=5)), (2, soon)):
        worker = makers.worker(here, f"社工{number}", makers.identity(number))
        paper = makers.registered(makers.certificate(worker, passed_on=date(2015, 6, 1)))
        type(paper).objects.filter(pk=paper.pk).update(starts_on=ends - timedelta(days=1095), ends_on=ends)
    for name, ends in (("甲", today - timedelta(days=5)), ("乙", soon)):
        thing = ServiceFacility.objects.create(region=here, name=name, kind="day_care")
        facts = {"mode": "government_and_society", "valid_from": date(2020, 1, 1), "valid_to": ends}
        OperatingContract.objects.create(facility=thing, organization=known, **facts)
    shop = CharityEntity.objects.create(region=here, name="爱心超市", kind="love_supermarket")
    facts = {"donor_kind": "person", "donor_name": "李四", "kind": "money", "received_on": today}
    Donation.objects.create(entity=shop, amount=Decimal(10), **facts)


def test_each_reminder_is_the_number_of_the_list_it_leads_to(world, client, running_out):
    client.force_login(world.people["county"])
    told = numbers(client)
    assert set(told) == set(REMINDERS)
    assert told == {key: len(client.get(REMINDERS[key].url).context["cl"].result_list) for key in REMINDERS}
    page = client.get("/").content.decode()
    assert "台账提醒" in page and REMINDERS["filings"].url.replace("&", "&amp;") in page


def test_only_who_keeps_a_register_is_reminded_of_it(world, client, running_out):
    keeper = world.people["county"]
    client.force_login(keeper)
    keeper.posts.update(duty="charity")
    assert set(numbers(client)) == {"receipts"}
    keeper.posts.update(duty="community")
    assert set(numbers(client)) == {"contracts", "contracts_ended"}
    client.force_login(world.people["observer"])  # of the city: looks at all of it and keeps nothing
    assert numbers(client) == {}
    client.force_login(world.people["stranger"])
    assert numbers(client) == {}


def test_reminders_cost_no_query_of_their_own(world, client, running_out):
    client.force_login(world.people["street"])
    with at_most(18):
        assert client.get("/").context["reminders"]
