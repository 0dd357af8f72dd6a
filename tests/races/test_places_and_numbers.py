"""The last place under a ceiling, numbers without gaps, drafts in two windows, and tries of passwords."""

import itertools
import threading
import time

import pytest
from django.db.models import QuerySet

from communities.offices import services as offices
from communities.offices.models import Post, User
from projects.models import BudgetLine, Decision, Project, Quota, QuotaRaise, Series, Submission
from projects.services import chain, filing
from projects.services import programme as programmes
from tests import factories
from tests.races.conftest import ROUNDS

pytestmark = pytest.mark.django_db(transaction=True)

GRANT = {"opinion": "同意立项", "granted_amount": 45000, "doc_no": "甘民发〔2016〕98号"}
HOMES = ("xingfuli", "tianqing", "hekou", "wuyi", "xiyuan")  # whose offices are all staffed


def at_province(world, number=5):
    """So many projects that wait for the last word, each of another community as far as they go."""
    if not User.objects.filter(username="neighbour").exists():
        factories.person("neighbour", "邻", world.offices["620102020002"], Post.Role.CLERK)
    found = []
    for count, home in zip(range(number), itertools.cycle(HOMES), strict=False):
        project = factories.submitted(world, getattr(world, home), title=f"项目 {count}")
        while project.step != "province_approval":
            project = factories.agree(project, world)
        found.append(project)
    return found


def places(world, key, limit):
    Quota.objects.filter(programme=world.programme, key=key).update(limit=limit, first_limit=1)


def grants(project, by):
    return lambda: chain.decide(project, "approve", by=by, **GRANT)


def without_lock(monkeypatch, model):
    """Switch select_for_update off for one table."""
    plain = QuerySet.select_for_update

    def asked(rows, *args, **kwargs):
        return rows.all() if rows.model is model else plain(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", asked)


@pytest.mark.parametrize(("key", "limit"), [("projects", 3), ("communities", 2)])
def test_of_all_who_are_approved_at_once_no_more_get_in_than_there_are_places(world, at_once, key, limit):
    projects = at_province(world)
    places(world, key, limit)
    people = itertools.cycle(("province", "province_second"))
    outcomes = at_once(
        *(grants(project, world.fresh(who)) for project, who in zip(projects, people, strict=False))
    )

    assert sorted(outcome.kind for outcome in outcomes) == ["NotNow"] * (5 - limit) + ["done"] * limit, (
        outcomes
    )
    assert Project.objects.counted().count() == limit
    assert Decision.objects.filter(step="province_approval").count() == limit
    assert Project.objects.filter(status="in_review", step="province_approval").count() == 5 - limit


@ROUNDS
def test_for_the_last_place_two_come_and_one_gets_it(world, at_once, rounds):
    for number in range(rounds):
        pair = [factories.submitted(world, title=f"{number} {side}") for side in "甲乙"]
        for side, project in enumerate(pair):
            while project.step != "province_approval":
                project = factories.agree(project, world)
            pair[side] = project
        places(world, "projects", number + 1)
        outcomes = at_once(
            grants(pair[0], world.fresh("province")), grants(pair[1], world.fresh("province_second"))
        )
        assert sorted(outcome.kind for outcome in outcomes) == ["NotNow", "done"], outcomes
        assert Project.objects.counted().count() == number + 1


def test_control_without_the_lock_of_the_ceiling_it_is_exceeded(world, at_once, monkeypatch):
    """If this fails, the tests above prove nothing."""
    projects = at_province(world, 4)
    places(world, "projects", 1)
    without_lock(monkeypatch, Quota)
    counted, guard = threading.Barrier(4, timeout=30), chain._take_a_place

    def counts_and_waits(project):
        guard(project)
        counted.wait()

    monkeypatch.setattr(chain, "_take_a_place", counts_and_waits)
    at_once(*(grants(project, world.fresh("province")) for project in projects))
    assert Project.objects.counted().count() > 1


def test_a_ceiling_raised_while_the_last_word_is_given_holds_either_way(world, at_once):
    factories.approved(world)
    for number in range(1, 6):
        project = at_province(world, 1)[0]
        quota = Quota.objects.get(programme=world.programme, key="projects")
        places(world, "projects", number)  # full
        raised, decided = at_once(
            lambda quota=quota, number=number: programmes.raise_quota(
                quota,
                number + 1,
                doc_no="甘民发〔2016〕99号",
                reason="增补",
                by=world.fresh("province_second"),
            ),
            grants(project, world.fresh("province")),
        )
        assert raised.kind == "done", raised
        assert decided.kind in ("done", "NotNow"), decided
        if decided.kind == "NotNow":
            grants(project, world.fresh("province"))()
        assert Project.objects.counted().count() == number + 1
    assert QuotaRaise.objects.count() == 5


def test_two_who_raise_one_ceiling_to_the_same_height_raise_it_once(world, at_once):
    quota = Quota.objects.get(programme=world.programme, key="projects")

    def raise_it(who):
        terms = {"doc_no": "甘民发〔2016〕99号", "reason": "增补", "by": world.fresh(who)}
        return lambda: programmes.raise_quota(quota, 300, **terms)

    outcomes = at_once(raise_it("province"), raise_it("province_second"))
    assert sorted(outcome.kind for outcome in outcomes) == ["ValidationError", "done"]
    assert QuotaRaise.objects.count() == 1


# Handing in


def test_handed_in_twice_at_once_is_handed_in_once(world, at_once):
    for number in range(10):
        project = factories.draft(world, title=f"项目 {number}")
        clerk = world.people["community"]
        outcomes = at_once(*[lambda project=project: filing.submit(project, by=world.fresh("community"))] * 3)
        assert sorted(outcome.kind for outcome in outcomes) == ["NotNow", "NotNow", "done"], outcomes
        assert Submission.objects.get(project=project).submitted_by == clerk
        assert project.route.count() == 4
        assert Project.objects.get(pk=project.pk).number == f"GS2016-6201-{number + 1:04d}"


def drafts(world, count=8):
    return [factories.draft(world, title=f"项目 {number}") for number in range(count)]


def hands_in(world, project):
    return lambda: filing.submit(project, by=world.fresh("community"))


def test_eight_handed_in_at_once_get_eight_numbers_without_a_gap(world, at_once):
    outcomes = at_once(*(hands_in(world, project) for project in drafts(world)))
    assert [outcome.kind for outcome in outcomes] == ["done"] * 8, outcomes
    numbers = sorted(Project.objects.values_list("number", flat=True))
    assert numbers == [f"GS2016-6201-{number:04d}" for number in range(1, 9)]
    assert Series.objects.get().last == 8


def test_control_without_the_lock_of_the_series_numbers_collide(world, at_once, monkeypatch):
    waiting = drafts(world, 4)
    Series.objects.create(prefix="GS2016-6201")
    without_lock(monkeypatch, Series)
    save = Series.save

    def slowly(series, **kwargs):
        time.sleep(0.2)
        save(series, **kwargs)

    monkeypatch.setattr(Series, "save", slowly)
    outcomes = at_once(*(hands_in(world, project) for project in waiting))
    assert [outcome for outcome in outcomes if outcome.kind == "IntegrityError"], outcomes


# Writing in two windows


def test_two_windows_save_one_draft_and_only_one_of_them_is_kept(world, at_once):
    for number in range(10):
        project = factories.draft(world, title=f"项目 {number}")
        version = Project.objects.get(pk=project.pk).version

        def saves(words, project=project, version=version):
            return lambda: filing.save_draft(
                project,
                by=world.fresh("community"),
                version=version,
                fields={"needs_analysis": words},
                budget=[{"purpose": words, "basis": "", "amount": 1}],
            )

        outcomes = at_once(saves("甲"), saves("乙"))
        assert sorted(outcome.kind for outcome in outcomes) == ["ChangedElsewhere", "done"], outcomes
        kept = Project.objects.get(pk=project.pk)
        assert [line.purpose for line in BudgetLine.objects.filter(project=kept)] == [kept.needs_analysis]


def test_a_draft_opened_twice_at_once_is_one_draft(world, at_once):
    def start():
        return filing.start(world.programme, world.xingfuli, by=world.fresh("community"), title="护童驿站")

    at_once(*[start] * 4)
    assert Project.objects.filter(title="护童驿站").count() == 1


# Signing in


@pytest.fixture
def looked_at(monkeypatch):
    """How often the password of a real account was looked at."""
    looks, plain = [], User.check_password

    def looks_at(user, password):
        looks.append(password)
        return plain(user, password)

    monkeypatch.setattr(User, "check_password", looks_at)
    return looks


def guesses(guess, crowd=20, each=5):
    """A hundred wrong passwords by twenty hands."""

    def deed(hand):
        return lambda: [guess("county", f"wrong {hand} {count}") for count in range(each)]

    return [deed(hand) for hand in range(crowd)]


def test_a_hundred_wrong_passwords_at_once_get_five_looks(world, at_once, looked_at):
    outcomes = at_once(*guesses(offices.sign_in))
    assert [outcome.value for outcome in outcomes] == [[None] * 5] * 20
    assert len(looked_at) == 5
    assert offices.is_locked("county")
    assert offices.sign_in("county", factories.PASSWORD) is None


def test_control_a_count_that_is_read_before_it_is_written_gives_more_looks(world, at_once, looked_at):
    """The same hundred against the usual way of counting: if it held here, the test above proved nothing."""

    def naive(username, password):
        user = User.objects.get(username=username)
        if user.failed_logins >= offices.TRIES:
            return None
        if user.check_password(password):
            return user
        user.failed_logins += 1
        user.save(update_fields=["failed_logins"])
        return None

    at_once(*guesses(naive))
    assert len(looked_at) > 5
