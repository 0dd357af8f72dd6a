"""Run one command beside a database and a queue: those given, those of LINKAGE_HOME, or throw-away ones."""

import os
import shutil
import signal
import subprocess
from contextlib import ExitStack

from linkage.stack import home, note, scratch
from linkage.stack.broker import Broker
from linkage.stack.postgres import EMBEDDED, Postgres
from linkage.stack.process import bound_to


def execute(command, *, fresh=False, durable=False, binaries=None):
    """The exit status of ``command``. ``fresh``: an empty platform that is thrown away afterwards,
    without fsync unless ``durable``; ``binaries``: another PostgreSQL than the embedded one."""
    place = home.folder()
    running = note.read(place)
    if running and not fresh:
        return _run(command, _secrets(place) | _addresses(running), EMBEDDED)
    with ExitStack() as ending:
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGHUP, _leave)
        folder = scratch.make()
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        if fresh:
            place = folder / "home"
            place.mkdir(mode=0o755)
        held = ending.enter_context(home.Home(place))
        env = _secrets(place) | {"LINKAGE_HOME": str(place)}
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(
                place / "postgres",
                folder / "pg",
                log=held.logs / "postgres.log",
                binaries=binaries,
                durable=durable or not fresh,
            )
            env["DATABASE_URL"] = postgres.url("linkage_app")
            env["DATABASE_OWNER_URL"] = postgres.url("linkage_owner")
            ending.callback(postgres.start().stop)
        if not os.environ.get("REDIS_URL"):
            broker = Broker(
                place / "redis", folder, log=held.logs / "redis.log", durable=durable or not fresh
            )
            env["REDIS_URL"] = broker.url
            ending.callback(broker.start().stop)
        return _run(command, env, binaries or EMBEDDED)


def _addresses(running):
    names = ("database_url", "database_owner_url", "redis_url")
    return {name.upper(): running[name] for name in names if name in running}


def _secrets(place):
    kept = note.ensure_secrets(place)
    mine = {f"LINKAGE_{name.upper()}": value for name, value in kept.items()}
    mine["LINKAGE_HTTPS"] = "0"
    return {name: os.environ.get(name) or value for name, value in mine.items()}


def _run(command, env, binaries):
    """The command shares our terminal: Ctrl-C reaches it directly, a TERM is passed on.

    Its psql and pg_dump are those of our PostgreSQL.
    """
    env = os.environ | env | {"PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    if env.get("DJANGO_SETTINGS_MODULE") == "linkage.settings":  # set by our own import; tests have others
        del env["DJANGO_SETTINGS_MODULE"]
    child = subprocess.Popen(command, env=env, preexec_fn=bound_to(os.getpid(), signal.SIGTERM))
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        status = child.wait()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    return status if status >= 0 else 128 - status


def _leave(number, _):
    raise SystemExit(128 + number)
