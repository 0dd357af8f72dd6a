"""What is entered twice is found and merged; what stands in the way; who puts back what was removed."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError

from communities.offices.models import Post
from communities.people.models import Person
from linkage.foundation import keeping
from linkage.foundation.ledger import Mergeable
from linkage.foundation.registers import Register
from linkage.foundation.registers.merging import Merging
from organizations.charity import services as charity
from socialwork.models import SocialWorker
from tests import factories
from tests.registers.rows import DAY, LATER, Rows

pytestmark = pytest.mark.django_db


def worker(person, region, name):
    return SocialWorker.objects.create(person=person, region=region, name=name)


def test_what_a_place_keeps_is_merged_with_its_like_in_that_place(world):
    """Both people are a social worker here, one of them elsewhere too: the rows of here become one."""
    here, elsewhere = world.xingfuli, world.wuyi  # which comes first in the order of places
    one, double = (Person.objects.create(region=here, name="王") for _number in range(2))
    worker(one, elsewhere, "elsewhere")
    kept, merged = worker(one, here, "here"), worker(double, here, "here too")
    keeping.merge(one, double, by=world.people["community"], reason="entered twice")
    merged.refresh_from_db()
    assert merged.merged_into == kept
    assert {row.name for row in SocialWorker.objects.all()} == {"elsewhere", "here"}


def test_an_administrator_puts_back_what_lies_under_the_own_place_alone(world):
    row = Rows(world.xingfuli, "near")["communities.Grid"]
    keeping.remove(row, by=world.people["community"], reason="entered twice")
    stranger = factories.person("jiuquan_admin", "管", world.offices["620902"], Post.Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        keeping.restore(row, by=stranger)
    assert keeping.restore(row, by=world.people["county_admin"]).removed_at is None


# Every register: merged, or named with its reason

DESKS = {
    model._meta.label: desk for model, desk in admin.site._registry.items() if isinstance(desk, Register)
}
REASON = re.compile(r"^\| `([a-z]+\.\w+)` \| (.{20,}) \|$", re.MULTILINE)


def test_every_register_can_be_merged_or_says_why_not():
    about = (Path(settings.BASE_DIR) / "docs/registers.md").read_text()
    reasons = [label for label, _reason in REASON.findall(about.partition("## What is not merged")[2])]
    merged = {label for label in DESKS if issubclass(apps.get_model(label), Mergeable)}
    assert sorted(reasons) == sorted(set(DESKS) - merged)


def test_whatever_can_be_merged_has_its_own_suggestions():
    dumb = [label for label, desk in DESKS.items() if type(desk).doubles is Merging.doubles]
    assert [label for label in dumb if issubclass(apps.get_model(label), Mergeable)] == []


def test_a_desk_that_names_actions_keeps_those_of_every_register():
    lost = {
        (label, name)
        for label, desk in DESKS.items()
        for kind in ("actions", "actions_list", "actions_detail")
        for name in getattr(Register, kind)
        if name not in getattr(desk, kind)
    }
    assert lost == set()
    assert "show_comparison" in DESKS["charity.FundBudget"].actions_list


TWICE = {  # what the second row of the same thing says otherwise
    "communities.Grid": {"code": "other"},
    "communities.ResidentUnit": {"name": "other"},
    "communities.CommunityPlan": {"title": "other"},
    "facilities.OpenedResource": {"name": "other", "kind": "equipment"},
    "organizations.SupportPolicy": {"title": "other"},
    "charity.CharityEntity": {"name": "other"},
    "charity.SpecialFund": {"name": "other"},
    "charity.StockItem": {"name": "（near）"},
    "charity.PublicFundraisingPlan": {},
    "socialwork.RecruitmentPosting": {"title": "other"},
    "socialwork.Cooperation": {"partner": "other"},
    "volunteers.VolunteerActivity": {},
}


def copy(row, **said):
    found = type(row).everything.get(pk=row.pk)
    found.pk, found._state.adding = None, True
    for name, value in said.items():
        setattr(found, name, value)
    found.save()
    return found


@pytest.fixture
def county(world):
    return world.people["county"]


@pytest.mark.parametrize("label", TWICE)
def test_what_was_entered_twice_is_suggested_and_becomes_one(world, client, county, label):
    row = Rows(world.xingfuli, "near")[label]
    if label == "communities.CommunityPlan":
        type(row).objects.update(valid_from=DAY, valid_to=LATER)
    at = f"/admin/{row._meta.app_label}/{row._meta.model_name}/"
    client.force_login(county)
    assert f"{at}merge/" not in client.get(f"{at}doubles/").content.decode()
    double = copy(row, **TWICE[label])
    assert f"{at}doubles" in client.get(at).content.decode()
    assert f"{at}merge/?one={row.pk}&amp;other={double.pk}" in client.get(f"{at}doubles/").content.decode()
    sent = {"one": row.pk, "other": double.pk, "kept": row.pk, "reason": "重复登记"}
    assert client.post(f"{at}merge/", sent).status_code == 302
    assert list(type(row).objects.filter(pk__in=[row.pk, double.pk])) == [row]
    double.refresh_from_db()
    assert double.merged_into == row and double.removed_reason == "重复登记"


def test_a_post_entered_twice_is_known_by_who_holds_it(world, client, county):
    holding = Rows(world.xingfuli, "near")["socialwork.postholding"]
    double = copy(holding.post)
    copy(holding, post=double)
    client.force_login(county)
    at = "/admin/socialwork/socialworkpost/"
    page = client.get(f"{at}doubles/").content.decode()
    assert f"{at}merge/?one={holding.post_id}&amp;other={double.pk}" in page
    keeping.merge(holding.post, double, by=county, reason="重复登记")
    assert holding.post.holdings.get() == holding


# What stands in the way


def refused(kept, double, by):
    with pytest.raises(ValidationError) as told:
        keeping.merge(kept, double, by=by, reason="重复登记")
    assert type(double).objects.filter(pk=double.pk).exists()
    return told.value.messages


def test_posts_of_two_holders_are_two_posts(world, county):
    holding = Rows(world.xingfuli, "near")["socialwork.postholding"]
    double = copy(holding.post)
    other = worker(Person.objects.create(region=world.xingfuli, name="李"), world.xingfuli, "李")
    copy(holding, post=double, worker=other)
    assert len(refused(holding.post, double, county)) == 1


def test_receipts_stay_with_the_body_that_gave_them(world, county):
    donation = Rows(world.xingfuli, "near")["charity.donation"]
    entity, fund = donation.entity, donation.fund
    double = copy(entity, name="other")
    assert len(refused(double, entity, county)) == 1
    assert keeping.merge(entity, double, by=county, reason="重复登记") == entity
    if fund is not None:
        assert len(refused(copy(fund, name="other"), fund, county)) == 1


def test_funds_and_goods_of_two_bodies_are_two(world, county):
    rows = Rows(world.xingfuli, "near")
    for label in ("charity.specialfund", "charity.stockitem"):
        row = rows[label]
        assert len(refused(row, copy(row, entity=copy(row.entity, name=label)), county)) == 1


def test_goods_of_merged_bodies_are_added_up(world, county):
    item = Rows(world.xingfuli, "near")["charity.stockitem"]
    entity = item.entity
    double = copy(item, entity=copy(entity, name="other"))
    for one, quantity in ((item, 3), (double, 4)):
        one.quantity = 0
        one.save()
        charity.book(
            one, by=county, kind="found", quantity=Decimal(quantity), happened_on=DAY, purpose="盘点"
        )
    keeping.merge(entity, double.entity, by=county, reason="重复登记")
    item.refresh_from_db()
    assert item.quantity == 7 and entity.stock.get() == item
    assert sum(movement.effect for movement in item.movements.all() if movement.happened_on == DAY) == 7


def test_goods_in_different_units_are_not_the_same(world, county):
    item = Rows(world.xingfuli, "near")["charity.stockitem"]
    assert len(refused(item, copy(item, unit="袋"), county)) == 1


def test_verified_services_stay_with_their_activity(world, county):
    rows = Rows(world.xingfuli, "near")
    record, activity = rows["volunteers.servicerecord"], rows["volunteers.volunteeractivity"]
    double = copy(activity)
    by = {"verified_at": record.ended_at, "verified_by": world.people["street"]}
    type(record).everything.filter(pk=record.pk).update(activity=activity, **by)
    assert len(refused(double, activity, county)) == 1
    keeping.merge(activity, double, by=county, reason="重复登记")


def test_grids_with_a_lead_each_are_two(world, county):
    lead = Rows(world.xingfuli, "near")["people.gridworker"]
    lead.role, lead.kind = "lead", ""
    lead.save()
    double = copy(lead.grid, code="other")
    other = copy(lead, grid=double, person=Person.objects.create(region=world.xingfuli, name="李"))
    assert len(refused(lead.grid, double, county)) == 1
    type(lead).objects.filter(pk=other.pk).update(person=lead.person)
    keeping.merge(lead.grid, double, by=county, reason="重复登记")
    assert lead.grid.workers.get() == lead


def test_rooms_used_at_one_time_are_two(world, county):
    use = Rows(world.xingfuli, "near")["facilities.resourceuse"]
    double = copy(use.resource, name="other", room="other")
    later = copy(use, resource=double, starts="10:00", ends="11:00")
    clash = copy(use, resource=double, starts="09:30", ends="09:45")
    assert len(refused(use.resource, double, county)) == 1
    keeping.remove(clash, by=county, reason="登记错误")
    keeping.merge(use.resource, double, by=county, reason="重复登记")
    assert set(use.resource.uses.all()) == {use, later}
