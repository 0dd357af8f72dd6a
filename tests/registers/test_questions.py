"""What the documents ask of a register is a list on its desk, and its export has the same rows."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from communities.facilities.codes import StandardItem
from communities.facilities.models import ServiceFacility, StandardCheck, Station
from linkage.foundation.spreadsheets import describing, exporting
from organizations.models import (
    Category,
    HostedAgency,
    OperatingContract,
    OrganizationCategory,
    Rating,
    SocialOrganization,
)
from socialwork.models import SocialWorkPost
from socialwork.volunteers.models import Volunteer
from tests.organizations.conftest import agency, guided, registered
from tests.organizations.desk import address
from tests.socialwork import makers as workers
from tests.volunteers import makers as volunteers

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def listed(client, world):
    """``listed(model, parameter=value)``: the names in that list, as the county sees it."""
    client.force_login(world.people["county"])

    def look(model, **query):
        page = client.get(address(model, "changelist", **query))
        assert page.status_code == 200
        return {str(row) for row in page.context["cl"].result_list}

    look.site = client
    return look


def test_organisations_are_found_by_what_the_documents_ask_of_them(listed, world):
    here = world.xingfuli
    direct = registered(here, "直接登记的", direct_registration=True)
    founded = registered(here, "街道创建的", founded_by_street=here.parent)
    host, helper = guided(here, "接纳社工的"), agency(here, "社工机构")
    HostedAgency.objects.create(organization=host, agency=helper, valid_from=date(2024, 1, 1))
    hub = guided(here, "联合会", subtypes=["cso_federation"])
    charity = registered(here, "慈善的", is_charity=True)
    registered(world.wuyi, "外县直接登记", direct_registration=True)
    for key, row in {
        "direct": direct,
        "street": founded,
        "hosting": host,
        "hub": hub,
        "charity": charity,
    }.items():
        assert listed(SocialOrganization, found=key) == {row.name}, key
    assert listed.site.get(address(SocialOrganization, "changelist", found="secret")).status_code == 400


def test_ratings_in_force_and_the_common_category_narrow_the_list_and_its_export(listed, world):
    best, plain, lapsed = (registered(world.xingfuli, name) for name in ("五星的", "三星的", "到期的"))
    for row, grade, day in ((best, "5A", 2024), (plain, "3A", 2024), (lapsed, "4A", 2018)):
        Rating.objects.create(organization=row, grade=grade, issued_on=date(day, 1, 1))
    for row, common in ((best, "culture_sports"), (plain, "mutual_aid")):
        for category in Category.objects.filter(common=common)[:2]:  # of two schemes: told once
            OrganizationCategory.objects.create(organization=row, category=category)
    assert listed(SocialOrganization, rated="any") == {"五星的", "三星的"}
    assert listed(SocialOrganization, rated="4A") == {"五星的"}
    assert listed(SocialOrganization, common="mutual_aid") == {"三星的"}
    page = listed.site.get(address(SocialOrganization, "changelist", common="culture_sports"))
    assert [row.common_categories for row in page.context["cl"].result_list] == [["culture_sports"]]
    assert "文体活动类" in page.content.decode()
    sheet = describing.of(SocialOrganization)
    exported = exporting.listed(sheet, world.people["county"], {"common": "mutual_aid", "rated": "any"})
    assert [row.name for row in exported] == ["三星的"]


def test_contracts_are_found_by_operator_by_their_end_and_where_the_facility_says_otherwise(listed, world):
    today = TODAY()

    def run(name, by, *, operation="", **days):
        facility = ServiceFacility.objects.create(
            region=world.xingfuli, name=name, kind="day_care", operation=operation
        )
        mode = "public_built_private_run"
        facts = {"valid_from": date(2020, 1, 1), "mode": mode, **days}
        return OperatingContract.objects.create(facility=facility, organization=by, **facts)

    helper, other = agency(world.xingfuli), registered(world.xingfuli)
    able = run("甲", helper, operation="public_built_private_run", valid_to=today + timedelta(days=400))
    ends = run("乙", other, operation="direct", valid_to=today + timedelta(days=30))
    ended = run("丙", other, valid_to=today - timedelta(days=30))
    followed = run("丁", other, valid_to=today - timedelta(days=60))
    OperatingContract.objects.create(
        facility=followed.facility, organization=other, mode=able.mode, valid_from=today
    )
    closed = run("戊", other, valid_to=today - timedelta(days=60))
    ServiceFacility.objects.filter(pk=closed.facility_id).update(valid_to=today - timedelta(days=50))
    found = {"able": able, "ends": ends, "ended": ended, "differs": ends}
    assert {key: listed(OperatingContract, found=key) for key in found} == {
        key: {str(row)} for key, row in found.items()
    }
    assert len(listed(OperatingContract, found="standing")) == 3


def test_studios_are_found_standardised_or_not_and_stations_that_share_a_room(listed, world):
    hall = ServiceFacility.objects.create(region=world.xingfuli, name="中心", kind="comprehensive")
    facts = {"region": world.xingfuli, "kind": "sw_studio"}
    done, todo, unseen = (Station.objects.create(name=name, **facts) for name in ("齐备", "缺项", "未查"))
    for row, present in ((done, StandardItem.values), (todo, StandardItem.values[:3])):
        StandardCheck.objects.create(station=row, checked_on=date(2026, 1, 1), present=list(present))
    for name, kind in (("社服站", "org_center"), ("志愿站", "volunteer")):
        Station.objects.create(region=world.xingfuli, name=name, kind=kind, facility=hall, room="201")
    assert listed(Station, found="standardised") == {done.name}
    assert listed(Station, found="unfinished") == {todo.name, unseen.name}
    assert listed(Station, found="shared") == {"社服站", "志愿站"}


def test_posts_are_listed_by_the_year_in_which_they_were_made(listed, world):
    this = TODAY().year
    workers.post(world.xingfuli, "新岗", established_on=date(this, 1, 1))
    workers.post(world.xingfuli, "旧岗", established_on=date(this - 1, 12, 31))
    assert {name.partition("（")[0] for name in listed(SocialWorkPost, made=this - 1)} == {"旧岗"}
    assert listed.site.get(address(SocialWorkPost, "changelist", made=1900)).status_code == 400


def test_volunteers_who_go_ahead_and_who_are_preferred_by_a_certificate_one_sees(listed, world):
    leader = volunteers.volunteer(world.xingfuli, "网格员", volunteers.identity(2), tags=["grid_worker"])
    passed = volunteers.volunteer(world.xingfuli, "考过的", volunteers.identity(1))
    elsewhere = volunteers.volunteer(world.xingfuli, "外县登记的", volunteers.identity(3))
    for row, place in ((passed, world.tianqing), (elsewhere, world.wuyi)):
        number = {passed: 1, elsewhere: 3}[row]
        paper = workers.certificate(workers.worker(place, row.name, workers.identity(number)))
        workers.registered(paper)
    assert listed(Volunteer, found="leading") == {str(leader)}
    assert listed(Volunteer, found="preferred") == {str(passed)}
