"""Two who decide one step at once, and those who withdraw, dismiss or move the place meanwhile."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from communities.offices import services as offices
from communities.offices.models import Post
from communities.services import changes
from linkage.foundation.errors import NotNow
from projects.models import Decision, Project, ProjectEvent
from projects.services import chain, filing, moving
from tests import factories
from tests.database import as_owner
from tests.races.conftest import ROUNDS

pytestmark = pytest.mark.django_db(transaction=True)

STEP = {"step": "county_review", "round": 1}


def at_county(world, number=0):
    return factories.agree(factories.submitted(world, title=f"项目 {number}"), world)


def says(project, verdict, by):
    return lambda: chain.decide(project, verdict, by=by, opinion="意见", **STEP)


@ROUNDS
def test_of_two_who_decide_at_once_one_is_first_and_the_other_is_told_who(world, at_once, rounds):
    for number in range(rounds):
        project = at_county(world, number)
        two = {"approve": world.fresh("county"), "reject": world.fresh("county_leader")}
        outcomes = at_once(*(says(project, verdict, by) for verdict, by in two.items()))

        assert sorted(outcome.kind for outcome in outcomes) == ["NotNow", "done"], outcomes
        decision = Decision.objects.get(project=project, step="county_review")
        loser = next(outcome.error for outcome in outcomes if outcome.error)
        assert decision.by_name in str(loser) and "城关区民政局" in str(loser)
        assert two[decision.verdict].pk == decision.by_id
        project.refresh_from_db()
        assert project.status == ("in_review" if decision.verdict == "approve" else "rejected")
        told = ProjectEvent.objects.filter(project=project, kind="decided", step="county_review")
        assert told.count() == 1


@pytest.fixture
def unlocked(monkeypatch):
    """The guard switched off: both read the row before either writes."""
    both = threading.Barrier(2, timeout=30)

    def plain(project, *within, **beside):
        found = Project.objects.select_related("programme", "region", "track", "acting_office")
        row = found.get(pk=project.pk)
        both.wait()
        return row

    return lambda: monkeypatch.setattr(chain, "locked", plain)


def test_control_without_the_lock_the_loser_is_not_told_who_was_first(world, at_once, unlocked):
    """If this fails, the race above proves nothing: it must see the lock missing."""
    project = at_county(world)
    unlocked()
    outcomes = at_once(
        says(project, "approve", world.fresh("county")), says(project, "reject", world.fresh("county_leader"))
    )
    assert [outcome.error for outcome in outcomes if isinstance(outcome.error, IntegrityError)], outcomes
    assert Decision.objects.filter(project=project, step="county_review").count() == 1


def test_control_without_lock_and_constraint_a_step_is_decided_twice(world, at_once, unlocked):
    project = at_county(world)
    unlocked()
    name = "decision_once_per_step_and_round"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE projects_decision DROP CONSTRAINT {name}")
    try:
        outcomes = at_once(
            says(project, "approve", world.fresh("county")),
            says(project, "reject", world.fresh("county_leader")),
        )
        assert [outcome.kind for outcome in outcomes] == ["done", "done"]
        assert Decision.objects.filter(project=project, step="county_review").count() == 2
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE projects_decision CASCADE")
            cursor.execute(
                f"ALTER TABLE projects_decision ADD CONSTRAINT {name} UNIQUE (project_id, round, step)"
            )


def test_on_the_page_the_second_is_led_back_with_the_name_of_the_first(world, at_once):
    for number in range(3):
        project = at_county(world, number)
        visitors = {}
        for who in ("county", "county_leader"):
            visitors[who] = Client()
            visitors[who].force_login(world.people[who])
        url = f"/projects/{project.pk}/decide/"

        def sends(who, verdict, url=url, visitors=visitors):
            return lambda: visitors[who].post(url, {"verdict": verdict, "opinion": "意见", **STEP})

        answers = at_once(sends("county", "approve"), sends("county_leader", "reject"))
        assert [outcome.value.status_code for outcome in answers] == [302, 302], answers
        decision = Decision.objects.get(project=project, step="county_review")
        loser = "county" if decision.by_id == world.people["county_leader"].pk else "county_leader"
        page = visitors[loser].get(f"/projects/{project.pk}/").content.decode()
        assert f"{decision.by_name}（城关区民政局）" in page or decision.by_name in page
        told = [str(message) for message in visitors[loser].get("/").context["messages"]]
        assert told == []  # told once, on the page they were led to


def test_over_rest_the_second_gets_409_with_the_name_of_the_first(world, at_once):
    for number in range(3):
        project = at_county(world, number)
        url = f"/api/v1/projects/{project.pk}/decide/"

        def sends(who, verdict, url=url):
            token, _made = Token.objects.get_or_create(user=world.people[who])
            body = {"verdict": verdict, "opinion": "意见", **STEP}
            headers = {"Authorization": f"Token {token.key}"}
            return lambda: Client().post(url, body, content_type="application/json", headers=headers)

        answers = [
            outcome.value for outcome in at_once(sends("county", "approve"), sends("county_leader", "reject"))
        ]
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        decision = Decision.objects.get(project=project, step="county_review")
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert decision.by_name in loser.json()["detail"]


def test_the_same_request_twice_at_once_with_one_key_is_one_decision_and_two_equal_answers(world, at_once):
    project = at_county(world)
    token, _made = Token.objects.get_or_create(user=world.people["county"])
    headers = {"Authorization": f"Token {token.key}", "Idempotency-Key": "k"}
    body = {"verdict": "approve", "opinion": "意见", **STEP}

    def send():
        url = f"/api/v1/projects/{project.pk}/decide/"
        return Client().post(url, body, content_type="application/json", headers=headers)

    answers = [outcome.value for outcome in at_once(*[send] * 6)]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert Decision.objects.filter(project=project, step="county_review").count() == 1


# Withdrawing, dismissing and moving meanwhile


def test_withdrawing_and_deciding_at_once_only_one_of_them_happens(world, at_once):
    for number in range(10):
        project = factories.submitted(world, title=f"项目 {number}")
        clerk, street = world.fresh("community"), world.fresh("street")
        outcomes = at_once(
            lambda project=project, clerk=clerk: filing.withdraw(project, by=clerk),
            lambda project=project, street=street: chain.decide(
                project, "approve", by=street, opinion="同意"
            ),
        )
        assert sorted(outcome.kind for outcome in outcomes) == ["NotNow", "done"], outcomes
        project.refresh_from_db()
        decided = project.decisions.exists()
        assert (project.status, decided) in (("withdrawn", False), ("in_review", True))


def opened(world, who, project):
    """A browser that has the page of the project open, and what its form would send."""
    browser = Client()
    browser.force_login(world.people[who])
    page = browser.get(f"/projects/{project.pk}/")
    assert "decide" in page.content.decode()
    return browser, {"verdict": "approve", "opinion": "同意", "step": project.step, "round": project.round}


def test_a_role_lost_between_the_page_and_the_click_decides_nothing(world):
    project = at_county(world)
    browser, form = opened(world, "county", project)
    offices.dismiss(world.people["county"].posts.get(), by=world.fresh("county_admin"))

    assert browser.post(f"/projects/{project.pk}/decide/", form).status_code == 404
    assert project.decisions.filter(step="county_review").count() == 0


def test_an_account_closed_between_the_page_and_the_click_decides_nothing(world):
    project = at_county(world)
    browser, form = opened(world, "county", project)
    offices.set_active(world.people["county"], False, by=world.fresh("county_admin"))

    answer = browser.post(f"/projects/{project.pk}/decide/", form)
    assert answer.status_code == 302 and answer["Location"].startswith("/login/")
    assert project.decisions.filter(step="county_review").count() == 0


def test_a_project_withdrawn_between_the_page_and_the_click_is_told_so(world):
    project = factories.submitted(world)
    browser, form = opened(world, "street", project)
    filing.withdraw(project, by=world.fresh("community"))

    browser.post(f"/projects/{project.pk}/decide/", form)
    assert not project.decisions.exists()
    assert Project.objects.get(pk=project.pk).status == "withdrawn"


def test_a_community_moved_between_the_page_and_the_click_stays_with_the_offices_of_its_route(world):
    """The route is fixed at submission: the old county still decides, the new one sees but does not."""
    project = at_county(world)
    browser, form = opened(world, "county", project)
    keeper = factories.person("city_admin", "市管理员", world.offices["6201"], Post.Role.ADMINISTRATOR)
    changes.move(world.xingfuli, world.region("620123100"), on=timezone.localdate(), basis="测试", by=keeper)
    new_county = Client()
    new_county.force_login(world.people["yuzhong"])

    assert new_county.get(f"/projects/{project.pk}/").status_code == 200
    assert new_county.post(f"/projects/{project.pk}/decide/", form).status_code == 403
    assert browser.post(f"/projects/{project.pk}/decide/", form).status_code == 302
    assert Decision.objects.get(project=project, step="county_review").by == world.people["county"]


def test_rights_lost_while_waiting_for_the_row_are_lost(world, at_once):
    """Whoever waits for a colleague's lock is asked for the right after the wait, not before."""
    project = at_county(world)
    county = world.fresh("county")
    assert county.deciding_offices  # what the request had learned when its page was found
    waiting = threading.Event()

    def dismisses():
        with chain.transaction.atomic():
            moving.locked(project)
            waiting.set()
            threading.Event().wait(0.3)
            offices.dismiss(Post.objects.get(user=county), by=world.fresh("county_admin"))

    def decides():
        waiting.wait(10)
        return chain.decide(project, "approve", by=county, opinion="同意")

    outcomes = at_once(dismisses, decides)
    assert isinstance(outcomes[1].error, PermissionDenied), outcomes
    assert project.decisions.filter(step="county_review").count() == 0


def test_the_moment_is_asked_before_the_person(world):
    project = at_county(world)
    chain.decide(project, "approve", by=world.fresh("county"), opinion="同意")
    with pytest.raises(NotNow):
        chain.decide(project, "approve", by=world.fresh("county_leader"), opinion="同意", **STEP)
