"""What judged rows leave behind: one staged row each, by COPY, with the cells that are shown of it."""

import io
import json
from datetime import date, datetime, time
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from linkage.foundation.fields import seal
from linkage.foundation.masking import mask_numbers

from . import kinds
from .tables import StagedRow

SHOWN = 60  # characters of a cell in the preview
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\r": r"\r", "\n": r"\n"})
CELLS_PLACE = "foundation.stagedrow.cells"
ENCODE = json.JSONEncoder(ensure_ascii=False, default=DjangoJSONEncoder().default).encode
STANDING = {"removed_at": None, "removed_by_id": None, "removed_reason": ""}


def stage(check, lines):
    """Write the lines of a batch by COPY."""
    text = io.StringIO()
    for line in lines:
        text.write("\t".join(_copied(part) for part in _staged(check, line)) + "\n")
    text.seek(0)
    table = StagedRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            f"COPY {table} (sheet_import_id, number, outcome, target, place, key,"
            " values, before, beside, shown, was, problems, cells) FROM STDIN",
            text,
        )


def _copied(part):
    if part is None:
        return "\\N"
    if isinstance(part, (dict, list)):
        part = ENCODE(part)
    return str(part).translate(ESCAPED) if isinstance(part, str) else str(part)


def _staged(check, line):
    old, new = line.old, line.new
    values, before, outcome = None, None, StagedRow.Outcome.WRONG
    changed = set()
    if not line.problems:
        changed = check.changed(line)
        outcome = StagedRow.Outcome.CHANGED if old is not None else StagedRow.Outcome.NEW
        if old is not None and not changed and not line.beside:
            outcome = StagedRow.Outcome.SAME
        values, before = _written(check, line, changed)
    place = new.place if new is not None and not line.problems else None
    shown, was = _shown(check, line, changed)
    told = [[check.positions.get(name), _sentence(check, name, said)] for name, said in line.problems]
    told.sort(key=lambda pair: (pair[0] is None, pair[0] or 0))
    cells_sealed = ""
    if line.problems:
        cells_sealed = seal(json.dumps(line.cells, ensure_ascii=False), CELLS_PLACE)
    return (
        check.sheet_import.pk,
        line.number,
        outcome.value,
        old.pk if old is not None else None,
        place.pk if place is not None else None,
        line.key,
        values,
        before,
        line.beside if not line.problems else None,
        shown,
        was or None,
        told or None,
        cells_sealed,
    )


def _sentence(check, name, said):
    """What is wrong, numbers masked; of a column that the table has not, its name before it."""
    said = mask_numbers(said)
    if name in check.sheet.by_name and name not in check.positions:
        return f"{check.sheet.by_name[name].label}：{said}"
    return said


def _written(check, line, changed):
    """``(values, before)`` by database column."""
    new, old, preps = line.new, line.old, check.preps
    if old is None:
        values = dict(STANDING)
        if "merged_into_id" in check.blank:
            values["merged_into_id"] = None
        for field in check.fields:
            value = vars(new).get(field.attname)
            if field.attname in changed or field.db_default is models.NOT_PROVIDED:
                values[field.column] = preps[field.attname](value)
        return values, None
    columns = {field.attname: field.column for field in check.fields}
    values = {columns[name]: preps[name](vars(new)[name]) for name in changed}
    before = {columns[name]: preps[name](vars(old)[name]) for name in changed}
    return values, before


def _shown(check, line, changed):
    """The cells of the preview, and what was in those that change."""
    shown, was = [], {}
    bad = {name for name, _said in line.problems}
    for place, column, _scale in check.columns:
        cell = line.cells[place] if place < len(line.cells) else None
        if line.problems or column.name in bad:
            shown.append(_typed(column, cell))
            continue
        value = check.sheet.shows(check, line.new, column)
        shown.append(_brief(value))
        beside = line.old is not None and column.name in (line.beside or ())
        if line.old is not None and (column.attname in changed or beside):
            was[str(len(shown) - 1)] = _brief(check.sheet.shows(check, line.old, column))
    return shown, was


def _typed(column, cell):
    """What was typed, as the preview may say it."""
    if isinstance(cell, list):
        cell = cell[1].removesuffix("T00:00:00").replace("T", " ")
    if cell is None:
        return ""
    text = f"{cell:.15g}" if isinstance(cell, float) else str(cell)
    if isinstance(column.kind, kinds.Sealed):
        return column.kind.show(text)[:SHOWN]
    return mask_numbers(text)[:SHOWN]


def _brief(value):
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
