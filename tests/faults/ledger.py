"""What a client of the platform knows by itself, outside of it: each try and its answer, on disk at once.

After a fault the ledger is laid beside the database. An acknowledged decision is there exactly once,
a refused one not at all, one without an answer once or not at all, and nothing is there unasked.
"""

import json
import os
import threading
from collections import Counter
from dataclasses import dataclass

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"


@dataclass(frozen=True)
class Try:
    """One decision as the client meant it; ``key`` makes a second sending the same try."""

    key: str
    project: int
    step: str
    by: str

    @property
    def place(self):
        return self.project, self.step, self.by


class Ledger:
    def __init__(self, path):
        self.path, self.lock = path, threading.Lock()
        self.file = open(path, "a")  # noqa: SIM115 - open as long as the ledger

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def _write(self, **line):
        with self.lock:
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())

    def intend(self, one):
        self._write(key=one.key, project=one.project, step=one.step, by=one.by)

    def answer(self, one, outcome, status):
        self._write(key=one.key, outcome=outcome, status=status)

    def tries(self):
        """Every try with its last known outcome, read back from the disk."""
        meant, outcomes = {}, {}
        with open(self.path) as file:
            for line in map(json.loads, file):
                if "outcome" in line:
                    # A decision once acknowledged stays so, whatever a later sending was told.
                    if outcomes.get(line["key"]) != OK:
                        outcomes[line["key"]] = line["outcome"]
                else:
                    meant.setdefault(line["key"], Try(**line))
        return [(one, outcomes.get(key, UNKNOWN)) for key, one in meant.items()]

    def unknown(self):
        return [one for one, outcome in self.tries() if outcome == UNKNOWN]

    def acknowledged(self):
        return sum(outcome == OK for _one, outcome in self.tries())


def differences(tries, found):
    """What is wrong in the database: ``found`` lists (project, step, by) of every decision in it."""
    counted, wrong = Counter(found), []
    for one, outcome in tries:
        number = counted.pop(one.place, 0)
        allowed = {OK: {1}, REFUSED: {0}, UNKNOWN: {0, 1}}[outcome]
        if number not in allowed:
            wrong.append(f"{outcome} but {number} times there: {one}")
    wrong.extend(f"nobody asked for this: {place}" for place in counted)
    return wrong
