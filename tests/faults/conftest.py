"""A real site on servers that the tests themselves start, kill and start again."""

import os
import shutil
import signal
from contextlib import contextmanager

import psutil
import psycopg2
import pytest

from linkage.stack import note, scratch
from linkage.stack.broker import Broker
from linkage.stack.postgres import Postgres
from tests.stack.platform import Platform

# Where the approved projects stand in the sums of a place, as its plan says; arrays begin at 1.
APPROVED = "(l.layout->'at'->'=approved_projects'->>0)::int + 1"


class Drill(Platform):
    """``make run`` beside a database and a queue of ours, so that their death does not end it."""

    def __init__(self, folder):
        self.sockets = scratch.make()
        logs = folder / "logs"
        logs.mkdir()
        self.postgres = Postgres(folder / "postgres", self.sockets / "pg", log=logs / "postgres.log")
        self.broker = Broker(folder / "redis", self.sockets, log=logs / "redis.log")
        kept = note.new_secrets()
        super().__init__(
            folder / "home",
            DATABASE_URL=self.postgres.url("linkage_app"),
            DATABASE_OWNER_URL=self.postgres.url("linkage_owner"),
            REDIS_URL=self.broker.url,
            LINKAGE_SECRET_KEY=kept["secret_key"],
            LINKAGE_DATA_KEYS=kept["data_keys"],
            LINKAGE_HTTPS="0",
            LINKAGE_PHASE_SHIFT="auto",
        )
        self.parts = {"postgres": self.postgres.start(), "redis": self.broker.start()}

    def part(self, name):
        """The process of web or worker."""
        word = {"web": "gunicorn", "worker": "worker"}[name]
        return next(one for one in psutil.Process(self.process.pid).children() if word in one.cmdline())

    def kill_part(self, name):
        """kill -9, its children too."""
        part = self.part(name)
        for one in [part, *part.children(recursive=True)]:
            one.kill()

    def kill_server(self, name):
        """kill -9 of every process of the database or the queue."""
        process = psutil.Process(self.parts[name].process.pid)
        doomed = [process, *process.children(recursive=True)]
        for one in doomed:
            one.send_signal(signal.SIGKILL)
        self.parts[name].process.wait()
        psutil.wait_procs(doomed[1:], timeout=10)

    def start_server(self, name):
        self.parts[name] = {"postgres": self.postgres, "redis": self.broker}[name].start()

    def forget_queue(self):
        """What is left of the queue when its disk is lost."""
        shutil.rmtree(self.broker.data)

    def close(self):
        if self.process and not self.has_ended:
            self.end()
        for part in self.parts.values():
            part.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    @contextmanager
    def holding(self, table):
        """Nobody else gets at the table."""
        connection = psycopg2.connect(self.postgres.url("linkage_owner"))
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
                yield
        finally:
            connection.close()

    # what the database says

    def decisions(self, projects):
        rows = self.sql(
            "SELECT d.project_id, d.step, u.username FROM projects_decision d"
            " JOIN offices_user u ON u.id = d.by_id WHERE d.project_id = ANY(%s)",
            [list(projects)],
        )
        return [tuple(row) for row in rows]

    def owed(self):
        """Effects of decisions that nobody has delivered yet, given up ones among them."""
        return self.sql("SELECT count(*) FROM foundation_outbox WHERE state <> 'done'")[0][0]

    def without_trace(self):
        """Decisions without exactly one line in the 流转记录 and exactly one effect owed for it."""
        return self.sql(
            "SELECT d.id FROM projects_decision d"
            " LEFT JOIN projects_projectevent e ON e.project_id = d.project_id AND e.round = d.round"
            "  AND e.step = d.step AND e.kind = 'decided'"
            " LEFT JOIN foundation_outbox o ON o.key = 'decision:' || d.id"
            " GROUP BY d.id HAVING count(DISTINCT e.id) <> 1 OR count(DISTINCT o.id) <> 1"
        )

    def misread(self):
        """Regions whose reading differs from a recount of the base tables, done here in other words."""
        return self.sql(
            f"SELECT name, stands, real FROM (SELECT r.name, s.sums[{APPROVED}] AS stands,"
            "  (SELECT count(*) FROM projects_project p JOIN communities_region c ON c.id = p.region_id"
            "   JOIN projects_track t ON t.id = p.track_id"
            "   WHERE p.status = 'approved' AND t.counts_against_quota AND starts_with(c.path, r.path)) real"
            "  FROM attainment_targetsums s JOIN attainment_plan l ON l.id = s.plan_id"
            "  JOIN communities_region r ON r.id = s.region_id) beside WHERE stands <> real"
        )


@pytest.fixture(scope="package")
def drill(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drill")
    os.chmod(folder, 0o711)
    drill = Drill(folder)
    try:
        drill.start()
        drill.tokens = drill.seed("ground")["tokens"]
        drill.sql('UPDATE projects_quota SET "limit" = 100000')
        yield drill
    finally:
        drill.close()
