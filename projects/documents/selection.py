"""The papers of a batch: 拟立项公示, the annex of the 立项通知, the same list as a table."""

from io import BytesIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from communities.offices.models import Office
from linkage.foundation.money import wan
from linkage.foundation.tabular import XLSX, written
from projects.models.board import document_of
from projects.models.listing import places_called

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT, HEADING = "仿宋", "宋体"
WIDTHS = (1.1, 3.0, 6.2, 6.3, 2.6)  # cm: number, city, project, applicant, money
COLUMNS = (6, 14, 40, 44, 14)  # the same in characters


def notice(selection, items, *, by):
    """The text of the public notice with its list, ready for the wall or for the office system."""
    shown, office = selection.notice, _office(selection)
    document = _document()
    _heading(document, shown.title)
    for line in shown.body.splitlines():
        _paragraph(document, line, indent=True)
    _paragraph(
        document,
        _("The notice runs from %(first)s to %(last)s. Contact: %(name)s, telephone %(phone)s.")
        % {
            "first": _day(shown.starts_on),
            "last": _day(shown.ends_on),
            "name": shown.contact_name,
            "phone": shown.contact_phone,
        },
        indent=True,
    )
    _paragraph(document, _("Annex: list of the projects to be approved"), indent=True)
    for line in (office, _day(shown.starts_on)):
        _paragraph(document, line, align=WD_ALIGN_PARAGRAPH.RIGHT)
    document.add_page_break()
    _paragraph(document, _("Annex"), font="黑体", size=14)
    _heading(document, _("List of the projects to be approved"))
    _table(document, items, places_called(selection.programme.region))
    return _file(document), f"{shown.title}.docx", DOCX


def approval(selection, items, *, by):
    """The annex of the document that approves the batch: every project that was approved, by city."""
    approved = [item for item in items if item.decision_id]
    number, day = document_of(selection, approved)
    document = _document()
    _paragraph(document, _("Annex"), font="黑体", size=14)
    title = _("List of the approved projects of %(programme)s") % {"programme": selection.programme.title}
    _heading(document, title)
    _paragraph(
        document,
        _("Document %(number)s, %(day)s") % {"number": number, "day": _day(day)},
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )
    _table(document, approved, places_called(selection.programme.region))
    _paragraph(
        document,
        _("%(projects)d projects in %(communities)d communities, subsidy %(money)s ten thousand yuan in all.")
        % {
            "projects": len(approved),
            "communities": len({item.project.region_id for item in approved}),
            "money": wan(sum(item.amount for item in approved)),
        },
    )
    corrected = [
        _("no. %(number)d (%(fields)s)") % {"number": place, "fields": "、".join(map(str, item.corrected))}
        for place, item in enumerate(approved, 1)
        if item.corrected
    ]
    if corrected:
        _paragraph(document, _("As corrected after approval: %(items)s.") % {"items": "、".join(corrected)})
    return _file(document), f"{title}.docx", DOCX


def table(selection, items, *, by):
    """The list as a workbook: what, in which unit, as of which day, by whom, and the sum below."""
    name = _("Batch %(number)d of %(programme)s") % {
        "number": selection.number,
        "programme": selection.programme.title,
    }
    book = Workbook()
    sheet = book.active
    sheet.title = _("List")
    sheet.append(written(sheet, [name]))
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=7)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    made = _("Unit: yuan. Made on %(day)s by %(name)s.") % {"day": timezone.localdate(), "name": by}
    sheet.append(written(sheet, [made]))
    heads = [
        *(_("No."), places_called(selection.programme.region), _("Project"), _("Applicant")),
        *(_("Asked"), _("Subsidy granted"), _("Result")),
    ]
    sheet.append(written(sheet, heads))
    for number, item in enumerate(items, 1):
        project = item.project
        result = (
            item.decision.now("doc_no") if item.decision_id else item.failure or selection.get_state_display()
        )
        sheet.append(written(sheet, [number, item.below, project.title, item.where]))
        row = sheet.max_row
        sheet.cell(row, 5, project.requested_subsidy)
        sheet.cell(row, 6, item.amount)
        sheet.cell(row, 7, str(result)).data_type = "s"
    sheet.append(["", "", _("Total"), ""])
    row = sheet.max_row
    sheet.cell(row, 5, sum(item.project.requested_subsidy or 0 for item in items))
    sheet.cell(row, 6, sum(item.amount for item in items))
    thin = Side(style="thin", color="B5BFC8")
    for line in sheet.iter_rows(min_row=3, max_row=row):
        for cell in line:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.font = Font(bold=cell.row in (3, row))
            if cell.column in (5, 6) and cell.row > 3:
                cell.number_format = "#,##0.00"
    for place, width in enumerate((*COLUMNS[:4], 14, 14, 24), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes, sheet.print_title_rows = "A4", "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file, f"{name}.xlsx", XLSX


PAPERS = {"notice.docx": notice, "approval.docx": approval, "list.xlsx": table}


def _office(selection):
    office = Office.objects.serving(selection.programme.region).first()
    return office.name if office else selection.programme.region.name


def _day(day):
    return date_format(day, "DATE_FORMAT")


def _document():
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.4
    document.core_properties.author = ""
    return document


def _file(document):
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _heading(document, text):
    made = _paragraph(document, text, font=HEADING, size=18, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(6), Pt(12)
    document.core_properties.title = text


def _paragraph(holder, text, *, font=TEXT, size=14, bold=False, align=None, indent=False):
    paragraph = holder.add_paragraph()
    return _filled(paragraph, text, font=font, size=size, bold=bold, align=align, indent=indent)


def _filled(paragraph, text, *, font=TEXT, size=14, bold=False, align=None, indent=False):
    """Word takes Chinese letters from the eastAsia font alone, so each run names it."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:ascii"), "Times New Roman")
    fonts.set(qn("w:hAnsi"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    return paragraph


def _table(document, items, below):
    """序号, place below, project, applicant, money: the head on every page, the sum at the end."""
    made = document.add_table(rows=1, cols=5, style="Table Grid")
    made.autofit = False
    heads = [_("No."), below, _("Project"), _("Applicant"), _("Subsidy (10,000 yuan)")]
    _cells(made.rows[0], heads, bold=True)
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for number, item in enumerate(items, 1):
        line = [str(number), item.below, item.project.title, item.where, wan(item.amount)]
        _cells(made.add_row(), line)
    total = wan(sum(item.amount for item in items))
    _cells(made.add_row(), ["", _("Total"), "", "", total], bold=True)


def _cells(row, texts, *, bold=False):
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, WIDTHS, strict=True)):
        cell.width = Cm(width)
        align = {0: WD_ALIGN_PARAGRAPH.CENTER, 4: WD_ALIGN_PARAGRAPH.RIGHT}.get(place)
        paragraph = _filled(cell.paragraphs[0], text, size=10.5, bold=bold, align=align)
        paragraph.paragraph_format.line_spacing = 1.15
