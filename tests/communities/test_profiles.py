"""What is known of a community, by day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.models import CommunityProfile


@pytest.fixture
def profile(at):
    return CommunityProfile(
        region=at("620102001001"),
        as_of=date(2016, 6, 30),
        households=3412,
        residents=9860,
        elderly=1386,
        special_groups={"minimum_living": 52, "drugs": 3, "disabled": 0},
        area_km2=Decimal("1.1"),
        source="台账",
    )


def test_the_figures_read_as_a_paragraph_without_protected_groups(profile):
    assert profile.describe() == (
        "辖区面积 1.10 平方公里，常住 3,412 户、9,860 人。60 岁以上老年人 1,386 人。"
        "重点人群：低保对象 52 人。（2016-06-30 台账）"
    )


def test_a_profile_of_two_figures_reads_well_too(at):
    bare = CommunityProfile(
        region=at("620102001001"), as_of=date(2016, 6, 30), households=10, residents=31, source="登记"
    )
    assert bare.describe() == "常住 10 户、31 人。（2016-06-30 登记）"


def test_the_latest_profile_on_a_day_is_the_one_known_then(profile):
    profile.save()
    newer = CommunityProfile.objects.create(
        region=profile.region, as_of=date(2017, 6, 30), households=1, residents=1, source="台账"
    )
    assert CommunityProfile.objects.latest().get() == newer
    assert CommunityProfile.objects.latest(date(2017, 6, 29)).get() == profile
    assert not CommunityProfile.objects.latest(date(2016, 6, 29)).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("special_groups", {"wizards": 3}),
        ("special_groups", {"elderly": -1}),
        ("special_groups", {"elderly": "3"}),
        ("special_groups", {"elderly": True}),
        ("special_groups", [1]),
        ("elderly", 9861),
        ("area_km2", Decimal("-1")),
        ("as_of", timezone.localdate() + timedelta(days=2)),
    ],
)
def test_figures_that_cannot_be_are_refused_at_their_field(profile, field, value):
    setattr(profile, field, value)
    with pytest.raises(ValidationError) as problems:
        profile.full_clean()
    assert list(problems.value.message_dict) == [field]


def test_a_street_has_no_profile(profile, at):
    profile.region = at("620102001")
    with pytest.raises(ValidationError) as problems:
        profile.full_clean()
    assert "region" in problems.value.message_dict


def test_every_change_of_a_profile_is_kept(profile):
    profile.save()
    profile.residents = 9861
    profile.save()
    assert list(profile.history.order_by("pgh_id").values_list("pgh_label", "residents")) == [
        ("insert", 9860),
        ("update", 9861),
    ]
