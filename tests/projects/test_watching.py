"""The clock of the chain: reminder, overdue, report to the leader; each once in a stay."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.offices.models import Deputy, Post
from linkage.foundation import notices
from linkage.foundation.models import Notice, Outbox
from linkage.foundation.workdays import Calendar
from projects.models import Project, ProjectEvent, Prompt
from projects.services import chain, filing, watching
from tests import factories
from tests.notices import deliver, told

pytestmark = pytest.mark.django_db
BEFORE_THE_HOLIDAYS = timezone.make_aware(datetime(2026, 9, 24, 10))  # due on 15 October


@pytest.fixture
def waiting(world):
    project = factories.submitted(world)
    return laid(project, BEFORE_THE_HOLIDAYS)


def laid(project, since):
    Project.objects.filter(pk=project.pk).update(step_since=since)
    return Project.objects.get(pk=project.pk)


def days_of(start, until):
    return [start + timedelta(days=number) for number in range((until - start).days + 1)]


def kinds(project):
    return list(project.prompts.values_list("kind", "on"))


def test_a_clock_that_is_moved_day_by_day_reminds_reports_and_does_so_once_each(waiting, world):
    for on in days_of(date(2026, 9, 24), date(2026, 11, 6)):
        watching.watch(on)

    assert kinds(waiting) == [
        ("soon", date(2026, 10, 13)),  # two working days ahead; the holidays in between were none
        ("overdue", date(2026, 10, 16)),
        ("escalated", date(2026, 10, 20)),  # three working days overdue
    ]
    deliver()
    officer = world.officer(waiting.acting_office)
    assert told(officer)[-2:] == [f"剩余 2 个工作日：{waiting.title}", f"已逾期：{waiting.title}"]


def test_on_days_off_nobody_is_reminded(waiting):
    laid(waiting, timezone.make_aware(datetime(2026, 9, 14, 10)))  # due on 28 September: two days before ...
    assert watching.watch(date(2026, 9, 26)) == 0  # ... lies the Mid-Autumn holiday
    assert watching.watch(date(2026, 9, 28)) == 1
    assert watching.watch(date(2026, 10, 3)) == 0  # National Day
    assert watching.watch(date(2026, 10, 10)) == 2  # a Saturday that is worked: overdue, and for long


def test_a_beat_that_ran_twice_and_one_that_slept_tell_the_same_once(waiting, world):
    for _again in range(3):
        watching.watch(date(2026, 10, 13))
    watching.watch(date(2026, 10, 30))  # beat slept for seventeen days
    watching.watch(date(2026, 10, 30))
    deliver()
    deliver()

    assert [kind for kind, _on in kinds(waiting)] == ["soon", "overdue", "escalated"]
    officer = world.officer(waiting.acting_office)
    assert Notice.objects.filter(user=officer).count() == 3  # arrived, due soon, overdue
    assert len({notice.key for notice in Notice.objects.filter(user=officer)}) == 3


def test_three_hours_without_beat_or_worker_lose_nothing(waiting, world):
    """What was owed at nine is delivered at noon, once; another sweep adds nothing."""
    watching.watch(date(2026, 10, 13))
    late = timezone.now() - timedelta(hours=3)
    Outbox.objects.update(created_at=late, next_try_at=late)

    watching.watch(date(2026, 10, 13))
    deliver()

    officer = world.officer(waiting.acting_office)
    assert told(officer, "project.soon") == [f"剩余 2 个工作日：{waiting.title}"]


def test_the_table_itself_refuses_a_second_prompt_of_a_stay(waiting):
    watching.watch(date(2026, 10, 13))
    first = waiting.prompts.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Prompt.objects.create(project=waiting, round=1, step=first.step, office=first.office, kind=first.kind)


def test_after_a_return_reminders_are_armed_again(waiting, world):
    """return then re-arm reminders (LESSONS §8)"""
    watching.watch(date(2026, 10, 30))
    officer = world.officer(waiting.acting_office)
    chain.decide(waiting, "return", by=officer, opinion="请补充签到表。")
    deliver()
    assert told(officer) == []  # with the applicant: nothing is asked of the office
    assert watching.watch(date(2026, 11, 30)) == 0

    again = filing.submit(Project.objects.get(pk=waiting.pk), by=factories.clerk_of(world, waiting.region))
    due = Calendar().after(timezone.localdate(again.step_since), 10)
    calendar = Calendar()
    day = next(day for day in days_of(again.step_since.date(), due) if calendar.between(day, due) == 2)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    assert watching.watch(day) == 1

    assert again.prompts.filter(round=2).get().kind == "soon"
    deliver()
    assert len(told(officer)) == 2  # arrived again, due soon again


def test_what_somebody_else_has_done_disappears_from_every_desk(waiting, world):
    """withdraw clears every inbox; an approval of a colleague does, too (LESSONS §8)"""
    office = waiting.acting_office
    colleague = factories.person("street2", "同事", office, Post.Role.REVIEWER)
    watching.watch(date(2026, 10, 16))
    deliver()
    assert len(told(colleague)) == 2

    chain.decide(waiting, "approve", by=world.officer(office), opinion="情况属实，同意上报。")

    assert told(colleague) == []
    deliver()
    assert told(colleague) == []


def test_what_was_settled_before_it_was_delivered_is_never_told(waiting, world):
    watching.watch(date(2026, 10, 30))
    officer = world.officer(waiting.acting_office)
    filing.withdraw(waiting, by=factories.clerk_of(world, waiting.region))

    deliver()

    assert told(officer) == []
    assert not Notice.objects.exists()


def test_the_leader_of_the_office_is_told_and_the_history_says_so(world):
    project = factories.agree(factories.submitted(world), world)  # at the county, which has a leader
    laid(project, BEFORE_THE_HOLIDAYS)
    watching.watch(date(2026, 10, 20))
    deliver()

    leader = world.people["county_leader"]
    assert told(leader, "project.escalated") == [f"城关区民政局逾期 3 个工作日：{project.title}"]
    assert project.events.filter(kind=ProjectEvent.Kind.ESCALATED).count() == 1


def test_where_an_office_has_no_leader_the_nearest_one_above_is_told(waiting, world):
    watching.watch(date(2026, 10, 20))
    deliver()

    assert told(world.people["county_leader"]) == [f"雁南街道办事处逾期 3 个工作日：{waiting.title}"]


def test_a_programme_says_after_how_many_days_the_leader_is_told(waiting, world):
    world.programme.escalate_after = 1
    world.programme.save()

    assert watching.watch(date(2026, 10, 16)) == 2


def test_who_has_two_days_in_all_is_not_reminded_on_arrival(waiting):
    waiting.route.update(days=2)

    assert watching.watch(date(2026, 9, 24)) == 0
    assert watching.watch(date(2026, 9, 30)) == 1  # overdue


def test_a_reminder_goes_out_by_mail_at_once_under_a_name_that_stays(waiting, world):
    officer = world.officer(waiting.acting_office)
    notices.choose(officer, acting="at_once", knowing="off", email="he@example.org")
    watching.watch(date(2026, 10, 16))
    deliver()

    overdue = Notice.objects.get(user=officer, kind="project.overdue")
    sent = [letter for letter in mail.outbox if letter.subject.startswith("已逾期")]
    assert [letter.extra_headers["Message-ID"] for letter in sent] == [f"<notice-{overdue.pk}@localhost>"]
    assert overdue.mailed_at


def test_who_stands_in_for_a_colleague_is_told_in_their_place(waiting, world):
    office = waiting.acting_office
    second = factories.person("street_second", "副手", office, Post.Role.CLERK)
    post = world.officer(office).posts.get()
    day = timezone.localdate()
    Deputy.objects.create(
        post=post, user=second, reason="leave", ends_on=day, named_by=world.people["county_admin"]
    )
    deliver()

    assert told(second) == [f"待办：{waiting.title}"]
