"""Is the site alive, and is it ready for people? Asked by the stack, by containers and by monitors."""

import shutil
import time

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

HEARTBEAT = "linkage:heartbeat"
OLDEST_HEARTBEAT = 90  # seconds
LEAST_FREE = 500_000_000  # bytes

_migrated = False  # once all migrations are applied, this process need not ask again


@never_cache
def live(request):
    """The process answers. Needs nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request):
    """Every part the site stands on: ``ok``, or what is wrong with it."""
    parts = {
        "database": _asked(_database),
        "migrations": _asked(_migrations),
        "redis": _asked(_redis),
        "worker": _asked(_worker),
        "disk": _asked(_disk),
    }
    well = all(said == "ok" for said in parts.values())
    answer = JsonResponse({"status": "ok" if well else "degraded", **parts}, status=200 if well else 503)
    answer._has_been_logged = True  # asked every few seconds: the answer itself is the report
    return answer


def beat():
    """What the worker does when beat tells it to: leave the time, so that both are known to live."""
    with _client() as client:
        client.set(HEARTBEAT, int(time.time()))


def _asked(check):
    try:
        return check() or "ok"
    except Exception as error:  # whatever is wrong, this page has to say it
        return type(error).__name__


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations():
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return f"{len(waiting)} not applied"
        _migrated = True
    return None


def _client():
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _redis():
    with _client() as client:
        client.ping()


def _worker():
    with _client() as client:
        last = client.get(HEARTBEAT)
    age = time.time() - int(last or 0)
    if last is None:
        return "no heartbeat"
    return f"silent for {age:.0f} s" if age > OLDEST_HEARTBEAT else None


def _disk():
    free = min(shutil.disk_usage(place).free for place in (settings.HOME, settings.FILES) if place.exists())
    return f"{free // 1_000_000} MB left" if free < LEAST_FREE else None
