"""The person of a session is read with the posts of today, and those with the places above them."""

import pytest
from django.utils import timezone

from communities.models import Region
from communities.offices.middleware import WithPosts
from communities.offices.models import Deputy, User
from tests import factories
from tests.queries import at_most

pytestmark = pytest.mark.django_db


def test_one_question_tells_the_person_the_posts_and_the_places_above(world):
    person = world.people["street"]
    plain = User.objects.get(pk=person.pk)
    with at_most(1):
        found = WithPosts().get_user(person.pk)
        (post,) = found.current_posts
        above = post.office.region.ancestors
    assert found == person and [post.pk for post in plain.current_posts] == [post.pk]
    above_it = list(Region.objects.ancestors_of(post.office.region))
    assert above_it and above == above_it
    told = [(one.code, one.name, one.level, one.parent_id, one.path) for one in above_it]
    assert [(one.code, one.name, one.level, one.parent_id, one.path) for one in above] == told


def test_who_holds_no_post_comes_in_all_the_same_and_who_is_closed_does_not(world):
    nobody = User.objects.create_user("nobody", password="x")
    assert WithPosts().get_user(nobody.pk) == nobody
    assert WithPosts().get_user(nobody.pk).current_posts == []
    person = world.people["street"]
    person.is_active = False
    person.save()
    assert WithPosts().get_user(person.pk) is None


def test_a_post_that_has_ended_is_gone_at_the_next_request(world):
    person = world.people["street"]
    person.posts.update(ended_at=timezone.now())
    assert WithPosts().get_user(person.pk).current_posts == []


def test_a_deputy_is_oneself_and_not_the_one_stood_in_for(world):
    holder = world.people["county"]
    deputy = factories.person("clerk", "代办", world.offices["620102"], "clerk")
    Deputy.objects.create(
        post=holder.posts.get(),
        user=deputy,
        reason=Deputy.Reason.LEAVE,
        ends_on=timezone.localdate(),
        named_by=holder,
    )
    found = WithPosts().get_user(deputy.pk)
    assert found == deputy
    assert {post.user_id for post in found.current_posts} == {holder.pk, deputy.pk}
