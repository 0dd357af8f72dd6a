"""A pack as a file: its tables, and the line on which each of its fields stands."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(#.*)?$")
FIELD = re.compile(r"\s*\"?([\w\-]+)\"?\s*=\s*(.*)")


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with a pack: where, which field, why."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.field}: {self.reason}"


class WrongPack(Exception):
    """Everything wrong with one pack at once. Nothing of it has been loaded."""

    def __init__(self, flaws):
        super().__init__("\n".join(str(flaw) for flaw in flaws))
        self.flaws = flaws


class Source:
    """One file, read. A place in it is a tuple such as ``("programme", "step", 3, "level")``."""

    def __init__(self, path):
        self.name = Path(path).name
        self.raw = self._read(Path(path))
        self.text = self._decode()
        self.tables = self._parse()
        self.lines = _places(self.text)

    def flaw(self, place, reason):
        return Flaw(self.name, self.line(place), field_name(place), str(reason))

    def line(self, place):
        """The line of a place, or of the nearest table around it where the field itself is absent."""
        for end in range(len(place), 0, -1):
            for known in (place[:end], (*place[:end], 0)):
                if known in self.lines:
                    return self.lines[known]
        return 1

    def _read(self, path):
        try:
            return path.read_bytes()
        except OSError as error:
            raise WrongPack([Flaw(self.name, 1, "-", error.strerror or str(error))]) from error

    def _decode(self):
        try:
            return self.raw.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.raw[: error.start].count(b"\n") + 1
            raise WrongPack([Flaw(self.name, line, "-", _("not UTF-8"))]) from error

    def _parse(self):
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = int(found[1]) if found else self.text.count("\n") + 1
            reason = re.sub(r"\s*\(at .*\)$", "", str(error))
            told = Flaw(self.name, line, _field_of_line(self.text, line), _in_words(reason))
            raise WrongPack([told]) from error


def _in_words(reason):
    """What Python's reader of TOML says in English, as an official's assistant can act on it."""
    words = (
        (("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate"), _("stands here twice")),
        (
            ("Unterminated string", 'Expected "\'"', "Illegal character"),
            _("a text is not closed by its quotation mark"),
        ),
        (("Unclosed array",), _("a list is not closed by its bracket")),
        (("Expected ']'", "Expected ']]'"), _("the head of a table is not closed by its bracket")),
        (("Expected '='",), _("between a field and its value stands an equals sign")),
        (
            ("Invalid value",),
            _("a text stands in quotation marks, a day like 2016-06-15, a number without a unit"),
        ),
        (
            ("Unescaped", "Invalid hex"),
            _("a backslash is written twice, or the text in single quotation marks"),
        ),
        (
            ("Expected newline",),
            _("one line holds one field, and a day of the calendar is written like 2016-06-15"),
        ),
    )
    for beginnings, told in words:
        if reason.startswith(beginnings):
            return told
    return _("this line is not as a pack is written (%(reason)s)") % {"reason": reason}


def field_name(place):
    """``("programme", "step", 3, "level")`` as people count: programme.step[4].level."""
    name = ""
    for part in place:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return name.lstrip(".") or "-"


def _field_of_line(text, line):
    found = FIELD.match((text.split("\n")[line - 1 : line] or [""])[0])
    return found[1] if found else "-"


def _places(text):
    """The line of every table and field. tomllib keeps no positions, so the headers are read again."""
    lines, counts, here, closing = {}, {}, (), None
    for number, line in enumerate(text.split("\n"), 1):
        if closing:  # inside a text of several lines
            closing = None if closing in line else closing
            continue
        if header := HEADER.match(line):
            here = _table(header[2].split("."), header[1] == "[[", counts)
            lines.setdefault(here, number)
        elif field := FIELD.match(line):
            lines.setdefault((*here, field[1]), number)
            for mark in ("'''", '"""'):
                if field[2].startswith(mark) and mark not in field[2][3:]:
                    closing = mark
    return lines


def _table(names, repeated, counts):
    """The place of a table header; ``[[a.b]]`` opens the next b of the latest a."""
    place = ()
    for depth, name in enumerate(names, 1):
        place = (*place, name)
        last = depth == len(names)
        if last and repeated:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
