"""接口令牌: a program reads the statistics of one place in the name of its owner, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone
from rest_framework.authtoken.models import Token

from communities.offices import services
from communities.offices.models import ApiToken, Post
from linkage.foundation.models import AuditEvent
from tests.access.test_table import routes

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def made(world):
    def make(who="county", code="620102020", **more):
        given = {"name": "大屏", "days": 90, **more}
        return services.make_token(by=world.fresh(who), region=world.region(code), **given)

    return make


@pytest.fixture
def ask(client):
    def ask(secret, path, method="get", **more):
        return getattr(client, method)(f"{API}{path}", headers={"Authorization": f"Token {secret}"}, **more)

    return ask


def codes(answer):
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


# What it sees


def test_it_sees_its_place_and_what_lies_below_it(made, ask):
    _token, secret = made()
    assert codes(ask(secret, "regions/")) == ["620102020", "620102020001", "620102020002"]
    assert ask(secret, "statistics/?place=620102020").status_code == 200
    answers = [ask(secret, f"statistics/?place={code}") for code in ("620102", "620102021", "6209", "9999")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_it_never_sees_more_than_its_owner_does_today(made, ask, world):
    _token, secret = made(code="620102")
    assert len(codes(ask(secret, "regions/"))) == 6
    Post.objects.filter(user=world.people["county"]).update(office=world.offices["620102020"])
    assert codes(ask(secret, "regions/")) == ["620102020", "620102020001", "620102020002"]
    Post.objects.filter(user=world.people["county"]).update(ended_at=timezone.now())
    assert codes(ask(secret, "regions/")) == []
    assert ask(secret, "statistics/?place=620102").status_code == 404


def test_of_several_posts_each_meets_the_place(world):
    user = world.fresh("county")
    Post.objects.create(user=user, office=world.offices["6209"], role=Post.Role.LEADER)
    Post.objects.create(user=user, office=world.offices["620102020001"], role=Post.Role.CLERK)
    user.narrow_to(world.region("620102020"))
    assert [post.office.region.code for post in user.current_posts] == ["620102020", "620102020001"]
    assert not user.deciding_offices and not user.answerable_offices and not user.administers
    assert not any(post.files or post.decides for post in user.current_posts)
    user.narrow_to(world.region("6202"))
    assert user.current_posts == []


def test_the_sign_in_token_of_the_same_person_is_as_wide_as_before(made, ask, world):
    _token, secret = made()
    plain = Token.objects.create(user=world.people["county"])
    assert len(codes(ask(plain.key, "regions/"))) == 6
    assert len(codes(ask(secret, "regions/"))) == 3


# What it opens


OPEN = {
    *("regions/", "regions/<code>/", "measures/", "targets/", "editions/", "attainment/"),
    *("attainment/failing/", "statistics/", "special-groups/"),
}


def test_every_other_door_of_the_interface_is_closed(made, ask):
    _token, secret = made()
    doors = {route.removeprefix("api/v1/") for route in routes(get_resolver()) if route.startswith("api/v1/")}
    for door in doors - OPEN - {"schema/"}:
        path = door.replace("<code>", "620102020").replace("<pk>", "1").replace("<number>", "1")
        assert ask(secret, path).status_code == 403, door
    for door in doors - {"schema/", "token/"}:
        path = door.replace("<code>", "620102020").replace("<pk>", "1")
        for method in ("post", "put", "patch", "delete"):
            assert ask(secret, path, method).status_code == 403, (method, door)
    assert ask(secret, "token/", "delete").status_code == 403
    assert ask(secret, "regions/find/?q=区").status_code == 403


def test_pages_do_not_know_it(made, client):
    _token, secret = made()
    assert client.get("/targets/", headers={"Authorization": f"Token {secret}"}).status_code == 302


# How long


@pytest.mark.parametrize(
    "change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}]
)
def test_a_revoked_or_ended_token_opens_nothing(made, ask, change):
    token, secret = made()
    ApiToken.objects.filter(pk=token.pk).update(created_at=timezone.now() - timedelta(days=9), **change)
    answer = ask(secret, "regions/")
    assert answer.status_code == 401 and "令牌" in answer.json()["detail"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}])
def test_nor_does_that_of_a_closed_account_or_a_first_password(made, ask, world, change):
    _token, secret = made()
    type(world.people["county"]).objects.filter(username="county").update(**change)
    assert ask(secret, "regions/").status_code == 401


def test_the_last_use_is_kept_to_the_minute(made, ask, django_assert_num_queries):
    token, secret = made()
    ask(secret, "measures/")
    first = ApiToken.objects.get(pk=token.pk).last_used_at
    ask(secret, "measures/")
    assert first is not None and ApiToken.objects.get(pk=token.pk).last_used_at == first


# Making and revoking


def test_the_secret_is_shown_once_and_not_kept(made, world):
    token, secret = made()
    assert secret.startswith("lk_") and len(secret) > 40
    kept = ApiToken.objects.values().get(pk=token.pk)
    assert secret not in str(kept) and secret[3:] not in str(kept)
    facts = AuditEvent.objects.get(kind="api_token_made")
    assert (facts.by_id, facts.facts["place"]) == (world.people["county"].pk, "620102020")
    assert "digest" not in str(token.history.values().get())


def test_over_rest_it_is_made_listed_and_revoked(ask, world):
    mine = Token.objects.create(user=world.people["county"]).key
    other = Token.objects.create(user=world.people["street"]).key
    body = {"name": "大屏", "place": "620102020", "days": 30}
    answer = ask(mine, "tokens/", "post", data=body, content_type="application/json")
    assert answer.status_code == 201 and answer["Cache-Control"] == "no-store"
    secret, pk = answer.json()["token"], answer.json()["id"]
    assert len(codes(ask(secret, "regions/"))) == 3
    (listed,) = ask(mine, "tokens/").json()
    assert listed["name"] == "大屏" and "token" not in listed and "digest" not in listed
    assert ask(other, "tokens/").json() == []
    assert ask(other, f"tokens/{pk}/", "delete").status_code == 404
    assert ask(mine, f"tokens/{pk}/", "delete").status_code == 204
    assert ask(secret, "regions/").status_code == 401
    assert ask(mine, f"tokens/{pk}/", "delete").status_code == 409
    assert AuditEvent.objects.filter(kind="api_token_revoked").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"place": "6209"}, "place"),
        ({"place": "9999"}, "place"),
        ({"days": 31}, "days"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_wish_is_told(ask, world, wrong, field):
    mine = Token.objects.create(user=world.people["county"]).key
    body = {"name": "大屏", "place": "620102020", "days": 30, **wrong}
    answer = ask(mine, "tokens/", "post", data=body, content_type="application/json")
    assert answer.status_code == 400 and field in answer.json()["errors"]


def test_a_name_is_used_once_and_there_are_ten_at_most(made, ask, world):
    for number in range(services.TOKENS):
        made(name=f"程序 {number}")
    mine = Token.objects.create(user=world.people["county"]).key
    body = {"name": "程序 1", "place": "620102020"}
    assert ask(mine, "tokens/", "post", data=body, content_type="application/json").status_code == 400
    body["name"] = "第十一个"
    assert ask(mine, "tokens/", "post", data=body, content_type="application/json").status_code == 409


def test_on_the_page_it_is_made_shown_once_and_revoked(client, world, ask):
    client.force_login(world.people["county"])
    assert "还没有令牌" in client.get("/tokens/").content.decode()
    page = client.post("/tokens/", {"name": "大屏", "place": "620102020", "days": "90"})
    secret = page.content.decode().partition('class="lk-secret">')[2].partition("<")[0]
    assert len(codes(ask(secret, "regions/"))) == 3
    page = client.get("/tokens/").content.decode()
    assert "大屏" in page and secret not in page
    assert client.post("/tokens/", {"name": "", "place": "6209", "days": "1"}).status_code == 422
    pk = ApiToken.objects.get().pk
    client.force_login(world.people["street"])
    assert client.post(f"/tokens/{pk}/revoke/").status_code == 404
    client.force_login(world.people["county"])
    assert client.post(f"/tokens/{pk}/revoke/").status_code == 302
    assert ask(secret, "regions/").status_code == 401
