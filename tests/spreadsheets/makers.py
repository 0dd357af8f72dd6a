"""Short words for tables that come in: a workbook of rows, handed in, checked, imported."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from linkage.foundation import jobs, tasks
from linkage.foundation.models import SheetImport
from linkage.foundation.spreadsheets import services

assert tasks  # the kinds of jobs
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def book(rows, name="台账.xlsx", title="台账", merged=(), more=()):
    """A workbook with these rows; cells are written as Python has them."""
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for span in merged:
        sheet.merge_cells(span)
    for other, visible in more:
        made.create_sheet(other).sheet_state = "visible" if visible else "hidden"
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile(name, file.getvalue(), XLSX)


def text(lines, name="台账.csv", encoding="utf-8"):
    return SimpleUploadedFile(name, "\r\n".join(lines).encode(encoding), "text/csv")


def handed_in(register, file, *, by):
    """Handed in and checked, as the worker would."""
    taken = services.hand_in(register, file, by=by)
    return worked(taken)


def worked(taken):
    """What the worker does next with this table."""
    taken.refresh_from_db()
    if taken.job and taken.job.state == "queued":
        jobs.run(taken.job.pk)
        taken.job.refresh_from_db()
        assert taken.job.state == "done", taken.job.error
    return SheetImport.objects.get(pk=taken.pk)


def imported(taken, *, by, good_only=False):
    assert taken.state == "checked", (taken.state, taken.reason, taken.head)
    services.import_rows(taken, by=by, good_only=good_only)
    return worked(taken)


def counts(taken):
    return {
        name: getattr(taken, name) for name in ("new", "changed", "same", "wrong") if getattr(taken, name)
    }


def problems(taken):
    """``{row: [sentence, …]}`` of the wrong rows."""
    return {
        row.number: [sentence for _place, sentence in row.problems]
        for row in taken.staged.filter(outcome="wrong").order_by("number")
    }
