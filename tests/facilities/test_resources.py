"""What facilities open to others, and the log of its use (CQ-2.1.2a)."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.facilities.models import OpenedResource, ResourceUse, ServiceFacility
from linkage.foundation import keeping

DAY = date(2026, 6, 30)


@pytest.fixture
def hall(world):
    house = ServiceFacility.objects.create(region=world.xingfuli, name="中心", kind="comprehensive")
    return OpenedResource.objects.create(facility=house, name="多功能厅", room="301")


def use(resource, starts, ends, day=DAY, **more):
    return ResourceUse(
        resource=resource,
        used_on=day,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        user_kind="organization",
        user_name="夕阳红合唱团",
        **more,
    )


def test_a_room_is_used_by_one_at_a_time(hall):
    use(hall, "09:00", "11:00").save()
    use(hall, "11:00", "12:00").save()  # one leaves, the next comes
    use(hall, "09:00", "11:00", date(2026, 7, 1)).save()
    late = use(hall, "10:59", "11:30")
    with pytest.raises(ValidationError):
        late.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        late.save()


def test_a_removed_line_frees_the_hour(world, hall):
    wrong = use(hall, "09:00", "11:00")
    wrong.save()
    keeping.remove(wrong, by=world.people["street"], reason="记错")
    use(hall, "09:00", "11:00").save()


def test_one_room_is_not_opened_under_two_names(hall):
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenedResource.objects.create(facility=hall.facility, name="会议室", room="301")
    OpenedResource.objects.create(facility=hall.facility, name="投影仪", room="301", kind="equipment")


def test_the_hours_of_use_are_summed(hall):
    def told():
        row = OpenedResource.objects.with_use(year).get()
        return row.used_times, row.used_for and row.used_for.total_seconds() / 3600

    year = use(hall, "09:00", "11:30").used_on.year
    assert told() == (0, None)
    use(hall, "09:00", "11:30").save()
    use(hall, "14:00", "15:00").save()
    assert told() == (2, 3.5)
    assert ResourceUse.objects.filter(starts__lt=time(12)).get().hours == 2.5


def test_an_hour_ends_after_it_begins_and_lies_in_the_days_of_opening(hall):
    hall.valid_to = date(2026, 6, 1)
    hall.save()
    with pytest.raises(ValidationError) as problems:
        use(hall, "11:00", "09:00").full_clean()
    assert set(problems.value.message_dict) >= {"ends", "used_on"}
    with pytest.raises(IntegrityError), transaction.atomic():
        use(hall, "11:00", "11:00").save()
