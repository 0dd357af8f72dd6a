"""The Celery application, and the sign of life that tells the site its worker and beat are there."""

import os

from celery import Celery
from celery.signals import worker_ready
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")
app = Celery("linkage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Unacknowledged(redis.QoS):
    """The messages a worker holds, on a connection that may be gone.

    After a broken connection kombu 5.7 still gives back and acknowledges on the channel it has closed;
    that fails, and takes the worker along. Here it comes to nothing: Redis hands such messages out again
    after the visibility timeout, every task may run twice, and what is owed stands in the outbox.
    """

    @property
    def is_cut_off(self):
        transport = self.channel.connection
        return transport is None or transport.client is None

    def restore_unacked(self, client=None):
        if self.is_cut_off:
            self._delivered.clear()
        else:
            super().restore_unacked(client)

    def ack(self, delivery_tag):
        if not self.is_cut_off:
            super().ack(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        if not self.is_cut_off:
            super().reject(delivery_tag, requeue)


redis.Channel.QoS = Unacknowledged


@app.task(name="linkage.heartbeat")
def heartbeat():
    from linkage.foundation import health  # noqa: PLC0415 - the settings are not there yet when Celery loads

    health.beat()


@worker_ready.connect
def first_heartbeat(**kwargs):
    heartbeat.delay()
