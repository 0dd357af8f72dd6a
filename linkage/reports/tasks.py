"""The jobs of periodic returns."""

from linkage.foundation import jobs
from linkage.reports.services import collecting, telling

assert telling.back  # the worker knows how these notices read


@jobs.kind(collecting.KIND)
def keep_period(job):
    collecting.keep(job)
