"""The two doors monitors knock at."""

import time
import uuid

import pytest
from django.db import OperationalError

from linkage.foundation import health


@pytest.fixture
def heartbeat(monkeypatch):
    """The queue of the test run, with a fresh sign of life under a name of our own."""
    monkeypatch.setattr(health, "HEARTBEAT", f"test:{uuid.uuid4()}")
    health.beat()
    with health._client() as queue:
        yield queue
        queue.delete(health.HEARTBEAT)


def test_live_needs_nothing(client):
    assert client.get("/health/live").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_all_parts_answer(client, heartbeat):
    answer = client.get("/health/ready")
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "redis": "ok",
        "worker": "ok",
        "disk": "ok",
    }
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_a_silent_worker(client, heartbeat):
    heartbeat.set(health.HEARTBEAT, int(time.time()) - 120)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["worker"].startswith("silent for 12")


@pytest.mark.django_db
def test_no_worker_at_all(client, heartbeat):
    heartbeat.delete(health.HEARTBEAT)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "no heartbeat"


@pytest.mark.django_db
def test_a_missing_queue(client, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert (answer.json()["redis"], answer.json()["database"]) == ("ConnectionError", "ok")


def test_a_missing_database(client, heartbeat, monkeypatch):
    def gone():
        raise OperationalError("the server is away")

    monkeypatch.setattr(health, "_database", gone)
    monkeypatch.setattr(health, "_migrated", True)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] == "OperationalError"
    assert "away" not in answer.content.decode()


@pytest.mark.django_db
def test_migrations_not_applied(client, heartbeat, monkeypatch):
    class Executor(health.MigrationExecutor):
        def migration_plan(self, targets):
            return [("foundation.0002", False)]

    monkeypatch.setattr(health, "MigrationExecutor", Executor)
    monkeypatch.setattr(health, "_migrated", False)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 not applied"


@pytest.mark.django_db
def test_a_full_disk(client, heartbeat, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    assert client.get("/health/ready").status_code == 503
