"""Who is counted as community staff, each human once; organs and grids."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.models import Grid
from communities.people import services
from communities.people.models import CommunityOrgan, CommunityStaff, GridWorker, Person, ResidentLeader
from linkage.foundation import keeping

DAY = date(2026, 6, 30)


def names(people):
    return sorted(people.values_list("name", flat=True))


@pytest.fixture
def everybody(world, staff):
    """One of each kind, so that every head-count is another figure."""
    here = world.xingfuli
    staff(here, "书记", 1, roles=["party_committee", "residents_committee"])
    staff(here, "委员", 2, roles=["residents_committee"], work_time="part")
    staff(here, "专职", 3)
    staff(here, "保洁", 4, roles=["service_staff"])
    staff(here, "楼门长", 5, roles=["building_leader"])
    staff(here, "计入的党员", 6, roles=["party_member"], counts_as_staff=True)
    staff(here, "已离任", 7, valid_to=date(2025, 12, 31))
    staff(here, "未到任", 8, valid_from=date(2026, 7, 1))
    staff(world.tianqing, "书记", 1, roles=["party_committee"])  # the same human, in a second community
    staff(world.tianqing, "专职二", 9)


def test_each_head_count_is_its_own(everybody):
    rows = CommunityStaff.objects
    assert names(rows.two_committees(DAY)) == ["书记", "委员"]
    assert names(rows.community_staff(DAY)) == sorted(["书记", "委员", "专职", "计入的党员", "专职二"])
    assert names(rows.management_staff(DAY)) == sorted(
        ["书记", "委员", "专职", "计入的党员", "专职二", "保洁"]
    )
    assert rows.on(DAY).count() == 8 and rows.on(DAY).people().count() == 7


def test_a_head_count_is_one_of_its_day(everybody):
    rows = CommunityStaff.objects
    assert "已离任" in names(rows.community_staff(date(2025, 12, 31)))
    assert "已离任" not in names(rows.community_staff(date(2026, 1, 1)))
    assert "未到任" in names(rows.community_staff(date(2026, 7, 1)))


def test_who_works_in_two_communities_counts_in_each_and_once_in_both(world, everybody):
    street = CommunityStaff.objects.within(world.region("620102020"))
    each = [
        CommunityStaff.objects.within(place).community_staff(DAY).count()
        for place in (world.xingfuli, world.tianqing)
    ]
    assert each == [4, 2] and street.community_staff(DAY).count() == 5


def test_a_removed_row_counts_no_more(world, everybody):
    row = CommunityStaff.objects.get(name="专职")
    keeping.remove(row, by=world.people["street"], reason="录错")
    assert "专职" not in names(CommunityStaff.objects.community_staff(DAY))


def test_two_people_of_one_name_without_numbers_are_two(world, staff):
    staff(world.xingfuli, "王芳", 0)
    staff(world.tianqing, "王芳", 0)
    assert CommunityStaff.objects.community_staff(DAY).count() == 2


def test_merged_people_count_once(world, staff):
    one, other = staff(world.xingfuli, "王芳", 11), staff(world.tianqing, "王芳", 0)
    keeping.merge(one.person, other.person, by=world.people["county"], reason="同一人")
    assert CommunityStaff.objects.community_staff(DAY).count() == 1
    assert Person.objects.filter(name="王芳").count() == 1


def test_somebody_stands_once_in_a_community_at_a_time(world, staff):
    staff(world.xingfuli, "马晓燕", 1, valid_to=date(2020, 12, 31))
    staff(world.xingfuli, "马晓燕", 1, valid_from=date(2021, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        staff(world.xingfuli, "马晓燕", 1, valid_from=date(2020, 12, 31), valid_to=date(2020, 12, 31))


def test_nobody_stands_without_a_role(world, staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        staff(world.xingfuli, "马晓燕", 1, roles=[])


# Organs (WH-3.1.1)


def test_an_organ_is_there_or_not_and_led_by_somebody_of_the_community(world, staff):
    head, elsewhere = staff(world.xingfuli, "马晓燕", 1), staff(world.tianqing, "刘芳", 2)
    organ = CommunityOrgan(region=world.xingfuli, kind="workstation", head=elsewhere)
    with pytest.raises(ValidationError) as problems:
        organ.full_clean()
    assert set(problems.value.message_dict) == {"head"}
    organ.head = head
    organ.full_clean()
    organ.save()
    organ.is_present = False
    with pytest.raises(IntegrityError), transaction.atomic():
        organ.save()


def test_a_head_cannot_be_removed_while_the_organ_has_it(world, staff):
    head = staff(world.xingfuli, "马晓燕", 1)
    organ = CommunityOrgan.objects.create(region=world.xingfuli, kind="workstation", head=head)
    with pytest.raises(ValidationError, match="社区工作站"):
        keeping.remove(head, by=world.people["street"], reason="离任")
    organ.head = None
    organ.save()
    keeping.remove(head, by=world.people["street"], reason="离任")


# Grids (YZ-3.2a), resident leaders (WH-3.3.2c)


@pytest.fixture
def grid(world):
    return Grid.objects.create(region=world.xingfuli, code="001", name="第一网格")


def worker(grid, name, role="member", kind="volunteer", **facts):
    row = GridWorker(grid=grid, name=name, role=role, kind=kind, **facts)
    services.settle(row)
    row.save()
    return row


def test_a_grid_has_one_lead_at_a_time_and_x_others(grid):
    worker(grid, "甲", "lead", "", valid_to=date(2024, 12, 31))
    worker(grid, "乙", "lead", "", valid_from=date(2025, 1, 1))
    worker(grid, "丙")
    worker(grid, "丁", kind="police")
    with pytest.raises(IntegrityError), transaction.atomic():
        worker(grid, "戊", "lead", "", valid_from=date(2024, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        worker(grid, "己", kind="")
    assert grid.workers.on(DAY).count() == 3


def test_the_workers_of_a_grid_are_removed_and_restored_with_it(world, grid):
    worker(grid, "丙")
    keeping.remove(grid, by=world.people["street"], reason="网格调整")
    assert not GridWorker.objects.exists() and GridWorker.everything.count() == 1
    keeping.restore(Grid.everything.get(), by=world.people["county_admin"])
    assert GridWorker.objects.count() == 1


def test_leaders_are_found_by_what_they_are_good_at(world):
    for name, strengths in (("孙", ["mediation", "care"]), ("周", ["culture"])):
        row = ResidentLeader(region=world.xingfuli, name=name, strengths=strengths)
        services.settle(row)
        row.save()
    assert [row.name for row in ResidentLeader.objects.strong_in("care")] == ["孙"]
    assert ResidentLeader.objects.get(name="孙").get_strengths_labels() == "纠纷调解、助老助残"
