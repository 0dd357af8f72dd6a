"""A question whose SQL is worked out once answers like the queryset it was made of."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from communities.offices.models import Post
from linkage.foundation.prepared import Prepared

pytestmark = pytest.mark.django_db


def of(user, day):
    return Post.objects.filter(user=user).current(day).select_related("office__region").order_by("pk")


def test_it_answers_anew_for_every_person_and_day(world, django_assert_num_queries):
    asked, today = Prepared(of, user=-1, day=date.min), timezone.localdate()
    for person in world.people.values():
        for day in (today, today - timedelta(days=20_000)):
            plain = [(post.pk, post.office.region.name) for post in of(person, day)]
            with django_assert_num_queries(1):
                found = asked(user=person.pk, day=day)
                assert [(post.pk, post.office.region.name) for post in found] == plain
    clerk = world.people["community"]
    (post,) = asked(user=clerk.pk, day=today)
    post.valid_to = today - timedelta(days=1)
    post.save()
    assert asked(user=clerk.pk, day=today) == []


def test_each_thread_asks_over_its_own_connection(world):
    asked, today = Prepared(of, user=-1, day=date.min), timezone.localdate()
    assert asked(user=world.people["community"].pk, day=today)

    def elsewhere():
        try:
            return asked(user=-2, day=today), connection.connection.info.backend_pid
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        found, pid = pool.submit(elsewhere).result()
    assert found == [] and pid != connection.connection.info.backend_pid


def test_a_mark_that_does_not_reach_the_sql_is_an_error():
    with pytest.raises(ValueError, match="day"):
        Prepared(lambda user, day: Post.objects.filter(user=user), user=-1, day=date.min)(user=1, day=None)
