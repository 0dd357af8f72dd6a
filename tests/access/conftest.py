"""The story the access tests walk through."""

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from linkage.foundation import health
from tests.access.kept import Kept
from tests.access.story import Story
from tests.database import as_owner

LARGE = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT sequencename FROM pg_sequences
              WHERE schemaname = 'public' AND coalesce(last_value, 0) < 100000 LOOP
    PERFORM setval(quote_ident(name), 100000 + (random() * 10000)::int);
  END LOOP;
END $$
"""


@pytest.fixture
def large_ids(db):
    """Ids that no count or year on a page equals by chance, so that they can be covered."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(LARGE)


@pytest.fixture
def story(large_ids, settings, tmp_path, monkeypatch, request):
    settings.FILES = tmp_path
    monkeypatch.setattr(health, "_worker", lambda: None)
    return Story(request.getfixturevalue("world"))


@pytest.fixture
def clock_stands():
    """From here on it is one moment: some pages tell the minute at which they were made. Asked for last."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def kept(large_ids, request):
    """The registers of three places, and everybody who may look into them."""
    return Kept(request.getfixturevalue("world"))
