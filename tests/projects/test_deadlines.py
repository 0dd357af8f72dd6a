"""How long an office still has, in working days; the list, the page and the clock say the same."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from linkage.foundation.workdays import Calendar
from projects.models import Project, RouteStep, deadline
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db


def moment(day, hour=10):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.fixture
def waiting(world):
    """Waits at the street since Thursday, 24 September 2026, before two holidays; ten working days."""
    project = factories.submitted(world)
    Project.objects.filter(pk=project.pk).update(step_since=moment(date(2026, 9, 24)))
    return project


def due_of(project, on):
    project = Project.objects.get(pk=project.pk)
    return deadline(project.step_since, project.current_route_step.days, Calendar(), on)


def test_ten_working_days_reach_over_both_autumn_holidays(waiting):
    """25–27 September and 1–7 October are off, Saturday 10 October is worked; the 20th was before."""
    assert due_of(waiting, date(2026, 9, 24)).due_on == date(2026, 10, 15)


@pytest.mark.parametrize(
    ("on", "words", "state"),
    [
        (date(2026, 9, 24), "剩余 10 个工作日", ""),
        (date(2026, 9, 27), "剩余 10 个工作日", ""),
        (date(2026, 10, 7), "剩余 7 个工作日", ""),
        (date(2026, 10, 13), "剩余 2 个工作日", "near"),
        (date(2026, 10, 15), "今日到期", "near"),
        (date(2026, 10, 16), "已逾期 1 个工作日", "late"),
        (date(2026, 10, 18), "已逾期 1 个工作日", "late"),
        (date(2026, 10, 19), "已逾期 2 个工作日", "late"),
    ],
)
def test_the_words_the_colour_and_the_lists_agree(waiting, on, words, state):
    due = due_of(waiting, on)

    assert (str(due), due.state, due.unsure) == (words, state, False)
    assert Project.objects.counting_down(on).get().left == due.left
    assert Project.objects.overdue(on).exists() is due.is_overdue
    assert Project.objects.due_soon(on).exists() is due.is_soon


def test_list_and_reckoning_agree_for_any_stay(world):
    """Every length of stay and every number of days, over holidays and worked weekends."""
    project = factories.submitted(world)
    calendar = Calendar()
    for days in (1, 2, 7, 10, 90):
        RouteStep.objects.filter(project=project).update(days=days)
        for spent in (0, 1, 2, 5, 9, 13, 16, 40, 140, 400):
            on = date(2026, 10, 9)
            since = moment(on - timedelta(days=spent), hour=0 if spent % 2 else 23)
            Project.objects.filter(pk=project.pk).update(step_since=since)
            due = deadline(since, days, calendar, on)
            counted = Project.objects.counting_down(on).get().left
            assert counted == max(due.left, days - 91)
            assert Project.objects.overdue(on).exists() is due.is_overdue
            assert Project.objects.due_soon(on).exists() is due.is_soon


def test_while_it_lies_with_the_applicant_no_clock_runs_and_after_it_a_new_one_does(waiting, world):
    chain.decide(waiting, "return", by=world.officer(waiting.acting_office), opinion="请补充签到表。")
    long_after = timezone.localdate() + timedelta(days=90)
    assert not Project.objects.overdue(long_after).exists()

    filing.submit(Project.objects.get(pk=waiting.pk), by=factories.clerk_of(world, waiting.region))

    assert due_of(waiting, timezone.localdate()).left == 10
    assert Project.objects.overdue(long_after).exists()


def test_a_withdrawn_project_is_never_overdue(waiting, world):
    filing.withdraw(waiting, by=factories.clerk_of(world, waiting.region))

    assert not Project.objects.overdue(date(2030, 1, 1)).exists()


def test_a_due_day_in_a_year_nobody_entered_says_so(waiting, world):
    Project.objects.update(step_since=moment(date(2026, 12, 28)))

    assert due_of(waiting, date(2026, 12, 28)).unsure


def test_the_workbench_shows_what_is_overdue_first_and_counts_it(client, world, waiting):
    fresh = factories.submitted(world, title="另一个项目")
    officer = world.officer(waiting.acting_office)
    client.force_login(officer)

    page = client.get("/").content.decode()

    assert page.index(waiting.title) < page.index(fresh.title)
    assert 'box=overdue">' in page and "is-late" in page
    listed = client.get("/tasks/?box=overdue").content.decode()
    assert waiting.title in listed and fresh.title not in listed
    assert "已逾期" in client.get(waiting.get_absolute_url()).content.decode()


def test_lists_and_rest_are_narrowed_to_what_is_overdue(client, world, waiting):
    fresh = factories.submitted(world, title="另一个项目")
    client.force_login(world.people["county"])

    listed = client.get("/projects/?due=overdue").content.decode()
    assert waiting.title in listed and fresh.title not in listed
    rows = client.get("/api/v1/projects/?due=overdue").json()["results"]
    assert [row["id"] for row in rows] == [waiting.pk]
    assert rows[0]["due_on"] == "2026-10-15" and rows[0]["working_days_left"] < 0
    assert client.get("/api/v1/projects/?due=never").status_code == 400
