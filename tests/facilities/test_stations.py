"""Facilities and stations: where they lie, whom they serve, what shares a room, how complete a studio is."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.facilities.codes import VOLUNTEER_STATIONS, StandardItem
from communities.facilities.models import (
    ServiceFacility,
    ServicePoint,
    StandardCheck,
    Station,
    StationCommunity,
)
from linkage.foundation import keeping

DAY = date(2026, 6, 30)


def facility(region, name="综合服务中心", kind="comprehensive", **more):
    return ServiceFacility.objects.create(region=region, name=name, kind=kind, **more)


def station(region, kind="sw_studio", name="", **more):
    return Station.objects.create(region=region, kind=kind, name=name or kind, **more)


def problems_of(row):
    with pytest.raises(ValidationError) as problems:
        row.full_clean()
    return set(problems.value.message_dict)


# Facilities


def test_a_facility_of_that_kind_is_comprehensive_whoever_wrote_it(world):
    assert facility(world.xingfuli).is_comprehensive
    party = facility(world.xingfuli, "党群服务中心", "party_service")
    assert not party.is_comprehensive
    party.is_comprehensive = True
    party.save()
    assert ServiceFacility.objects.comprehensive().count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceFacility.objects.filter(kind="comprehensive").update(is_comprehensive=False)


@pytest.mark.parametrize(
    ("kind", "code", "right"),
    [
        ("street_public_service", "620102020", True),
        ("street_public_service", "620102020001", False),
        ("convenience", "620102020001", True),
        ("comprehensive", "620102", False),
        ("incubation_base", "620102", True),
        ("incubation_base", "62", False),
    ],
)
def test_a_facility_lies_at_the_level_of_its_kind(world, kind, code, right):
    row = ServiceFacility(region=world.region(code), name="x", kind=kind)
    if right:
        row.full_clean()
    else:
        assert problems_of(row) == {"region"}


def test_eight_of_ten_facilities_host_volunteers(world):
    """HB-T05: the facilities are the denominator, communities without one do not matter."""
    for number in range(10):
        house = facility(world.xingfuli, f"中心{number}")
        if number < 8:
            kind = sorted(VOLUNTEER_STATIONS)[number % 3]
            station(world.xingfuli, kind, f"站{number}", facility=house)
        else:
            station(world.xingfuli, "sw_studio", f"室{number}", facility=house)
    facility(world.xingfuli, "儿童之家", "children_home")
    all_of_them = ServiceFacility.objects.comprehensive()
    assert all_of_them.count() == 10 and all_of_them.hosting(VOLUNTEER_STATIONS, DAY).count() == 8


def test_a_station_hosts_from_day_to_day(world):
    house = facility(world.xingfuli)
    station(world.xingfuli, "volunteer", facility=house, valid_from=date(2026, 1, 1), valid_to=DAY)
    hosting = lambda day: ServiceFacility.objects.hosting(["volunteer"], day).exists()  # noqa: E731
    assert hosting(DAY) and hosting(date(2026, 1, 1))
    assert not hosting(date(2026, 7, 1)) and not hosting(date(2025, 12, 31))


def test_a_facility_stays_while_a_station_works_in_it(world):
    house = facility(world.xingfuli)
    station(world.xingfuli, facility=house, name="社工室")
    with pytest.raises(ValidationError, match="社工室"):
        keeping.remove(house, by=world.people["street"], reason="拆除")


# Stations


@pytest.mark.parametrize(
    ("kind", "code", "right"),
    [
        ("sw_station", "620102020", True),
        ("sw_station", "620102020001", False),
        ("sw_studio", "620102020001", True),
        ("sw_studio", "620102020", False),
        ("org_center", "620102020", True),
        ("volunteer", "620102", False),
    ],
)
def test_a_station_lies_at_the_level_of_its_kind(world, kind, code, right):
    row = Station(region=world.region(code), name="x", kind=kind)
    if right:
        row.full_clean()
    else:
        assert problems_of(row) == {"region"}


def test_a_station_lies_where_its_facility_does(world):
    far = facility(world.fukang)
    row = Station(region=world.xingfuli, name="x", kind="sw_studio", facility=far)
    assert problems_of(row) == {"facility"}
    row.facility, row.room = None, "205"
    assert problems_of(row) == {"room"}
    row.facility = facility(world.region("620102020"), "街道中心", "street_community_service")
    row.full_clean()


def test_served_is_who_has_a_station_or_stands_on_a_list(world):
    """WH-T05a: a centre of the street serves the communities it names, and no others."""
    own = station(world.xingfuli, "org_center")
    street = station(world.region("620102020"), "org_center", "街道中心")
    StationCommunity.objects.create(station=street, community=world.tianqing, valid_from=date(2026, 1, 1))
    StationCommunity.objects.create(station=street, community=world.xingfuli)
    centres = Station.objects.of_kind("org_center")
    codes = lambda places: {place.code for place in places}  # noqa: E731
    assert codes(centres.communities(DAY)) == {world.xingfuli.code, world.tianqing.code}
    assert codes(centres.communities(DAY, served=False)) == {world.xingfuli.code}
    assert codes(centres.communities(date(2025, 12, 31))) == {world.xingfuli.code}
    assert not Station.objects.of_kind("volunteer").communities(DAY).exists()
    assert set(Station.objects.serving(world.xingfuli, DAY)) == {own, street}
    assert set(Station.objects.serving(world.tianqing, DAY)) == {street}
    assert not Station.objects.serving(world.region("620102020004") if False else world.hekou, DAY).exists()


def test_a_closed_or_removed_station_serves_nobody(world):
    street = station(world.region("620102020"), "org_center", valid_to=date(2025, 12, 31))
    StationCommunity.objects.create(station=street, community=world.tianqing)
    assert not Station.objects.of_kind("org_center").communities(DAY).exists()
    own = station(world.xingfuli, "org_center")
    keeping.remove(own, by=world.people["street"], reason="撤站")
    assert not Station.objects.of_kind("org_center").communities(DAY).exists()


def test_a_street_is_no_community_on_the_list(world):
    line = StationCommunity(station=station(world.xingfuli), community=world.region("620102020"))
    assert "community" in problems_of(line)


def test_stations_that_share_a_room_are_counted(world):
    """一室多用 (WH-3.1.2b)."""
    house, other = facility(world.xingfuli), facility(world.tianqing)
    for kind, where, room in (
        ("sw_studio", house, "205"),
        ("volunteer", house, "205"),
        ("org_center", house, "205"),
        ("civilization_practice", house, "101"),
        ("lei_feng", house, ""),
        ("volunteer", other, "205"),
    ):
        station(where.region, kind, facility=where, room=room)
    station(house.region, "incubation", facility=house, room="101", valid_to=date(2020, 1, 1))
    assert [
        (room["facility"], room["room"], room["stations"]) for room in Station.objects.shared_rooms(DAY)
    ] == [(house.pk, "205", 3)]
    assert Station.objects.sharing_a_room(DAY).count() == 3
    assert Station.objects.get(kind="sw_studio").shares_room
    assert not Station.objects.get(kind="civilization_practice").shares_room


def test_a_room_is_written_one_way(world):
    row = Station(region=world.xingfuli, name="x", kind="sw_studio", facility=facility(world.xingfuli))
    row.room = " 2 05 室"
    row.full_clean()
    assert row.room == "205室"


def test_a_studio_is_standardised_by_its_last_check(world):
    """CQ-2.2.3f: three inputs and four rule documents."""
    studio = station(world.xingfuli)
    everything = list(StandardItem.values)
    StandardCheck.objects.create(station=studio, checked_on=date(2025, 1, 1), present=everything)
    last = StandardCheck.objects.create(station=studio, checked_on=date(2026, 1, 1), present=everything[:6])
    station(world.tianqing)  # never checked
    assert list(Station.objects.standardised(date(2025, 12, 31))) == [studio]
    assert not Station.objects.standardised(DAY).exists()
    assert len(StandardItem) == 7 and last.lacking == ["绩效管理"] and not last.is_complete


def test_points_belong_to_their_station(world):
    studio = station(world.xingfuli)
    ServicePoint.objects.create(station=studio, name="天庆花园服务点")
    keeping.remove(studio, by=world.people["street"], reason="撤站")
    assert not ServicePoint.objects.exists()
    keeping.restore(Station.everything.get(), by=world.people["county_admin"])
    assert ServicePoint.objects.count() == 1
