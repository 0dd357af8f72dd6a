"""Volunteers where they live, and who of them has served in the calendar year."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from linkage.foundation import keeping
from socialwork.volunteers import services
from socialwork.volunteers.models import ServiceRecord
from tests.measures.figures import days_ago, figures, here, marked, today
from tests.volunteers.makers import at, identity, keeper, volunteer


def served(world, somebody, day=None, verified=True, hour=0):
    """An hour of service, recorded by one and at once verified by another."""
    start = at(hour, day or today())
    facts = {"verified_by": world.people["street"], "verified_at": start} if verified else {}
    return ServiceRecord.objects.create(
        volunteer=somebody,
        region=somebody.region,
        content="送餐",
        venue="社区",
        started_at=start,
        ended_at=start + timedelta(hours=1),
        hours=Decimal(1),
        recorded_by=world.people["community"],
        **facts,
    )


def test_registered_volunteers_count_where_they_live_while_they_are_registered(world):
    place = world.xingfuli
    volunteer(place, "甲", identity(1))
    volunteer(place, "外来", identity(2), is_resident=False)
    volunteer(place, "退出", identity(3), ended_on=today())
    with marked():
        removed = volunteer(place, "误录", identity(4))
    with marked():
        keeping.remove(removed, by=keeper(world, place.code, "专干"), reason="录入错误")
    assert figures("volunteers") == {place.pk: 1}
    assert here("volunteers", place, days_ago(1)) == 2
    assert figures("volunteers", date(2019, 12, 31)) == {}


def test_who_is_a_resident_of_two_communities_counts_in_the_one_registered_last(world):
    volunteer(world.xingfuli, "甲", identity(1), registered_on=date(2020, 1, 1))
    with marked():
        last = volunteer(world.wuyi, "甲", identity(1), registered_on=date(2021, 1, 1))
    assert figures("volunteers") == {world.wuyi.pk: 1}
    with marked():
        last.is_resident = False
        last.save()
    assert figures("volunteers") == {world.xingfuli.pk: 1}


def test_residents_who_served_count_once_however_often_and_only_by_verified_records(world):
    place = world.xingfuli
    often, never = volunteer(place, "甲", identity(1)), volunteer(place, "乙", identity(2))
    with marked():
        served(world, often, hour=0)
    served(world, often, hour=2)
    served(world, never, verified=False)
    assert figures("residents_served") == {place.pk: 1}
    with marked():
        row = ServiceRecord.objects.get(volunteer=never)
        services.verify(row, by=keeper(world, place.parent.code, "街道专干"))
    assert figures("residents_served") == {place.pk: 2}
    with marked():
        services.reverse(row, by=keeper(world, place.parent.code, "街道主管"), reason="时间有误")
    assert figures("residents_served") == {place.pk: 1}


def test_a_past_day_knows_only_what_was_verified_and_reversed_by_then(world):
    place = world.xingfuli
    somebody, other = volunteer(place, "甲", identity(1)), volunteer(place, "乙", identity(2))
    zone = timezone.get_default_timezone()

    def moment(*of_it):
        return datetime(2024, *of_it, tzinfo=zone)

    late = served(world, somebody, date(2024, 3, 1), verified=False)
    rows = ServiceRecord.objects.filter(pk=late.pk)
    rows.update(verified_by=world.people["street"], verified_at=moment(3, 10, 23, 59))
    back = served(world, other, date(2024, 3, 1))
    ServiceRecord.objects.filter(pk=back.pk).update(reversed_at=moment(3, 20, 0, 0))
    days = [here("residents_served", place, date(2024, 3, day)) for day in (9, 10, 19, 20)]
    assert days == [1, 2, 2, 1]


def test_the_year_is_that_of_the_day_and_ends_with_the_day(world):
    place = world.xingfuli
    somebody, other = volunteer(place, "甲", identity(1)), volunteer(place, "乙", identity(2))
    served(world, somebody, date(2023, 12, 31), hour=23)
    served(world, other, date(2024, 1, 1))
    served(world, somebody, date(2024, 6, 2))
    assert here("residents_served", place, date(2023, 12, 31)) == 1
    assert here("residents_served", place, date(2024, 1, 1)) == 1
    assert here("residents_served", place, date(2024, 6, 1)) == 1
    assert here("residents_served", place, date(2024, 6, 2)) == 2
    assert here("residents_served", place, date(2025, 1, 1)) == 0


def test_whoever_serves_elsewhere_counts_where_they_live(world):
    volunteer(world.xingfuli, "甲", identity(1))
    guest = volunteer(world.wuyi, "甲", identity(1), is_resident=False)
    stranger = volunteer(world.wuyi, "乙", identity(2), is_resident=False)
    with marked():
        served(world, guest)
    served(world, stranger)
    assert figures("residents_served") == {world.xingfuli.pk: 1}


def test_who_is_a_volunteer_no_more_has_served_all_the_same(world):
    somebody = volunteer(world.xingfuli, "甲", identity(1), ended_on=today())
    served(world, somebody)
    assert figures("volunteers") == {}
    assert figures("residents_served") == {world.xingfuli.pk: 1}


def test_party_members_are_those_registered_as_such(world):
    member = volunteer(world.xingfuli, "党员", identity(1), tags=["party_member", "professional"])
    cadre = volunteer(world.xingfuli, "干部", identity(2), tags=["party_cadre"])
    served(world, member)
    served(world, cadre)
    assert figures("party_members_served") == {world.xingfuli.pk: 1}
    assert figures("residents_served") == {world.xingfuli.pk: 2}
    with marked():
        cadre.tags = ["party_cadre", "party_member"]
        cadre.save()
    assert figures("party_members_served") == {world.xingfuli.pk: 2}
