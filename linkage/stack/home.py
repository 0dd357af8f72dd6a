"""LINKAGE_HOME: the folder of one embedded platform, held by one supervisor at a time."""

import fcntl
import os
from pathlib import Path

from linkage.stack import note
from linkage.stack.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]


def folder():
    return Path(os.environ.get("LINKAGE_HOME") or ROOT / "var").expanduser().resolve()


class Home:
    """Taken on entering, given back on leaving; a kill -9 gives it back too."""

    def __init__(self, path):
        self.path = path
        self.logs = path / "logs"

    def __enter__(self):
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self.held = open(self.path / "stack.lock", "w")
        except OSError as error:
            raise Trouble(
                f"数据目录 {self.path} 无法写入：{error.strerror}。",
                f"The data folder {self.path} cannot be written: {error.strerror}. Set LINKAGE_HOME.",
            ) from error
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            running = note.read(self.path) or {}
            raise Trouble(
                f"平台已在运行：{running.get('address', self.path)}",
                f"Already running at {running.get('address', self.path)}",
            ) from error
        return self

    def __exit__(self, *_):
        self.held.close()
