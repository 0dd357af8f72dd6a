"""The message catalogue: what the sources say, gathered without gettext and laid beside the Chinese.

``collect()`` reads Python and templates of the project, and of packages that ship no Chinese of their
own, with Babel; ``merge()`` carries the known translations over. Nothing in the file changes unless a
message does: sorted by message, no line numbers, no dates.
"""

import io
import os
import re
from gettext import GNUTranslations
from importlib import import_module
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
FILE = settings.BASE_DIR / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
HEADER = "# Linkage, Chinese. Written by `make messages`; fill in the empty msgstr by hand."

SKIPPED = {"contrib", "locale", "migrations", "node_modules", "static", "staticfiles", "tests", "var"}
WITHOUT_CHINESE = ["unfold"]  # its admin pages; its contrib is not installed
SPEAKING_FOR_THEM = ["django/conf", "django/contrib/admin", "django/contrib/auth"]

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)")


def collect():
    """Every message of the sources, as a catalogue without translations."""
    found = _empty()
    for path in _files(settings.BASE_DIR):
        _add(found, path)
    foreign = _empty()
    for package in WITHOUT_CHINESE:
        for path in _files(Path(import_module(package).__file__).parent):
            _add(foreign, path)
    spoken = _spoken()
    for message in foreign:
        key = (message.context, _singular(message.id))
        if message.id and key not in spoken and not found.get(message.id, message.context):
            found.add(message.id, context=message.context)
    return found


def read(path=FILE):
    if not path.exists():
        return _empty()
    with open(path, "rb") as source:
        return read_po(source, locale=LOCALE)


def merge(found, known):
    """What was found, with the translations that are known; what is gone is gone."""
    merged = _empty()
    for message in found:
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        unknown = ("",) if isinstance(message.id, tuple) else ""
        merged.add(message.id, old.string if old else unknown, context=message.context)
    return merged


def written(catalogue):
    """The text of the file."""
    target = io.BytesIO()
    write_po(target, catalogue, width=110, sort_output=True, no_location=True, omit_header=True)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n'
        '"Language: zh_Hans\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head + target.getvalue().decode()


def gaps(catalogue):
    """Messages without Chinese, or with doubtful Chinese."""
    return [m for m in catalogue if m.id and (m.fuzzy or not all(_strings(m)))]


def _empty():
    return Catalog(locale=LOCALE, fuzzy=False)


def _files(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if name.endswith((".py", ".html", ".txt")))


def _add(catalogue, path):
    text = path.read_text()
    if path.suffix != ".py":
        if "templates" not in path.parts:
            return
        text = "\n".join(line.lstrip() for line in templatize(text, path).splitlines())
    elif "gettext" not in text:
        return
    keywords = KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(text)}
    for _line, name, words, _notes in extract_python(io.BytesIO(text.encode()), keywords, [], {}):
        _add_call(catalogue, keywords[name], words)


def _add_call(catalogue, spec, words):
    words = words if isinstance(words, tuple) else (words,)
    if spec is None:
        spec = (1,)
    context = None
    if isinstance(spec[0], tuple):
        context, spec = words[spec[0][0] - 1], spec[1:]
    ids = tuple(words[place - 1] for place in spec if place <= len(words))
    if all(ids) and len(ids) == len(spec):
        catalogue.add(ids if len(ids) > 1 else ids[0], context=context)


def _spoken():
    """What Django itself already says in Chinese."""
    spoken = set()
    root = Path(import_module("django").__file__).parent.parent
    for folder in SPEAKING_FOR_THEM:
        with open(root / folder / "locale" / LOCALE / "LC_MESSAGES" / "django.mo", "rb") as source:
            for key in GNUTranslations(source)._catalog:
                key = key[0] if isinstance(key, tuple) else key
                context, separator, text = key.partition("\x04")
                spoken.add((context, text) if separator else (None, key))
    return spoken


def _singular(id_):
    return id_[0] if isinstance(id_, tuple) else id_


def _strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)
