"""After a change of LINKAGE_DATA_KEYS or LINKAGE_CIPHER: seal all personal data anew."""

import time

from django.core.management.base import BaseCommand, CommandError

from linkage.foundation import jobs, sealing, tasks
from linkage.foundation.errors import NotNow
from linkage.foundation.models import Job


class Command(BaseCommand):
    help = "Start the job that brings every sealed value to the first key and the cipher of today."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--wait", action="store_true", help="do it here and now, not in the worker")
        what.add_argument(
            "--check", action="store_true", help="only count what is sealed how; fails while a key is needed"
        )
        what.add_argument("--cancel", action="store_true", help="stop a walk under way")

    def handle(self, *, wait, check, cancel, **options):
        if check:
            self._check()
        elif cancel:
            self.stdout.write(f"{len(jobs.cancel_unowned(sealing.KIND))} jobs are told to stop")
        else:
            self._start(wait)

    def _start(self, wait):
        try:
            job = sealing.start()
        except NotNow as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"job {job.pk} is queued")
        if not wait:
            return
        tasks.run_job(job.pk)  # unless a worker was faster
        while Job.objects.open().filter(pk=job.pk).exists():
            time.sleep(1)
        job.refresh_from_db()
        self.stdout.write(f"job {job.pk}: {job.state}, {job.done} rows sealed anew")
        if job.state != Job.State.DONE:
            raise CommandError(job.error or job.state)

    def _check(self):
        outdated = 0
        for place, form, rows, is_fresh in sealing.census():
            self.stdout.write(f"{place} {form} {rows}{'' if is_fresh else ' in an old form'}")
            outdated += 0 if is_fresh else rows
        if outdated:
            raise CommandError(f"{outdated} values still need a former key or cipher.")
        self.stdout.write("Everything is sealed as it is today.")
