"""批量审核: many with one opinion; each decided once or told why not, whatever happens in between."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.offices import services as offices
from linkage.foundation import jobs
from linkage.foundation.models import IdempotencyKey, Job
from projects import tasks
from projects.models import Batch, BatchItem, Decision, Project, ProjectEvent
from projects.services import batch as batches
from projects.services import filing
from tests import factories
from tests.queries import at_most

pytestmark = pytest.mark.django_db
assert tasks.decide_batch  # the worker knows the kind
AGREES = {"verdict": "approve", "opinion": "经审核，符合条件，同意上报。"}


def at_county(world, number):
    """So many projects that wait at the county, asking for 45 000 each."""
    return [factories.agree(factories.submitted(world, title=f"项目 {one}"), world) for one in range(number)]


def on_screen(projects):
    return [(project.pk, project.step, project.round) for project in projects]


def browser(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def states(batch):
    return [item.state for item in batch.items.all()]


def test_one_opinion_decides_many_each_with_its_own_record(world):
    projects = at_county(world, 3)
    batch = batches.start(on_screen(projects), by=world.fresh("county"), **AGREES)
    assert states(batch) == ["decided"] * 3
    assert (batch.total, batch.amount, batch.job) == (3, Decimal(135000), None)
    for project in projects:
        decision = Decision.objects.get(project=project, step="county_review")
        assert (decision.opinion, decision.by) == (AGREES["opinion"], world.people["county"])
        assert ProjectEvent.objects.filter(project=project, step="county_review", kind="decided").count() == 1
        assert Project.objects.get(pk=project.pk).step == "city_review"


def test_a_failure_of_one_does_not_touch_the_others(world):
    """One was decided meanwhile, one was filed by the official, one is with another office."""
    projects = at_county(world, 4)
    chosen = on_screen(projects)
    factories.agree(projects[0], world, by=world.fresh("county_leader"))
    Project.objects.filter(pk=projects[1].pk).update(created_by=world.people["county"])
    chosen[2] = (projects[2].pk, "street_review", 1)
    batch = batches.start(chosen, by=world.fresh("county"), **AGREES)
    items = {item.project_id: item for item in batch.items.all()}
    assert [items[project.pk].state for project in projects] == ["refused", "refused", "refused", "decided"]
    assert "李国华" in items[projects[0].pk].reason
    assert all(items[project.pk].reason for project in projects[:3])


def test_many_are_returned_with_one_reason_but_refused_only_one_by_one(world):
    projects = at_county(world, 2)
    with pytest.raises(ValidationError):
        batches.start(on_screen(projects), by=world.fresh("county"), verdict="reject", opinion="不符合条件")
    batches.start(on_screen(projects), by=world.fresh("county"), verdict="return", opinion="请补充公示照片")
    assert {Project.objects.get(pk=project.pk).status for project in projects} == {"returned"}


@pytest.mark.parametrize("wrong", [{"opinion": " "}, {"opinion": "长" * 501}, {"verdict": "x"}])
def test_nothing_begins_with_a_wrong_word(world, wrong):
    projects = at_county(world, 1)
    with pytest.raises(ValidationError):
        batches.start(on_screen(projects), by=world.fresh("county"), **{**AGREES, **wrong})
    assert not Batch.objects.exists()


def test_the_last_step_with_money_is_decided_one_by_one(world):
    project = at_county(world, 1)[0]
    for _level in ("county", "city"):
        project = factories.agree(project, world)
    page = browser(world, "province").post(reverse("projects:batch_choose"), {"project": project.pk})
    assert "终审须核定补助金额" in page.content.decode()
    batch = batches.start(on_screen([project]), by=world.fresh("province"), **AGREES)
    assert states(batch) == ["refused"]


def test_what_is_not_to_be_seen_cannot_be_chosen(world):
    far = factories.submitted(world, world.fukang)
    with pytest.raises(Project.DoesNotExist):
        batches.start(on_screen([far]), by=world.fresh("county"), **AGREES)
    items = f"{far.pk}:{far.step}:1"
    sent = browser(world, "county").post(reverse("projects:batch_start"), {**AGREES, "items": items})
    assert sent.status_code == 404


# On the pages


def test_from_ticks_to_one_line_for_each(world):
    projects = at_county(world, 3)
    client = browser(world, "county")
    inbox = client.get("/tasks/?box=waiting").content.decode()
    assert all(f'value="{project.pk}"' in inbox for project in projects)

    asked = client.post(
        reverse("projects:batch_choose"), {"project": [project.pk for project in projects[:2]]}
    )
    text = asked.content.decode()
    assert "已选 2 件" in text and "90,000.00" in text
    assert not Decision.objects.filter(step="county_review").exists()

    once = re.search(r'name="once" value="([^"]+)"', text)[1]
    form = {**AGREES, "items": asked.context["items"], "once": once}
    first = client.post(reverse("projects:batch_start"), form)
    again = client.post(reverse("projects:batch_start"), form)
    batch = Batch.objects.get()
    assert first["Location"] == again["Location"] == reverse("projects:batch_result", args=[batch.pk])
    other = client.post(reverse("projects:batch_start"), {**form, "opinion": "另一种意见"})
    assert other.status_code == 422 and Batch.objects.count() == 1

    result = client.get(first["Location"]).content.decode()
    assert all(project.title in result for project in projects[:2]) and projects[2].title not in result
    assert first["Location"] in client.get(reverse("projects:batches")).content.decode()
    for who in ("county_leader", "province", "community"):
        assert browser(world, who).get(first["Location"]).status_code == 404


def test_all_of_the_inbox_is_chosen_at_once_as_it_is_narrowed(world):
    at_county(world, 3)
    client = browser(world, "county")
    assert "已选 3 件" in client.post(reverse("projects:batch_choose"), {"all": 1}).content.decode()
    one = client.post(reverse("projects:batch_choose"), {"all": 1, "q": "项目 2"}).content.decode()
    assert "已选 1 件" in one


def test_a_confirmation_without_an_opinion_keeps_what_was_chosen(world):
    projects = at_county(world, 2)
    client = browser(world, "county")
    items = " ".join(f"{project.pk}:{project.step}:{project.round}" for project in projects)
    refused = client.post(reverse("projects:batch_start"), {**AGREES, "items": items, "opinion": ""})
    assert refused.status_code == 422 and "已选 2 件" in refused.content.decode()
    for wrong in ("", "x", f"{projects[0].pk}:county_review:99999", "9" * 30):
        assert client.post(reverse("projects:batch_start"), {**AGREES, "items": wrong}).status_code == 302
    assert not Batch.objects.exists()


def test_the_wording_of_consent_is_no_reason_to_return(world):
    projects = at_county(world, 2)
    client = browser(world, "county")
    asked = client.post(reverse("projects:batch_choose"), {"all": 1})
    word = asked.context["form"].initial["wording"]
    form = {"items": asked.context["items"], "verdict": "return", "opinion": word, "wording": word}
    assert word and client.post(reverse("projects:batch_start"), form).status_code == 422
    assert not Decision.objects.filter(project__in=projects, step="county_review").exists()


def test_who_decides_nothing_has_nothing_to_choose(world):
    projects = at_county(world, 1)
    for who in ("community", "observer", "street_clerk", "city"):
        answer = browser(world, who).post(reverse("projects:batch_choose"), {"project": projects[0].pk})
        assert answer.status_code == 302 and answer["Location"].startswith("/tasks/")


def test_the_confirmation_asks_no_more_for_many_than_for_few(world):
    projects = at_county(world, 6)
    client = browser(world, "county")
    client.post(reverse("projects:batch_choose"), {"project": projects[0].pk})
    with at_most(40) as few:
        client.post(reverse("projects:batch_choose"), {"project": [one.pk for one in projects[:2]]})
    with at_most(len(few)):
        client.post(reverse("projects:batch_choose"), {"project": [one.pk for one in projects]})


# As a job


@pytest.fixture
def many(world, monkeypatch):
    """More than are done at once: five where two are the most."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    return at_county(world, 5)


def test_more_than_a_few_are_a_job_with_progress(world, many):
    client = browser(world, "county")
    items = " ".join(f"{project.pk}:{project.step}:{project.round}" for project in many)
    where = client.post(reverse("projects:batch_start"), {**AGREES, "items": items})["Location"]
    batch = Batch.objects.get()
    assert states(batch) == ["waiting"] * 5 and batch.job.total == 5
    assert "已办理 0 / 5 件" in client.get(where).content.decode()

    jobs.run(batch.job_id)
    batch.refresh_from_db()
    assert (batch.job.state, batch.job.done) == ("done", 5)
    assert states(batch) == ["decided"] * 5
    assert Decision.objects.filter(step="county_review", by=world.people["county"]).count() == 5
    assert "http-equiv" not in client.get(where).content.decode()


def test_a_worker_that_dies_in_the_middle_leaves_each_item_decided_once(world, many, monkeypatch):
    batch = batches.start(on_screen(many), by=world.fresh("county"), **AGREES)
    plain, seen = batches.settle, []

    class Killed(BaseException):
        """As kill -9: nothing catches it."""

    def dies(pk, *, by):
        seen.append(pk)
        item = plain(pk, by=by)
        if len(seen) == 3:  # decided, but its transaction never ends
            raise Killed
        return item

    monkeypatch.setattr(batches, "settle", dies)
    with pytest.raises(Killed):
        jobs.run(batch.job_id)
    assert states(batch).count("decided") == 2
    assert Decision.objects.filter(step="county_review").count() == 2

    monkeypatch.setattr(batches, "settle", plain)
    long_ago = timezone.now() - 2 * jobs.SILENCE
    Job.objects.filter(pk=batch.job_id).update(heartbeat_at=long_ago)
    jobs.resume_lost()
    jobs.run(batch.job_id)
    assert states(batch) == ["decided"] * 5
    for project in many:
        assert Decision.objects.filter(project=project, step="county_review").count() == 1
        assert project.events.filter(step="county_review", kind="decided").count() == 1


def test_a_right_that_ends_in_the_middle_ends_the_rest(world, many, monkeypatch):
    batch = batches.start(on_screen(many), by=world.fresh("county"), **AGREES)
    plain, seen = batches.settle, []

    def dismissed(pk, *, by):
        if len(seen) == 2:
            offices.dismiss(world.people["county"].posts.get(), by=world.fresh("county_admin"))
        seen.append(pk)
        return plain(pk, by=by)

    monkeypatch.setattr(batches, "settle", dismissed)
    jobs.run(batch.job_id)
    assert sorted(states(batch)) == ["decided"] * 2 + ["refused"] * 3
    assert Decision.objects.filter(step="county_review").count() == 2


def test_what_was_withdrawn_or_decided_meanwhile_is_told_with_its_reason(world, many):
    projects = [factories.submitted(world, title=f"街道 {one}") for one in range(3)]
    batch = batches.start(on_screen(projects), by=world.fresh("street"), **AGREES)
    filing.withdraw(projects[0], by=world.fresh("community"))
    jobs.run(batch.job_id)
    refused = batch.items.get(state=BatchItem.State.REFUSED)
    assert (refused.project, refused.reason) == (projects[0], "申报单位已撤回该项目。")


def test_old_keys_are_of_no_use_to_others(world):
    projects = at_county(world, 1)
    client = browser(world, "county")
    items = f"{projects[0].pk}:county_review:1"
    client.post(reverse("projects:batch_start"), {**AGREES, "items": items, "once": "k"})
    assert IdempotencyKey.objects.get().user == world.people["county"]


@pytest.mark.long
def test_five_hundred_in_under_a_minute(world):
    """On two cores, by one worker; measured alone."""
    first = at_county(world, 1)[0]
    projects = [first]
    for number in range(1, 500):
        projects.append(_twin(first, number))
    batch = batches.start(on_screen(projects), by=world.fresh("county"), **AGREES)
    begun = timezone.now()
    jobs.run(batch.job_id)
    took = (timezone.now() - begun).total_seconds()
    assert states(batch) == ["decided"] * 500
    assert took < 60, f"{took:.1f} s"


def _twin(first, number):
    """The same application once more, with its submission and its route."""
    submission, route = first.submissions.get(), list(first.route.all())
    twin = Project.objects.get(pk=first.pk)
    twin.pk = twin.hearing = twin.assembly = twin.notice = None
    twin.title, twin.number = f"项目 {number}", f"{first.number}-{number}"
    twin.save()
    submission.pk, submission.project, submission._state.adding = None, twin, True
    submission.save()
    for stop in route:
        stop.pk, stop.project = None, twin
        stop.save()
    return twin
