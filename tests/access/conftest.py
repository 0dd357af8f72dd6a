"""The story the access tests walk through."""

import pytest
from django.db import connection

from linkage.foundation import health
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
def story(db, settings, tmp_path, monkeypatch, request):
    """With ids that no count or year on a page equals by chance, so that they can be covered."""
    settings.FILES = tmp_path
    monkeypatch.setattr(health, "_worker", lambda: None)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(LARGE)
    return Story(request.getfixturevalue("world"))
