"""Effects owed to the world: a row in the transaction that owes them, delivered exactly once.

A handler's own effects are database rows, written in the transaction that marks the effect done.
What leaves the database (mail) is at least once and carries ``Outbox.key`` as its stable name.
"""

import logging
import os
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.db.models.functions import Now

from .masking import mask_numbers
from .models import Outbox

ATTEMPTS = 8
FIRST_RETRY = 15  # seconds; each further retry waits four times as long, the last one 17 hours

log = logging.getLogger(__name__)
_handlers = {}
_lines = {}  # process id -> lines to the broker that are open and free; opening one costs more than using it


def handler(kind):
    """``@handler("decision")``: call the function with the payload of every effect of this kind."""

    def register(function):
        known = _handlers.setdefault(kind, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"outbox kind {kind!r} has a handler already: {known.__module__}")
        _handlers[kind] = function
        return function

    return register


def put(kind, key, payload=None):
    """Owe an effect. Once per (kind, key), whatever happens; only inside the transaction that owes it."""
    put_all(kind, [(key, payload or {})])


def put_all(kind, effects):
    """Owe many: ``[(key, payload)]``."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("outbox.put belongs into the transaction of its cause")
    if not effects:
        return
    Outbox.objects.bulk_create(
        [Outbox(kind=kind, key=str(key), payload=payload) for key, payload in effects],
        ignore_conflicts=True,
        batch_size=500,
    )
    if not any(entry[1] is wake for entry in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake():
    """Tell the worker that something is due. A broker that is down costs nothing but time."""
    send("linkage.deliver")


def send(task, *args):
    """Queue a task as a courtesy: what must happen stands in the database, so failing is only logged."""
    lines = _lines.setdefault(os.getpid(), [])
    try:
        try:
            line = lines.pop()
            _publish(line, task, args)
        except Exception:  # none is open, or the broker has closed it meanwhile
            line = current_app.amqp.Producer(current_app.connection_for_write(transport_options=_impatient()))
            _publish(line, task, args)
        lines.append(line)
    except Exception as error:
        log.warning("Could not wake the worker for %s (%s).", task, type(error).__name__)


def _publish(line, task, args):
    current_app.send_task(task, args=args, producer=line, retry=False, ignore_result=True)


def _impatient():
    return {
        **current_app.conf.broker_transport_options,
        "socket_connect_timeout": 1,
        "socket_timeout": 3,
        "max_retries": 0,
    }


def deliver_due(limit=200):
    """Deliver what is due, oldest first; safe beside copies of itself. Tell how many were tried."""
    tried = 0
    while tried < limit and (effect := _claim()) is not None:
        tried += 1
        _deliver(effect)
    return tried


def _claim():
    """Count an attempt and push the next one away, so that a worker that dies here cannot loop."""
    with transaction.atomic():
        effect = Outbox.objects.due().select_for_update(skip_locked=True).first()
        if effect is None:
            return None
        effect.attempts += 1
        wait = timedelta(seconds=FIRST_RETRY * 4 ** (effect.attempts - 1))
        Outbox.objects.filter(pk=effect.pk).update(attempts=effect.attempts, next_try_at=Now() + wait)
        return effect


def _deliver(effect):
    if effect.attempts > ATTEMPTS:  # every attempt so far killed its worker
        _bury(effect, effect.last_error or "every attempt ended with the worker")
        return
    try:
        with transaction.atomic():
            # Waits for the lock: another worker's claim may hold it for a moment while it passes by.
            mine = Outbox.objects.select_for_update().filter(
                pk=effect.pk, state=Outbox.State.PENDING, attempts=effect.attempts
            )
            if not mine:
                return
            _handlers[effect.kind](effect.payload)
            Outbox.objects.filter(pk=effect.pk).update(state=Outbox.State.DONE, done_at=Now(), last_error="")
    except Exception as error:
        reason = "no handler for this kind" if effect.kind not in _handlers else _tell(error)
        log.warning("Effect %s %s failed (attempt %s): %s", effect.kind, effect.pk, effect.attempts, reason)
        if effect.attempts >= ATTEMPTS:
            _bury(effect, reason)
        else:
            Outbox.objects.filter(pk=effect.pk, state=Outbox.State.PENDING).update(last_error=reason)


def _tell(error):
    return mask_numbers(f"{type(error).__name__}: {error}")[:2000]


def _bury(effect, reason):
    log.error("Effect %s %s is given up after %s attempts.", effect.kind, effect.pk, effect.attempts)
    Outbox.objects.filter(pk=effect.pk, state=Outbox.State.PENDING).update(
        state=Outbox.State.DEAD, last_error=reason
    )


@transaction.atomic
def revive(effects):
    """Give dead effects their attempts back, after the cause is repaired."""
    count = effects.filter(state=Outbox.State.DEAD).update(
        state=Outbox.State.PENDING, attempts=0, next_try_at=Now()
    )
    transaction.on_commit(wake, robust=True)
    return count
