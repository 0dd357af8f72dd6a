"""What is owed is delivered exactly once, or stands there for all to see."""

import os
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from linkage.foundation import outbox, tasks
from linkage.foundation.models import Outbox, StaleMark


@pytest.fixture
def kinds(monkeypatch):
    """A registry of this test alone."""
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "send", lambda task, *args: None)
    return outbox._handlers


def owe(key, kind="note", **payload):
    with transaction.atomic():
        outbox.put(kind, key, payload)


def note(payload):
    StaleMark.objects.create(kind="note", unit_id=payload.get("unit", "1"))


def notes():
    return StaleMark.objects.filter(kind="note").count()


@pytest.mark.django_db(transaction=True)
def test_an_effect_cannot_be_owed_outside_the_transaction_of_its_cause(kinds):
    with pytest.raises(transaction.TransactionManagementError):
        outbox.put("note", "1")


@pytest.mark.django_db(transaction=True)
def test_an_effect_of_a_rolled_back_cause_is_not_owed(kinds):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.put("note", "1")
        raise ZeroDivisionError
    assert not Outbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_effect_owed_twice_happens_once(kinds):
    outbox.handler("note")(note)
    owe("1")
    owe("1")
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert notes() == 1
    assert Outbox.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once_per_transaction_and_only_after_it(kinds, monkeypatch):
    woken = []
    monkeypatch.setattr(outbox, "send", lambda task, *args: woken.append(task))
    with transaction.atomic():
        outbox.put("note", "1")
        outbox.put("note", "2")
        assert woken == []
    assert woken == ["linkage.deliver"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_stops_nothing(monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("celery.current_app.connection_for_write", refuse)
    monkeypatch.setattr(outbox, "_lines", {})
    owe("1")
    assert Outbox.objects.due().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_failing_handler_leaves_nothing_behind_and_is_tried_again_later(kinds):
    def half(payload):
        note(payload)
        raise RuntimeError("no luck")

    outbox.handler("note")(half)
    owe("1")
    assert outbox.deliver_due() == 1
    effect = Outbox.objects.get()
    assert (effect.state, effect.attempts, notes()) == ("pending", 1, 0)
    assert effect.last_error == "RuntimeError: no luck"
    assert outbox.deliver_due() == 0, "not before its next try"
    assert not Outbox.objects.filter(next_try_at__gt=Now() + timedelta(seconds=16)).exists()


@pytest.mark.django_db(transaction=True)
def test_after_eight_attempts_an_effect_is_dead_and_visible_and_can_be_revived(kinds, capsys):
    def broken(payload):
        raise RuntimeError("broken")

    outbox.handler("note")(broken)
    owe("sad story")
    for _attempt in range(20):
        Outbox.objects.filter(state="pending").update(next_try_at=Now())
        outbox.deliver_due()
    effect = Outbox.objects.dead().get()
    assert (effect.attempts, effect.last_error) == (8, "RuntimeError: broken")

    call_command("outbox")
    assert "sad story" in capsys.readouterr().out
    kinds["note"] = note
    call_command("outbox", "--revive")
    assert outbox.deliver_due() == 1
    assert notes() == 1


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_kills_its_worker_each_time_does_not_go_on_for_ever(kinds):
    outbox.handler("note")(note)
    owe("1")
    for _death in range(8):  # the claim is committed, then the process dies
        Outbox.objects.update(next_try_at=Now())
        assert outbox._claim() is not None
    Outbox.objects.update(next_try_at=Now())
    outbox.deliver_due()
    assert (Outbox.objects.get().state, notes()) == ("dead", 0)


@pytest.mark.django_db(transaction=True)
def test_an_effect_nobody_handles_says_so(kinds):
    owe("1", kind="unheard")
    outbox.deliver_due()
    assert "no handler" in Outbox.objects.get().last_error


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_has_no_upper_age_limit(kinds):
    outbox.handler("note")(note)
    owe("1")
    Outbox.objects.update(
        created_at=F("created_at") - timedelta(days=900), next_try_at=F("created_at") - timedelta(days=900)
    )
    tasks.sweep()
    assert notes() == 1
    tasks.sweep()
    assert notes() == 1, "running twice changes nothing"


def together(number, work):
    """Run ``work`` in threads that start at the same moment, each with its own connection."""
    barrier, failures = threading.Barrier(number), []

    def one(index):
        try:
            barrier.wait(10)
            work(index)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_deliverers_run_every_effect_once(kinds):
    outbox.handler("note")(note)
    for number in range(30):
        owe(number, unit=str(number))
    together(4, lambda index: outbox.deliver_due())
    assert notes() == 30
    assert StaleMark.objects.values("unit_id").distinct().count() == 30
    assert not Outbox.objects.exclude(state="done").exists()


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_comes_late_does_not_deliver_again(kinds):
    """Control for the claim: two workers that hold the same row by mistake still give one effect."""
    outbox.handler("note")(note)
    owe("1")
    effect = outbox._claim()
    together(3, lambda index: outbox._deliver(effect))
    assert notes() == 1


def test_a_line_the_broker_has_closed_is_opened_anew(monkeypatch):
    sent = []

    def publish(line, task, args):
        if line == "closed":
            raise ConnectionError
        sent.append(task)

    lines = {os.getpid(): ["closed"]}
    monkeypatch.setattr(outbox, "_lines", lines)
    monkeypatch.setattr(outbox, "_publish", publish)
    outbox.wake()
    outbox.wake()
    assert sent == ["linkage.deliver", "linkage.deliver"]
    assert len(lines[os.getpid()]) == 1
