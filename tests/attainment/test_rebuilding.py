"""A rebuild in steps: it goes on after its worker died, nobody sees half of it, and nothing that changes
meanwhile is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from communities import services as regions
from linkage.attainment.models import StagedFigure, StagedMark, Staging, TargetSums
from linkage.attainment.services import counting, rebuilding
from linkage.foundation import jobs, measures
from linkage.foundation.models import Job
from tests import factories
from tests.measures.figures import today
from tests.volunteers.makers import identity, volunteer

pytestmark = pytest.mark.django_db
STEPS = len(measures.registered()) + 1


class Killed(BaseException):
    """The worker is gone; nothing in it gets to say goodbye."""


@pytest.fixture
def nation(world):
    volunteer(world.xingfuli, "甲", identity(1))
    factories.approved(world)
    counting.rebuild()
    return world


@pytest.fixture
def job(nation):
    """A rebuild that its worker has taken up."""
    started = rebuilding.start()
    Job.objects.filter(pk=started.pk).update(state=Job.State.RUNNING, attempts=1, heartbeat_at=timezone.now())
    started.refresh_from_db()
    return started


def again(job):
    """The job as the next worker takes it up."""
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
    job.refresh_from_db()
    return job


def at_step(monkeypatch, number, deed):
    """Before this measure of a run is counted, something happens."""
    count, seen = rebuilding._count, []

    def stepping(job, key, staging):
        seen.append(key)
        if len(seen) == number:
            deed()
        count(job, key, staging)

    monkeypatch.setattr(rebuilding, "_count", stepping)
    return seen


def standing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT region_id, sums FROM attainment_targetsums ORDER BY 1")
        return cursor.fetchall()


def spoil():
    TargetSums.objects.update(sums=[7] * len(TargetSums.objects.first().sums))


def test_a_rebuild_puts_right_what_stood_wrong_and_tells_how_far_it_is(job):
    right = standing()
    spoil()
    rebuilding.run(job)
    assert standing() == right
    assert counting.differences() == []
    assert (job.done, job.total) == (STEPS, STEPS)
    assert not any(model.objects.exists() for model in (Staging, StagedFigure, StagedMark))


def test_a_worker_that_dies_loses_one_step_and_the_next_one_goes_on(job, monkeypatch):
    def die():
        raise Killed

    right = standing()
    spoil()
    wrong = standing()
    with monkeypatch.context() as patch:
        seen = at_step(patch, 20, die)
        with pytest.raises(Killed):
            rebuilding.run(job)
    assert standing() == wrong, "readers see nothing of it"
    assert len(StagedFigure.objects.values("key").distinct()) <= 19
    with monkeypatch.context() as patch:
        rest = at_step(patch, 0, None)
        rebuilding.run(again(job))
    assert seen[:19] + rest == [*dict.fromkeys(seen + rest)], "nothing was counted twice"
    assert standing() == right


def test_what_a_refresh_counts_meanwhile_is_not_turned_back(job, nation, monkeypatch):
    def change():
        volunteer(nation.xingfuli, "乙", identity(2))
        factories.approved(nation, title="第二个项目")
        counting.refresh()

    at_step(monkeypatch, STEPS - 1, change)  # the last measure: nearly all is staged by then
    rebuilding.run(job)
    assert counting.differences() == []
    xingfuli = nation.xingfuli.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT volunteers FROM attainment_placemeasures WHERE unit_id = %s", [xingfuli])
        assert cursor.fetchone() == (2,)


def test_what_nobody_has_counted_yet_is_counted_in_the_last_step(job, nation, monkeypatch):
    at_step(monkeypatch, STEPS - 1, lambda: volunteer(nation.xingfuli, "乙", identity(2)))
    rebuilding.run(job)
    assert counting.differences() == []
    assert counting.refresh() == 0


def test_where_the_tree_moves_meanwhile_the_steps_begin_again(job, nation, monkeypatch):
    def move():
        regions.merge(
            [nation.region("620102020002")],
            into=nation.xingfuli,
            on=today(),
            basis="甘民发〔2026〕1号",
            by=nation.fresh("county_admin"),
        )

    seen = at_step(monkeypatch, 30, move)
    rebuilding.run(job)
    assert job.checkpoint["begun"] == 2
    assert len(seen) == 30 + STEPS - 1
    assert counting.differences() == []


def test_when_somebody_counts_everything_anew_the_steps_begin_again(job, monkeypatch):
    at_step(monkeypatch, 30, counting.rebuild)
    rebuilding.run(job)
    assert job.checkpoint["begun"] == 2
    assert counting.differences() == []


def test_figures_of_two_days_are_never_mixed(job, monkeypatch):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        at_step(monkeypatch, 30, lambda: clock.shift(timedelta(days=1)))
        rebuilding.run(job)
        assert set(TargetSums.objects.values_list("as_of", flat=True)) == {today()}
        assert job.checkpoint["begun"] == 2


def test_a_ground_that_never_settles_is_a_failure_that_says_so(job, monkeypatch):
    at = rebuilding._count

    def unsettled(job, key, staging):
        counting.rebuild()
        at(job, key, staging)

    monkeypatch.setattr(rebuilding, "_count", unsettled)
    with pytest.raises(rebuilding.Unsettled):
        rebuilding.run(job)
    assert counting.differences() == []


def test_a_rebuild_that_is_cancelled_leaves_what_stood(job, monkeypatch):
    right = standing()
    at_step(monkeypatch, 10, lambda: Job.objects.filter(pk=job.pk).update(cancel_requested=True))
    with pytest.raises(jobs.Cancelled):
        rebuilding.run(job)
    assert standing() == right
    assert not any(model.objects.exists() for model in (Staging, StagedFigure, StagedMark))


def test_one_rebuild_is_under_way_at_a_time(nation):
    first = rebuilding.start()
    assert rebuilding.start() == first
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE, finished_at=timezone.now())
    assert rebuilding.start() != first
