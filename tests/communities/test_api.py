"""Regions over REST."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from communities.api import RegionViewSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def get():
    def ask(user, address="/", action="list", **kwargs):
        request = APIRequestFactory().get(address)
        force_authenticate(request, user)
        response = RegionViewSet.as_view({"get": action})(request, **kwargs)
        response.render()
        return response

    return ask


def test_the_list_is_ones_own_subtree_in_few_queries(get, person, django_assert_max_num_queries):
    clerk = person("620102", "clerk")
    with django_assert_max_num_queries(4):
        response = get(clerk)
    rows = response.data["results"]
    assert rows[0]["code"] == "620102" and len(rows) == 7
    assert rows[-1]["full_name"] == "甘肃省 › 兰州市 › 城关区 › 张掖路街道 › 贤后村"
    assert rows[-1]["parent"] == "620102002"


def test_pages_follow_one_another_without_gap(get, person):
    clerk, seen, address = person("62", "clerk"), [], "/?size=3"
    while address:
        data = get(clerk, address).data
        seen += [row["code"] for row in data["results"]]
        address = data["next"]
    assert len(seen) == len(set(seen)) == 16


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("level=3", ["620102", "620103"]),
        ("parent=6202", ["620201001"]),
        ("name=家巷", ["620102001001"]),
        ("kind=rural", ["620102002200"]),
        ("parent=63", []),
    ],
)
def test_it_is_filtered_by_level_parent_kind_and_name(get, person, query, found):
    response = get(person("62", "clerk"), f"/?{query}")
    assert [row["code"] for row in response.data["results"]] == found


@pytest.mark.parametrize("query", ["path=62", "level=9", "level=x", "size=0", "level=1&level=2", "o=1"])
def test_any_other_question_is_refused(get, person, query):
    assert get(person("62", "clerk"), f"/?{query}").status_code == 400


def test_a_place_is_read_by_its_code_with_its_history(get, person):
    response = get(person("62", "clerk"), action="retrieve", code="620201001001")
    assert response.data["full_name"] == "甘肃省 › 嘉峪关市 › 雄关街道 › 福民社区"
    assert [(row["valid_from"], row["valid_to"]) for row in response.data["placements"]] == [(None, None)]


@pytest.mark.parametrize("code", ["63", "6301", "999999"])
def test_a_place_of_others_is_answered_like_one_that_does_not_exist(get, person, code):
    response = get(person("62", "clerk"), action="retrieve", code=code)
    missing = get(person("6201", "clerk"), action="retrieve", code="000000")
    assert response.status_code == 404 and response.data == missing.data


def test_a_place_of_others_is_found_by_name_and_shows_nothing_more(get, person):
    response = get(person("63", "clerk"), "/?q=福民社", action="find")
    assert response.data == [
        {
            "code": "620201001001",
            "name": "福民社区",
            "full_name": "甘肃省 › 嘉峪关市 › 雄关街道 › 福民社区",
        }
    ]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=x&level=1", "?q=" + "x" * 101])
def test_finding_needs_a_text_and_nothing_else(get, person, query):
    assert get(person("62", "clerk"), f"/{query}", action="find").status_code == 400


def test_nobody_asks_without_signing_in(get):
    assert get(None).status_code in (401, 403)
