"""The clock of the readings: wake, sweep, rebuild, compare."""

from contextlib import closing

from celery import shared_task

from communities.tasks import apply_due_placements
from linkage.attainment import services
from linkage.attainment.api.columns import EXPORTED
from linkage.attainment.documents import exports
from linkage.attainment.services import (
    counting,
    editions,
    exporting,
    following,
    groups,
    rebuilding,
    supervision,
    telling,
)
from linkage.foundation import jobs, outbox
from linkage.foundation.snapshot import each_of_one_moment

assert telling.issued  # the worker knows how notices of supervisions read


@outbox.handler("reading.wake")
def wake(_payload):
    """A decision was taken: count at once instead of at the next sweep."""
    counting.refresh()
    _look_after_supervisions()


@shared_task(name="linkage.refresh_readings")
def refresh_readings():
    """Finds whatever nobody woke the worker for."""
    services.refresh()
    _look_after_supervisions()


def _look_after_supervisions():
    """Who took over from a unit is asked in its place; what is done now is noted with its day."""
    following.follow()
    supervision.note_done()


@jobs.kind(rebuilding.KIND)
def rebuild_readings(job):
    rebuilding.run(job)


@jobs.kind(editions.KIND)
def keep_edition(job):
    editions.keep_asked(job)


@jobs.kind(exporting.KIND)
def export(job):
    owner, place, edition = exporting.begun(job)
    columns = list(EXPORTED[job.arguments["what"]]._declared_fields)
    batches, total = exports.batches(job, owner, place, edition, columns)
    with closing(each_of_one_moment(batches)) as batches:
        exporting.write(job, columns, batches, total=total)


@shared_task(name="linkage.check_readings")
def check_readings():
    """Nightly: the incremental state must equal a full count of the same day."""
    services.check()


@shared_task(name="linkage.turn_readings")
def turn_readings():
    """After midnight, one after the other: days that are over are kept, the tree turns, the new day begins.

    The registers of merged places go on with the tree; the edition of the first of a month wants them where
    they belong that day. What turns with the calendar alone (a certificate ends, a window slides) no trigger
    sees, so the new day is counted afresh by a job; the editions and the tables that are due count for
    themselves.
    """
    try:
        editions.keep_past_days()
    finally:  # the tree turns, whatever became of the days before
        apply_due_placements()
    rebuilding.start()
    services.keep_editions()
    groups.publish_due()
