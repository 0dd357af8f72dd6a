"""Stations by the two readings of coverage, and facilities."""

from communities.facilities.models import StationCommunity
from linkage.foundation import keeping
from tests.facilities.test_stations import facility, station
from tests.measures.figures import days_ago, figures, marked


def test_a_studio_is_had_by_its_community_and_serves_those_on_its_list(world):
    studio = station(world.xingfuli)
    with marked():
        StationCommunity.objects.create(station=studio, community=world.tianqing)
    StationCommunity.objects.create(station=studio, community=world.wuyi, valid_to=days_ago(1))
    assert figures("studio_own") == {world.xingfuli.pk: 1}
    assert figures("studio_served") == {world.xingfuli.pk: 1, world.tianqing.pk: 1}
    assert world.wuyi.pk in figures("studio_served", days_ago(1))


def test_a_studio_that_has_ended_or_was_removed_serves_nobody(world):
    ended = station(world.xingfuli, valid_to=days_ago(1))
    StationCommunity.objects.create(station=ended, community=world.tianqing)
    removed = station(world.wuyi)
    StationCommunity.objects.create(station=removed, community=world.fukang)
    with marked():
        keeping.remove(removed, by=world.people["wuyi"], reason="撤销")
    assert figures("studio_own") == {} == figures("studio_served")


def test_two_studios_of_a_community_cover_it_once(world):
    station(world.xingfuli, name="一站")
    station(world.xingfuli, name="二站")
    assert figures("studio_own") == {world.xingfuli.pk: 1} == figures("studio_served")


def test_every_kind_of_volunteer_station_covers_and_other_kinds_do_not(world):
    for place, kind in (
        (world.xingfuli, "volunteer"),
        (world.tianqing, "lei_feng"),
        (world.wuyi, "civilization_practice"),
        (world.fukang, "sw_studio"),
    ):
        station(place, kind)
    covered = {world.xingfuli.pk: 1, world.tianqing.pk: 1, world.wuyi.pk: 1}
    assert figures("volunteer_station_served") == covered
    assert figures("org_center_served") == {}


def test_a_centre_at_the_street_covers_only_the_communities_on_its_list(world):
    street = world.region("620102020")
    centre = station(street, "org_center")
    assert figures("org_center_served") == {}
    StationCommunity.objects.create(station=centre, community=world.xingfuli)
    assert figures("org_center_served") == {world.xingfuli.pk: 1}
    with marked():
        centre.valid_to = days_ago(1)
        centre.save()
    assert figures("org_center_served") == {}


def test_a_street_has_a_social_work_station(world):
    street, other = world.region("620102020"), world.region("620102021")
    with marked():
        station(street, "sw_station")
    station(other, "org_center")
    assert figures("street_station") == {street.pk: 1}


def test_a_studio_stands_in_the_comprehensive_facility_of_its_community(world):
    house = facility(world.xingfuli)
    party = facility(world.tianqing, "党群服务中心", "party_service")
    facility(world.wuyi, valid_to=days_ago(1))
    station(world.tianqing, facility=party)
    assert figures("comprehensive_facility") == {world.xingfuli.pk: 1}
    assert figures("studio_in_facility") == {}
    with marked():
        station(world.xingfuli, facility=house)
    assert figures("studio_in_facility") == {world.xingfuli.pk: 1}


def test_a_facility_counts_itself_and_whether_volunteers_have_a_station_in_it(world):
    street = world.region("620102020")
    house, upper = facility(world.xingfuli), facility(street)
    party = facility(world.tianqing, "党群服务中心", "party_service")
    keeping.remove(facility(world.wuyi), by=world.people["wuyi"], reason="拆除")
    station(world.tianqing, "volunteer", facility=party)
    station(world.xingfuli, "sw_studio", facility=house)
    with marked():
        hosted = station(street, "volunteer", facility=upper)
    assert figures("comprehensive_facilities") == {house.pk: 1, upper.pk: 1}
    assert figures("with_volunteer_station") == {upper.pk: 1}
    assert figures("with_studio") == {house.pk: 1}
    with marked():
        hosted.facility = house
        hosted.save()
    assert figures("with_volunteer_station") == {house.pk: 1}
