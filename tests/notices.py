"""Delivering what tests owe in notices, and nothing else of the outbox."""

from django.db.models.functions import Now

from linkage.attainment import tasks as readings
from linkage.foundation import outbox
from linkage.foundation.models import Notice, Outbox
from projects import tasks

assert tasks.watch_deadlines and readings.export  # as in a worker: how notices read is known


def deliver():
    """Deliver all notices and mails that are due; readings are not of interest here."""
    others = Outbox.objects.filter(state=Outbox.State.PENDING).exclude(kind__startswith="notice")
    others.update(state=Outbox.State.DONE, done_at=Now())
    while outbox.deliver_due():
        pass
    assert not Outbox.objects.dead().exists()


def told(user, kind=None):
    """The titles this person finds on the desk, oldest first."""
    rows = Notice.objects.visible_to(type(user).objects.get(pk=user.pk)).order_by("pk")
    return [notice.title for notice in (rows.filter(kind=kind) if kind else rows)]
