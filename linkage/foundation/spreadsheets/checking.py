"""The check of a table: every row read, found in the register, judged by the model, staged by COPY.

A job does it in batches; each batch is a transaction that ends with its checkpoint, so a worker that dies
loses one batch. What only the database can say of all rows together (twice in the file, once in the
register, the constraints of the table) is asked at the end, in a few statements.
"""

import gc
import itertools
from contextlib import closing, contextmanager
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator, MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from linkage.foundation import jobs
from linkage.foundation.fields import head
from linkage.foundation.ledger import places_of
from linkage.foundation.registers.filters import region_model

from . import cells, describing, gate, headings, kinds, rows, rules, showing, staging, vault
from .describing import NUMBER
from .judging import judge
from .places import Places
from .reading import Reader
from .tables import RememberedHeading, SheetImport, StagedRow

BATCH = 4_000
NOTES = ("填表人", "制表人", "填报人", "审核人", "注：", "注:", "备注：", "说明：", "填报单位", "填报日期")
SUMS = ("合计", "总计", "小计")
NOTES_BEGIN = {words[0] for words in (*NOTES, *SUMS)}
JUDGED = (MaxLengthValidator, ProhibitNullCharactersValidator, DecimalValidator)  # by the kind of the column


class Check:
    """One table being checked: whose it is, what its columns mean, what is at hand."""

    def __init__(self, sheet_import):
        self.sheet_import = sheet_import
        self.user = sheet_import.owner
        self.sheet = describing.named(sheet_import.register)
        self.model = self.sheet.model
        self.posts = self.sheet.keepers(self.user)
        self.places = Places(region_model(self.model), self.posts, self.user.home_region)
        prototype = self.model()
        self.blank = {key: value for key, value in vars(prototype).items() if key != "_state"}
        self.writers = {one.attname: rows.writer(one) for one in rows.fields_of(self.model)}
        self.values_of = itemgetter(*self.writers)
        self.required = [
            (column, column.attname or column.name) for column in self.sheet.columns if column.required
        ]
        self.validators = {
            column.name: [one for one in column.field.validators if not isinstance(one, JUDGED)]
            for column in self.sheet.columns
            if column.field is not None
        }
        self.shows = {column.name: showing.of_row(self, column) for column in self.sheet.columns}
        self.readers = []  # the columns of the table, plain ones first
        self.positions = {}  # {name of column: its place among the cells of the preview}

    def say_columns(self, mapping, scales):
        self.readers = [
            Reader(self, place, self.sheet.by_name[name], scales[place] if place < len(scales) else 1)
            for place, name in enumerate(mapping)
            if name
        ]
        self.positions = {reader.name: number for number, reader in enumerate(self.readers)}
        self.readers.sort(key=lambda reader: not reader.is_plain)
        self.plain = [reader.name for reader in self.readers if reader.is_plain]
        self.others = self.readers[len(self.plain) :]
        return self

    def changed(self, line):
        """The columns of the model in which the new row differs, by typed values."""
        start = vars(line.old) if line.old is not None else self.blank
        new = vars(line.new)
        return {
            attname
            for attname in self.writers
            if (now := new.get(attname)) is not (then := start.get(attname)) and now != then
        }

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
        standing = self.model.objects.filter(places_of(self.posts, self.model.region_path))
        return standing.select_related(*along) if along else standing


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
        closing(gate.read(file, sheet_import.sheet)) as told,
    ):
        about = next(told)
        first = list(itertools.islice(told, headings.LOOKED_AT))
        if not _say_head(check, about, first):
            return
        done = job.done
        after = max(job.checkpoint.get("after", 0), sheet_import.head["first"] - 1)
        body = (row for row in itertools.chain(first, told) if row[0] > after and not _is_note(row[1]))
        with _without_pauses():
            while batch := list(itertools.islice(body, BATCH)):
                done += len(batch)
                with transaction.atomic():
                    staging.stage(check, judge(check, batch))
                    jobs.advance(job, done=done, checkpoint={"after": batch[-1][0]})
                gc.collect()
    if not done:
        raise ValidationError(_("There are headings, but no rows below them."))
    with transaction.atomic():
        rules.hold(check)
        count(sheet_import, state=SheetImport.State.CHECKED, checked_at=Now())
        jobs.advance(job, done=done, total=done)


@contextmanager
def _without_pauses():
    """While rows are made by the thousand, Python looks for circles among all that is at hand again and
    again; here it is done once for each batch, among what is new."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


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


def _is_note(line):
    """A line below the table: 合计, 填表人 and the like, in a row that says nothing else of ours."""
    first = next((cell for cell in line if cell is not None), None)
    if not isinstance(first, str):
        return first is None
    words = "".join(first.split())
    if words and words[0] not in NOTES_BEGIN and words not in cells.NOTHING and words[0].isalnum():
        return False
    told = [cell for cell in line if not cells.is_blank(cell)]
    if not told:
        return True
    return (words.startswith(NOTES) and len(told) <= 6) or words in SUMS
