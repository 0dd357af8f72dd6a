"""Long work with projects, done by the worker."""

from linkage.foundation import jobs
from projects.models import Selection
from projects.services import batch
from projects.services import selection_approval as verbs


@jobs.kind(verbs.KIND)
def approve_batch(job):
    """Decide the items of a batch one by one; a worker that takes over goes on where the last one stopped."""
    selection = Selection.objects.select_related("programme__region").get(pk=int(job.scope.partition(":")[2]))
    before = job.done or 0
    verbs.work_off(selection, by=job.owner, told=lambda done: jobs.advance(job, done=before + done))


@jobs.kind(batch.KIND)
def decide_batch(job):
    batch.run(job)
