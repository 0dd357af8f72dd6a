"""The rows of a batch: read, found in the register, judged by its model; each with what it would change."""

from itertools import zip_longest

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.base import ModelState
from django.db.models.lookups import Lookup
from django.utils.translation import gettext as _

from . import cells, kinds
from .describing import NUMBER, Line, digest, key_value
from .reading import EMPTY, refusals


def judge(check, batch):
    """The lines of these rows, each with what it would change or what is wrong with it."""
    lines = [Line(number, row) for number, row in batch]
    _read(check, lines)
    _resolve_places(check, lines)
    _resolve_refs(check, lines)
    check.sheet.prepare(check, lines)
    _find(check, lines)
    for line in lines:
        _late(check, line)
        _build(check, line)
    return lines


def _read(check, lines):
    """What the cells say, column by column; what gives trouble is looked at line by line."""
    across = list(zip_longest(*(line.cells for line in lines)))
    nothing = (None,) * len(lines)
    said = [
        reader.read(across[reader.place] if reader.place < len(across) else nothing)
        for reader in check.readers
    ]
    names = check.plain
    for line, row in zip(lines, zip(*said, strict=True), strict=True):
        line.said = row
        line.plain = {name: one.value for name, one in zip(names, row, strict=False) if one is not None}
        line.given = line.plain.copy()
    for reader, column in zip(check.readers, said, strict=True):
        if reader.is_troubled or not reader.is_plain:
            for line, one in zip(lines, column, strict=True):
                if one is not None and (one.is_trouble or not reader.is_plain):
                    _take(line, reader, one)


def _take(line, reader, said):
    """What is wrong, cleared, or read later."""
    name = reader.name
    if said.wrong:
        line.given.pop(name, None)
        line.plain.pop(name, None)
        line.problems += [(name, sentence) for sentence in said.wrong]
    elif said.value is cells.CLEARED:
        line.given[name] = said.value
        line.plain.pop(name, None)
        line.cleared.append(name)
    elif not reader.is_plain:
        (line.typed if reader.kind.lazy else line.given)[name] = said.value
    else:
        line.refused += [(name, sentence) for sentence in said.refused]


def _resolve_places(check, lines):
    wanted = set()
    for reader in check.others:
        if not isinstance(reader.kind, kinds.Place):
            continue
        name, known = reader.name, {}
        for line in lines:
            text = line.typed.get(name)
            if text is None:
                continue
            if text not in known:
                known[text] = _place(check, reader.kind, text)
            line.given[name] = known[text]
        wanted.update(key for key in known.values() if not isinstance(key, ValidationError))
    check.places.hold(wanted)


def _place(check, kind, text):
    """Its key, or why there is none: judged once the row of the register is known."""
    try:
        return check.places.find(text, kind.level)
    except ValidationError as error:
        return error


def _resolve_refs(check, lines):
    for reader in check.others:
        if isinstance(reader.kind, kinds.Ref):
            texts = {line.typed[reader.name] for line in lines if reader.name in line.typed}
            found = _refs(check, reader.kind, texts) if texts else {}
            for line in lines:
                if reader.name in line.typed:
                    line.given[reader.name] = found[line.typed[reader.name]]


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
            rows = rows.filter(Among(models.F(name), {values[place] for values in wanted}))
    found = {}
    for row in rows.order_by("pk"):
        found.setdefault(_stands(check, row, names), []).append(row)
    for values, some in found.items():
        for line in wanted.get(values, ()):
            line.old = check.sheet.choose(
                line, [row for row in some if not _differs(check, line, row, stronger)]
            )


class Among(Lookup):
    """One of many values, as the model has them, told to the database as one array: Django takes long over
    lists of thousands."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*params, list(self.rhs)]


def _values(check, line, names):
    """What the line says in these fields, or None where one of them is missing."""
    if line.parts is None:
        line.parts = check.sheet.key_parts(line)
    parts, values = line.parts, []
    for name in names:
        may_lack = name[0] == "?"
        value = parts.get(name[1:] if may_lack else name)
        if type(value) is not str:
            value = key_value(value)
            if isinstance(value, (ValidationError, cells.Cleared)):
                return None
        if value in EMPTY:
            if not may_lack:
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
                shown = check.shows[name](line.old)
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
    sheet = check.sheet
    new = line.new = _made(check, line)
    for reader in check.others:
        if reader.name in line.given and reader.name not in line.cleared:
            value = line.given[reader.name]
            line.problems += [(reader.name, told) for told in refusals(reader.validators, value)]
            sheet.put(check, line, reader.name, value)
    for name in line.cleared:
        column = sheet.by_name[name]
        if column.required:
            line.refuse(name, ValidationError(_("This must not be empty.")))
        else:
            sheet.put(check, line, name, _nothing(column))
    line.problems += line.refused
    for column, attname in check.required:
        if column.field is None:
            missing = line.old is None and line.given.get(column.name) in EMPTY
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


def _made(check, line):
    """A row of the model over the one that stands, with what the plain columns say."""
    old = line.old
    new = check.model.__new__(check.model)
    new.__dict__ = {**(check.blank if old is None else vars(old)), **line.plain}
    line.start = check.values_of(new.__dict__)
    state = new._state = ModelState()
    state.db, state.adding = "default", old is None
    state.fields_cache = {} if old is None else old._state.fields_cache.copy()
    return new


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
