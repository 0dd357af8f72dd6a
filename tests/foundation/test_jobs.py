"""Long work: reported, cancelled, resumed from its checkpoint, done by one worker at a time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from communities.offices.models import User
from linkage.foundation import jobs, outbox, tasks
from linkage.foundation.errors import NotNow
from linkage.foundation.models import Job, StaleMark

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """What would have been sent to the worker."""
    sent = []
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(outbox, "send", lambda task, *args: sent.append((task, *args)))
    return sent


def count_to_five(job):
    for number in range(job.checkpoint.get("next", 0), 5):
        with transaction.atomic():
            StaleMark.objects.create(kind="row", unit_id=str(number))
            jobs.advance(job, done=number + 1, total=5, checkpoint={"next": number + 1})


def rows():
    return sorted(StaleMark.objects.filter(kind="row").values_list("unit_id", flat=True))


ALL = ["0", "1", "2", "3", "4"]


def test_a_job_is_queued_when_its_transaction_commits_and_done_once(queued):
    jobs.kind("count")(count_to_five)
    with transaction.atomic():
        job = jobs.start("count", title="计数")
        assert queued == []
    assert queued == [("linkage.run_job", job.pk)]
    tasks.run_job(job.pk)
    tasks.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.percent, rows()) == ("done", 5, 100, ALL)
    assert job.expires_at > job.finished_at


def test_a_job_whose_worker_died_goes_on_from_its_checkpoint(queued):
    class Killed(BaseException):
        pass

    def dies_in_the_third_chunk(job):
        for number in range(3):
            with transaction.atomic():
                StaleMark.objects.create(kind="row", unit_id=str(number))
                if number == 2:
                    raise Killed
                jobs.advance(job, done=number + 1, checkpoint={"next": number + 1})

    jobs.kind("count")(dies_in_the_third_chunk)
    job = jobs.start("count")
    with pytest.raises(Killed):
        jobs.run(job.pk)
    tasks.sweep()
    assert Job.objects.get().state == "running", "it may still live"

    Job.objects.update(heartbeat_at=Now() - timedelta(seconds=121))
    del queued[:]
    tasks.sweep()
    assert queued == [("linkage.run_job", job.pk)]
    jobs._kinds["count"] = count_to_five
    jobs.run(job.pk)
    assert (Job.objects.get().state, rows()) == ("done", ALL)


def test_a_worker_that_comes_back_from_the_dead_changes_nothing():
    jobs.kind("count")(count_to_five)
    job = jobs.start("count")
    zombie = jobs._claim(job.pk)
    Job.objects.update(heartbeat_at=Now() - timedelta(hours=1))
    jobs.resume_lost()
    with pytest.raises(jobs.Lost):
        count_to_five(zombie)
    jobs.run(job.pk)
    with pytest.raises(jobs.Lost):
        count_to_five(zombie)
    assert rows() == ALL


def test_a_job_that_kills_three_workers_is_given_up():
    jobs.kind("count")(count_to_five)
    job = jobs.start("count")
    for _death in range(3):
        assert jobs._claim(job.pk)
        Job.objects.update(heartbeat_at=Now() - timedelta(hours=1))
        jobs.resume_lost()
    assert Job.objects.get().state == "failed"
    jobs.run(job.pk)
    assert rows() == []


def test_a_job_never_begun_is_queued_again(queued):
    job = jobs.start("count")
    del queued[:]
    tasks.sweep()
    assert ("linkage.run_job", job.pk) in queued


def test_only_its_owner_cancels_a_job():
    owner = User.objects.create(username="owner")
    stranger = User.objects.create(username="stranger")
    job = jobs.start("count", by=owner)
    with pytest.raises(PermissionDenied):
        jobs.cancel(job, by=stranger)
    assert jobs.cancel(job, by=owner).state == "cancelled"
    with pytest.raises(NotNow):
        jobs.cancel(job, by=owner)
    assert list(Job.objects.of(stranger)) == []


def test_a_running_job_stops_at_its_next_chunk():
    owner = User.objects.create(username="owner")

    def cancelled_meanwhile(job):
        count_up = job.checkpoint.get("next", 0)
        with transaction.atomic():
            StaleMark.objects.create(kind="row", unit_id="0")
            jobs.advance(job, done=1, checkpoint={"next": count_up + 1})
        jobs.cancel(job, by=owner)
        count_to_five(job)

    jobs.kind("count")(cancelled_meanwhile)
    jobs.run(jobs.start("count", by=owner).pk)
    assert (Job.objects.get().state, rows()) == ("cancelled", ["0"])


def test_a_failing_job_says_why():
    def fails(job):
        raise RuntimeError("row 7 is bad")

    jobs.kind("fails")(fails)
    jobs.run(jobs.start("fails").pk)
    jobs.run(jobs.start("unheard").pk)
    assert list(Job.objects.order_by("id").values_list("state", "error")) == [
        ("failed", "RuntimeError: row 7 is bad"),
        ("failed", "unknown kind of job"),
    ]


def test_the_file_of_an_expired_job_is_deleted(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }

    def writes(job):
        job.result_file = default_storage.save("list.xlsx", ContentFile(b"x"))

    jobs.kind("write")(writes)
    job = jobs.start("write")
    jobs.run(job.pk)
    tasks.purge_done()
    assert (tmp_path / "list.xlsx").exists()
    Job.objects.update(expires_at=Now() - timedelta(seconds=1))
    tasks.purge_done()
    tasks.purge_done()
    assert not (tmp_path / "list.xlsx").exists()
    assert Job.objects.get().result_file == ""
