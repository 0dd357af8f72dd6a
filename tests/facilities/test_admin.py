"""Facilities and stations on the data desk."""

import pytest

from communities.facilities.models import (
    OpenedResource,
    ResourceUse,
    ServiceFacility,
    StandardCheck,
    Station,
    StationCommunity,
)


@pytest.fixture
def desk(world, client):
    client.force_login(world.people["county"])
    return client


def part(prefix, *lines):
    posted = {f"{prefix}-TOTAL_FORMS": str(len(lines)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        posted |= {f"{prefix}-{number}-{name}": value for name, value in line.items()}
    return posted


def facility(community, **more):
    posted = {"region": community.pk, "name": "综合服务中心", "kind": "comprehensive"}
    return {**posted, **part("stations"), **part("resources"), **more}


def station(community, **more):
    posted = {"region": community.pk, "name": "社会工作室", "kind": "sw_studio"}
    return {**posted, **part("served"), **part("points"), **part("checks"), **more}


def test_a_facility_is_entered_with_two_stations_in_one_room_and_an_opened_hall(world, desk):
    stations = part(
        "stations",
        {"kind": "sw_studio", "name": "社工室", "room": "205"},
        {"kind": "volunteer", "name": "志愿站", "room": "205"},
    )
    resources = part("resources", {"kind": "room", "name": "多功能厅", "room": "301", "capacity": "80"})
    posted = facility(world.xingfuli, functions=["social_work", "incubation"], **stations, **resources)
    assert desk.post("/admin/facilities/servicefacility/add/", posted).status_code == 302
    made = ServiceFacility.objects.get()
    assert made.is_comprehensive and made.functions == ["social_work", "incubation"]
    assert {row.region for row in Station.objects.all()} == {world.xingfuli}
    assert Station.objects.sharing_a_room().count() == 2
    assert OpenedResource.objects.get().facility == made
    listed = desk.get("/admin/facilities/servicefacility/").content.decode()
    assert "社区综合服务设施（综合服务站）" in listed


def test_a_station_of_the_wrong_level_in_a_line_is_told(world, desk):
    wrong = part("stations", {"kind": "sw_station", "name": "社工站"})
    response = desk.post("/admin/facilities/servicefacility/add/", facility(world.xingfuli, **wrong))
    assert response.status_code == 200 and not ServiceFacility.objects.exists()
    assert "该类别的站点设在街道（乡镇）" in response.content.decode()


def test_a_station_is_entered_with_whom_it_serves_and_what_a_check_found(world, desk):
    street = world.region("620102020")
    posted = station(
        street,
        kind="sw_station",
        **part("served", {"community": world.xingfuli.pk}, {"community": world.tianqing.pk}),
        **part("checks", {"checked_on": "2026-03-01", "present": ["hardware", "funding"]}),
    )
    assert desk.post("/admin/facilities/station/add/", posted).status_code == 302
    assert set(Station.objects.of_kind("sw_station").communities()) == {world.xingfuli, world.tianqing}
    assert StandardCheck.objects.get().present == ["hardware", "funding"]


def test_a_station_serves_only_communities_one_may_choose(world, desk):
    posted = station(
        world.region("620102020"),
        kind="sw_station",
        **part("served", {"community": world.fukang.pk}),
    )
    assert desk.post("/admin/facilities/station/add/", posted).status_code == 200
    assert not Station.objects.exists() and not StationCommunity.objects.exists()


def test_a_station_cannot_be_put_elsewhere(world, desk):
    response = desk.post("/admin/facilities/station/add/", station(world.fukang))
    assert response.status_code == 200 and response.context["adminform"].form.errors["region"]
    assert not Station.objects.exists()


def test_an_hour_of_use_is_logged_and_a_clash_told(world, desk):
    house = ServiceFacility.objects.create(region=world.xingfuli, name="中心", kind="comprehensive")
    hall = OpenedResource.objects.create(facility=house, name="多功能厅", room="301")
    posted = {
        "resource": hall.pk,
        "used_on": "2026-06-30",
        "starts": "09:00",
        "ends": "11:00",
        "user_kind": "organization",
        "user_name": "合唱团",
    }
    add = "/admin/facilities/resourceuse/add/"
    assert desk.post(add, posted).status_code == 302
    again = desk.post(add, {**posted, "starts": "10:00"})
    assert again.status_code == 200 and "该时段已有使用记录" in again.content.decode()
    assert ResourceUse.objects.count() == 1


def test_possible_doubles_of_stations_and_facilities_are_told(world, desk):
    one = Station.objects.create(region=world.xingfuli, kind="sw_studio", name="社工室")
    other = Station.objects.create(region=world.xingfuli, kind="sw_studio", name="社会工作室")
    Station.objects.create(region=world.tianqing, kind="sw_studio", name="社会工作室")
    found = desk.get("/admin/facilities/station/doubles/").context["found"]
    assert [(pair[0], pair[1], pair[2]) for pair in found] == [
        (one, other, ["同一地区有两个同类站点"]),
        (other, Station.objects.get(region=world.tianqing), ["相邻社区登记了名称、类别相同的条目"]),
    ]
    for name in ("中心", "服务中心"):
        ServiceFacility.objects.create(
            region=world.xingfuli, name=name, kind="comprehensive", address="雁南路 1 号"
        )
    found = desk.get("/admin/facilities/servicefacility/doubles/").context["found"]
    assert [reasons for _one, _other, reasons in found] == [["同一地区、同一地址"]]


def test_a_station_is_kept_by_any_part_of_the_office(world, client):
    user = world.people["county"]
    user.posts.update(duty="social_work")
    client.force_login(user)
    assert client.post("/admin/facilities/station/add/", station(world.xingfuli)).status_code == 302
    assert client.get("/admin/communities/grid/").status_code == 403
