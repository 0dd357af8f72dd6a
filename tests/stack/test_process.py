"""Parts that outlived their supervisor are ended; a stranger with their number is not."""

import signal
import subprocess

import psutil

from linkage.stack.process import end_leftovers


def sleeper(command="sleep 60"):
    process = subprocess.Popen(["sh", "-c", command], start_new_session=True)
    mark = {"pid": process.pid, "created": psutil.Process(process.pid).create_time()}
    return process, mark | {"stop": int(signal.SIGTERM)}


def test_a_leftover_is_ended():
    process, mark = sleeper()
    end_leftovers([mark])
    assert process.wait(5) is not None
    assert not psutil.pid_exists(process.pid)


def test_a_stranger_with_the_same_number_is_spared():
    process, mark = sleeper()
    end_leftovers([mark | {"created": mark["created"] - 100}])
    assert process.poll() is None
    process.kill()
    process.wait(5)


def test_a_number_nobody_has_any_more():
    process, mark = sleeper("true")
    process.wait(5)
    end_leftovers([mark])
