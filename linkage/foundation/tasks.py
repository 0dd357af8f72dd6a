"""The clockwork of the foundation. Every task is safe beside copies of itself and may run twice."""

from datetime import timedelta

from celery import shared_task
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from . import jobs, journal, leftovers, notices, outbox, sealing
from .models import IdempotencyKey, Job, Notice, Outbox, SheetImport
from .spreadsheets import applying, checking, exporting, services

ROUND = 200
KEPT_DONE = timedelta(days=30)
KEPT_ANSWERS = timedelta(days=7)
KEPT_TABLES = timedelta(days=3)


@shared_task(name="linkage.deliver")
def deliver():
    """Deliver what is due; what is left after one round is for the next."""
    with journal.acting(cause="linkage.deliver"):
        if outbox.deliver_due(ROUND) == ROUND:
            outbox.wake()


@shared_task(name="linkage.sweep")
def sweep():
    """Find what fell between: effects nobody was woken for, jobs whose worker died. No age is too old."""
    deliver()
    jobs.resume_lost()


@shared_task(name="linkage.run_job", acks_late=False, time_limit=6 * 3600, soft_time_limit=6 * 3600 - 60)
def run_job(pk):
    """Do one long job. A dead worker's job is found by its silent heartbeat, not by the broker."""
    with journal.acting(cause=f"job {pk}"):
        jobs.run(pk)


@jobs.kind(sealing.KIND)
def rotate_keys(job):
    sealing.seal_anew(job)


@jobs.kind("sheet_check")
def check_table(job):
    checking.run(job)


@jobs.kind("sheet_apply")
def import_table(job):
    applying.run(job)


@jobs.kind(exporting.KIND)
def export_table(job):
    exporting.run(job)


@shared_task(name="linkage.sweep_uploads")
def sweep_uploads():
    """Remove the files of transactions that were rolled back after the file was kept."""
    return leftovers.sweep()


@shared_task(name="linkage.send_digests")
def send_digests():
    """Owe everybody who wants it the mail of the day."""
    notices.owe_digests()


@shared_task(name="linkage.purge_done")
def purge_done():
    """Forget delivered effects, old answers, messages of a year ago and the files of expired jobs."""
    Outbox.objects.filter(state=Outbox.State.DONE, done_at__lt=Now() - KEPT_DONE).delete()
    Notice.objects.filter(at__lt=Now() - notices.KEPT).delete()
    IdempotencyKey.objects.filter(created_at__lt=Now() - KEPT_ANSWERS).delete()
    for job in Job.objects.filter(expires_at__lt=Now()).exclude(result_file=""):
        default_storage.delete(job.result_file)
        Job.objects.filter(pk=job.pk).update(result_file="")
    for old in SheetImport.objects.filter(created_at__lt=Now() - KEPT_TABLES).exclude(
        state__in=[SheetImport.State.GIVEN_UP, SheetImport.State.APPLYING]
    ):
        services.expire(old)
