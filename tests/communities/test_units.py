"""Resident units, and the figures of a profile that are new."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from communities.models import CommunityProfile, ResidentUnit


def test_units_are_found_by_what_they_can_give(world):
    school = ResidentUnit.objects.create(
        region=world.xingfuli, name="六十五中", kind="institution", resources=["room", "specialists"]
    )
    ResidentUnit.objects.create(region=world.xingfuli, name="物业", kind="property_manager")
    ResidentUnit.objects.create(
        region=world.xingfuli,
        name="旧厂",
        kind="enterprise",
        resources=["room"],
        valid_to=date(2020, 1, 1),
    )
    assert list(ResidentUnit.objects.offering("room")) == [school]
    assert ResidentUnit.objects.offering("room", date(2019, 1, 1)).count() == 2


def test_the_telephone_of_a_unit_is_sealed_and_masked(world):
    unit = ResidentUnit.objects.create(
        region=world.xingfuli, name="六十五中", kind="institution", phone="13800001234"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM communities_residentunit")
        assert "13800001234" not in cursor.fetchone()[0]
    assert unit.masked("phone") == "138****1234"


def profile(community, **changed):
    facts = {"region": community, "as_of": date(2026, 6, 30), "households": 2000, "residents": 5000}
    return CommunityProfile(source="台账", **{**facts, **changed})


@pytest.mark.parametrize(
    ("part", "facts"),
    [
        ("infants", {"infants": 5, "children": 4}),
        ("aged_80", {"aged_80": 5, "aged_65": 4}),
        ("aged_65", {"aged_65": 5, "elderly": 4}),
        ("children", {"children": 5001}),
    ],
)
def test_a_part_is_no_larger_than_its_whole(world, part, facts):
    wrong = profile(world.xingfuli, **facts)
    with pytest.raises(ValidationError) as problems:
        wrong.full_clean()
    assert part in problems.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()


def test_an_unusual_number_of_households_is_remarked_since_the_law_says_so(world):
    assert not profile(world.xingfuli).warnings()
    assert profile(world.xingfuli, households=3001).warnings()
    assert not profile(world.xingfuli, households=3001, as_of=date(2025, 12, 31)).warnings()
    assert not profile(world.hekou, households=300).warnings()


def test_a_removed_profile_is_not_the_latest_and_its_day_is_free(world):
    wrong = profile(world.xingfuli)
    wrong.save()
    CommunityProfile.everything.filter(pk=wrong.pk).update(removed_at="2026-07-01T00:00Z")
    assert CommunityProfile.objects.latest().filter(region=world.xingfuli).get().as_of == date(2016, 6, 30)
    profile(world.xingfuli, households=1999).save()
    assert CommunityProfile.objects.latest().get(region=world.xingfuli).households == 1999


def test_the_history_of_special_groups_tells_no_protected_group():
    words = CommunityProfile._meta.get_field("special_groups").labels_of({"minimum_living": 52, "drugs": 3})
    assert words == "低保对象 52、受保护人群（不显示）"
