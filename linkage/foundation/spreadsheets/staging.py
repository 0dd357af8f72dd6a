"""What judged rows leave behind: one staged row each, by COPY, with the cells that are shown of it."""

import io
import json

from django.db import connection

from linkage.foundation.fields import seal
from linkage.foundation.masking import mask_numbers

from . import kinds
from .rows import ENCODE
from .showing import SHOWN, brief, quoted
from .tables import StagedRow

CELLS_PLACE = "foundation.stagedrow.cells"
NEW, CHANGED, SAME, WRONG = (one.value for one in StagedRow.Outcome)


def stage(check, lines):
    """Write the lines of a batch by COPY."""
    page = _Page(check)
    text = io.StringIO()
    for line in lines:
        told = page.wrong(line) if line.problems else page.good(line)
        text.write("\t".join(["\\N" if one is None else one.replace("\\", "\\\\") for one in told]) + "\n")
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            f"COPY {StagedRow._meta.db_table} (sheet_import_id, number, outcome, target, place,"
            " values, before, beside, shown, was, problems, key, cells) FROM STDIN",
            text,
        )


class _Page:
    """How the rows of one table are written: what is alike in all of them is prepared."""

    def __init__(self, check):
        self.check, self.pk = check, str(check.sheet_import.pk)
        model = check.model.__new__(check.model)
        model.__dict__ = dict(check.blank)
        self.empty = [quoted(check.shows[name](model)) for name in check.plain]
        self.others = [check.shows[reader.name] for reader in check.others]
        self.place_of = {name: place for place, name in enumerate(check.plain)}
        inner = [reader.name for reader in check.readers]
        self.order = [inner.index(name) for name in check.positions]  # of the cells, as the table has them

    def good(self, line):
        check, new, old = self.check, line.new, line.old
        place = new.place
        outcome, before, was = NEW, None, None
        if old is None:
            values, shown = self._added(line)
        else:
            changed = check.changed(line)
            outcome = CHANGED if changed or line.beside else SAME
            values, before = self._told(new, changed), self._told(old, changed)
            shown, was = self._both(line, changed)
        return (
            self.pk,
            str(line.number),
            outcome,
            None if old is None else str(old.pk),
            None if place is None else str(place.pk),
            values,
            before,
            None if line.beside is None else ENCODE(line.beside),
            shown,
            ENCODE(was) if was else None,
            None,
            line.key or "",
            "",
        )

    def _added(self, line):
        """The values of a new row and its cells. What is told later, wins: so it is with jsonb."""
        check, new = self.check, line.new
        now = vars(new)
        pairs = zip(check.writers, check.values_of(now), line.start, strict=True)
        later = [name for name, value, then in pairs if value is not then]
        values = [said.written for said in line.said if said is not None and said.written]
        values += [check.writers[name](now[name]) for name in later]
        shown = [
            empty if said is None or not said.shown else said.shown
            for said, empty in zip(line.said, self.empty, strict=False)
        ]
        for name in later:
            if name in self.place_of:
                shown[self.place_of[name]] = quoted(check.shows[name](new))
        shown += [quoted(show(new)) for show in self.others]
        cells = ",".join([shown[place] for place in self.order])
        return f"{{{','.join(values)}}}", f"[{cells}]"

    def _told(self, row, names):
        said = vars(row)
        return f"{{{','.join([self.check.writers[name](said[name]) for name in names])}}}"

    def _both(self, line, changed):
        """The cells of the preview, and what was in those that change, in the row or beside it."""
        shown, was, beside = [], {}, line.beside or ()
        for place, name in enumerate(self.check.positions):
            show = self.check.shows[name]
            shown.append(quoted(show(line.new)))
            if name in beside or (changed and self.check.sheet.by_name[name].attname in changed):
                was[str(place)] = brief(show(line.old))
        return f"[{','.join(shown)}]", was

    def wrong(self, line):
        check = self.check
        told = [[check.positions.get(name), _sentence(check, name, said)] for name, said in line.problems]
        told.sort(key=lambda pair: (pair[0] is None, pair[0] or 0))
        shown = [None] * len(check.positions)
        for reader in check.readers:
            cell = line.cells[reader.place] if reader.place < len(line.cells) else None
            shown[check.positions[reader.name]] = _typed(reader.kind, cell)
        return (
            self.pk,
            str(line.number),
            WRONG,
            None if line.old is None else str(line.old.pk),
            None,
            None,
            None,
            None,
            ENCODE(shown),
            None,
            ENCODE(told),
            line.key or "",
            seal(json.dumps(line.cells, ensure_ascii=False), CELLS_PLACE),
        )


def _sentence(check, name, said):
    """What is wrong, numbers masked; of a column that the table has not, its name before it."""
    said = mask_numbers(said)
    if name in check.sheet.by_name and name not in check.positions:
        return f"{check.sheet.by_name[name].label}：{said}"
    return said


def _typed(kind, cell):
    """What was typed, as the preview may say it."""
    if isinstance(cell, list):
        cell = cell[1].removesuffix("T00:00:00").replace("T", " ")
    if cell is None:
        return ""
    text = f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    if isinstance(kind, kinds.Sealed):
        return kind.show(text)[:SHOWN]
    return mask_numbers(text)[:SHOWN]
