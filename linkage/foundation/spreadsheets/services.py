"""What can be done with a table that comes in: handed in, named, imported, given up."""

import hashlib

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linkage.foundation import jobs, journal, uploads
from linkage.foundation.errors import NotNow

from . import applying, describing, gate, vault
from .tables import RememberedHeading, SheetImport, StagedRow

OPEN_AT_ONCE = 5  # tables of one person that are being read
State = SheetImport.State


def hand_in(register, upload, *, by):
    """Take a file through the gate and queue its check; the ``SheetImport``."""
    sheet = describing.named(register)
    if sheet is None or not sheet.imported or not sheet.keepers(by):
        raise PermissionDenied
    name = uploads.display_name(upload.name or "")
    head = upload.read(8)
    gate.check_head(name, upload.size, head)
    upload.seek(0)
    with gate.scratch(upload.chunks()) as file:
        seen = gate.look(file)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        shown = [one for one in seen.sheets if one.visible]
        if not shown:
            raise gate.refuse("nothing")
        with transaction.atomic():
            _not_too_many(by)
            stored = vault.store(file)
            try:
                taken = SheetImport.objects.create(
                    register=sheet.label,
                    owner=by,
                    name=name[:150],
                    sha256=sha256,
                    stored=stored,
                    sheets=[[one.number, one.name, one.visible] for one in seen.sheets],
                    sheet=_likely(sheet, shown),
                    date1904=seen.date1904,
                )
                applying.begin_check(taken)
                journal.record("table_handed_in", by=by, target=taken, facts={"register": sheet.label})
            except BaseException:
                vault.discard(stored)
                raise
    taken.refresh_from_db()
    return taken


def _likely(sheet, shown):
    """The sheet that bears the name of the register, else the first that is not hidden."""
    named = [one for one in shown if str(sheet.title) in one.name]
    return (named or shown)[0].number


def _not_too_many(by):
    get_user_model().objects.select_for_update().get(pk=by.pk)
    if SheetImport.objects.of(by).filter(state__in=[State.READING, State.APPLYING]).count() >= OPEN_AT_ONCE:
        raise NotNow(
            _("%s of your tables are being read already. Wait for one or give it up.") % OPEN_AT_ONCE
        )


def _locked(sheet_import, by):
    found = SheetImport.objects.select_for_update().get(pk=sheet_import.pk)
    if found.owner_id != by.pk:
        raise PermissionDenied
    return found


@transaction.atomic
def name_columns(sheet_import, columns, *, by, remember=True):
    """Say what the headings mean (``{place: name of our column or ""}``) and check again."""
    found = _locked(sheet_import, by)
    if found.state not in (State.MAPPING, State.CHECKED):
        raise NotNow(_("The columns of this table cannot be named now."))
    sheet = describing.named(found.register)
    mapping = [columns.get(place, "") for place in range(len(found.head["headings"]))]
    told = [name for name in mapping if name]
    problems = {}
    for place, name in enumerate(mapping):
        if name and name not in sheet.by_name:
            problems[f"column_{place}"] = _("There is no such column.")
        elif name and told.count(name) > 1:
            problems[f"column_{place}"] = _("Two columns cannot mean the same.")
    if problems:
        raise ValidationError(problems)
    home = by.home_region
    if remember and home is not None:
        for place, name in enumerate(mapping):
            heading = found.head["headings"][place]
            if (heading and name != found.mapping[place]) or place in found.head.get("unknown", ()):
                RememberedHeading.objects.update_or_create(
                    place=home.path,
                    register=found.register,
                    heading=heading[:200],
                    defaults={"column": name, "by": by},
                )
    found.mapping = mapping
    found.head["doubled"] = []
    found.save(update_fields=["mapping", "head"])
    StagedRow.objects.filter(sheet_import=found).delete()
    applying.begin_check(found)
    return found


@transaction.atomic
def choose_sheet(sheet_import, number, *, by):
    """Read another sheet of the same file."""
    found = _locked(sheet_import, by)
    if found.state not in (State.MAPPING, State.CHECKED, State.REFUSED) or not found.stored:
        raise NotNow(_("Another sheet cannot be chosen now."))
    if number not in [known for known, _name, _visible in found.sheets]:
        raise ValidationError({"sheet": _("There is no such sheet.")})
    found.sheet, found.head, found.mapping = number, {}, []
    found.save(update_fields=["sheet", "head", "mapping"])
    StagedRow.objects.filter(sheet_import=found).delete()
    applying.begin_check(found)
    return found


@transaction.atomic
def check_again(sheet_import, *, by):
    """Read the same file once more, say after the register was mended or a worker gave up."""
    found = _locked(sheet_import, by)
    failed = found.state in (State.READING, State.APPLYING) and not (found.job and found.job.is_open)
    if not (found.stored and (failed or found.state in (State.CHECKED, State.REFUSED))):
        raise NotNow(_("This table cannot be checked again."))
    StagedRow.objects.filter(sheet_import=found).delete()
    applying.begin_check(found)
    return found


@transaction.atomic
def import_rows(sheet_import, *, by, good_only=False):
    """Queue the import of all rows, or, by an explicit choice, of the good ones only."""
    found = _locked(sheet_import, by)
    applying.check_ready(found, good_only=good_only)
    job = jobs.start(
        "sheet_apply",
        by=by,
        title=_("Import: %s") % found.name,
        total=found.new + found.changed,
        arguments={"import": found.pk},
    )
    SheetImport.objects.filter(pk=found.pk).update(
        state=State.APPLYING, good_only=bool(good_only and found.wrong), job=job, reason=""
    )
    return found


@transaction.atomic
def give_up(sheet_import, *, by):
    """Stop at any moment before the import; nothing of the table is kept."""
    found = _locked(sheet_import, by)
    if found.state in (State.APPLIED, State.GIVEN_UP):
        raise NotNow(_("This table has been dealt with already."))
    if found.job_id and found.job.is_open:
        jobs.cancel(found.job, by=by)
    forget(found)
    SheetImport.objects.filter(pk=found.pk).update(state=State.GIVEN_UP)
    return found


def forget(sheet_import):
    """Take away the file and the rows read from it; that there was an import stays."""
    StagedRow.objects.filter(sheet_import=sheet_import).delete()
    stored = sheet_import.stored
    SheetImport.objects.filter(pk=sheet_import.pk).update(stored="")
    transaction.on_commit(lambda: vault.discard(stored), robust=True)


@transaction.atomic
def expire(sheet_import):
    """After some days nothing personal of a table is kept: neither its file nor the rows read from it."""
    found = SheetImport.objects.select_for_update().get(pk=sheet_import.pk)
    forget(found)
    if found.state != State.APPLIED:
        SheetImport.objects.filter(pk=found.pk).update(state=State.GIVEN_UP)
