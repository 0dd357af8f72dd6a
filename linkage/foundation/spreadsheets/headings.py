"""Which row of a sheet has the headings, and which column of ours each heading means."""

import re
from dataclasses import dataclass, field

from . import cells
from .kinds import SCALES, Number

LOOKED_AT = 25  # first rows of a sheet among which the headings stand
LINES = 3  # a heading may have so many lines
BRACKETS = re.compile(r"[（(【\[]([^（）()【】\[\]]*)[)）】\]]")
IGNORED = {"序号", "编号", "行号", "no", "no.", "序", "错误原因"}  # never of interest, in no register
MARKS = "*＊★※:："


@dataclass
class Head:
    """``first``: the row of the sheet after the headings; ``headings``: one text for each column."""

    first: int = 1
    headings: list = field(default_factory=list)
    mapping: list = field(default_factory=list)  # name of our column or ""
    scales: list = field(default_factory=list)
    unknown: list = field(default_factory=list)  # places of headings nobody knows
    doubled: list = field(default_factory=list)  # places of headings that mean what another means, too


def find(sheet, rows, merged, remembered=()):
    """The head of a table among its first rows: ``[(number, cells)]``.

    ``remembered``: ``{heading: column name}`` of earlier tables of this place.
    """
    known = _known(sheet)
    remembered = dict(remembered)
    best, found = 0, None
    rows = rows[:LOOKED_AT]
    for place in range(len(rows)):
        for lines in range(1, LINES + 1):
            if place + lines > len(rows):
                break
            headings = _joined(rows[place : place + lines], merged)
            hits = len({_match(names, known, remembered) for names in headings} - {None, ""})
            same = hits == best and found is not None
            longer = same and place == found[0] and _is_head(rows[place : place + lines], merged)
            shorter = same and place > found[0] and place + lines == sum(found)  # a title is no heading
            if hits > best or longer or shorter:
                best, found = hits, (place, lines)
    if found is None or best < min(2, len(sheet.columns) - 1):
        return None
    place, lines = found
    head = Head(first=rows[place + lines - 1][0] + 1)
    taken = {}
    for column, names in enumerate(_joined(rows[place : place + lines], merged)):
        told = names[0] if names else ""
        name = _match(names, known, remembered)
        scale = 1
        if name:
            scale = _scale(sheet.by_name[name], told)
            if scale is None:
                name = None
        head.headings.append(told)
        head.scales.append(float(scale) if scale not in (None, 1) else 1)
        if name and name in taken:
            head.doubled.append(column)
            name = ""
        elif name:
            taken[name] = column
        elif name is None and told and cells.folded(_bare(told)) not in IGNORED:
            head.unknown.append(column)
        head.mapping.append(name or "")
    return head


def _known(sheet):
    found = {}
    for column in sheet.columns:
        for name in column.names:
            found.setdefault(name, column.name)
            found.setdefault(cells.folded(_bare(name)), column.name)
    for column in sheet.columns:  # a whole name comes before a part of another
        found[cells.folded(column.label)] = column.name
    return found


def _bare(heading):
    return BRACKETS.sub("", heading).strip(MARKS + " \u3000")


def _joined(rows, merged):
    """For each column, what its heading may read: all lines together, the last line, the first."""
    width = max(len(line) for _number, line in rows)
    grid = []
    for number, line in rows:
        texts = [_text(line[column]) if column < len(line) else "" for column in range(width)]
        for top, left, bottom, right in merged:
            if top <= number - 1 <= bottom and left < width:
                said = texts[left] if number - 1 == top else ""
                if said:
                    texts[left : right + 1] = [said] * (min(right, width - 1) - left + 1)
        grid.append(texts)
    found = []
    for column in range(width):
        parts = []
        for texts in grid:
            if texts[column] and texts[column] not in parts:
                parts.append(texts[column])
        names = ["".join(parts)] if parts else []
        if len(parts) > 1:
            names += [parts[-1]]
        found.append(names)
    return found


def _text(cell):
    return "".join(cell.split()) if isinstance(cell, str) else ("" if cell is None else str(cell)[:40])


def _match(names, known, remembered):
    """The name of a column, "" where it is known to be of no interest, None where nobody knows."""
    for heading in names[:1]:
        if heading in remembered:
            return remembered[heading]
    for heading in names:
        for told in (heading.strip(MARKS), _bare(heading)):
            name = known.get(cells.folded(told))
            if name:
                return name
    return None


def _is_head(rows, merged):
    """Whether the last of these lines belongs to the headings: a merged cell joins it to the one before, and
    it says nothing but short texts."""
    number, line = rows[-1]
    texts = [cell for cell in line if cell is not None]
    joined = any(top < number - 1 <= bottom for top, _left, bottom, _right in merged)
    return len(rows) > 1 and joined and all(isinstance(cell, str) and len(cell) <= 12 for cell in texts)


def _scale(column, heading):
    """By what a number is multiplied because its heading has another unit; None where they do not fit."""
    unit = getattr(column.kind, "unit", "") if isinstance(column.kind, Number) else ""
    if not unit:
        return 1
    for told in BRACKETS.findall(heading):
        told = told.replace("单位", "").replace("人民币", "").strip("：: ")
        if told in SCALES[unit]:
            return SCALES[unit][told]
        if any(told in scales for scales in SCALES.values()):
            return None
    return 1
