"""The rows of a batch: read, found in the register, judged by its model; each with what it would change."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from . import cells, kinds
from .describing import NUMBER, Line, digest, key_value

EMPTY = (None, "", [])
FEW = (kinds.Code, kinds.Codes, kinds.Day, kinds.Yes)
REMEMBERED = 20_000


def judge(check, batch):
    """The lines of these rows, each with what it would change or what is wrong with it."""
    lines = [_read(check, number, row) for number, row in batch]
    sheet = check.sheet
    _resolve_places(check, lines)
    _resolve_refs(check, lines)
    sheet.prepare(check, lines)
    _find(check, lines)
    for line in lines:
        _late(check, line)
        _build(check, line)
    return lines


def _read(check, number, row):
    line = Line(number, row)
    given, typed, date1904 = line.given, line.typed, check.sheet_import.date1904
    size = len(row)
    for place, column, scale in check.columns:
        cell = row[place] if place < size else None
        if cell is None or cell == "":
            continue
        kind, name = column.kind, column.name
        try:
            if isinstance(cell, str) and len(cell) < 7:
                if cell in cells.CLEAR:
                    given[name] = cells.CLEARED
                    continue
                if cell in cells.NOTHING and not isinstance(kind, (kinds.Number, kinds.Yes)):
                    continue
                if cells.plain(cell) is None:
                    continue
            if kind.lazy:
                text = cells.text(cell)
                if text:
                    typed[name] = text
            elif scale != 1:
                given[name] = kind.read(cell, Decimal(str(scale)).normalize())
            elif date1904 and isinstance(kind, kinds.Day):
                given[name] = cells.day(cell, date1904=True)
            else:
                value = _remembered(check, name, kind, cell) if type(cell) is str else kind.read(cell)
                if value != "":
                    given[name] = value
        except ValidationError as error:
            line.refuse(name, error)
    return line


def _remembered(check, name, kind, cell):
    """Codes, days and answers are the same few texts in every row: each is read once."""
    if type(kind) not in FEW:
        return kind.read(cell)
    known = check.read
    found = known.get((name, cell))
    if found is None:
        found = kind.read(cell)
        if len(known) < REMEMBERED:
            known[name, cell] = found
    return found


def _resolve_places(check, lines):
    wanted = set()
    for _place, column, _scale in check.columns:
        if not isinstance(column.kind, kinds.Place):
            continue
        for line in lines:
            text = line.typed.get(column.name)
            if text is None:
                continue
            try:
                key = check.places.find(text, column.kind.level if column.kind.kept else None)
                if column.kind.level and not column.kind.kept:
                    key = check.places.find(text, column.kind.level)
                line.given[column.name] = key
                wanted.add(key)
            except ValidationError as error:
                line.given[column.name] = error  # judged once the row of the register is known
    check.places.hold(wanted)


def _resolve_refs(check, lines):
    for _place, column, _scale in check.columns:
        if isinstance(column.kind, kinds.Ref):
            texts = {line.typed[column.name] for line in lines if column.name in line.typed}
            found = _refs(check, column.kind, texts) if texts else {}
            for line in lines:
                if column.name in line.typed:
                    line.given[column.name] = found[line.typed[column.name]]


def _refs(check, kind, texts):
    """``{text: row or ValidationError}``: rows by any of the fields they are known by."""
    model = kind.model
    rows = model.objects.kept_by(check.user) if kind.kept else model.objects.visible_to(check.user)
    found = {text: {} for text in texts}
    for name in kind.known_by:
        for row in rows.filter(**{f"{name}__in": texts}):
            found[str(getattr(row, name))][row.pk] = row
    answers = {}
    for text, hits in found.items():
        if len(hits) == 1:
            answers[text] = next(iter(hits.values()))
        elif hits:
            answers[text] = ValidationError(
                _("%(count)s entries of “%(register)s” are called “%(text)s”; name it by: %(known)s")
                % {
                    "count": len(hits),
                    "register": model._meta.verbose_name_plural,
                    "text": text[:40],
                    "known": "、".join(
                        str(model._meta.get_field(one).verbose_name) for one in kind.known_by[1:]
                    )
                    or _("System number"),
                }
            )
        else:
            answers[text] = ValidationError(
                _("“%(text)s” is not in the register “%(register)s” of your places.")
                % {"text": text[:40], "register": model._meta.verbose_name_plural}
            )
    return answers


# The row of the register


def _find(check, lines):
    numbered = {line.given[NUMBER]: line for line in lines if NUMBER in line.given}
    if numbered:
        rows = check.standing().in_bulk(list(numbered))
        for line in lines:
            key = line.given.pop(NUMBER, None)
            if key is None:
                continue
            line.old = rows.get(key)
            if line.old is None:
                line.refuse(NUMBER, ValidationError(_("There is no entry with this number at your places.")))
    for place, names in enumerate(check.sheet.keys):
        _find_by(check, lines, names, check.sheet.keys[:place])
    check.sheet.find_more(check, lines)


def _find_by(check, lines, names, stronger):
    """Rows known by these fields together; of a line without all of them nothing is found.

    A row that has other values in what is known ``stronger`` is another one.
    """
    wanted = {}
    for line in lines:
        if line.old is not None:
            continue
        values = _values(check, line, names)
        if values is None:
            continue
        line.key = line.key or digest(names, values, check.sheet.span_of(line))
        wanted.setdefault(values, []).append(line)
    if not wanted:
        return
    rows = check.standing()
    for place, name in enumerate(names):
        if not name.startswith("?"):
            rows = rows.filter(**{f"{name}__in": {values[place] for values in wanted}})
    found = {}
    for row in rows.order_by("pk"):
        found.setdefault(_stands(check, row, names), []).append(row)
    for values, some in found.items():
        for line in wanted.get(values, ()):
            line.old = check.sheet.choose(
                line, [row for row in some if not _differs(check, line, row, stronger)]
            )


def _values(check, line, names):
    """What a line says in these fields; None where it does not say all that must be said (no ``?``)."""
    parts, values = check.sheet.key_parts(line), []
    for name in names:
        value = key_value(parts.get(name.removeprefix("?")))
        if isinstance(value, (ValidationError, cells.Cleared)):
            return None
        if value in EMPTY:
            if not name.startswith("?"):
                return None
            value = None
        values.append(value)
    return tuple(values)


def _stands(check, row, names):
    values = [check.sheet.key_of(row, name.removeprefix("?")) for name in names]
    return tuple(None if value in EMPTY else value for value in values)


def _differs(check, line, row, keys):
    for names in keys:
        said, stands = _values(check, line, names), _stands(check, row, names)
        if said is not None and said != stands and None not in stands:
            return True
    return False


def _late(check, line):
    """What is sealed, a place or another row: what the cell shows of the register's row means that row's."""
    for name, text in line.typed.items():
        column = check.sheet.by_name[name]
        try:
            if line.old is not None:
                shown = check.sheet.shows(check, line.old, column)
                if shown is not None and text == shown:
                    line.given.pop(name, None)
                    continue
            if isinstance(column.kind, (kinds.Place, kinds.Ref)):
                found = line.given.get(name)
                if isinstance(found, ValidationError):
                    del line.given[name]
                    raise found
                if isinstance(column.kind, kinds.Place):
                    line.given[name] = check.region(found)
            elif name not in line.given:
                line.given[name] = column.kind.read(text)
        except ValidationError as error:
            line.refuse(name, error)


def _build(check, line):
    """The row as it would be, judged by the model; ``line.new`` is None where it cannot be made."""
    if line.problems:
        return
    model, sheet, old = check.model, check.sheet, line.old
    new = model.__new__(model)
    new.__dict__ = dict(vars(old)) if old is not None else dict(check.blank)
    state = new._state = ModelState()
    state.db, state.adding = "default", old is None
    state.fields_cache = dict(old._state.fields_cache) if old is not None else {}
    line.new = new
    for name, value in line.given.items():
        column = sheet.by_name[name]
        if value is cells.CLEARED:
            if column.required:
                line.refuse(name, ValidationError(_("This must not be empty.")))
                continue
            value = _nothing(column)
        elif value not in EMPTY:
            for validator in check.validators.get(name, ()):
                try:
                    validator(value)
                except ValidationError as error:
                    line.refuse(name, error)
        sheet.put(check, line, name, value)
    for column, attname in check.required:
        if column.field is None:
            missing = old is None and line.given.get(column.name) in EMPTY
        else:
            missing = getattr(new, attname, None) in EMPTY
        if missing and not any(name == column.name for name, _told in line.problems):
            line.refuse(column.name, ValidationError(_("This must not be empty.")))
    if line.problems:
        return
    try:
        sheet.settle(check, line)
        new.clean()
    except ValidationError as error:
        _tell(line, error)
    for name, sentence in sheet.judge(check, line).items():
        line.problems.append((name, sentence))


def _nothing(column):
    field = column.field
    if field is None or field.null:
        return None
    return (
        []
        if isinstance(column.kind, kinds.Codes)
        else False
        if isinstance(field, models.BooleanField)
        else ""
    )


def _tell(line, error):
    if hasattr(error, "error_dict"):
        for name, sentences in error.message_dict.items():
            line.problems += [(None if name == "__all__" else name, sentence) for sentence in sentences]
    else:
        line.problems += [(None, sentence) for sentence in error.messages]
