"""A rebuild in steps: a job that survives its worker and does not keep the refresh waiting.

Every measure is one step, counted beside the standing figures in a transaction of its own; a worker that
dies loses one step. What a refresh counts meanwhile is remembered and counted once more in the last step,
which swaps everything in at once. When the day turns, the tree moves or somebody counts everything anew,
the steps begin again.
"""

from django.db import connection, transaction
from django.utils import timezone

from linkage.attainment import codes
from linkage.attainment.models import UNIT_TABLES, StagedMark, Staging
from linkage.attainment.services import counting, unit_rows
from linkage.foundation import jobs, measures, stale
from linkage.foundation.models import Job

KIND = "rebuild_readings"
BEGINNINGS = 5  # of one job; a tree that moves all day is counted by the refresh anyway


class Unsettled(Exception):
    """The ground moved under every beginning."""


def start(*, by=None):
    """Queue a rebuild, unless one is under way: then that one. Answers the job."""
    under_way = Job.objects.open().filter(kind=KIND).first()
    return under_way or jobs.start(KIND, by=by, title=KIND)


def run(job):
    """The work of the job; goes on with the measures that are left after a fall."""
    keys = [key for key in codes.EVERY_MEASURE if measures.get(key) is not None]
    try:
        while not _step(job, keys):
            pass
    except jobs.Cancelled:
        with counting.alone() as cursor:
            _clear(cursor)
        raise


def _step(job, keys):
    """Do the next thing; whether it was the last."""
    staging = Staging.objects.filter(job_id=job.pk, on=timezone.localdate()).first()
    if staging is None or stale.waiting(counting.TREE):
        _begin(job, keys)
        return False
    left = [key for key in keys if key not in staging.counted]
    if left:
        _count(job, left[0], staging)
        return False
    return _finish(job, keys)


def _begin(job, keys):
    """From here on every refresh tells what it counts. It holds the lock, so none is under way now."""
    begun = job.checkpoint.get("begun", 0) + 1
    if begun > BEGINNINGS:
        raise Unsettled(f"{BEGINNINGS} beginnings, and each time the places or the day moved on")
    counting.refresh()  # takes the marks of a moved tree, and counts everything anew for them
    with counting.alone() as cursor:
        _clear(cursor)
        Staging.objects.create(job_id=job.pk, on=timezone.localdate())
        jobs.advance(job, done=0, total=len(keys) + 1, checkpoint={"begun": begun})


@transaction.atomic
def _count(job, key, staging):
    rows, params = measures.get(key).rows(staging.on).order_by().query.sql_with_params()
    with connection.cursor() as cursor, unit_rows.everything(cursor):
        cursor.execute(
            f"INSERT INTO attainment_stagedfigure (key, unit, value) SELECT %s, unit, value FROM ({rows}) r",
            [key, *params],
        )
    still = Staging.objects.filter(job_id=job.pk, on=staging.on)
    if still.update(counted=[*staging.counted, key]):
        jobs.advance(job, done=len(staging.counted) + 1)
    else:
        transaction.set_rollback(True)  # somebody has counted everything anew


def _finish(job, keys):
    """Whether the figures were swapped in; not, if the ground has moved meanwhile."""
    with counting.alone() as cursor:
        staging = Staging.objects.filter(job_id=job.pk, on=timezone.localdate()).first()
        if staging is None or stale.waiting(counting.TREE):
            return False
        changed = {}
        for table in UNIT_TABLES:
            remembered = StagedMark.objects.filter(kind=table.KIND).values_list("unit", flat=True)
            changed[table.KIND] = sorted({*remembered, *_marked(table.KIND)})
        counting.swap_in(cursor, staging.on, changed)
        _clear(cursor)
        jobs.advance(job, done=len(keys) + 1)
    return True


def _marked(kind):
    """The units that wait, all of them; they are counted here."""
    found = set()
    while batch := stale.take(kind, limit=10_000):
        found |= {int(unit) for unit in batch}
    return found


def _clear(cursor):
    for name in ("staging", "stagedfigure", "stagedmark"):
        cursor.execute(f"DELETE FROM attainment_{name}")
