"""The Celery application, and the sign of life that tells the site its worker and beat are there."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
app = Celery("linkage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.task(name="linkage.heartbeat")
def heartbeat():
    from linkage.foundation import health  # noqa: PLC0415 - the settings are not there yet when Celery loads

    health.beat()


@worker_ready.connect
def first_heartbeat(**kwargs):
    heartbeat.delay()
