"""Figures of profiles, elections, papers and community staff."""

from datetime import date

from communities.measures import a_year_before
from communities.models import CommitteeElection, CommunityProfile, PowerDutyList
from communities.people.models import CommunityStaff
from linkage.foundation import keeping
from linkage.foundation.models import StaleMark
from tests.measures.figures import days_ago, figures, here, marked, today
from tests.socialwork.makers import identity, staff, years_ago


def profile(region, as_of, **facts):
    return CommunityProfile.objects.create(
        region=region, as_of=as_of, households=100, source="台账", **{"residents": 1000, **facts}
    )


def election(region, held_on, method="direct", **facts):
    return CommitteeElection.objects.create(
        region=region,
        held_on=held_on,
        method=method,
        eligible=100,
        voted=80,
        term_from=held_on,
        term_to=held_on.replace(year=held_on.year + 5, day=min(held_on.day, 28)),
        **facts,
    )


def close(region, on):
    region.closed_on = on
    region.save()


# Profiles


def test_the_newest_profile_that_is_not_of_a_later_day_counts(world):
    place = world.xingfuli
    profile(place, days_ago(30), residents=2000, registered_residents=1500, party_members=90)
    removed = profile(place, days_ago(10), residents=1)
    keeping.remove(removed, by=world.people["community"], reason="重复录入")
    assert here("residents", place) == 2000
    assert here("residents", place, days_ago(31)) == 9860
    assert here("registered_residents", place) == 1500
    assert here("party_members", place) == 90


def test_what_nobody_has_filled_in_is_unknown_and_not_nothing(world):
    assert figures("registered_residents")[world.xingfuli.pk] is None
    profile(world.xingfuli, days_ago(30), registered_residents=0)
    assert here("registered_residents", world.xingfuli) == 0
    assert world.xingfuli.pk not in figures("residents", date(2016, 6, 29))


def test_an_abolished_community_has_no_figures_from_that_day_on(world):
    close(world.xingfuli, today())
    assert StaleMark.objects.filter(kind="place", unit_id=str(world.xingfuli.pk)).exists()
    assert world.xingfuli.pk not in figures("residents")
    assert here("residents", world.xingfuli, days_ago(1)) == 9860
    assert here("residents", world.tianqing) == 9860


# Elections


def test_a_committee_counts_once_by_the_last_re_election_of_its_term(world):
    """The round of 2021 is read until the next one: a year without an election empties nothing."""
    year = today().year
    first, last = date(year, 1, 5), date(year, 1, 6)
    election(world.xingfuli, first, "direct")
    election(world.xingfuli, last, "household")
    election(world.tianqing, first, "direct")
    election(world.wuyi, date(year - 5, 1, 6), "direct")
    election(world.fukang, last, "direct", is_by_election=True)
    election(world.hekou, last, "direct")
    both = {world.xingfuli.pk: 1, world.tianqing.pk: 1}
    assert figures("elections_held") == {**both, world.wuyi.pk: 1}
    assert figures("elections_direct") == {world.tianqing.pk: 1, world.wuyi.pk: 1}
    assert figures("elections_direct", first) == {**both, world.wuyi.pk: 1}
    assert figures("elections_held", date(year - 1, 12, 31)) == {world.wuyi.pk: 1}
    assert figures("elections_held", date(year + 1, 1, 1)) == both, "the term of one is over"


def test_the_round_of_2017_is_that_of_2017_for_ever(world):
    """GS-T06: 2017年直选比例. The re-election of 2013 is another one, that of 2021 changes nothing."""
    election(world.xingfuli, date(2017, 5, 20), "direct")
    election(world.xingfuli, date(2021, 5, 20), "household")
    election(world.tianqing, date(2017, 6, 20), "household")
    election(world.fukang, date(2013, 6, 1), "direct")
    election(world.wuyi, date(2017, 7, 1), "direct", is_by_election=True)
    held = {world.xingfuli.pk: 1, world.tianqing.pk: 1}
    for day in (date(2017, 12, 31), date(2018, 1, 1), today()):
        assert figures("elections_2017", day) == held
        assert figures("elections_2017_direct", day) == {world.xingfuli.pk: 1}
    assert figures("elections_2017", date(2017, 5, 31)) == {world.xingfuli.pk: 1}
    assert figures("elections_2017", date(2016, 12, 31)) == {}


def test_a_removed_election_counts_no_more_and_marks_its_place(world):
    with marked():
        row = election(world.xingfuli, date(today().year, 1, 5))
    with marked():
        keeping.remove(row, by=world.people["community"], reason="录入错误")
    assert figures("elections_held") == {}


# Papers


def test_a_county_has_issued_when_both_lists_are_in_force(world):
    county, other, street = (world.region(code) for code in ("620102", "620123", "620102020"))

    def issue(region, kind, **facts):
        return PowerDutyList.objects.create(
            region=region, kind=kind, title="清单", issued_on=days_ago(10), **facts
        )

    issue(county, "powers")
    issue(street, "both")
    issue(other, "both", repealed_on=days_ago(2))
    assert figures("lists_issued") == {}
    assert figures("lists_issued", days_ago(3)) == {other.pk: 1}
    with marked():
        issue(county, "duties")
    assert figures("lists_issued") == {county.pk: 1}


# Community staff


def test_staff_are_those_of_the_day_and_of_the_roles_that_count(world):
    place = world.xingfuli
    staff(place, "委员", identity(1))
    staff(place, "专职", identity(2), roles=("full_time_worker", "grid_worker"))
    staff(place, "服务", identity(3), roles=("service_staff",))
    staff(place, "楼长", identity(4), roles=("building_leader",))
    staff(place, "另计", identity(5), roles=("building_leader",), counts_as_staff=True)
    staff(place, "离任", identity(6), valid_to=days_ago(1))
    staff(place, "未到任", identity(7), valid_from=days_ago(-1))
    keeping.remove(staff(place, "误录", identity(8)), by=world.people["community"], reason="录入错误")
    assert figures("staff") == {place.pk: 3}
    assert figures("management_staff") == {place.pk: 4}
    assert here("staff", place, days_ago(1)) == 4


def test_who_is_staff_of_two_communities_counts_in_the_one_entered_last(world):
    older = staff(world.xingfuli, "张三", identity(1), valid_from=date(2019, 1, 1))
    with marked():
        staff(world.wuyi, "张三", identity(1), valid_from=date(2021, 1, 1))
    assert figures("staff") == {world.wuyi.pk: 1}
    with marked():
        CommunityStaff.objects.filter(region=world.wuyi).update(valid_to=days_ago(1))
    assert figures("staff") == {older.region_id: 1}


def test_the_year_before_counts_those_of_the_same_day_then(world):
    staff(world.xingfuli, "老", identity(1), valid_to=days_ago(30))
    staff(world.xingfuli, "新", identity(2), valid_from=days_ago(30))
    staff(world.xingfuli, "久", identity(3), roles=("service_staff",), valid_from=years_ago(2))
    assert here("staff_before", world.xingfuli) == 1
    assert here("management_staff_before", world.xingfuli) == 2
    assert here("staff", world.xingfuli) == 1


def test_the_year_before_a_leap_day_is_the_28th():
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_before(date(2025, 2, 28)) == date(2024, 2, 28)
