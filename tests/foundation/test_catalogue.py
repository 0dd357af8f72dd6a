"""The Chinese catalogue is complete: gathered anew from the sources, without gettext."""

import re

import pytest

from linkage.foundation import catalogue

PLACE = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
CHINESE = re.compile("[一-鿿]")
# Chinese inside an English message is an example of what to write, or a word of the documents.
EXAMPLE = re.compile(r"for example|[Ss]uch as|（管理号）|\(管理号\)|in its place|like|[三四]|By kind|〔")


@pytest.fixture(scope="module")
def known():
    return catalogue.read()


@pytest.fixture(scope="module")
def found():
    return catalogue.collect()


def keys(messages):
    return {(message.context, message.id) for message in messages if message.id}


def test_every_message_of_the_sources_is_in_the_catalogue(found, known):
    missing = keys(found) - keys(known)
    assert missing == set(), "run `make messages` and fill in the Chinese"


def test_the_catalogue_holds_nothing_the_sources_no_longer_say(found, known):
    assert keys(known) - keys(found) == set(), "run `make messages`"
    assert not known.obsolete


def test_every_message_has_its_chinese(known):
    assert [message.id for message in catalogue.gaps(known)] == []


def test_the_file_is_as_the_command_writes_it(found, known):
    assert catalogue.FILE.read_text() == catalogue.written(catalogue.merge(found, known))


def test_placeholders_agree(known):
    wrong = []
    for message in known:
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = {place for original in originals for place in places(original)}
        wrong += [(message.id, string) for string in strings if set(places(string)) != wanted]
        wrong += [(message.id, str(error)) for error in message.check(known)]
    assert wrong == []


def places(text):
    """What is put into a message: %(name)s, %s, {name}."""
    return PLACE.findall(text)


def test_messages_are_english_and_answers_chinese(known):
    for message in known:
        for id_ in message.id if isinstance(message.id, tuple) else (message.id,):
            assert not CHINESE.search(id_) or EXAMPLE.search(id_), id_
    english = [m.id for m in known if m.id and m.string == m.id and re.search("[a-z]{2}", str(m.id))]
    assert english == []


def test_a_message_is_found_wherever_it_may_stand(tmp_path):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '{% load i18n %}\n    {% translate "One" %} it\'s {% include "x" with title=_("Two") %}\n'
        '  {% translate "Three" context "order" %}\n'
        "{% blocktranslate count n=n %}{{ n }} four{% plural %}{{ n }} fours{% endblocktranslate %}"
    )
    code = tmp_path / "code.py"
    code.write_text(
        "from django.utils.translation import gettext as say, ngettext\n"
        'say("Five " "and six")\nngettext("seven", "sevens", 7)\nsay(word)\n'
    )
    found = catalogue._empty()
    catalogue._add(found, page)
    catalogue._add(found, code)
    assert keys(found) == {
        (None, "One"),
        (None, "Two"),
        ("order", "Three"),
        (None, ("%(n)s four", "%(n)s fours")),
        (None, "Five and six"),
        (None, ("seven", "sevens")),
    }
