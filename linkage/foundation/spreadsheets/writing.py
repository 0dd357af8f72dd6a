"""Workbooks that go out, written row by row: constant memory, and no cell is ever a formula.

A text is an inline string, whatever it begins with, and one that another program could take for a formula
bears a quote before it, which the import takes off again. Numbers that a spreadsheet would round are texts.
"""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

from . import cells

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FLUSH = 512 * 1024
PLAIN, TITLE, FACT, HEAD, NEEDED, DAY, TEXT, MONEY, WRONG, NOTE = range(10)
COUNT, RATE, LABEL, BOLD, BOLD_COUNT, BOLD_RATE = range(10, 16)  # of paper tables: sums are bold
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MARKED = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EPOCH = date(1899, 12, 30).toordinal()
LARGEST = 10**15

STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="#,##0.00"/></numFmts>
<fonts count="5"><font><sz val="11"/><name val="宋体"/></font>
<font><b/><sz val="16"/><name val="黑体"/></font><font><sz val="10"/><color rgb="FF4C5966"/><name val="宋体"/></font>
<font><b/><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><color rgb="FFB3212A"/><name val="宋体"/></font></fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFE9F1FA"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFFCE9E9"/></patternFill></fill></fills>
<borders count="2"><border/><border><left style="thin"><color rgb="FFBFC9D3"/></left><right style="thin"><color rgb="FFBFC9D3"/></right>
<top style="thin"><color rgb="FFBFC9D3"/></top><bottom style="thin"><color rgb="FFBFC9D3"/></bottom></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="16">
<xf fontId="0" borderId="1" applyBorder="1"><alignment vertical="top" wrapText="1"/></xf>
<xf fontId="1"><alignment horizontal="center" vertical="center"/></xf>
<xf fontId="2"><alignment vertical="center"/></xf>
<xf fontId="3" fillId="2" borderId="1" applyFill="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>
<xf fontId="4" fillId="2" borderId="1" applyFill="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>
<xf numFmtId="164" fontId="0" borderId="1" applyNumberFormat="1"><alignment vertical="top"/></xf>
<xf numFmtId="49" fontId="0" borderId="1" applyNumberFormat="1"><alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="165" fontId="0" borderId="1" applyNumberFormat="1"><alignment vertical="top"/></xf>
<xf numFmtId="49" fontId="0" fillId="3" borderId="1" applyFill="1" applyNumberFormat="1"><alignment vertical="top" wrapText="1"/></xf>
<xf fontId="2"><alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="3" fontId="0" borderId="1" applyNumberFormat="1"><alignment horizontal="right" vertical="center"/></xf>
<xf numFmtId="4" fontId="0" borderId="1" applyNumberFormat="1"><alignment horizontal="right" vertical="center"/></xf>
<xf numFmtId="49" fontId="0" borderId="1" applyNumberFormat="1"><alignment vertical="center" wrapText="1"/></xf>
<xf numFmtId="49" fontId="3" borderId="1" applyNumberFormat="1"><alignment vertical="center" wrapText="1"/></xf>
<xf numFmtId="3" fontId="3" borderId="1" applyNumberFormat="1"><alignment horizontal="right" vertical="center"/></xf>
<xf numFmtId="4" fontId="3" borderId="1" applyNumberFormat="1"><alignment horizontal="right" vertical="center"/></xf>
</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def escaped(text):
    if not MARKED.search(text):
        return text
    text = UNFIT.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "")


def quoted(text):
    return escaped(text).replace('"', "&quot;")


def letters(number):
    """0 is A, 26 is AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


class Sheet:
    """One sheet being written: ``row`` after ``row``."""

    def __init__(self, file, widths=(), frozen=0):
        self._file, self._parts, self._size, self._number = file, [], 0, 0
        self.merged, self.lists = [], []
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(widths, start=1)
        )
        pane = (
            f'<pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft" state="frozen"/>'
            if frozen
            else ""
        )
        self._put(
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
            '<sheetFormatPr defaultRowHeight="16"/>'
            f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
        )
        self._letters = [letters(n) for n in range(256)]

    def _put(self, text):
        self._parts.append(text)
        self._size += len(text)
        if self._size > FLUSH:
            self._flush()

    def _flush(self):
        self._file.write("".join(self._parts).encode())
        self._parts, self._size = [], 0

    @property
    def number(self):
        """The row last written."""
        return self._number

    def row(self, values, style=PLAIN, height=None, styles=None):
        """One row; ``styles`` of single cells, by their place."""
        self._number += 1
        number, known = self._number, self._letters
        parts = [f'<row r="{number}" ht="{height}" customHeight="1">' if height else f'<row r="{number}">']
        for place, value in enumerate(values):
            if value is None or value == "":
                if style == PLAIN or (styles and place in styles):
                    empty = styles.get(place, style) if styles else style
                    parts.append(f'<c r="{known[place]}{number}" s="{empty}"/>')
                continue
            chosen = styles.get(place, style) if styles else style
            kind = type(value)
            if kind is str:
                text = cells.guarded(value) if value[0] in "'=+-@＝＋－＠\t\r\n \u3000" else value
                parts.append(
                    f'<c r="{known[place]}{number}" s="{chosen if chosen else TEXT}" t="inlineStr"><is>'
                    f'<t xml:space="preserve">{escaped(text)}</t></is></c>'
                )
            elif kind is int and -LARGEST < value < LARGEST:
                parts.append(f'<c r="{known[place]}{number}" s="{chosen}"><v>{value}</v></c>')
            elif kind is date:
                parts.append(
                    f'<c r="{known[place]}{number}" s="{chosen or DAY}"><v>{value.toordinal() - EPOCH}</v></c>'
                )
            elif kind is Decimal and abs(value) < 10**11:
                parts.append(f'<c r="{known[place]}{number}" s="{chosen or MONEY}"><v>{value}</v></c>')
            else:
                text = value.strftime("%Y-%m-%d %H:%M") if kind is datetime else str(value)
                parts.append(
                    f'<c r="{known[place]}{number}" s="{chosen if chosen else TEXT}" t="inlineStr"><is>'
                    f'<t xml:space="preserve">{escaped(cells.guarded(text))}</t></is></c>'
                )
        parts.append("</row>")
        self._put("".join(parts))

    def merge(self, first, last):
        self.merged.append(f'<mergeCell ref="{first}:{last}"/>')

    def offer(self, column, first, last, source, title="", prompt="", strict=True):
        """A drop-down of the cells of a column; ``source`` is a range of the sheet of choices, or nothing."""
        span = f"{letters(column)}{first}:{letters(column)}{last}"
        words = (
            f' showInputMessage="1" promptTitle="{quoted(title[:32])}" prompt="{quoted(prompt[:250])}"'
            if prompt
            else ""
        )
        if source:
            error = ' showErrorMessage="1" errorStyle="stop"' if strict else ""
            self.lists.append(
                f'<dataValidation type="list" allowBlank="1"{error}{words} sqref="{span}">'
                f"<formula1>{escaped(source)}</formula1></dataValidation>"
            )
        elif prompt:
            self.lists.append(f'<dataValidation allowBlank="1"{words} sqref="{span}"/>')

    def close(self):
        merged = (
            f'<mergeCells count="{len(self.merged)}">{"".join(self.merged)}</mergeCells>'
            if self.merged
            else ""
        )
        lists = (
            f'<dataValidations count="{len(self.lists)}">{"".join(self.lists)}</dataValidations>'
            if self.lists
            else ""
        )
        self._put(
            f'</sheetData>{merged}{lists}<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
        )
        self._flush()


class Book:
    """A workbook on its way into a file: ``with book.sheet("名称") as sheet: sheet.row([…])``."""

    def __init__(self, file):
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._sheets, self._repeated = [], []

    def sheet(self, title, widths=(), frozen=0, hidden=False, repeat=None):
        """``repeat``: the first and last row that head every printed page."""
        return _Opened(self, title, widths, frozen, hidden, repeat)

    def close(self):
        numbers = range(1, len(self._sheets) + 1)
        kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006"
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        put = self._archive.writestr
        put("xl/styles.xml", STYLES)
        put(
            "xl/workbook.xml",
            f'{head}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{relation}"><sheets>'
            + "".join(
                _sheet_entry(title, n, hidden) for n, (title, hidden) in enumerate(self._sheets, start=1)
            )
            + f"</sheets>{_print_titles(self._repeated)}</workbook>",
        )
        put(
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{relation}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                for n in numbers
            )
            + f'<Relationship Id="rId{len(self._sheets) + 1}" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        )
        put(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        put(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>'
                for n in numbers
            )
            + "</Types>",
        )
        self._archive.close()


def _sheet_entry(title, number, hidden):
    state = ' state="hidden"' if hidden else ""
    return f'<sheet name="{quoted(title)}" sheetId="{number}" r:id="rId{number}"{state}/>'


def _print_titles(repeated):
    """The rows that head every printed page."""
    names = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{sheet}">'
        f"{escaped(_quoted_sheet(title))}!${first}:${last}</definedName>"
        for sheet, title, first, last in repeated
    )
    return f"<definedNames>{names}</definedNames>" if names else ""


def _quoted_sheet(title):
    return "'" + title.replace("'", "''") + "'"


class _Opened:
    def __init__(self, book, title, widths, frozen, hidden, repeat):
        self.book, self.about = book, (widths, frozen)
        title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
        book._sheets.append((title, hidden))
        if repeat:
            book._repeated.append((len(book._sheets) - 1, title, *repeat))
        self.name = f"xl/worksheets/sheet{len(book._sheets)}.xml"

    def __enter__(self):
        self.file = self.book._archive.open(self.name, "w", force_zip64=False)
        self.made = Sheet(self.file, *self.about)
        return self.made

    def __exit__(self, *error):
        self.made.close()
        self.file.close()
