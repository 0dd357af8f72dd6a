"""People at once: real threads, each with a connection of its own, let go by one barrier."""

import threading

import pytest
from django.db import connection


class Outcome:
    """What became of one of several who came at once: a value, or the error they were told."""

    def __init__(self, value=None, error=None):
        self.value, self.error = value, error

    def __repr__(self):
        return repr(self.error) if self.error else repr(self.value)

    @property
    def kind(self):
        return type(self.error).__name__ if self.error else "done"


@pytest.fixture
def at_once(transactional_db):
    """Run all deeds at the same moment; answers their outcomes in the same order."""

    def run(*deeds):
        found = [None] * len(deeds)
        gate = threading.Barrier(len(deeds), timeout=30)

        def one(number, deed):
            try:
                connection.ensure_connection()
                gate.wait()
                found[number] = Outcome(value=deed())
            except Exception as error:  # an outcome, whatever it is
                found[number] = Outcome(error=error)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(deeds)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert None not in found, "somebody never came back"
        return found

    return run


@pytest.fixture
def rounds(request):
    """How often a race is run: 20 times, 200 times in the long form."""
    return request.param


ROUNDS = pytest.mark.parametrize(
    "rounds",
    [pytest.param(20, id="20"), pytest.param(200, id="200", marks=pytest.mark.long)],
    indirect=True,
)
