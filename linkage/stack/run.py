"""`make run`: database, queue, web, worker and beat together, until Ctrl-C or the end of any of them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from linkage.stack import assets, home, note, scratch
from linkage.stack.broker import Broker
from linkage.stack.postgres import Postgres
from linkage.stack.process import Part, end_leftovers, wait_until
from linkage.stack.trouble import Trouble

ACCOUNTS = ["community", "street", "county", "city", "province", "admin"]
LARGEST_LOG = 10_000_000


class Stopped(Exception):
    """Somebody asked us to end."""


class Supervisor:
    def __init__(self, held, port, *, first_data=True):
        self.home, self.port, self.first_data = held, port, first_data
        self.bind = "0.0.0.0" if os.environ.get("LINKAGE_HOSTS") else "127.0.0.1"
        self.address = f"http://127.0.0.1:{port}"
        self.parts = []
        self.facts = {"pid": os.getpid(), "address": self.address}
        self.sockets, self.state = None, ""

    def run(self):
        """Exit status 0 after a wished end, 1 when a part ended by itself."""
        self._clear_after_a_kill()
        _refuse_taken_port(self.bind, self.port)
        try:
            self._start_ground()
            self._prepare()
            self._start_site()
            self._greet()
            return self._watch()
        except Stopped:
            return 0
        finally:
            self._end()

    # starting

    def _clear_after_a_kill(self):
        before = note.last(self.home.path)
        end_leftovers(before.get("parts", []))
        if before.get("sockets"):
            shutil.rmtree(before["sockets"], ignore_errors=True)
        note.erase(self.home.path)

    def _start_ground(self):
        """The database and the queue, each only where the environment names no other."""
        note.ensure_secrets(self.home.path)
        self.sockets = scratch.make()
        self.facts["sockets"] = str(self.sockets)
        if not os.environ.get("DATABASE_URL"):
            say("启动数据库", "starting the database")
            postgres = Postgres(self.home.path / "postgres", self.sockets / "pg", log=self._log("postgres"))
            self.facts["database_url"] = postgres.url("linkage_app")
            self.facts["database_owner_url"] = postgres.url("linkage_owner")
            self._add(postgres.start())
        if not os.environ.get("REDIS_URL"):
            say("启动队列", "starting the queue")
            broker = Broker(self.home.path / "redis", self.sockets, log=self._log("redis"))
            self.facts["redis_url"] = broker.url
            self._add(broker.start())

    def _prepare(self):
        if assets.are_stale():
            say("整理静态文件和译文", "collecting static files and translations")
            self._once("assets", "-m", "linkage.stack", "assets")
        say("更新数据库结构", "migrating")
        self._once("migrate", "manage.py", "migrate", "--noinput")
        if self.first_data:
            self._once("first start", "-m", "linkage.stack.first_start", quiet=False)

    def _start_site(self):
        say("启动网站和后台任务", "starting web, worker and beat")
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "linkage"]
        env = self._env()
        shm = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []
        gunicorn = [python, "-m", "gunicorn", "linkage.wsgi", "--bind", f"{self.bind}:{self.port}"]
        gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"]
        gunicorn += ["--graceful-timeout", "20", "--no-control-socket", *shm]
        self._add(Part("web", gunicorn, log=self._log("web"), env=env, patience=25))
        self._add(
            Part(
                "worker",
                [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"],
                log=self._log("worker"),
                env=env | {"LINKAGE_STATEMENT_TIMEOUT": os.environ.get("LINKAGE_STATEMENT_TIMEOUT", "590s")},
                stop=signal.SIGQUIT,  # soft shutdown: finish what runs, give back the rest
                patience=45,
            )
        )
        self._add(
            Part(
                "beat",
                [*celery, "beat", "--schedule", self.home.path / "beat", "--pidfile=", "--loglevel", "INFO"],
                log=self._log("beat"),
                env=env,
            )
        )
        if not wait_until(self._is_ready, seconds=90, alive=self.parts, every=0.3):
            self._blame_the_dead()
            raise Trouble(
                f"网站没有就绪，日志在 {self.home.logs}",
                f"The site did not get ready; logs are in {self.home.logs}\n{self.state}",
            )

    def _greet(self):
        password = note.demo_password(self.home.path)
        print(f"\n  三社联动平台 Linkage    {self.address}/")
        print(f"  管理后台 admin          {self.address}/admin/")
        print(f"  公示 public             {self.address}/public/")
        if password:
            print(f"  演示账号 demo accounts  {' '.join(ACCOUNTS)}")
            print(f"  密码 password           {password}")
        print(f"  日志 logs               {self.home.logs}")
        print("  按 Ctrl-C 停止。Ctrl-C stops everything.\n", flush=True)

    # watching and ending

    def _watch(self):
        while True:
            time.sleep(0.3)
            if self._blame_the_dead():
                return 1

    def _blame_the_dead(self):
        dead = [part for part in self.parts if part.ended]
        for part in dead:
            print(
                f"{part} 已退出，全部停止。 {part} has ended, so everything ends. {part.log}:",
                file=sys.stderr,
            )
            print(part.last_words(), file=sys.stderr, flush=True)
        return bool(dead)

    def _end(self):
        """The site first, then what it stands on."""
        signal.signal(signal.SIGINT, self._hurry)
        signal.signal(signal.SIGTERM, self._hurry)
        if self.parts:
            say("正在停止", "stopping")
        site = [part for part in self.parts if part.name in ("web", "worker", "beat")]
        for part in site:
            part.ask_to_stop()
        for part in [*reversed(site), *(part for part in reversed(self.parts) if part not in site)]:
            part.stop()
        note.erase(self.home.path)
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _hurry(self, *_):
        for part in self.parts:
            if part.name in ("web", "worker", "beat") and not part.ended:
                part.process.kill()

    # tools

    def _add(self, part):
        """Noted at once, so that a later start can end it should we be killed."""
        self.parts.append(part)
        note.write(self.home.path, **self.facts, parts=[part.mark for part in self.parts])

    def _log(self, name):
        path = self.home.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def _env(self):
        """For the parts: embedded they read our note; beside a given server they need the other address."""
        env = os.environ | {"LINKAGE_HOME": str(self.home.path), "LINKAGE_PORT": str(self.port)}
        if env.get("DATABASE_URL") or env.get("REDIS_URL"):
            for name in ("database_url", "database_owner_url", "redis_url"):
                if name in self.facts:
                    env[name.upper()] = self.facts[name]
        return env

    def _once(self, name, *command, quiet=True):
        """A command that must succeed before the site starts."""
        with open(self._log("prepare"), "a+") as log:
            start = log.seek(0, os.SEEK_END)
            child = subprocess.Popen(
                [sys.executable, *command],
                cwd=home.ROOT,
                env=self._env(),
                stdin=subprocess.DEVNULL,
                stdout=log if quiet else None,
                stderr=log if quiet else None,
                start_new_session=True,
            )
            try:
                status = child.wait()
            except BaseException:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                raise
            if status:
                log.seek(start)
                raise Trouble(f"{name} 未成功。", f"{name} failed.\n{log.read()[-2000:]}".strip())

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.address}/health/ready", timeout=5) as answer:
                self.state = answer.read().decode()
                return answer.status == 200
        except urllib.error.HTTPError as error:
            self.state = error.read().decode(errors="replace")[:500]
        except OSError as error:
            self.state = str(error)
        return False


def run(*, first_data=True):
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    port = _port()
    os.chdir(home.ROOT)
    with home.Home(home.folder()) as held:
        return Supervisor(held, port, first_data=first_data).run()


def say(chinese, english):
    print(f"{chinese}… {english}…", flush=True)


def _stop(*_):
    raise Stopped


def _port():
    text = os.environ.get("LINKAGE_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"LINKAGE_PORT 不是端口号：{text}", f"LINKAGE_PORT is not a port: {text}")
    return int(text)


def _refuse_taken_port(bind, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise Trouble(
                f"端口 {port} 无法使用：{error.strerror}。换一个：LINKAGE_PORT=8001 make run",
                f"Port {port} cannot be used: {error.strerror}. Choose another: LINKAGE_PORT=8001 make run",
            ) from error
