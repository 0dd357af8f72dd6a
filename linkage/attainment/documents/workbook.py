"""Workbooks of 指标: sheets of texts under a few facts. Nothing in them is ever a formula."""

import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter


class Book:
    """A workbook that is written row by row."""

    def __init__(self):
        self._book = Workbook(write_only=True)

    def sheet(self, title, widths, *, mark=""):
        """A new sheet; ``widths`` of its columns, in characters. ``mark`` stands on its first line and on
        top of every printed page, where the figures are not those of an assessment."""
        sheet = self._book.create_sheet(title[:31])
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        told = Sheet(sheet)
        if mark:
            sheet.oddHeader.center.text = mark
            told.head([mark])
        return told

    def file(self):
        """The workbook as a file, at its beginning."""
        file = io.BytesIO()
        self._book.save(file)
        file.seek(0)
        return file


class Sheet:
    def __init__(self, sheet):
        self._sheet = sheet

    def facts(self, name, said):
        """A line above the table: what, and what it is."""
        self._sheet.append([self._cell(name, bold=True), self._cell(said)])

    def head(self, names):
        self._sheet.append([self._cell(name, bold=True) for name in names])

    def row(self, texts):
        self._sheet.append([self._cell(text) for text in texts])

    def blank(self):
        self._sheet.append([])

    def _cell(self, text, *, bold=False):
        cell = WriteOnlyCell(self._sheet, value=str(text))
        cell.data_type = "s"  # a name that begins with = is no formula
        cell.alignment = Alignment(vertical="top", wrap_text=not bold)
        if bold:
            cell.font = Font(bold=True)
        return cell
