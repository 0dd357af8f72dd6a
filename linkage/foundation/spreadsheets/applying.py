"""The import itself: one transaction that writes every good row by a few statements, or nothing at all.

What has changed in the register since the check, or is no longer one's own, stops it; the table is then
checked anew. Row history, stale marks and constraints work as for any writer.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from linkage.foundation import jobs, journal
from linkage.foundation.errors import NotNow
from linkage.foundation.fields import head
from linkage.foundation.ledger import places_of
from linkage.foundation.registers.filters import region_model
from linkage.foundation.scope import under

from . import describing, rows, vault
from .tables import SheetImport, StagedRow

State = SheetImport.State


class Moved(Exception):
    """The register is no longer as it was when the table was checked."""


def run(job):
    """The work of the job."""
    pk = job.arguments["import"]
    try:
        with transaction.atomic():
            sheet_import = (
                SheetImport.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)
            )
            if sheet_import.state != State.APPLYING:
                return
            with journal.acting(user=sheet_import.owner, cause=f"import {pk}"):
                written = _write(sheet_import)
                journal.record(
                    "imported",
                    by=sheet_import.owner,
                    target=sheet_import,
                    facts={"register": sheet_import.register, "good_only": sheet_import.good_only, **written},
                )
            SheetImport.objects.filter(pk=pk).update(
                state=State.APPLIED, applied_at=Now(), stored="", reason="", job=job.pk
            )
            jobs.advance(job, done=sum(written.values()), total=sum(written.values()))
            stored = sheet_import.stored
            transaction.on_commit(lambda: vault.discard(stored), robust=True)
    except (Moved, IntegrityError) as error:
        _check_again(pk, error)
    except (PermissionDenied, ValidationError) as error:
        words = (
            "、".join(error.messages)
            if isinstance(error, ValidationError)
            else _("You no longer keep these rows.")
        )
        SheetImport.objects.filter(pk=pk, state=State.APPLYING).update(state=State.REFUSED, reason=words)
        StagedRow.objects.filter(sheet_import=pk).delete()


@transaction.atomic
def _check_again(pk, error):
    """From the beginning, with what the register says now; the preview tells why."""
    sheet_import = SheetImport.objects.select_for_update().get(pk=pk)
    if sheet_import.state != State.APPLYING:
        return
    StagedRow.objects.filter(sheet_import=pk).delete()
    reason = (
        str(error)
        if isinstance(error, Moved)
        else _("A row clashed with what somebody else has just entered.")
    )
    begin_check(sheet_import, reason=_("%s It was checked anew; nothing has been imported yet.") % reason)


def begin_check(sheet_import, reason=""):
    job = jobs.start(
        "sheet_check",
        by=sheet_import.owner,
        title=_("Check: %s") % sheet_import.name,
        arguments={"import": sheet_import.pk},
    )
    SheetImport.objects.filter(pk=sheet_import.pk).update(
        state=State.READING,
        reason=reason,
        good_only=False,
        job=job,
        begun_at=None,
        checked_at=None,
        sealed_with="",
        rows=0,
        new=0,
        changed=0,
        same=0,
        wrong=0,
    )
    return job


def _write(sheet_import):
    """Write the rows; how many were added and changed."""
    sheet = describing.named(sheet_import.register)
    by = sheet_import.owner
    if sheet_import.sealed_with != head():
        raise Moved(_("The keys of the platform have changed."))
    with connection.cursor() as cursor:
        _is_still_own(cursor, sheet, sheet_import, by)
        _is_still_so(cursor, sheet, sheet_import)
        written = sheet.write(cursor, sheet_import, by)
        if written is not None:
            return written
        sheet.before_apply(cursor, sheet_import, by)
        changed = _change(cursor, sheet, sheet_import)
        new = _add(cursor, sheet, sheet_import)
        sheet.after_apply(cursor, sheet_import, by)
        if (new, changed) != (sheet_import.new, sheet_import.changed):
            raise Moved(_("The register has changed since the check."))
    return {"new": new, "changed": changed}


def _is_still_own(cursor, sheet, sheet_import, by):
    """Every place that is written at, and every row that is changed, lies where this person writes today."""
    posts = sheet.keepers(by)
    if not posts:
        raise PermissionDenied
    mine = Q(pk__in=[])
    for post in posts:
        mine |= under("path", post.office.region.path)
    good = StagedRow.objects.filter(sheet_import=sheet_import, outcome__in=["new", "changed"])
    Region = region_model(sheet.model)
    if sheet.root is not None:
        places = good.order_by().values_list("place", flat=True).distinct()
        if Region.objects.filter(pk__in=places).exclude(pk__in=Region.objects.filter(mine)).exists():
            raise PermissionDenied
    targets = good.filter(target__isnull=False).values("target")
    kept = sheet.model.objects.filter(places_of(posts, sheet.model.region_path))
    if good.filter(target__isnull=False).count() != kept.filter(pk__in=targets).count():
        raise Moved(_("Rows were removed or moved since the check."))


def _is_still_so(cursor, sheet, sheet_import):
    """The rows to be changed say today what they said at the check; they are held from here on."""
    table, pk = _quoted(sheet.model._meta.db_table), _quoted(sheet.model._meta.pk.column)
    cursor.execute(
        f"SELECT t.{pk} FROM {table} t JOIN foundation_stagedrow s ON s.target = t.{pk}"
        " WHERE s.sheet_import_id = %s AND s.outcome = 'changed' ORDER BY 1 FOR UPDATE OF t",
        [sheet_import.pk],
    )
    cursor.execute(
        f"SELECT count(*) FROM {table} t JOIN foundation_stagedrow s ON s.target = t.{pk}"
        " WHERE s.sheet_import_id = %s AND s.outcome = 'changed'"
        " AND to_jsonb(t) IS DISTINCT FROM to_jsonb(jsonb_populate_record(t, s.before))",
        [sheet_import.pk],
    )
    if cursor.fetchone()[0]:
        raise Moved(_("Rows of the register have changed since the check."))


def _change(cursor, sheet, sheet_import):
    meta = sheet.model._meta
    columns = [
        one.column
        for one in meta.concrete_fields
        if not one.primary_key and one.name not in describing.SKIPPED
    ]
    table, pk = _quoted(meta.db_table), _quoted(meta.pk.column)
    cursor.execute(
        "SELECT DISTINCT jsonb_object_keys(values) FROM foundation_stagedrow"
        " WHERE sheet_import_id = %s AND outcome = 'changed'",
        [sheet_import.pk],
    )
    touched = {name for (name,) in cursor.fetchall()}
    told = [column for column in columns if column in touched]
    if not told:
        return 0
    assigned = ", ".join(f"{_quoted(column)} = n.{_quoted(column)}" for column in told)
    cursor.execute(
        f"UPDATE {table} held SET {assigned} FROM ("
        f" SELECT s.target AS lk_target, r.* FROM foundation_stagedrow s JOIN {table} t ON t.{pk} = s.target,"
        " LATERAL jsonb_populate_record(t, s.values) r"
        f" WHERE s.sheet_import_id = %s AND s.outcome = 'changed') n WHERE held.{pk} = n.lk_target",
        [sheet_import.pk],
    )
    return cursor.rowcount


def _add(cursor, sheet, sheet_import):
    meta = sheet.model._meta
    columns = [
        one.column
        for one in meta.concrete_fields
        if not one.primary_key and _is_said(cursor, sheet_import, one)
    ]
    into = ", ".join(_quoted(column) for column in columns)
    chosen = ", ".join(f"r.{_quoted(column)}" for column in columns)
    table = _quoted(meta.db_table)
    cursor.execute(
        f"INSERT INTO {table} ({into}) SELECT {chosen} FROM foundation_stagedrow s,"
        f" LATERAL jsonb_populate_record({rows.made_new(sheet.model)}, s.values) r"
        " WHERE s.sheet_import_id = %s AND s.outcome = 'new' ORDER BY s.number",
        [rows.blank(sheet.model), sheet_import.pk],
    )
    return cursor.rowcount


def _is_said(cursor, sheet_import, field):
    """Whether the rows say a column; what the database gives by itself, it is left to give."""
    if field.db_default is models.NOT_PROVIDED:
        return True
    cursor.execute(
        "SELECT EXISTS (SELECT FROM foundation_stagedrow"
        " WHERE sheet_import_id = %s AND outcome = 'new' AND values ? %s)",
        [sheet_import.pk, field.column],
    )
    return cursor.fetchone()[0]


def _quoted(name):
    return connection.ops.quote_name(name)


def check_ready(sheet_import, *, good_only):
    """Whether it may be imported now."""
    if sheet_import.state != State.CHECKED:
        raise NotNow(_("This table is not waiting to be imported."))
    if sheet_import.wrong and not good_only:
        raise NotNow(_("There are wrong rows: mend them, or choose to import the good rows only."))
    if not sheet_import.new + sheet_import.changed:
        raise NotNow(_("There is nothing to import: every row stands in the register as it is."))
