"""The manual speaks of buttons and messages that are really on the screen."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs"
BUTTON = re.compile(r"【([^】]+)】")
MESSAGE = re.compile(r"^\| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
VALUE = re.compile(r"%\(\w+\)[sd]|%s")


def spoken():
    """Every text of the Chinese catalogue, what is filled in later written as ``…``."""
    with open(Path(settings.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES/django.po", "rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        yield from (VALUE.sub("…", text) for text in texts if message.id)


@pytest.fixture(scope="module")
def screen():
    return set(spoken())


@pytest.fixture(scope="module")
def manual():
    return (DOCS / "manual.md").read_text()


def messages(manual):
    """The first column of each table headed 提示."""
    for table in re.findall(r"^\| 提示 .*\n\|[-|]+\|\n((?:\|.*\n)+)", manual, re.MULTILINE):
        yield from MESSAGE.findall(table)


@pytest.fixture(scope="module")
def unknown(screen):
    """Those of some texts that are not on any screen, with whatever values."""
    telling = [text for text in screen if "…" in text and len(text.replace("…", "")) > 4]
    patterns = [re.compile(re.escape(text).replace("…", ".+")) for text in telling]

    def find(texts):
        return [
            text
            for text in texts
            if text not in screen and not any(pattern.fullmatch(text) for pattern in patterns)
        ]

    return find


def test_every_button_of_the_manual_is_on_the_screen(manual, unknown):
    assert unknown(set(BUTTON.findall(manual)) - {"　"}) == []


def test_every_message_of_the_manual_can_appear(manual, unknown):
    found = list(messages(manual))
    assert len(found) > 15
    assert unknown(found) == []
