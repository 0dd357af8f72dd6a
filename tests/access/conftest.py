"""The story the access tests walk through."""

import pytest

from linkage.foundation import health
from tests.access.story import Story


@pytest.fixture
def story(world, settings, tmp_path, monkeypatch):
    settings.FILES = tmp_path
    monkeypatch.setattr(health, "_worker", lambda: None)
    return Story(world)
