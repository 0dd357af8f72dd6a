"""The clock of the readings: wake, sweep, rebuild, compare."""

from celery import shared_task

from linkage.attainment import services
from linkage.attainment.services import counting
from linkage.foundation import jobs, outbox


@outbox.handler("reading.wake")
def wake(_payload):
    """A decision was taken: count at once instead of at the next sweep."""
    counting.refresh()


@shared_task(name="linkage.refresh_readings")
def refresh_readings():
    """Finds whatever nobody woke the worker for."""
    services.refresh()


@jobs.kind("rebuild_readings")
def rebuild_readings(job):
    counting.rebuild()
    jobs.advance(job, done=1, total=1)


@shared_task(name="linkage.check_readings")
def check_readings():
    """Nightly: the incremental state must equal a full count of the same day."""
    services.check()


@shared_task(name="linkage.turn_readings")
def turn_readings():
    """After midnight: what turns with the calendar alone (a certificate ends, a window slides) no trigger
    sees, so the new day is counted afresh; then the editions that are due are kept."""
    counting.rebuild()
    services.keep_editions()
