"""What upper registers show on the pages of those they build on: operators, people to prefer, employers."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.facilities.models import OpenedResource, ResourceUse, ServiceFacility, Station
from communities.offices.models import User
from organizations.models import OperatingContract
from socialwork.models import RecruitmentPosting
from tests.organizations.conftest import agency, employed
from tests.organizations.desk import address, errors, typed
from tests.socialwork import makers as workers
from tests.volunteers import makers as volunteers

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def site(client, world):
    client.force_login(world.people["county"])
    return client


@pytest.fixture
def center(world):
    facts = {"kind": "comprehensive", "operation": "direct"}
    return ServiceFacility.objects.create(region=world.xingfuli, name="综合服务站", **facts)


def run(thing, by, **facts):
    name = "facility" if isinstance(thing, ServiceFacility) else "station"
    facts = {"mode": "public_built_private_run", "valid_from": date(2024, 1, 1), **facts}
    return OperatingContract.objects.create(organization=by, **{name: thing}, **facts)


def text(site, url):
    page = site.get(url)
    assert page.status_code == 200
    return page.content.decode()


def test_a_facility_says_who_runs_it_until_when_and_where_its_papers_contradict(world, site, center):
    """CQ-2.2.1d: operator and contract period; the operator may be kept elsewhere."""
    assert "尚未登记运营合同" in text(site, address(center))
    last = date(TODAY().year + 2, 12, 31)
    contract = run(center, agency(world.fukang, "外地社工中心"), valid_to=last)
    page, listed = text(site, address(center)), text(site, address(ServiceFacility, "changelist"))
    for told in (page, listed):
        assert "外地社工中心" in told and str(last) in told
    assert f"{address(OperatingContract, 'add')}?facility={center.pk}" in page
    assert "不一致" in page and "不一致" in text(site, address(contract))
    ServiceFacility.objects.update(operation=contract.mode)
    assert "不一致" not in text(site, address(center))
    OperatingContract.objects.update(valid_to=TODAY() - timedelta(days=1))
    ended = text(site, address(center))
    assert "没有在期的运营合同" in ended and "已结束" in ended
    assert "外地社工中心" not in text(site, address(ServiceFacility, "changelist"))


def test_who_has_no_part_in_contracts_is_told_nothing_of_them(world, site, center):
    run(center, agency(world.fukang, "外地社工中心"))
    User.objects.get(username="county").posts.update(duty="charity")
    for url in (address(center), address(ServiceFacility, "changelist")):
        told = text(site, url)
        assert center.name in told and "外地社工中心" not in told and "不一致" not in told


def test_a_list_of_stations_asks_for_all_operators_at_once(world, site):
    helper = agency(world.xingfuli)
    run(Station.objects.create(region=world.xingfuli, name="站0", kind="volunteer"), helper)
    here = address(Station, "changelist")
    site.get(here)
    with CaptureQueriesContext(connection) as one:
        assert helper.name in text(site, here)
    for number in range(1, 6):
        run(Station.objects.create(region=world.xingfuli, name=f"站{number}", kind="volunteer"), helper)
    with CaptureQueriesContext(connection) as six:
        assert text(site, here).count(helper.name) >= 6
    assert len(six) == len(one)


def test_the_log_of_an_opened_hall_is_kept_on_its_page_with_the_hours_of_the_year(world, site, center):
    """CQ-2.1.2a."""
    hall = OpenedResource.objects.create(facility=center, name="多功能厅", room="301")
    day = date(TODAY().year, 1, 5)
    facts = {"resource": hall, "user_kind": "residents", "user_name": "合唱队"}
    for on in (day, day.replace(year=day.year - 1)):
        ResourceUse.objects.create(used_on=on, starts=time(9), ends=time(10, 30), **facts)
    page = site.get(address(hall))
    assert "1次，1.5小时" in page.content.decode()
    line = {
        "uses-TOTAL_FORMS": 3,
        "uses-2-resource": hall.pk,
        "uses-2-used_on": str(day),
        "uses-2-starts": "14:00",
        "uses-2-ends": "15:00",
        "uses-2-user_kind": "organization",
        "uses-2-user_name": "社工中心",
    }
    answer = site.post(address(hall), typed(page, **line))
    assert answer.status_code == 302, errors(answer)
    listed = text(site, address(OpenedResource, "changelist"))
    assert "2次，2.5小时" in listed


def test_a_posting_names_the_volunteers_it_prefers_as_far_as_one_sees(world, site):
    """HB-3.5d."""
    facts = {"employer": "街道", "openings": 2, "opened_on": TODAY(), "closes_on": TODAY()}
    posting = RecruitmentPosting.objects.create(
        region=world.xingfuli.parent, title="招聘", preferences=["volunteer"], **facts
    )
    assert "没有符合条件的人选" in text(site, address(posting))
    for place, number, name in ((world.xingfuli, 1, "考过的"), (world.wuyi, 3, "外县的")):
        volunteers.volunteer(place, name, workers.identity(number))
        worker = workers.worker(place, name, workers.identity(number))
        workers.registered(workers.certificate(worker))
    told = text(site, address(posting))
    assert "考过的" in told and "助理社会工作师" in told and "外县的" not in told
    RecruitmentPosting.objects.update(preferences=["graduate"])
    assert "考过的" not in text(site, address(posting))


def test_a_social_worker_is_shown_with_the_employers_one_sees(world, site):
    worker = workers.worker(world.xingfuli, "马晓燕", workers.identity(1))
    assert "在社会组织从业情况" not in text(site, address(worker))
    employed(
        agency(world.xingfuli, "阳光社工中心"), "马晓燕", number=workers.identity(1), position="项目主管"
    )
    employed(agency(world.wuyi, "外县社工中心"), "马晓燕", number=workers.identity(1))
    told = text(site, address(worker))
    assert "阳光社工中心" in told and "项目主管" in told and "外县社工中心" not in told
