"""From statistical codes to the reporting line: the data file and the overrides, row by row.

Nothing here touches the database. A row of the file is ``code,name``; the level follows from the
length of the code, the parent from its beginning, the committee from its last three digits.
"""

import csv
import lzma
import tomllib
from dataclasses import dataclass
from pathlib import Path

from communities.models import Committee, CommunityKind, Level

DATA = Path(__file__).resolve().parent.parent / "data"
DIVISIONS = DATA / "regions-2023.csv.xz"
OVERRIDES = DATA / "overrides.toml"
EDITION = "国家统计局 2023 年统计用区划代码（截止 2023-06-30）"

LENGTHS = dict(zip([2, 4, 6, 9, 12], Level.values, strict=True))  # significant digits of each level
SHORTER = {4: 2, 6: 4, 9: 6, 12: 9}
NOT_COMMUNITIES = {"498", "598", "000"}


class WrongRow(ValueError):
    """A row or an override that cannot be read, with its place and the reason."""


@dataclass(slots=True)
class Place:
    """One node as it shall stand in the tree."""

    code: str
    name: str
    level: int
    parent: str
    kind: str = ""
    committee: str = ""
    body_name: str = ""


def _committee(number):
    if 1 <= number <= 199 or 400 <= number <= 499:
        return Committee.RESIDENTS.value
    if 200 <= number <= 399 or 500 <= number <= 599:
        return Committee.VILLAGERS.value
    return None


# By digits 10 to 12; what is not in here is no community. The kind follows the committee, which is
# the default rule of DOMAIN §5.1.
COMMITTEES = {
    digits: committee
    for number in range(1000)
    if (digits := f"{number:03}") not in NOT_COMMUNITIES and (committee := _committee(number))
}
KINDS = {
    Committee.RESIDENTS.value: CommunityKind.URBAN.value,
    Committee.VILLAGERS.value: CommunityKind.RURAL.value,
}


class Overrides:
    """The committed differences between code and reporting line."""

    def __init__(self, path=OVERRIDES):
        with open(path, "rb") as file:
            table = tomllib.load(file)
        self.collapsed = {entry["code"] for entry in self._with_source(table, "collapse")}
        self.dropped = {entry["code"] for entry in self._with_source(table, "drop")}
        self.placed = {}
        for entry in self._with_source(table, "place"):
            for code in entry.get("codes") or [entry["code"]]:
                if code in self.placed:
                    raise WrongRow(f"overrides: {code} is placed twice")
                self.placed[code] = entry

    @staticmethod
    def _with_source(table, section):
        entries = table.get(section, [])
        for entry in entries:
            if not entry.get("source", "").strip():
                raise WrongRow(f"overrides: [[{section}]] {entry} names no source")
        return entries

    def natural_parent(self, code):
        """The parent by the code itself, pseudo nodes passed over."""
        parent = code[: SHORTER.get(len(code), 0)]
        while parent in self.collapsed:
            parent = parent[: SHORTER[len(parent)]]
        return parent

    def added(self):
        """The nodes that have no code of their own in the data."""
        for code, entry in self.placed.items():
            if code.startswith("X"):
                yield Place(
                    code,
                    entry["name"],
                    Level[entry["level"]].value,
                    entry["parent"],
                    body_name=entry.get("body_name", ""),
                )

    def place(self, code, name):
        """The node for one row of the data; None where the row is none."""
        if code in self.collapsed or code in self.dropped:
            return None
        level, committee, kind = LENGTHS[len(code)], "", ""
        if level == Level.COMMUNITY:
            committee = COMMITTEES.get(code[9:])
            if committee is None:
                return None
            kind = KINDS[committee]
        entry = self.placed.get(code)
        if entry is None:
            parent, body_name = self.natural_parent(code), ""
        else:
            level = Level[entry["level"]].value if "level" in entry else level
            parent = entry.get("parent") or self.natural_parent(code)
            body_name = entry.get("body_name", "")
        return Place(code, name, level, parent, kind, committee, body_name)


def rows(path=DIVISIONS, provinces=None):
    """``(code, name)`` of a CSV file, packed by xz or not, checked row by row; all or some provinces."""
    path = Path(path)
    read = lzma.open if path.suffix == ".xz" else open
    with read(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        for row in reader:
            if reader.line_num == 1 and row[:2] == ["code", "name"]:
                continue
            if len(row) < 2:
                raise WrongRow(f"{path.name}, line {reader.line_num}: a code and a name are needed")
            code, name = row[0].strip(), row[1].strip()
            if provinces is not None and code[:2] not in provinces:
                continue
            if len(code) not in LENGTHS or not (code.isascii() and code.isdigit()):
                raise WrongRow(f"{path.name}, line {reader.line_num}: {code!r} is no statistical code")
            if not name or len(name) > 100 or "\0" in name:
                raise WrongRow(f"{path.name}, line {reader.line_num}: the name is missing or too long")
            yield code, name


def places(path=DIVISIONS, overrides=None, provinces=None):
    """The nodes of a file with the overrides applied, upper levels first, whatever the file's order.

    The file is read twice, so that the nation's villages need not be held in memory.
    """
    overrides = overrides or Overrides()

    def wanted(chosen):
        for code, name in rows(path, provinces):
            if chosen(code) and (place := overrides.place(code, name)):
                yield place

    upper = list(wanted(lambda code: len(code) < 12))
    known = {place.code for place in upper}
    if provinces is not None and (missing := sorted(set(provinces) - known)):
        raise WrongRow(f"{Path(path).name}: no province {', '.join(missing)}")
    upper += [place for place in overrides.added() if place.parent in known]
    upper.sort(key=lambda place: place.level)
    yield from upper
    yield from wanted(lambda code: len(code) == 12)
