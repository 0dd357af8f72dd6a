"""Lists of projects: what can be asked, what comes back, what stays hidden."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Project, Quota
from tests import factories
from tests.queries import at_most, crowd

pytestmark = pytest.mark.django_db


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def titles(answer):
    return [project.title for project in answer.context["rows"]]


@pytest.fixture
def three(world):
    """One approved, one waiting at the province, one still at its street."""
    return [
        factories.approved(world, world.xingfuli, title="课堂", asks=Decimal(45000)),
        at_the_province(world, world.wuyi, title="互助站", asks=Decimal(60000)),
        factories.submitted(world, world.hekou, title="老人互助", asks=Decimal(30000)),
    ]


def at_the_province(world, community, **kwargs):
    project = factories.submitted(world, community, **kwargs)
    while project.step != "province_approval":
        project = factories.agree(project, world)
    return project


def test_everyone_lists_what_lies_under_their_own_place(world, three):
    url = reverse("projects:list")
    assert set(titles(sign_in(world, "province").get(url))) == {"课堂", "互助站", "老人互助"}
    assert set(titles(sign_in(world, "county").get(url))) == {"课堂"}
    assert set(titles(sign_in(world, "jiayuguan").get(url))) == {"互助站"}
    assert titles(sign_in(world, "stranger").get(url)) == []


def test_filters_narrow_and_the_totals_are_those_of_the_filtered_rows(world, three):
    client = sign_in(world, "province")
    url = reverse("projects:list")
    answer = client.get(url, {"status": "approved"})
    assert titles(answer) == ["课堂"]
    assert answer.context["totals"] == {"count": 1, "asked": Decimal(45000), "granted": Decimal(45000)}
    assert titles(client.get(url, {"region": "6202"})) == ["互助站"]
    assert titles(client.get(url, {"q": "老人"})) == ["老人互助"]
    assert titles(client.get(url, {"programme": "GS-2016", "track": "local"})) == []


@pytest.mark.parametrize(
    "query",
    [
        "foo=1",
        "status=blessed",
        "region=6209029",
        "region=620102",
        "status=approved&status=draft",
        "cursor=!!",
        "cursor=WzFd",
        "track=x",
    ],
)
def test_an_unknown_filter_or_value_is_a_400(world, three, query):
    assert sign_in(world, "province").get(f"{reverse('projects:list')}?{query}").status_code == 400


def test_pages_follow_each_other_without_gap_or_double(world):
    crowd(factories.submitted(world), 43)
    made = list(Project.objects.order_by("step_since", "pk"))
    client, url = sign_in(world, "street"), reverse("projects:list")
    seen, pages = [], 0
    address = url
    while address:
        answer = client.get(address)
        seen += titles(answer)
        pages += 1
        address = answer.context["links"]["next_url"] and url + answer.context["links"]["next_url"]
    assert pages == 3
    assert seen == [project.title for project in reversed(made)]
    back = client.get(url + answer.context["links"]["prev_url"])
    assert titles(back) == seen[20:40]


@pytest.mark.parametrize("many", [3, 30])
@pytest.mark.parametrize("who", ["community", "street", "county", "province"])
def test_the_list_asks_the_database_equally_often(world, many, who):
    crowd(factories.submitted(world), many)
    client = sign_in(world, who)
    with at_most(12):
        assert client.get(reverse("projects:list")).status_code == 200


def test_the_province_sorts_what_arrived_and_reads_the_ceilings(world, three):
    client = sign_in(world, "province")
    url = reverse("projects:arrivals", args=["GS-2016"])
    answer = client.get(url)
    assert set(titles(answer)) == {"课堂", "互助站"}
    assert [(quota.key, taken, left) for quota, taken, left in answer.context["quotas"]] == [
        ("projects", 1, 199),
        ("communities", 1, 99),
    ]
    assert answer.context["granted"] == Decimal(45000)
    lines = {line["city"].name: (line["count"], line["sum"]) for line in answer.context["cities"]}
    assert lines == {"兰州市": (1, Decimal(45000)), "嘉峪关市": (1, Decimal(60000))}
    assert titles(client.get(url, {"sort": "money"})) == ["互助站", "课堂"]
    assert titles(client.get(url, {"sort": "region"})) == ["课堂", "互助站"]
    assert titles(client.get(url, {"sort": "title", "region": "6202"})) == ["互助站"]
    assert client.get(url, {"sort": "secret"}).status_code == 400


def test_lower_offices_have_no_list_of_arrivals(world, three):
    for who in ["city", "county", "street", "community", "stranger"]:
        answer = sign_in(world, who).get(reverse("projects:arrivals", args=["GS-2016"]))
        assert answer.status_code == 404


def test_a_ceiling_is_raised_by_document_and_by_the_province_alone(world):
    url = reverse("projects:raise_quota", args=["GS-2016", "projects"])
    asked = {"projects-limit": 220, "projects-doc_no": "甘民发〔2016〕120号", "projects-reason": "扩大试点"}
    assert sign_in(world, "city").post(url, asked).status_code == 404
    province = sign_in(world, "province")
    assert province.get(url).status_code == 405
    answer = province.post(url, {**asked, "projects-limit": 100, "projects-doc_no": "120"})
    assert answer.status_code == 422
    _quota, form = answer.context["raises"][0]
    assert set(form.errors) == {"limit", "doc_no"}
    assert Quota.objects.get(key="projects").limit == 200
    assert province.post(url, asked).status_code == 302
    assert Quota.objects.get(key="projects").limit == 220
    assert province.post(reverse("projects:raise_quota", args=["GS-2016", "none"]), asked).status_code == 404


@pytest.mark.parametrize("many", [3, 12])
def test_the_arrivals_ask_the_database_equally_often(world, many):
    for number in range(many):
        at_the_province(world, world.xingfuli, title=f"项目 {number}")
    client = sign_in(world, "province")
    with at_most(20):
        assert client.get(reverse("projects:arrivals", args=["GS-2016"])).status_code == 200
