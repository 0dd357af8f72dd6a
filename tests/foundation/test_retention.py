"""Journals are kept a year and never under 180 days; only the owner of the tables forgets."""

import os
import subprocess
import sys
from datetime import timedelta

import pghistory.models
import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from communities.offices.models import Office, User
from linkage.foundation import journal, retention
from linkage.foundation.models import AuditEvent, Outbox
from tests import database

pytestmark = pytest.mark.django_db

USER_HISTORY = User.history.rel.related_model


def ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def old_and_young():
    """An audit event and a row of history of every age that matters; names say how many days."""
    for days in (0, 179, 181, 364, 366, 2000):
        AuditEvent.objects.create(kind=str(days), at=ago(days))
        user = User.objects.create(username=str(days))
        event = user.history.get()
        with database.as_owner():
            USER_HISTORY.objects.filter(pk=event.pk).update(pgh_created_at=ago(days))


def kept():
    events = set(AuditEvent.objects.exclude(kind="journals.purged").values_list("kind", flat=True))
    assert events == set(USER_HISTORY.objects.values_list("username", flat=True))
    return sorted(map(int, events))


def purge(days):
    with database.as_owner():
        return retention.purge(days)


def test_what_is_older_goes_everywhere_and_the_purge_itself_is_noted(old_and_young):
    gone = purge(365)
    assert gone == {"foundation_auditevent": 2, "offices_userhistory": 2}
    assert kept() == [0, 179, 181, 364]
    assert User.objects.count() == 6, "what the history was about stays"
    event = AuditEvent.objects.get(kind="journals.purged")
    assert (event.facts["days"], event.facts["rows"]) == (365, gone)
    assert purge(365) == {}


def test_nothing_younger_than_180_days_can_be_purged(old_and_young):
    for days in (179, 1, 0, -1):
        with pytest.raises(retention.TooYoung):
            purge(days)
        with pytest.raises(CommandError, match="180"), database.as_owner():
            call_command("purge_journals", "--days", str(days))
    assert kept() == [0, 179, 181, 364, 366, 2000]
    purge(180)
    assert kept() == [0, 179]


def test_the_role_of_the_site_cannot_purge(old_and_young):
    with pytest.raises(PermissionDenied):
        retention.purge(365)
    with pytest.raises(CommandError, match="owner"):
        call_command("purge_journals")
    for model, _moment in retention.journals():
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            retention._purge(model, _moment, timezone.now())
    assert kept() == [0, 179, 181, 364, 366, 2000]


def test_the_command_takes_the_age_from_the_settings(old_and_young, settings, capsys):
    settings.JOURNAL_DAYS = 400
    with database.as_owner():
        call_command("purge_journals")
    assert kept() == [0, 179, 181, 364, 366]
    assert "2 journal rows older than 400 days" in capsys.readouterr().out


def test_many_rows_go_in_several_chunks_whatever_their_order(monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 7)
    AuditEvent.objects.bulk_create(
        AuditEvent(kind="old" if n % 3 else "young", at=ago(400 if n % 3 else 1)) for n in range(90)
    )
    assert purge(365) == {"foundation_auditevent": 60}
    assert set(AuditEvent.objects.exclude(kind="journals.purged").values_list("kind", flat=True)) == {"young"}


def test_every_tracked_model_is_covered_and_nothing_but_journals():
    models = {model for model, _moment in retention.journals()}
    tracked = {model for model in apps.get_models() if hasattr(model, "history")}
    assert {User, Office} <= tracked
    assert {model.history.rel.related_model for model in tracked} | {AuditEvent} == models
    assert all(model is AuditEvent or issubclass(model, pghistory.models.Event) for model in models)
    assert (
        not {apps.get_model("projects", "Decision"), apps.get_model("projects", "Submission"), Outbox}
        & models
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_created_at'"
        )
        assert {table for (table,) in cursor.fetchall()} == {
            model._meta.db_table for model in models if model is not AuditEvent
        }


def test_history_still_reads_after_its_beginning_is_gone():
    user = User.objects.create(username="maya", name="马晓燕")
    with database.as_owner():
        USER_HISTORY.objects.update(pgh_created_at=ago(400))
    user.name = "马小燕"
    user.save()
    purge(365)
    assert [event.name for event in user.history.all()] == ["马小燕"]
    assert journal.record("still.works").pk


@pytest.mark.parametrize(("days", "starts"), [("365", True), ("180", True), ("179", False), ("0", False)])
def test_the_site_does_not_start_with_a_shorter_time(days, starts):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LINKAGE_")}
    site = {"DATABASE_URL": "postgres://x@y/z", "REDIS_URL": "redis://x", "LINKAGE_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from linkage import settings"],
        env={**plain, **site, "LINKAGE_JOURNAL_DAYS": days},
        capture_output=True,
        text=True,
    )
    assert (done.returncode == 0) == starts
    assert starts or "LINKAGE_JOURNAL_DAYS" in done.stderr
