"""A real platform in a folder of its own, for tests that start, ask, signal and kill it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import psutil
import psycopg2
from django.conf import settings

from linkage.stack import note
from linkage.stack.process import wait_until

GREETING = "Ctrl-C stops everything"


class Platform:
    """``given`` is what the operator sets beside folder and port, such as servers of his own."""

    def __init__(self, home, **given):
        self.home, self.port, self.process, self.given = home, free_port(), None, given

    @property
    def env(self):
        """As on a fresh machine: nothing but the folder and the port."""
        ours = ("DATABASE_", "REDIS_", "LINKAGE_", "DJANGO_", "PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"LINKAGE_HOME": str(self.home), "LINKAGE_PORT": str(self.port)} | self.given

    def run(self, *arguments, wait=60):
        """Run the command to its end; its status and everything it said."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.env,
            timeout=wait,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.returncode, done.stdout

    def try_start(self):
        return self.run("-m", "linkage.stack", "run", "--empty")

    def start(self):
        """Start it and wait for its greeting."""
        greeted = self.said.count(GREETING)
        with open(self.home.parent / "said", "ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "linkage.stack", "run", "--empty"],
                cwd=settings.BASE_DIR,
                env=self.env,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert wait_until(lambda: self.has_ended or self.said.count(GREETING) > greeted, seconds=180), (
            self.said
        )
        assert not self.has_ended, self.said

    @property
    def has_ended(self):
        return self.process.poll() is not None

    @property
    def said(self):
        path = self.home.parent / "said"
        return path.read_text() if path.exists() else ""

    @property
    def note(self):
        return note.last(self.home)

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def processes(self):
        """All processes of the running platform, the children of its parts too."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.process.wait(60)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def seed(self, verb, *words):
        """Have ``tests/stack/gansu.py`` do something beside the platform."""
        call = f"from tests.stack import gansu; gansu.answer{(verb, *words)!r}"
        status, said = self.run("manage.py", "shell", "-v0", "-c", call, wait=180)
        assert status == 0, said
        return json.loads(said.splitlines()[-1])

    def sql(self, statement, values=None):
        """As the owner; the rows where there are any."""
        url = self.given.get("DATABASE_OWNER_URL") or self.note["database_owner_url"]
        connection = psycopg2.connect(url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
