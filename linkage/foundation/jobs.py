"""Long work that survives its worker: claimed, reported, cancelled, resumed from its checkpoint.

A kind is a function of the job. It works in chunks; each chunk is a transaction that ends with
``advance``. A worker that was believed dead and comes back finds its chunk refused (``Lost``).

Upper apps hear of ``job.failed`` and ``job.done`` (``tidings``), with ``job=``.
"""

import contextlib
import logging
import threading
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from . import outbox, tidings
from .errors import NotNow
from .masking import mask_numbers
from .models import Job

SILENCE = timedelta(seconds=120)  # without a heartbeat for so long, a worker is taken for dead
BEAT = 30
STARTS = 3
KEPT = timedelta(hours=24)

log = logging.getLogger(__name__)
_kinds = {}


class Lost(Exception):
    """This worker no longer holds the job: another one does, or it has ended."""


class Cancelled(Exception):
    """The owner wants the job to stop; what was advanced so far stays."""


def kind(name):
    """``@jobs.kind("rebuild")``: the function that does jobs of this kind, called with the job."""

    def register(function):
        known = _kinds.setdefault(name, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"job kind {name!r} is taken by {known.__module__}")
        _kinds[name] = function
        return function

    return register


@transaction.atomic
def start(kind, *, by=None, scope="", title="", total=None, arguments=None):
    """Queue a job; it begins after the transaction commits."""
    job = Job.objects.create(
        kind=kind, owner=by, scope=scope, title=title, total=total, arguments=arguments or {}
    )
    _wake(job.pk)
    return job


def _wake(pk):
    transaction.on_commit(lambda: outbox.send("linkage.run_job", pk), robust=True)


def _held(job):
    """The row, as long as this worker is the one that holds it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _settle(job, state, **facts):
    kept = timedelta(seconds=job.arguments["kept_for"]) if "kept_for" in job.arguments else KEPT
    ended = _held(job).update(state=state, finished_at=Now(), expires_at=Now() + kept, **facts)
    if not ended:
        raise Lost(job.pk)
    for name, value in {"state": state, **facts}.items():
        setattr(job, name, value)


def advance(job, *, done=None, total=None, checkpoint=None):
    """Report progress at the end of a chunk, in its transaction; the place where a job learns to stop."""
    facts = {"done": done, "total": total, "checkpoint": checkpoint}
    facts = {name: value for name, value in facts.items() if value is not None}
    if not _held(job).update(heartbeat_at=Now(), **facts):
        raise Lost(job.pk)
    for name, value in facts.items():
        setattr(job, name, value)
    if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        raise Cancelled(job.pk)


@transaction.atomic
def finish(job, *, result_file=""):
    _settle(job, Job.State.DONE, result_file=result_file)
    tidings.tell("job.done", job=job)


@transaction.atomic
def fail(job, error, cause=Job.Cause.PROGRAM):
    """``error`` is for the command line; people are shown the cause, and the words of a refusal."""
    _settle(job, Job.State.FAILED, error=mask_numbers(str(error))[:4000], cause=cause)
    tidings.tell("job.failed", job=job)


def _why(job, error):
    """What is kept of an exception: text and cause."""
    if isinstance(error, (PermissionDenied, NotNow)):
        return str(error), Job.Cause.TOLD
    if isinstance(error, ValidationError):
        return " ".join(error.messages), Job.Cause.TOLD
    told = f"{type(error).__name__}: {error}" if job.kind in _kinds else "unknown kind of job"
    if isinstance(error, (DatabaseError, InterfaceError)):
        return told, Job.Cause.DATABASE
    return told, Job.Cause.STORAGE if isinstance(error, OSError) else Job.Cause.PROGRAM


@transaction.atomic
def cancel(job, *, by):
    """Stop a job: at once while it waits, at its next chunk while it runs."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.owner_id != by.pk:
        raise PermissionDenied
    if not job.is_open:
        raise NotNow(_("This job has ended already."))
    return _stop(job)


@transaction.atomic
def again(job):
    """Queue a failed job once more: it goes on from its checkpoint, with the rights its owner has now."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != Job.State.FAILED:
        raise NotNow(_("This job has not failed."))
    if Job.objects.open().filter(kind=job.kind, owner=job.owner_id).exists():
        raise NotNow(_("Another one of the same kind is under way. Wait until it has ended."))
    job.state, job.finished_at, job.expires_at = Job.State.QUEUED, None, None
    job.cause, job.error = "", ""
    job.save(update_fields=["state", "finished_at", "expires_at", "cause", "error"])
    _wake(job.pk)
    return job


@transaction.atomic
def cancel_unowned(kind):
    """Stop the open jobs of a kind that were started at the command line, where nobody signs in."""
    jobs = Job.objects.open().select_for_update().filter(kind=kind, owner__isnull=True)
    return [_stop(job) for job in jobs]


def _stop(job):
    if job.state == Job.State.QUEUED:
        Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED, finished_at=Now())
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    job.refresh_from_db()
    return job


def _claim(pk):
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=pk, state=Job.State.QUEUED).first()
        if job is None:
            return None
        Job.objects.filter(pk=pk).update(
            state=Job.State.RUNNING,
            attempts=job.attempts + 1,
            heartbeat_at=Now(),
            started_at=job.started_at or Now(),
        )
    job.refresh_from_db()
    return job


def run(pk):
    """Do one job, unless somebody else does. Safe to call twice, and again after a fall."""
    job = _claim(pk)
    if job is None:
        return
    try:
        with _heartbeat(job), _without_time_limit():
            _kinds[job.kind](job)
        with contextlib.suppress(Lost):
            finish(job, result_file=job.result_file)
    except Lost:
        log.warning("Job %s went on elsewhere.", job.pk)
    except Cancelled:
        with contextlib.suppress(Lost):
            _settle(job, Job.State.CANCELLED)
    except Exception as error:
        log.exception("Job %s failed.", job.pk)
        with contextlib.suppress(Lost):
            fail(job, *_why(job, error))


@contextlib.contextmanager
def _heartbeat(job):
    """Says every half minute that the worker lives, also while one statement takes long."""
    over = threading.Event()

    def beat():
        while not over.wait(BEAT):
            try:
                _held(job).update(heartbeat_at=Now())
            except Exception:
                log.warning("Job %s: heartbeat missed.", job.pk)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


@contextlib.contextmanager
def _without_time_limit():
    """The limits that protect pages are not for long work, which also has the time to wait for a lock."""
    limits = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "10min"}
    with connection.cursor() as cursor:
        for name, most in limits.items():
            cursor.execute(f"SET {name} = '{most}'")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                for name in limits:
                    cursor.execute(f"RESET {name}")


def resume_lost():
    """Queue again what a dead worker left, and what was never begun. A row under lock is alive."""
    with transaction.atomic():
        silent = Job.objects.select_for_update(skip_locked=True).filter(
            state=Job.State.RUNNING, heartbeat_at__lt=Now() - SILENCE
        )
        for job in silent:
            if job.cancel_requested:
                job.state, job.finished_at = Job.State.CANCELLED, Now()
            elif job.attempts % STARTS == 0:  # begun again, it counts on: the number tells workers apart
                job.state, job.finished_at = Job.State.FAILED, Now()
                job.cause, job.error = Job.Cause.WORKER, f"{STARTS} workers died of it"
                log.error("Job %s is given up.", job.pk)
            else:
                job.state = Job.State.QUEUED
            job.save(update_fields=["state", "finished_at", "cause", "error"])
            if job.state == Job.State.FAILED:
                tidings.tell("job.failed", job=job)
        waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("id")
        for pk in waiting.values_list("pk", flat=True)[:100]:
            _wake(pk)
