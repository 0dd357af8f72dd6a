"""The tree as it is read: above, below, whose, and found from anywhere."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from communities.models import Level, Region, paths


def codes(regions):
    return [region.code for region in regions]


def test_ancestors_are_listed_from_the_province_down_in_one_query(at, django_assert_num_queries):
    community = at("620102001001")
    with django_assert_num_queries(1):
        assert codes(community.ancestors) == ["62", "6201", "620102", "620102001"]
        assert community.full_name == "甘肃省 › 兰州市 › 城关区 › 酒泉路街道 › 畅家巷社区"
        assert community.ancestor_at(Level.CITY).name == "兰州市"


def test_a_city_without_counties_is_passed_over(at):
    community = at("620201001001")
    assert codes(community.ancestors) == ["62", "6202", "620201001"]
    assert community.ancestor_at(Level.COUNTY) is None
    assert community.ancestor_at(Level.COMMUNITY) == community


def test_paths_of_many_regions_cost_one_query(at, django_assert_num_queries):
    regions = list(Region.objects.communities())
    with django_assert_num_queries(1):
        chains = paths(regions)
    assert codes(chains[at("620102001001").pk]) == ["62", "6201", "620102", "620102001", "620102001001"]


def test_within_is_the_place_and_everything_below_it(at):
    assert codes(Region.objects.within(at("620103"))) == ["620103", "620103001", "620103001001"]
    assert at("620103").contains(at("620103001")) and not at("620103001").contains(at("620103"))


def test_a_person_sees_what_lies_under_their_posts_and_nothing_else(person):
    assert codes(Region.objects.visible_to(person("620103", "clerk"))) == [
        "620103",
        "620103001",
        "620103001001",
    ]


def test_nobody_sees_anything_without_a_post(at, django_user_model):
    stranger = django_user_model.objects.create(username="stranger", is_superuser=True)
    for nobody in (stranger, AnonymousUser()):
        assert not Region.objects.visible_to(nobody).exists()
        assert not Region.objects.findable_by(nobody, "兰州").exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("兰州", ["6201"]),
        ("川", []),
        ("家巷社", ["620102001001"]),
        ("家巷", ["620102001001"]),
        ("巷家", []),
        ("6202", ["6202", "620201001", "620201001001"]),
        ("x620001", ["X620001"]),
        ("%%%", []),
        ("", []),
        ("  ", []),
        ("\0", []),
        ("𠮷", []),
    ],
)
def test_a_place_anywhere_is_found_by_code_or_name(person, text, found):
    assert codes(Region.objects.findable_by(person("63", "clerk"), text)) == found


def test_the_database_keeps_provinces_and_only_provinces_without_a_parent(at):
    with pytest.raises(IntegrityError, match="only_provinces_are_roots"), transaction.atomic():
        Region.objects.create(code="99", name="x", level=Level.CITY, path="99/")


def test_the_database_keeps_the_path_true_to_the_code(at):
    with pytest.raises(IntegrityError, match="path_ends_with_its_code"), transaction.atomic():
        Region.objects.create(code="6299", name="x", level=Level.CITY, parent=at("62"), path="62/6298/")
