"""The check of a table: every row read, found in the register, judged by the model, staged by COPY.

A job does it in batches; each batch is a transaction that ends with its checkpoint, so a worker that dies
loses one batch. What only the database can say of all rows together (twice in the file, once in the
register, the constraints of the table) is asked at the end, in a few statements.
"""

import io
import itertools
import json
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import DecimalValidator, MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import connection, models, transaction
from django.db.models.base import ModelState
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from linkage.foundation import jobs
from linkage.foundation.fields import EncryptedTextField, Opened, head, seal
from linkage.foundation.ledger import keeping_posts, places_of
from linkage.foundation.masking import mask_numbers
from linkage.foundation.registers.filters import region_model

from . import cells, describing, gate, headings, kinds, rules, vault
from .describing import NUMBER, Line, digest, key_value
from .places import Places
from .tables import RememberedHeading, SheetImport, StagedRow

BATCH = 1_000
SHOWN = 60  # characters of a cell in the preview
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\r": r"\r", "\n": r"\n"})
CELLS_PLACE = "foundation.stagedrow.cells"
EMPTY = (None, "", [])
FEW = (kinds.Code, kinds.Codes, kinds.Day, kinds.Yes)
REMEMBERED = 20_000
ENCODE = json.JSONEncoder(ensure_ascii=False, default=DjangoJSONEncoder().default).encode
JUDGED = (MaxLengthValidator, ProhibitNullCharactersValidator, DecimalValidator)  # by the kind of the column
STANDING = {"removed_at": None, "removed_by_id": None, "removed_reason": ""}


class Check:
    """One table being checked: whose it is, what its columns mean, what is at hand."""

    def __init__(self, sheet_import):
        self.sheet_import = sheet_import
        self.user = sheet_import.owner
        self.sheet = describing.named(sheet_import.register)
        self.model = self.sheet.model
        self.posts = keeping_posts(self.user, self.model.duties)
        self.places = Places(region_model(self.model), self.posts, self.user.home_region)
        self.columns = []  # [(place in the row, Column, scale)]
        self.positions = {}
        prototype = self.model()
        self.blank = {key: value for key, value in vars(prototype).items() if key != "_state"}
        self.fields = [
            one
            for one in self.model._meta.concrete_fields
            if not one.primary_key and one.name not in describing.SKIPPED
        ]
        self.preps = {one.attname: _prep_of(one) for one in self.fields}
        self.required = [
            (column, column.attname or column.name) for column in self.sheet.columns if column.required
        ]
        self.validators = {
            column.name: [one for one in column.field.validators if not isinstance(one, JUDGED)]
            for column in self.sheet.columns
            if column.field is not None
        }
        self.read = {}  # {(name of column, text): value} of what recurs

    def say_columns(self, mapping, scales):
        self.columns = [
            (place, self.sheet.by_name[name], scales[place] if place < len(scales) else 1)
            for place, name in enumerate(mapping)
            if name
        ]
        self.positions = {column.name: number for number, (_p, column, _s) in enumerate(self.columns)}
        return self

    def changed(self, line):
        """The columns of the model in which the new row differs, by typed values."""
        start = vars(line.old) if line.old is not None else self.blank
        new = vars(line.new)
        return {attname for attname in self.preps if new.get(attname) != start.get(attname)}

    def region(self, key):
        return self.places.held(key)

    def standing(self):
        """The rows that can be meant, with what their model reads beside them."""
        along = {self.model.region_path.rpartition("__")[0], *self.sheet.related} - {""}
        along |= {
            column.field.name
            for column in self.sheet.columns
            if isinstance(column.kind, (kinds.Ref, kinds.Place)) and column.field is not None
        }
        rows = self.model.objects.filter(places_of(self.posts, self.model.region_path))
        return rows.select_related(*along) if along else rows


def _prep_of(field):
    """How a value of the field is written as JSON, so that the database reads the same from it."""
    if isinstance(field, EncryptedTextField):
        return lambda value: (
            value.sealed if isinstance(value, Opened) and value.sealed else field.get_prep_value(value)
        )
    if isinstance(field, models.DecimalField):
        return lambda value: None if value is None else str(value)
    if isinstance(field, (models.DateField, models.TimeField)):
        return lambda value: None if value is None else value.isoformat()
    return lambda value: value


# The job


def run(job):
    """The work of the job: head, rows, what holds of all of them."""
    sheet_import = SheetImport.objects.select_related("owner").get(pk=job.arguments["import"])
    if sheet_import.state != SheetImport.State.READING:
        return
    try:
        _check(job, sheet_import)
    except ValidationError as error:
        _settle(sheet_import, SheetImport.State.REFUSED, reason="、".join(error.messages))
        StagedRow.objects.filter(sheet_import=sheet_import).delete()


def _settle(sheet_import, state, **facts):
    SheetImport.objects.filter(pk=sheet_import.pk, state=SheetImport.State.READING).update(
        state=state, **facts
    )


def _check(job, sheet_import):
    check = Check(sheet_import)
    if not check.posts:
        raise ValidationError(_("You no longer keep this register."))
    if sheet_import.sealed_with and sheet_import.sealed_with != head():
        with transaction.atomic():  # what was staged opens no more: from the beginning
            StagedRow.objects.filter(sheet_import=sheet_import).delete()
            jobs.advance(job, done=0, checkpoint={"after": 0})
    SheetImport.objects.filter(pk=sheet_import.pk).update(
        sealed_with=head(), begun_at=models.functions.Coalesce("begun_at", Now())
    )
    with (
        gate.scratch(vault.pieces(sheet_import.stored)) as file,
        closing(gate.read(file, sheet_import.sheet)) as rows,
    ):
        about = next(rows)
        first = list(itertools.islice(rows, headings.LOOKED_AT))
        if not _say_head(check, about, first):
            return
        body = (row for row in itertools.chain(first, rows) if row[0] >= sheet_import.head["first"])
        after, done = job.checkpoint.get("after", 0), job.done
        body = (row for row in body if row[0] > after and not _is_note(check, row[1]))
        while batch := list(itertools.islice(body, BATCH)):
            done += len(batch)
            with transaction.atomic():
                stage(check, judge(check, batch))
                jobs.advance(job, done=done, checkpoint={"after": batch[-1][0]})
    if not done:
        raise ValidationError(_("There are headings, but no rows below them."))
    with transaction.atomic():
        rules.hold(check)
        count(sheet_import, state=SheetImport.State.CHECKED, checked_at=Now())
        jobs.advance(job, done=done, total=done)


def count(sheet_import, **facts):
    """Write down how many rows of each kind there are."""
    found = dict(
        StagedRow.objects.filter(sheet_import=sheet_import)
        .order_by()
        .values_list("outcome")
        .annotate(rows=models.Count("pk"))
    )
    SheetImport.objects.filter(pk=sheet_import.pk).update(
        rows=sum(found.values()),
        **{outcome: found.get(outcome, 0) for outcome in StagedRow.Outcome.values},
        **facts,
    )


def _say_head(check, about, first):
    """What the columns mean: as said by its owner, or as found. False where the owner is to be asked."""
    sheet_import = check.sheet_import
    if not sheet_import.head:
        home = check.user.home_region
        known = RememberedHeading.objects.filter(register=check.sheet.label, place=home.path if home else "")
        found = headings.find(check.sheet, first, about["merged"], known.values_list("heading", "column"))
        if found is None:
            raise ValidationError(
                _("The first %s rows have no headings of this register. Take the template or name them so.")
                % headings.LOOKED_AT
            )
        sheet_import.head = {
            "first": found.first,
            "headings": found.headings,
            "scales": found.scales,
            "unknown": found.unknown,
            "doubled": found.doubled,
        }
        sheet_import.mapping = found.mapping
        missing = missing_columns(check.sheet, found.mapping)
        ask = bool(missing or found.doubled or found.unknown)
        sheet_import.save(update_fields=["head", "mapping"])
        if ask:
            _settle(sheet_import, SheetImport.State.MAPPING)
            return False
    check.say_columns(sheet_import.mapping, sheet_import.head.get("scales", []))
    return True


def missing_columns(sheet, mapping):
    """Columns without which no row can be entered, unless every row has its system number."""
    if NUMBER in mapping:
        return []
    return [column for column in sheet.columns if column.required and column.name not in mapping]


def _is_note(check, line):
    """A line below the table: 合计, 填表人 and the like, in a row that says nothing else of ours."""
    told = [cell for cell in line if not cells.is_blank(cell)]
    if not told:
        return True
    first = next((cell for cell in line if cell is not None), None)
    words = "".join(first.split()) if isinstance(first, str) else ""
    if words.startswith(
        ("填表人", "制表人", "填报人", "审核人", "注：", "注:", "备注：", "说明：", "填报单位", "填报日期")
    ):
        return len(told) <= 6
    return words in ("合计", "总计", "小计")


# One batch


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


# Staging


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
        if line.old is not None and changed and column.attname in changed:
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
