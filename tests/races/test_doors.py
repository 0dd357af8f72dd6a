"""The same form twice at the same moment, with one key: one effect, and both are led to the same place."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import Batch, Decision, Submission
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 4


def sends(world, who, address, form):
    """One browser's form; files are made anew, each thread reads its own."""
    client = Client()
    client.force_login(world.people[who])

    def send():
        body = {name: value() if callable(value) else value for name, value in form.items()}
        return client.post(address, {"once": "k", **body})

    return send


def all_led_alike(at_once, world, who, address, form):
    outcomes = at_once(*(sends(world, who, address, form) for _time in range(TIMES)))
    answers = [outcome.value for outcome in outcomes]
    assert [answer.status_code for answer in answers] == [302] * TIMES, outcomes
    assert len({answer["Location"] for answer in answers}) == 1


def test_deciding(world, at_once):
    project = factories.submitted(world)
    form = {"verdict": "approve", "opinion": "同意", "step": project.step, "round": 1}
    all_led_alike(at_once, world, "street", f"/projects/{project.pk}/decide/", form)
    assert Decision.objects.count() == 1


def test_submitting(world, at_once):
    project = factories.draft(world)
    all_led_alike(at_once, world, "community", f"/projects/{project.pk}/submit/", {})
    assert Submission.objects.count() == 1


def test_withdrawing(world, at_once):
    project = factories.submitted(world)
    all_led_alike(at_once, world, "community", f"/projects/{project.pk}/withdraw/", {"reason": ""})
    assert project.events.filter(kind="withdrawn").count() == 1


def test_a_batch(world, at_once):
    projects = [factories.submitted(world, title=f"项目 {number}") for number in range(2)]
    items = " ".join(f"{project.pk}:{project.step}:1" for project in projects)
    form = {"verdict": "approve", "opinion": "同意上报。", "items": items}
    all_led_alike(at_once, world, "street", "/projects/batch/start/", form)
    assert (Batch.objects.count(), Decision.objects.count()) == (1, 2)


def test_attaching(world, at_once):
    project = factories.draft(world)
    before = project.attachments.count()

    def pdf():
        return SimpleUploadedFile("记录.pdf", b"%PDF-1.4\nx\n%%EOF", "application/pdf")

    all_led_alike(at_once, world, "community", f"/projects/{project.pk}/attachments/other/", {"files": pdf})
    assert project.attachments.count() == before + 1


def test_two_batches_over_the_same_projects_decide_each_once(world, at_once):
    """Two officials tick the same ten at the same moment, the one from the top, the other from below."""
    projects = [factories.agree(factories.submitted(world, title=f"项目 {one}"), world) for one in range(6)]
    words = [f"{project.pk}:{project.step}:1" for project in projects]
    form = {"verdict": "approve", "opinion": "同意上报。"}
    outcomes = at_once(
        sends(world, "county", "/projects/batch/start/", {**form, "items": " ".join(words)}),
        sends(world, "county_leader", "/projects/batch/start/", {**form, "items": " ".join(words[::-1])}),
    )
    assert [outcome.value.status_code for outcome in outcomes] == [302, 302], outcomes
    assert Decision.objects.filter(step="county_review").count() == len(projects)
    states = [item.state for batch in Batch.objects.all() for item in batch.items.all()]
    assert sorted(states) == ["decided"] * 6 + ["refused"] * 6
