"""The workbench, its piles, the search and the page of the programme."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.services import chain
from tests import factories
from tests.queries import at_most, crowd

pytestmark = pytest.mark.django_db


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def piles(answer):
    return {box.key: number for box, number in answer.context["boxes"]}


def test_what_waits_for_an_office_lies_on_its_desk_with_the_last_word(world):
    project = factories.submitted(world)
    assert piles(sign_in(world, "street").get("/"))["waiting"] == 1
    assert piles(sign_in(world, "county").get("/"))["waiting"] == 0
    factories.agree(project, world, opinion="情况属实，人数已核。")
    answer = sign_in(world, "county").get("/")
    assert piles(answer) == {"waiting": 1, "returned": 0, "mine": 0, "done": 0}
    assert "情况属实，人数已核。" in answer.content.decode()
    assert answer.context["frame"].todo == 1
    assert piles(sign_in(world, "street").get("/")) == {"waiting": 0, "returned": 0, "mine": 0, "done": 1}


def test_the_longest_waiting_comes_first(world):
    first = factories.submitted(world, title="先到")
    factories.submitted(world, title="后到")
    answer = sign_in(world, "street").get(reverse("desk:tasks"))
    assert [project.title for project in answer.context["rows"]] == ["先到", "后到"]
    assert answer.context["rows"][0] == first


def test_a_returned_application_comes_back_to_the_desk_of_its_community(world):
    project = factories.submitted(world)
    chain.decide(project, "return", by=world.fresh("street"), opinion="请补充。")
    answer = sign_in(world, "community").get("/")
    assert piles(answer) == {"waiting": 0, "returned": 1, "mine": 1, "done": 0}
    assert "请补充。" in answer.content.decode()
    assert answer.context["frame"].todo == 1
    listed = sign_in(world, "community").get(reverse("desk:tasks") + "?box=returned")
    assert reverse("projects:edit", args=[project.pk]) in listed.content.decode()


def test_empty_desks_say_what_would_fill_them(world):
    for who in ["community", "street", "province", "observer", "county_admin"]:
        answer = sign_in(world, who).get("/")
        assert answer.status_code == 200
        assert "lk-empty" in answer.content.decode()
        for box in ["waiting", "returned", "mine", "done"]:
            assert sign_in(world, who).get(f"/tasks/?box={box}").status_code == 200


def test_an_account_without_a_post_has_an_empty_desk(world):
    nobody = factories.User.objects.create(username="nobody", name="无岗")
    factories.submitted(world)
    client = Client()
    client.force_login(nobody)
    for url in ["/", "/tasks/", "/projects/", "/search/?q=课堂", "/programmes/"]:
        answer = client.get(url)
        assert answer.status_code == 200
        assert "护童驿站" not in answer.content.decode()


@pytest.mark.parametrize(
    "url", ["/?a=1", "/tasks/?box=secret", "/tasks/?x=1", "/search/?p=1", "/programmes/?x=1"]
)
def test_unknown_parameters_are_a_400(world, url):
    assert sign_in(world, "county").get(url).status_code == 400


def test_search_finds_projects_within_scope_and_places_everywhere(world):
    project = factories.submitted(world, title="“四点半”课堂")
    foreign = factories.submitted(world, world.wuyi, title="“四点半”互助")

    def found(text):
        return [one.title for one in sign_in(world, "county").get("/search/", {"q": text}).context["rows"]]

    assert found("四点半") == found(project.number) == ["“四点半”课堂"]
    assert found(foreign.number) == []
    places = sign_in(world, "county").get("/search/", {"q": "五一"}).context["places"]
    assert [(place["region"].name, place["inside"]) for place in places] == [("五一社区", False)]
    assert places[0]["path"].startswith("甘肃省")
    for odd in ["𠮷", "%", "_", "'", "x" * 300]:
        assert sign_in(world, "county").get("/search/", {"q": odd}).status_code == 200


def test_the_programme_page_counts_how_far_projects_came(world):
    factories.approved(world, world.xingfuli)
    factories.submitted(world, world.hekou)
    factories.draft(world, world.xingfuli, title="草稿")
    answer = sign_in(world, "province").get(reverse("desk:programme", args=["GS-2016"]))
    lines = answer.context["funnel"]["lines"]
    assert [(line["came"], line["now"]) for line in lines] == [(2, 0), (2, 1), (1, 0), (1, 0), (1, 0), (1, 0)]
    assert "第二阶段" in answer.content.decode()
    mine = sign_in(world, "jiayuguan").get("/programmes/")
    assert mine.context["funnel"]["submitted"] == 0
    assert sign_in(world, "county").get("/programmes/NONE/").status_code == 404


@pytest.mark.parametrize("many", [3, 30])
def test_the_workbench_asks_the_database_equally_often(world, many):
    crowd(factories.submitted(world), many)
    client = sign_in(world, "street")
    with at_most(18):
        assert client.get("/").status_code == 200
    with at_most(12):
        assert client.get("/tasks/").status_code == 200
