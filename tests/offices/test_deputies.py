"""AB角: a colleague stands in for a post from a day to a day, with what the post has and no more."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.offices import services
from communities.offices.models import Deputy, Post
from linkage.foundation.errors import NotNow
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world):
    """A clerk at the county's bureau, who decides nothing of their own."""
    person = factories.person("county_clerk", "王芳", world.offices["620102"], Post.Role.CLERK)
    world.people["county_clerk"] = person
    return person


def today():
    return timezone.localdate()


def name(world, deputy, *, post=None, by="county", days=7, **given):
    post = post or world.people["county"].posts.get()
    given = {"starts_on": today(), "ends_on": today() + timedelta(days=days), "reason": "leave", **given}
    return services.name_deputy(post, deputy, by=world.fresh(by), **given)


def test_a_deputy_has_the_post_from_the_first_day_to_the_last(world, clerk):
    county = world.offices["620102"]
    assert not world.fresh("county_clerk").decides_for(county)
    deputy = name(world, clerk)
    assert world.fresh("county_clerk").decides_for(county)
    assert str(deputy) == "王芳（代张文静）"

    Deputy.objects.update(starts_on=today() - timedelta(days=3), ends_on=today() - timedelta(days=1))
    assert not world.fresh("county_clerk").decides_for(county)
    Deputy.objects.update(starts_on=today() + timedelta(days=1), ends_on=today() + timedelta(days=2))
    assert not world.fresh("county_clerk").decides_for(county)
    Deputy.objects.update(starts_on=today(), ends_on=today())
    assert world.fresh("county_clerk").decides_for(county)


def test_a_right_from_a_post_stood_in_for_ends_within_the_request_that_asks_anew(world, clerk):
    deputy = name(world, clerk)
    user = world.fresh("county_clerk")
    assert user.deciding_offices
    services.end_deputy(deputy, by=world.fresh("county"))
    user.ask_posts_anew()
    assert not user.deciding_offices


def test_the_own_post_stays_the_main_one(world, clerk):
    name(world, clerk)
    assert world.fresh("county_clerk").main_post.role == Post.Role.CLERK


def test_a_deputy_gains_no_more_than_the_post_has(world, clerk):
    name(world, clerk)
    user = world.fresh("county_clerk")
    assert {post.office.region.code for post in user.current_posts} == {"620102"}
    assert not user.administers and not user.decides_for(world.offices["6201"])


@pytest.mark.parametrize("gone", ["post of the holder", "account of the holder", "post of the deputy"])
def test_with_the_post_of_either_of_them_the_standing_in_ends(world, clerk, gone):
    name(world, clerk)
    admin = world.fresh("county_admin")
    match gone:
        case "post of the holder":
            services.dismiss(world.people["county"].posts.get(), by=admin)
        case "account of the holder":
            services.set_active(world.people["county"], False, by=admin)
        case "post of the deputy":
            services.dismiss(clerk.posts.get(), by=admin)
    assert not world.fresh("county_clerk").deciding_offices


def test_standing_in_cannot_be_handed_on(world, clerk):
    """Neither does the deputy name a deputy for the post, nor does who stands in for the deputy get it."""
    name(world, clerk)
    third = factories.person("third", "第三人", world.offices["620102"], Post.Role.CLERK)
    with pytest.raises(PermissionDenied):
        name(world, third, by="county_clerk")
    with pytest.raises(ValidationError):  # the own post of a clerk has no deputy
        name(world, third, post=clerk.posts.get(), by="county_clerk")

    Deputy.objects.all().delete()
    name(world, world.people["county_leader"])
    name(world, third, post=world.people["county_leader"].posts.get(), by="county_leader")
    held = {post.user_id for post in services.accounts.User.objects.get(pk=third.pk).current_posts}
    assert held == {third.pk, world.people["county_leader"].pk}


def test_only_the_holder_and_the_administrator_of_the_place_name_a_deputy(world, clerk):
    for who in ("county_leader", "city", "province", "street", "stranger", "county_clerk"):
        with pytest.raises(PermissionDenied):
            name(world, clerk, by=who)
    name(world, clerk, by="county_admin")
    with pytest.raises(PermissionDenied):
        services.end_deputy(Deputy.objects.get(), by=world.fresh("county_leader"))


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"starts_on": -1}, "starts_on"),
        ({"ends_on": -1}, "ends_on"),
        ({"ends_on": 400}, "ends_on"),
        ({"reason": "x"}, "reason"),
    ],
)
def test_days_and_reason_are_checked(world, clerk, given, wrong):
    days = {key: today() + timedelta(days=value) for key, value in given.items() if isinstance(value, int)}
    with pytest.raises(ValidationError) as refused:
        name(world, clerk, **{**given, **days})
    assert list(refused.value.message_dict) == [wrong]


@pytest.mark.parametrize("who", ["county", "county_admin", "city", "street", "stranger"])
def test_only_a_colleague_who_works_in_the_same_office_stands_in(world, who):
    with pytest.raises(ValidationError) as refused:
        name(world, world.people[who])
    assert list(refused.value.message_dict) == ["deputy"]


def test_a_post_has_one_deputy_at_a_time(world, clerk):
    name(world, clerk)
    with pytest.raises(NotNow):
        name(world, world.people["county_leader"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.create(
            post=world.people["county"].posts.get(),
            user=world.people["county_leader"],
            reason="leave",
            ends_on=today(),
            named_by=clerk,
        )
    services.end_deputy(Deputy.objects.get(), by=world.fresh("county"))
    name(world, world.people["county_leader"])


def browser(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def test_on_the_page_the_holder_names_and_ends_a_deputy(world, clerk):
    client, address = browser(world, "county"), reverse("offices:deputies")
    post = world.people["county"].posts.get()
    form = {
        "post": post.pk,
        "deputy": clerk.pk,
        "starts_on": today().isoformat(),
        "ends_on": today().isoformat(),
        "reason": "travel",
    }
    assert client.post(address, {**form, "ends_on": "2016-01-01"}).status_code == 422
    assert client.post(address, form).status_code == 302
    shown = client.get(address).content.decode()
    assert "王芳" in shown and "出差" in shown
    assert "张文静" in browser(world, "county_clerk").get(address).content.decode()

    deputy = Deputy.objects.get()
    assert browser(world, "city").post(reverse("offices:end_deputy", args=[deputy.pk])).status_code == 404
    assert client.post(reverse("offices:end_deputy", args=[deputy.pk])).status_code == 302
    assert not world.fresh("county_clerk").deciding_offices


def test_on_the_page_the_administrator_names_one_for_somebody_on_leave(world, clerk):
    post = world.people["county"].posts.get()
    admin = browser(world, "county_admin")
    assert reverse("offices:deputies") in admin.get(f"/accounts/{post.user_id}/").content.decode()
    assert admin.get(reverse("offices:deputies"), {"post": post.pk}).status_code == 200
    for who in ("county_leader", "city", "stranger", "street"):
        assert browser(world, who).get(reverse("offices:deputies"), {"post": post.pk}).status_code == 404
