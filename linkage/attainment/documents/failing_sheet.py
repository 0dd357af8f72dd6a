"""整改清单 as a workbook: what is demanded, by which clause, as of when, then one row a unit."""

import io

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

MOST = 20_000  # rows of one file
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (44, 28, 26, 22, 18, 34)


def heads():
    return [_("Place"), _("Unit"), _("Has"), _("Demanded"), _("Lacks"), _("Responsible office")]


def build(line, rows, *, more=False):
    """The file, at its beginning. ``rows``: ``Unit`` of the page; ``more``: some were left out."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Units to be mended"))
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEF"[number]].width = width
    for name, said in about(line):
        sheet.append([_cell(sheet, name, bold=True), _cell(sheet, said)])
    sheet.append([])
    sheet.append([_cell(sheet, head, bold=True) for head in heads()])
    for row in rows:
        told = (row.place, row.name, row.has, line.unit_limit, row.lacks, row.office)
        sheet.append([_cell(sheet, text) for text in told])
    if more:
        sheet.append([_cell(sheet, _("Only the first %(n)s are listed.") % {"n": f"{MOST:,}"})])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def about(line):
    """What stands above the rows: document, clause, place, as of when, how it is counted."""
    target, reading = line.target, line.reading
    document = target.document
    at = reading.computed_at
    return [
        (_("Document"), f"《{document.title}》{document.doc_no}"),
        (_("Clause"), f"{target.clause} “{target.quote}”"),
        (pgettext("heads a list", "Region"), reading.region.name),
        (_("As of"), timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "—"),
        (_("How it is counted"), "；".join(filter(None, [line.formula, target.note]))),
    ]


def _cell(sheet, text, *, bold=False):
    cell = WriteOnlyCell(sheet, value=str(text))
    cell.data_type = "s"  # a name that begins with = is no formula
    cell.alignment = Alignment(vertical="top", wrap_text=not bold)
    if bold:
        cell.font = Font(bold=True)
    return cell
