"""A short private folder for sockets and throw-away data, gone with its process even after a kill."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

PREFIX = "linkage-"
LONGEST = 40  # leaves room for "/pg/.s.PGSQL.5432" within the 107 bytes of a socket path


def make():
    """A new folder that others may pass through but not list; folders of dead processes are removed."""
    root = Path(tempfile.gettempdir())
    if len(os.fsencode(root)) > LONGEST:
        root = Path("/tmp")
    sweep(root)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    folder.chmod(0o711)
    (folder / "owner").write_text(f"{os.getpid()} {psutil.Process().create_time()}")
    return folder


def sweep(root):
    for folder in root.glob(PREFIX + "*"):
        try:
            pid, created = (folder / "owner").read_text().split()
        except (OSError, ValueError):
            continue
        if not _lives(int(pid), float(created)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid, created):
    try:
        return abs(psutil.Process(pid).create_time() - created) < 1
    except psutil.NoSuchProcess:
        return False
