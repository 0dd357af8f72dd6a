"""REST: the same rows and verbs as the pages, clear answers to wrong questions."""

import json

import pytest
from django.urls import reverse
from rest_framework.authtoken.models import Token

from communities.offices import services as accounts
from linkage.foundation.spreadsheets import describing
from organizations.models import SocialOrganization
from projects.models import Decision, Project
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/api/v1/projects/"
AGREE = {"verdict": "approve", "opinion": "情况属实，同意上报。", "step": "street_review", "round": 1}


@pytest.fixture
def api(client, world):
    def call(who, method, url, data=None, **headers):
        token, _made = Token.objects.get_or_create(user=world.people[who])
        return client.generic(
            method.upper(),
            url,
            json.dumps(data) if data is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Token {token.key}", **headers},
        )

    return call


def decide_url(project):
    return f"{LIST}{project.pk}/decide/"


def test_a_token_is_given_for_name_and_password_and_ends_with_delete(client, world):
    answer = client.post(
        "/api/v1/token/",
        {"username": "street", "password": factories.PASSWORD},
        content_type="application/json",
    )
    header = {"Authorization": f"Token {answer.json()['token']}"}
    assert client.get(LIST, headers=header).status_code == 200
    assert client.delete("/api/v1/token/", headers=header).status_code == 204
    assert client.get(LIST, headers=header).status_code == 401


def test_wrong_passwords_lock_the_token_door_as_well(client, world):
    wrong = {"username": "street", "password": "x"}
    for _try in range(5):
        assert client.post("/api/v1/token/", wrong, content_type="application/json").status_code == 401
    right = {"username": "street", "password": factories.PASSWORD}
    assert client.post("/api/v1/token/", right, content_type="application/json").status_code == 401


def test_a_token_of_a_closed_account_opens_nothing(api, world):
    world.people["street"].is_active = False
    world.people["street"].save()
    assert api("street", "get", LIST).status_code == 401


def test_another_password_ends_the_token_that_was_given_for_the_old_one(api, world):
    assert api("street", "get", LIST).status_code == 200
    accounts.change_password(world.people["street"], factories.PASSWORD, "Another-Word-2026")
    key = Token.objects.filter(user=world.people["street"])
    assert not key.exists()
    assert api("county", "get", LIST).status_code == 200, "that of everybody else goes on"
    accounts.reset_password(world.people["street"], by=world.people["county_admin"])
    assert not key.exists()


def test_one_sees_the_projects_under_ones_posts_and_no_others(api, world):
    project = factories.submitted(world)
    seen = api("street", "get", LIST).json()["results"]
    assert [row["number"] for row in seen] == [project.number]
    assert seen[0]["place"]["path"] == ["甘肃省", "兰州市", "城关区", "雁南街道", "幸福里社区"]
    assert api("stranger", "get", LIST).json()["results"] == []
    foreign = api("stranger", "get", f"{LIST}{project.pk}/")
    missing = api("stranger", "get", f"{LIST}999999/")
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


def test_a_draft_is_seen_at_home_only(api, world):
    project = factories.draft(world)
    assert api("community", "get", f"{LIST}{project.pk}/").status_code == 200
    for who in ("street", "county", "province"):
        assert api(who, "get", f"{LIST}{project.pk}/").status_code == 404


def test_a_decision_over_rest_moves_the_project_on(api, world):
    project = factories.submitted(world)
    answer = api("street", "post", decide_url(project), AGREE)
    assert answer.status_code == 200, answer.content
    assert answer.json()["step"] == "county_review"
    assert answer.json()["decisions"][0]["by"] == "何秀兰"


def test_the_same_key_decides_once_and_is_answered_alike(api, world):
    project = factories.submitted(world)
    first = api("street", "post", decide_url(project), AGREE, **{"Idempotency-Key": "k1"})
    again = api("street", "post", decide_url(project), AGREE, **{"Idempotency-Key": "k1"})
    other = api(
        "street", "post", decide_url(project), {**AGREE, "opinion": "另"}, **{"Idempotency-Key": "k1"}
    )
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert first.json() == again.json()
    assert Decision.objects.count() == 1


def test_whoever_comes_second_is_told_who_was_first(api, world):
    project = factories.submitted(world)
    api("street", "post", decide_url(project), AGREE)
    late = api("street", "post", decide_url(project), AGREE)
    assert late.status_code == 409
    assert "何秀兰" in late.json()["detail"]


def test_who_may_not_decide_is_refused(api, world):
    project = factories.submitted(world)
    assert api("street_clerk", "post", decide_url(project), AGREE).status_code == 403
    assert api("county", "post", decide_url(project), AGREE).status_code == 403
    assert api("stranger", "post", decide_url(project), AGREE).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**AGREE, "verdict": "maybe"},
        {**AGREE, "opinion": ""},
        {**AGREE, "opinion": "字" * 501},
        {**AGREE, "round": 0},
        {**AGREE, "status": "approved"},
        {**AGREE, "granted_amount": "-1"},
        {**AGREE, "signed_on": "2016-02-30"},
        {**AGREE, "marks": [{"field": "status", "note": "x"}]},
        {**AGREE, "opinion": "a\u0000b"},
    ],
)
def test_a_wrong_body_is_a_400_and_changes_nothing(api, world, body):
    project = factories.submitted(world)
    answer = api("street", "post", decide_url(project), body)
    assert answer.status_code == 400, answer.content
    assert Project.objects.get(pk=project.pk).step == "street_review"


@pytest.mark.parametrize(
    "query",
    [
        "?unknown=1",
        "?ordering=created_by__password",
        "?status=approved&status=draft",
        "?created_by__password__startswith=p",
        "?status=nonsense",
        "?cursor=%00",
        "?size=100000",
    ],
)
def test_a_question_that_is_not_on_the_list_is_a_400(api, world, query):
    assert api("province", "get", LIST + query).status_code == 400


def test_a_foreign_region_and_a_missing_one_are_answered_alike(api, world):
    factories.submitted(world)
    foreign = api("street", "get", LIST + "?region=6209").json()
    missing = api("street", "get", LIST + "?region=9999").json()
    assert foreign["results"] == missing["results"] == []
    assert api("county", "get", LIST + "?region=620102020").json()["results"] != []


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_any_number(api, world, count, django_assert_max_num_queries):
    for number in range(count):
        factories.submitted(world, title=f"项目 {number}")
    api("county", "get", LIST)
    with django_assert_max_num_queries(6):
        assert len(api("county", "get", LIST).json()["results"]) == count


def test_programmes_and_regions_are_read_within_ones_reach(api, world):
    programme = api("community", "get", "/api/v1/programmes/GS-2016/").json()
    assert [step["key"] for step in programme["steps"]][5] == "street_review"
    assert [quota["limit"] for quota in programme["quotas"]] == [200, 100]
    regions = api("county", "get", "/api/v1/regions/?size=100").json()["results"]
    assert {region["code"][:6] for region in regions} == {"620102"}


def test_the_schema_describes_every_door_without_complaint(client, world, recwarn):
    client.force_login(world.people["province"])
    answer = client.get(reverse("api:schema"), headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    said = json.loads(answer.content)
    assert "/api/v1/projects/{id}/decide/" in said["paths"]
    of_a_register = said["components"]["schemas"]["SocialOrganization"]["properties"]
    for name in ("uscc", "established_on"):  # as the table of the register says it
        column = describing.of(SocialOrganization).by_name[name]
        assert column.example in of_a_register[name]["description"]
