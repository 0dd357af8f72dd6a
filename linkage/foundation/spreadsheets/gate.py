"""The gate for tables that come in: size and first bytes here, all else in a limited child process."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 40 * 1024 * 1024
LOOK_SECONDS = 20
READ_SECONDS = 300
PIPE = 1024 * 1024  # so that it reads on while its last rows are judged
CHILD = Path(__file__).with_name("child.py")

REASONS = {
    "kind": _("This is no table the platform can read. Save it as xlsx or csv, then upload that."),
    "old": _("This is a table of Excel 97 (.xls). Open it and save it as xlsx, then upload that."),
    "wps": _("Save the table as xlsx in WPS, then upload that."),
    "empty": _("There is nothing in this sheet."),
    "nothing": _("There is no sheet with cells in this file."),
    "size": _("The file is larger than 40 MB. Split it into several files."),
    "entries": _("The file consists of far too many parts. Copy the table into a new file."),
    "bomb": _("The file unpacks to far too much. Copy the table alone into a new file."),
    "rows": _("The table has more than 60,000 rows. Split it into several files."),
    "columns": _("The table has more than 200 columns. Copy the columns that are needed into a new file."),
    "cell": _("A cell holds more text than a spreadsheet can keep."),
    "entities": _("The file carries instructions that no table needs and was not taken."),
    "macros": _("The file contains macros. Save it as xlsx without macros."),
    "links": _("The table takes values from other files. Paste it as values into a new file."),
    "password": _("The file has a password. Save it without one."),
    "broken": _("The file is damaged and cannot be opened. Save it again."),
    "letters": _("The characters of this csv file cannot be read. Save it as UTF-8 or as xlsx."),
    "slow": _("The file takes far too long to be read. Copy the table alone into a new file."),
}


@dataclass(frozen=True)
class Seen:
    """One sheet of a file: its number in the file, its name, whether it is hidden."""

    number: int
    name: str
    visible: bool


@dataclass(frozen=True)
class Look:
    kind: str  # xlsx, csv
    sheets: list
    date1904: bool = False


def refuse(code):
    return ValidationError(REASONS.get(code, REASONS["broken"]), code=code)


@contextmanager
def scratch(pieces):
    """Bytes as a file without a name, for the child to read; nobody else finds it."""
    if hasattr(os, "memfd_create"):
        file = open(os.memfd_create("sheet"), "w+b")  # noqa: SIM115 (closed below)
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115
    with file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        yield file


def check_head(name, size, head):
    """What can be said without opening anything: the size and the first bytes."""
    if size > MAX_BYTES:
        raise refuse("size")
    if not size:
        raise refuse("empty")
    ext = name.rpartition(".")[2].lower()
    if ext in ("et", "ett"):
        raise refuse("wps")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse("password" if ext == "xlsx" else "old")
    if ext == "xls":
        raise refuse("old")
    if ext not in ("xlsx", "csv", "txt"):
        raise refuse("kind")
    if (ext == "xlsx") != head.startswith(b"PK\x03\x04"):
        raise refuse("kind")


def look(file):
    """What is in the file; ``ValidationError`` where it is not taken."""
    lines = list(_ask(file, "look", seconds=LOOK_SECONDS))
    told = lines[0] if lines else {"refused": "broken"}
    if "refused" in told or not told:
        raise refuse(told.get("refused", "broken"))
    sheets = [Seen(number, one["name"], one["visible"]) for number, one in enumerate(told["sheets"])]
    return Look(told["kind"], sheets, told.get("date1904", False))


def read(file, sheet=0):
    """First what is known of the sheet (``{"merged": …}``), then ``(number, cells)`` of each row."""
    first = True
    with closing(_ask(file, "read", str(sheet), seconds=READ_SECONDS)) as answers:
        for told in answers:
            if isinstance(told, dict):
                if "refused" in told:
                    raise refuse(told["refused"])
                yield told
            else:
                yield from ((number, cells) for number, cells in told)
            first = False
    if first:
        raise refuse("bomb")


def _ask(file, *what, seconds):
    """The lines a child tells. One that is killed by its limits has told no end: the file is refused."""
    file.seek(0)
    descriptor = file.fileno()
    child = subprocess.Popen(  # noqa: S603 (our own program, our own arguments)
        [sys.executable, "-I", str(CHILD), str(descriptor), *what],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=[descriptor],
        bufsize=PIPE,
        pipesize=PIPE,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    timer = _Timer(child, seconds)
    try:
        with timer:
            for line in child.stdout:
                yield json.loads(line)
        if child.wait() != 0:
            yield {"refused": "slow" if timer.fired or child.returncode == -24 else "bomb"}
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


class _Timer:
    """Kills a child that takes too long, whatever it is doing."""

    def __init__(self, child, seconds):
        self.child, self.fired = child, False
        self.timer = threading.Timer(seconds, self._fire)
        self.timer.daemon = True

    def _fire(self):
        self.fired = True
        self.child.kill()

    def __enter__(self):
        self.timer.start()
        return self

    def __exit__(self, *error):
        self.timer.cancel()
