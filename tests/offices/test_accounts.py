"""Signing in, posts that bite at once, and the accounts a county keeps."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from communities.offices import services
from communities.offices.models import Office, Post, User
from linkage.foundation.models import AuditEvent
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


def sign_in(client, username, password=factories.PASSWORD):
    return client.post(LOGIN, {"username": username, "password": password})


def test_a_clerk_signs_in_and_out(client, world):
    answer = sign_in(client, "community")
    assert answer.status_code == 302
    assert client.get(LOGIN).status_code == 302

    client.post(reverse("offices:logout"))
    assert client.get(reverse("offices:password")).status_code == 302
    kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    assert {"signed_in", "signed_out"} <= set(kinds)


def test_signing_out_needs_a_post(client, world):
    sign_in(client, "community")
    assert client.get(reverse("offices:logout")).status_code == 405


def test_five_wrong_passwords_lock_the_account_for_half_an_hour(client, world):
    for _try in range(5):
        assert sign_in(client, "street", "wrong").status_code == 422
    answer = sign_in(client, "street")
    assert answer.status_code == 422
    assert User.objects.get(username="street").is_locked

    User.objects.filter(username="street").update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, "street").status_code == 302


def test_an_unknown_name_is_answered_like_a_wrong_password(client, world):
    unknown, wrong = sign_in(client, "nobody", "x"), sign_in(client, "street", "x")
    assert unknown.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()


def test_a_sign_in_does_not_lead_off_the_site(client, world):
    answer = client.post(
        LOGIN, {"username": "street", "password": factories.PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.url == reverse("desk:home")


def test_a_first_password_opens_nothing_but_its_own_change(client, world):
    admin = world.people["county_admin"]
    user, first = services.create_account(
        by=admin, region=world.tianqing, username="tianqing", name="吴芳", role="clerk"
    )
    sign_in(client, "tianqing", first)
    assert client.get("/").url == reverse("offices:password")

    new = {"old_password": first, "new_password1": "A-new-one-2016", "new_password2": "A-new-one-2016"}
    assert client.post(reverse("offices:password"), new).status_code == 302
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password("A-new-one-2016")


def test_a_weak_or_mistyped_password_is_refused_with_every_reason(client, world):
    sign_in(client, "street")
    answer = client.post(
        reverse("offices:password"),
        {"old_password": "wrong", "new_password1": "12345678", "new_password2": "12345678"},
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"old_password", "new_password1"}


def test_a_county_opens_accounts_for_its_streets_and_communities_only(world):
    admin = world.people["county_admin"]
    user, _first = services.create_account(
        by=admin, region=world.tianqing, username="tianqing", name="吴芳", role="clerk"
    )
    assert [post.office for post in user.current_posts] == [world.offices["620102020002"]]

    for foreign in (world.fukang, world.hekou, world.region("6201")):
        with pytest.raises(PermissionDenied):
            services.create_account(by=admin, region=foreign, username="x", name="某某", role="clerk")
    with pytest.raises(PermissionDenied):
        services.create_account(
            by=admin, region=world.region("620102"), username="y", name="某某", role="administrator"
        )
    with pytest.raises(PermissionDenied):
        services.create_account(
            by=world.people["county"], region=world.tianqing, username="z", name="某某", role="clerk"
        )


def test_all_that_is_wrong_with_a_new_account_is_said_at_once(world):
    with pytest.raises(ValidationError) as problems:
        services.create_account(
            by=world.people["county_admin"], region=world.tianqing, username="STREET", name=" ", role="clerk"
        )
    assert set(problems.value.message_dict) == {"username", "name"}


def test_a_place_without_an_office_gets_one_with_its_first_account(world):
    street = world.region("620102021")
    Office.objects.filter(region=street).update(closed_on=timezone.localdate())
    user, _first = services.create_account(
        by=world.people["county_admin"], region=street, username="new", name="某某", role="reviewer"
    )
    assert user.current_posts[0].office.name == "酒泉路街道办事处"


def test_a_county_resets_passwords_below_and_nowhere_else(client, world):
    sign_in(client, "county_admin")
    street, stranger = world.people["street"], world.people["stranger"]

    answer = client.post(reverse("offices:reset", args=[street.pk]))
    assert answer.status_code == 200
    first = answer.context["first"]
    street.refresh_from_db()
    assert street.check_password(first)
    assert street.must_change_password

    missing = client.post(reverse("offices:reset", args=[999_999]))
    foreign = client.post(reverse("offices:reset", args=[stranger.pk]))
    assert (missing.status_code, foreign.status_code) == (404, 404)
    above = client.post(reverse("offices:reset", args=[world.people["city"].pk]))
    assert above.status_code == 404


def test_an_administrator_does_not_reset_a_colleague_of_the_same_rank(world):
    office = world.offices["620102"]
    other = factories.person("second_admin", "某某", office, Post.Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        services.reset_password(other, by=world.people["county_admin"])


def test_an_ended_post_loses_its_rights_at_the_next_request(client, world):
    project = factories.submitted(world)
    sign_in(client, "street")
    street = world.people["street"]
    assert project in Project.objects.waiting_for(world.fresh("street"))

    services.dismiss(street.posts.get(), by=world.people["county_admin"])

    street = world.fresh("street")
    assert street.current_posts == []
    assert not Project.objects.visible_to(street).exists()
    assert street.posts.get().ended_at is not None


def test_a_closed_account_is_out_at_its_next_request(client, world):
    sign_in(client, "street")
    assert client.get(reverse("offices:password")).status_code == 200
    services.set_active(world.people["street"], False, by=world.people["county_admin"])
    assert client.get(reverse("offices:password")).status_code == 302


def test_the_accounts_page_shows_the_people_below_and_no_others(client, world):
    sign_in(client, "county_admin")
    page = client.get(reverse("offices:accounts")).content.decode()
    assert "何秀兰" in page
    for foreign in ("陈志强", "郭强", "宋佳", "杨永福"):
        assert foreign not in page
    assert client.get(reverse("offices:accounts") + "?password=x").status_code == 400
    assert client.get(reverse("offices:new_account") + "?region=620902001").status_code == 404


def test_who_administers_nothing_keeps_no_accounts(client, world):
    sign_in(client, "county")
    assert client.get(reverse("offices:accounts")).status_code == 403


def test_an_office_keeps_its_old_name_on_what_it_signed(world):
    project = factories.agree(factories.submitted(world), world)
    office = world.offices["620102020"]
    services.rename_office(office, "雁南街道党工委社会工作部", by=world.people["county_admin"])
    assert project.decisions.get().office_name == "雁南街道办事处"
    assert Office.objects.get(pk=office.pk).name == "雁南街道党工委社会工作部"


def test_work_follows_an_office_to_its_heir(world):
    project = factories.agree(factories.submitted(world), world)
    factories.person("lanzhou_admin", "某某", world.offices["6201"], Post.Role.ADMINISTRATOR)
    services.hand_over(
        world.offices["620102"], world.offices["6201"], by=User.objects.get(username="lanzhou_admin")
    )
    assert project in Project.objects.waiting_for(world.fresh("city"))
    assert project not in Project.objects.waiting_for(world.fresh("county"))


@pytest.mark.parametrize("count", [1, 20])
def test_the_accounts_page_costs_the_same_for_any_number(client, world, count, django_assert_max_num_queries):
    for number in range(count):
        factories.person(f"clerk{number}", "某某", world.offices["620102020"], Post.Role.CLERK)
    sign_in(client, "county_admin")
    with django_assert_max_num_queries(16):
        assert client.get(reverse("offices:accounts")).status_code == 200


def test_an_administrator_opens_the_registers_and_sees_only_the_rows_below(client, world):
    admin = world.people["county_admin"]
    admin.is_staff = True
    admin.save()
    mine = factories.submitted(world)
    factories.submitted(world, world.fukang, title="别处的项目")
    client.force_login(admin)
    page = client.get("/admin/projects/project/").content.decode()
    assert mine.title in page
    assert "别处的项目" not in page
    assert client.get("/admin/offices/office/").status_code == 200

    services.dismiss(
        admin.posts.get(), by=factories.person("above", "某某", world.offices["6201"], "administrator")
    )
    assert client.get("/admin/projects/project/").status_code == 403


def test_posts_asked_anew_stand_only_as_the_database_has_them_now(world):
    official = world.fresh("county")
    assert [post.office.region.code for post in official.current_posts] == ["620102"]
    held = official.current_posts
    official.ask_posts_anew()
    assert official.current_posts is held, "nothing changed, nothing is read twice"
    Post.objects.filter(user=official).update(role=Post.Role.OBSERVER)
    official.ask_posts_anew()
    assert official.deciding_offices == set()
    Post.objects.filter(user=official).update(ended_at=timezone.now())
    official.ask_posts_anew()
    assert official.current_posts == []
    Post.objects.filter(user=official).update(ended_at=None, role=Post.Role.LEADER)
    official.ask_posts_anew()
    assert official.deciding_offices == {world.offices["620102"].pk}
