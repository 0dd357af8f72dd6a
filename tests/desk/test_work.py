"""后台任务: what ran for the people below, told to administrators where it failed, done once more."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from communities.offices.models import Post
from linkage.attainment import tasks as readings
from linkage.desk import work
from linkage.foundation import jobs, outbox, tasks
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent, Job
from linkage.reports import tasks as reports
from projects import tasks as projects
from tests.notices import deliver, told

pytestmark = pytest.mark.django_db
assert readings.export and reports.collecting and projects.batch and tasks.export_table  # as in a worker
LIST = "/admin/foundation/job/"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch):
    monkeypatch.setattr(outbox, "send", lambda *_args: None)


@pytest.fixture
def province_admin(world):
    user = world.people["province"]
    Post.objects.create(user=user, office=world.offices["62"], role="administrator")
    return world.fresh("province")


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def failing(monkeypatch, kind, error, **started):
    """A job of this kind that was run and failed with the error."""

    def fails(job):
        raise error

    monkeypatch.setitem(jobs._kinds, kind, fails)
    job = jobs.start(kind, **started)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_every_kind_of_job_has_words():
    assert set(jobs._kinds) == set(work.KINDS)


def test_a_failure_is_told_to_the_nearest_administrator_in_plain_words(world, monkeypatch):
    broken = OperationalError("server closed the connection; number 13812345678")
    job = failing(monkeypatch, "projects.batch", broken, by=world.people["county"], title="批量 20 项")
    deliver()
    assert told(world.people["county_admin"]) == ["后台任务失败：批量 20 项"]
    assert told(world.people["county"]) == [], "whoever started it sees it where it was started"

    client = desk(world.people["county_admin"])
    assert "1 项任务失败" in client.get("/").content.decode()
    page = client.get(f"{LIST}?state__exact=failed").content.decode()
    assert "批量 20 项" in page and "批量审核项目" in page and "失败" in page
    page = client.get(f"{LIST}{job.pk}/change/").content.decode()
    assert "数据库无响应或响应超时。" in page and "点“重新执行”" in page
    for raw in ("OperationalError", "server closed", "138", "projects.batch"):
        assert raw not in page.replace("/admin/", "")


def test_what_is_refused_is_the_business_of_whoever_asked(world, monkeypatch):
    refused = PermissionDenied("这个地方不再由您负责。")
    job = failing(monkeypatch, "statistics_export", refused, by=world.people["county"])
    deliver()
    client = desk(world.people["county_admin"])
    assert told(world.people["county_admin"]) == [] and "项任务失败" not in client.get("/").content.decode()
    page = client.get(f"{LIST}{job.pk}/change/").content.decode()
    assert "这个地方不再由您负责。" in page and "请发起人重新发起。" in page


def test_the_work_of_the_clock_is_looked_after_by_a_province(world, province_admin, monkeypatch):
    job = failing(monkeypatch, "rebuild_readings", OSError("no space left"), title="rebuild_readings")
    deliver()
    assert told(province_admin) == ["后台任务失败：全部指标重新计算"]
    assert told(world.people["county_admin"]) == []
    page = desk(province_admin).get(f"{LIST}{job.pk}/change/").content.decode()
    assert "系统定时" in page and "文件读写失败。" in page and "磁盘" in page
    assert not work.visible_to(world.fresh("county_admin")).exists()

    monkeypatch.setitem(jobs._kinds, "rebuild_readings", lambda job: None)
    jobs.run(jobs.start("rebuild_readings").pk)
    assert told(province_admin) == [], "the next night went well"
    assert not work.failed_under(province_admin).exists()


def test_it_is_done_once_more_when_asked_and_confirmed(world, monkeypatch):
    by = world.fresh("county_admin")
    job = failing(monkeypatch, "projects.batch", RuntimeError("x"), by=world.people["county"])
    deliver()
    again = reverse("admin:foundation_job_again_here", args=[job.pk])
    client = desk(by)
    assert "一分钟内开始执行" in client.get(again).content.decode()
    assert Job.objects.get().state == "failed", "only told so far"
    assert client.post(again, {"sure": "1"}).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.cause, job.error, job.owner) == ("queued", "", "", world.people["county"])
    assert told(by) == [] and AuditEvent.objects.filter(kind="job_again", by=by).count() == 1
    with pytest.raises(PermissionDenied):
        work.begin_again(job, by=by)  # it has not failed

    done = []
    monkeypatch.setitem(jobs._kinds, "projects.batch", lambda job: done.append(job.pk))
    jobs.run(job.pk)
    assert done == [job.pk] and Job.objects.get().state == "done"


def test_not_beside_another_one_of_the_same_person_and_kind(world, monkeypatch):
    job = failing(monkeypatch, "projects.batch", RuntimeError("x"), by=world.people["county"])
    jobs.start("projects.batch", by=world.people["county"])
    with pytest.raises(NotNow):
        work.begin_again(job, by=world.fresh("county_admin"))


def test_after_three_dead_workers_it_is_given_up_and_begun_again_has_three_more(world, monkeypatch):
    monkeypatch.setitem(jobs._kinds, "projects.batch", lambda job: None)
    job = jobs.start("projects.batch", by=world.people["county"])
    for number in range(1, 7):
        assert jobs._claim(job.pk)
        Job.objects.update(heartbeat_at=Now() - timedelta(hours=1))
        jobs.resume_lost()
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("failed" if number % 3 == 0 else "queued", number)
        if number == 3:
            assert job.cause == "worker"
            work.begin_again(job, by=world.fresh("county_admin"))


def test_elsewhere_nobody_sees_it_and_nobody_else_enters(world, monkeypatch):
    job = failing(monkeypatch, "projects.batch", RuntimeError("x"), by=world.people["stranger"])
    client = desk(world.people["county_admin"])
    assert "没有" in client.get(LIST).content.decode() or str(job) not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{job.pk}/change/").status_code == 302
    with pytest.raises(PermissionDenied):
        work.begin_again(job, by=world.fresh("county_admin"))
    assert desk(world.people["county"]).get(LIST).status_code == 403
