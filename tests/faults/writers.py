"""Officials at four desks who agree to one application after the other over REST, whatever happens."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
import uuid

from tests.faults.ledger import OK, REFUSED, UNKNOWN, Try

DESKS = [
    ("street_review", "street"),
    ("county_review", "county"),
    ("city_review", "city"),
    ("province_approval", "province"),
]
PATIENCE = 20


class Desk:
    """The REST door, as one client sees it."""

    def __init__(self, address, tokens, ledger):
        self.address, self.tokens, self.ledger = address, tokens, ledger

    def decide(self, one):
        """Send a try, write down what came back."""
        word = {"verdict": "approve", "opinion": "情况属实，同意上报。", "step": one.step, "round": 1}
        if one.step == "province_approval":
            word |= {"granted_amount": "40000.00", "doc_no": "甘民发〔2016〕98号"}
        status = self._ask(f"/api/v1/projects/{one.project}/decide/", one.by, word, one.key)
        outcome = OK if status == 200 else REFUSED if 400 <= status < 500 else UNKNOWN
        self.ledger.answer(one, outcome, status)
        return outcome

    def batch(self, by, step, projects, key):
        """Many at once, as one request; its status."""
        items = [{"project": project, "step": step, "round": 1} for project in projects]
        word = {"verdict": "approve", "opinion": "情况属实，同意上报。", "items": items}
        return self._ask("/api/v1/batches/", by, word, key)

    def answers(self):
        return self._ask("/api/v1/programmes/", "street") == 200

    def _ask(self, path, who, word=None, key=""):
        request = urllib.request.Request(self.address + path)
        request.add_header("Authorization", f"Token {self.tokens[who]}")
        if word is not None:
            request.data = json.dumps(word).encode()
            request.add_header("Content-Type", "application/json")
            request.add_header("Idempotency-Key", key)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                answer.read()
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except (OSError, http.client.HTTPException):  # refused, reset, cut off in the middle
            return 0


class Writers:
    """``with Writers(…) as writers``: several at work until the end of the block."""

    def __init__(self, desk, projects, *, number=3):
        self.desk, self.projects = desk, list(projects)
        self.lock, self.over, self.broken = threading.Lock(), threading.Event(), []
        self.threads = [threading.Thread(target=self._work, daemon=True) for _one in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(2 * PATIENCE)
        assert not self.broken, self.broken
        assert not any(thread.is_alive() for thread in self.threads)

    def wait_for(self, more):
        """Until so many further decisions are acknowledged."""
        goal, deadline = self.desk.ledger.acknowledged() + more, time.monotonic() + 90
        while self.desk.ledger.acknowledged() < goal:
            assert any(thread.is_alive() for thread in self.threads), "the writers ran out of projects"
            assert time.monotonic() < deadline, "the platform does not come back"
            time.sleep(0.05)

    def _work(self):
        try:
            while not self.over.is_set():
                with self.lock:
                    project = self.projects.pop() if self.projects else None
                if project is None:
                    return
                self._walk(project)
        except Exception as error:
            self.broken.append(error)

    def _walk(self, project):
        """One application up the chain. Without an answer it stays where it may be, for the reckoning."""
        for step, by in DESKS:
            if self.over.is_set():
                return
            one = Try(uuid.uuid4().hex, project, step, by)
            self.desk.ledger.intend(one)
            outcome = self.desk.decide(one)
            if outcome == REFUSED:
                raise AssertionError(f"refused: {one}")
            if outcome == UNKNOWN:
                while not self.over.is_set() and not self.desk.answers():
                    self.over.wait(0.2)
                return
