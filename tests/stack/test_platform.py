"""`make run` on a real machine: it starts, it stays one, it ends whole, it comes back with its data."""

import os
import signal
import socket
from pathlib import Path

import psutil
import pytest

from linkage.stack.process import wait_until
from tests.stack.platform import Platform

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("stack")]


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    platform = Platform(tmp_path_factory.mktemp("platform") / "home")
    yield platform
    if platform.process and platform.process.poll() is None:
        platform.process.kill()


def all_gone(processes):
    _, alive = psutil.wait_procs(processes, timeout=10)
    return alive == []


def test_the_whole_life_of_a_platform(platform):
    # the first start makes everything, and only one may run on a folder
    platform.start()
    assert platform.ready() == (
        200,
        {"status": "ok"} | dict.fromkeys(["database", "migrations", "redis", "worker", "disk"], "ok"),
    )
    status, said = platform.try_start()
    assert status == 2
    assert f"Already running at http://127.0.0.1:{platform.port}" in said

    # commands beside it find it
    status, said = platform.run("manage.py", "migrate", "--check")
    assert status == 0, said
    assert (platform.home / "secrets.json").stat().st_mode & 0o777 == 0o600
    platform.sql("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('三社联动')")

    # Ctrl-C ends all of it and leaves nothing outside its folder
    sockets, processes = Path(platform.note["sockets"]), platform.processes()
    assert len(processes) > 5
    platform.signal(signal.SIGINT)
    assert platform.process.wait(60) == 0, platform.said
    assert all_gone(processes)
    assert not sockets.exists()

    # the second start has the same data, whatever number the old lock holds
    (platform.home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{platform.home}\n")
    platform.start()
    assert platform.sql("SELECT word FROM kept") == [("三社联动",)]

    # kill -9 of the supervisor takes the parts along, and the next start clears what is left
    sockets, processes = Path(platform.note["sockets"]), platform.processes()
    platform.signal(signal.SIGKILL)
    platform.process.wait(10)
    platform.start()
    assert all_gone(processes)
    assert not sockets.exists()
    assert platform.sql("SELECT word FROM kept") == [("三社联动",)]

    # the death of one part ends the others
    processes = platform.processes()
    worker = next(process for process in processes if "worker" in process.cmdline())
    worker.kill()
    assert platform.process.wait(60) == 1
    assert "worker has ended" in platform.said
    assert all_gone(processes)


def test_a_killed_part_of_the_ground_ends_all(platform):
    if not platform.home.exists():
        pytest.skip("the first test has made no platform")
    platform.start()
    processes = platform.processes()
    next(process for process in processes if process.name() == "redis-server").kill()
    assert platform.process.wait(60) == 1
    assert "redis has ended" in platform.said
    assert all_gone(processes)


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    platform = Platform(tmp_path / "home")
    with socket.socket() as other:
        other.bind(("127.0.0.1", platform.port))
        other.listen()
        status, said = platform.try_start()
    assert status == 2
    assert f"Port {platform.port} cannot be used" in said
    assert not (platform.home / "postgres").exists()


def test_a_folder_that_is_no_database_is_left_alone(tmp_path):
    platform = Platform(tmp_path / "home")
    strange = platform.home / "postgres" / "letter.txt"
    strange.parent.mkdir(parents=True)
    strange.write_text("not a database")
    status, said = platform.try_start()
    assert status == 2
    assert "no PG_VERSION" in said
    assert [path.name for path in strange.parent.iterdir()] == ["letter.txt"]


def test_the_folder_of_another_version_is_left_alone(tmp_path):
    platform = Platform(tmp_path / "home")
    version = platform.home / "postgres" / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("12\n")
    status, said = platform.try_start()
    assert status == 2
    assert "belongs to PostgreSQL 12" in said
    assert version.read_text() == "12\n"


def test_a_damaged_database_is_shown_with_its_last_words(tmp_path):
    platform = Platform(tmp_path / "home")
    data = platform.home / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")
    status, said = platform.try_start()
    assert status == 2
    assert "The database does not start" in said
    assert sorted(path.name for path in data.iterdir()) == ["PG_VERSION"]


def test_a_home_that_cannot_be_written(tmp_path):
    platform = Platform(tmp_path / "file" / "home")
    (tmp_path / "file").write_text("")
    status, said = platform.try_start()
    assert status == 2
    assert "cannot be written" in said


def test_commands_without_a_platform_say_how_to_start_it(tmp_path):
    status, said = Platform(tmp_path / "home").run("manage.py", "migrate", "--check")
    assert status != 0
    assert "make run" in said.splitlines()[-1]


def test_exec_hands_on_the_status_and_leaves_nothing(tmp_path):
    platform = Platform(tmp_path / "home")
    status, said = platform.run(
        "-m", "linkage.stack", "exec", "--fresh", "--", "sh", "-c", 'echo "$LINKAGE_HOME"; exit 7'
    )
    assert status == 7
    assert not Path(said.strip()).parent.exists()
    assert not platform.home.exists()
    assert wait_until(lambda: not _mentioning(said.strip()), seconds=5)


def _mentioning(text):
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if text in " ".join(process.info["cmdline"] or []):
            found.append(process)
    return found
