"""办理时效 as a workbook: the steps, then the offices, figures as figures."""

from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from linkage.foundation.tabular import XLSX, written

WIDTHS = (34, 34, 9, 9, 9, 9, 10, 9, 9)
PERCENT = 7  # the column of the share
EDGE = Side(style="thin", color="B5BFC8")


def heads():
    return [
        *(_("Number of files"), _("Median"), _("Longest"), _("Overdue")),
        *(_("Overdue share"), _("Waiting"), _("Urged")),
    ]


def build(programme, steps, offices, *, since, today, by):
    """The file and its name. ``steps``: ``[(name, Line)]``; ``offices``: ``[(name, place, Line)]``."""
    book = Workbook()
    sheet, title = book.active, _("Handling times")
    sheet.title = title
    sheet.append(written(sheet, [f"{programme.title} · {title}"]))
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(WIDTHS))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    made = _("Arrived %(first)s to %(last)s. Unit: working days. Made on %(last)s by %(name)s.") % {
        "first": date_format(since),
        "last": date_format(today),
        "name": by,
    }
    sheet.append(written(sheet, [made]))
    _table(sheet, [_("Step"), "", *heads()], [(name, "", line) for name, line in steps])
    sheet.append([])
    _table(sheet, [_("Office"), _("Place"), *heads()], offices)
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file, f"{title}.xlsx", XLSX


def _table(sheet, names, rows):
    sheet.append(written(sheet, names))
    first = sheet.max_row
    for name, place, line in rows:
        sheet.append(written(sheet, [name, place]))
        row = sheet.max_row
        figures = (line.count, line.median, line.longest, line.late, round(line.share / 100, 3))
        for column, figure in enumerate((*figures, line.waiting, line.urged), 3):
            sheet.cell(row, column, figure)
        sheet.cell(row, PERCENT).number_format = "0.0%"
    for line in sheet.iter_rows(min_row=first, max_row=sheet.max_row, max_col=len(WIDTHS)):
        for cell in line:
            cell.border = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.font = Font(bold=cell.row == first)
