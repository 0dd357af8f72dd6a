"""Long work with projects, their clock, and what people are told of them: all done by the worker."""

from celery import shared_task

from linkage.foundation import jobs, journal
from projects.models import Selection
from projects.services import batch, telling, watching
from projects.services import selection_approval as verbs

assert telling.arrived  # the worker knows how notices of projects read


@jobs.kind(verbs.KIND)
def approve_batch(job):
    """Decide the items of a batch one by one; a worker that takes over goes on where the last one stopped."""
    selection = Selection.objects.select_related("programme__region").get(pk=int(job.scope.partition(":")[2]))
    before = job.done or 0
    verbs.work_off(selection, by=job.owner, told=lambda done: jobs.advance(job, done=before + done))


@jobs.kind(batch.KIND)
def decide_batch(job):
    batch.run(job)


@shared_task(name="linkage.watch_deadlines")
def watch_deadlines():
    """Remind, tell what is overdue, report it to leaders. May run as often as it likes."""
    with journal.acting(cause="linkage.watch_deadlines"):
        watching.watch()
        watching.watch_reports()
