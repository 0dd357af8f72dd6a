"""A worker killed at any moment: the next one goes on; the register holds exactly the rows of the file."""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models.functions import Now

from linkage.foundation import jobs, outbox
from linkage.foundation.models import Job, SheetImport, StagedRow
from linkage.foundation.spreadsheets import checking, services
from organizations.models import SocialOrganization
from tests import factories
from tests.spreadsheets.makers import book

pytestmark = pytest.mark.django_db(transaction=True)
REGISTER = "organizations.socialorganization"
ROWS = 600


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(checking, "BATCH", 50)
    monkeypatch.setattr(outbox, "send", lambda task, *args: None)


def killed(pk, after):
    """A worker of its own does the job and is killed; True where it had not finished by then."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            jobs.run(pk)
        finally:
            os._exit(0)
    time.sleep(after)
    done, _status = os.waitpid(child, os.WNOHANG)
    if done == 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return done == 0


def worked(pk, moments):
    """The job of this import is done by workers that die, until one lives."""
    met = 0
    for after in moments:
        job = SheetImport.objects.get(pk=pk).job
        if job.state in ("queued", "running") and killed(job.pk, after):
            met += 1
            Job.objects.filter(pk=job.pk, state="running").update(heartbeat_at=Now() - timedelta(minutes=5))
            jobs.resume_lost()
    job = SheetImport.objects.get(pk=pk).job
    if job.state == "queued":
        jobs.run(job.pk)
    return met


def walk(moments):
    world = factories.build()
    county = world.people["county"]
    rows = [[f"书社{n}", "社区指导", "幸福里社区", "2016-06-13"] for n in range(ROWS)]
    file = book([["组织名称", "管理层级", "所属社区", "成立日期"], *rows])
    taken = services.hand_in(REGISTER, file, by=county)
    met = worked(taken.pk, moments[:2])
    taken.refresh_from_db()
    assert (taken.state, taken.new, taken.wrong) == ("checked", ROWS, 0), (taken.state, taken.reason)
    assert list(StagedRow.objects.values_list("number", flat=True)) == list(range(2, ROWS + 2))
    services.import_rows(taken, by=county)
    met += worked(taken.pk, moments[2:])
    taken.refresh_from_db()
    assert taken.state == "applied"
    names = sorted(SocialOrganization.objects.values_list("name", flat=True))
    assert names == sorted(row[0] for row in rows)
    assert SocialOrganization.objects.first().history.count() == 1
    return met


def test_a_killed_worker_loses_and_doubles_nothing():
    assert walk([0.25, 0.4, 0.03, 0.06]) >= 1


@pytest.mark.long
@pytest.mark.parametrize("seed", range(30))
def test_thirty_times_at_random_rows(seed):
    chance = random.Random(seed)
    walk(
        [chance.uniform(0.05, 1.0), chance.uniform(0.05, 1.0), chance.uniform(0, 0.3), chance.uniform(0, 0.3)]
    )
