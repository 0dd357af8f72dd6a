"""打印申报表: the annex form as a .docx, one A4 table of ten rows, ready to be signed and stamped."""

from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from projects.documents.sheet import SLASH, Sheet

TEXT, LABEL, TITLE = "仿宋", "宋体", "宋体"
WIDTH, LABEL_WIDTH = Cm(16.6), Cm(2.7)
STAMP = Cm(4)  # the height a round stamp needs
PADDING = Cm(0.2)


def build(sheet: Sheet, project) -> BytesIO:
    """The file, from its first byte."""
    document = Document()
    _page(document, project)
    _run(document.add_paragraph(), "附件", font="黑体", size=14)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(4), Pt(8)
    _run(title, sheet.title, font=TITLE, size=18, bold=True)
    _applicant(document.add_paragraph(), sheet)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in sheet.rows:
        _row(table, row, sheet)
    for cells, width in zip(table.columns, (LABEL_WIDTH, WIDTH - LABEL_WIDTH), strict=True):
        cells.width = width
    document.core_properties.title = sheet.title
    document.core_properties.author = ""
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _page(document, project):
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin = section.right_margin = Cm(2.2)
    section.footer_distance = Cm(1)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TEXT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.15
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    parts = [
        project.number or _("Draft"),
        _("round %(round)s") % {"round": project.round},
        _("printed on %(day)s") % {"day": timezone.localdate().isoformat()},
    ]
    _run(foot, "  ".join(parts), font=LABEL, size=9)


def _applicant(paragraph, sheet):
    paragraph.paragraph_format.space_after = Pt(4)
    _run(paragraph, f"{sheet.applicant}：")
    for name, after in sheet.head:
        _run(paragraph, f" {name} ", underline=True)
        _run(paragraph, f"{after} ")


def _row(table, row, sheet):
    made = table.add_row()
    label, content = made.cells
    for cell in (label, content):
        _pad(cell)  # before anything else: the parts of a cell have a fixed order
    label.width, content.width = LABEL_WIDTH, WIDTH - LABEL_WIDTH
    label.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    name = label.paragraphs[0]
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(name, row.label, font=LABEL)
    made.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    made.height = Cm(0.9)
    cell = _Cell(content)
    match row.kind:
        case "opinion":
            made.height = STAMP
            _keep_whole(made)
            _opinion(cell, row.opinion)
        case "money":
            _money(cell, sheet)
        case "subsidy":
            content.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.line(_subsidy(sheet))
        case _:
            content.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            for passage in row.passages:
                if passage.heading:
                    cell.line(f"{passage.heading}：", bold=True, font=LABEL)
                for line in passage.text.splitlines() or [""]:
                    cell.line(line, indent=bool(passage.heading))


def _money(cell, sheet):
    for title, lines, total in (
        (_("Money needed"), sheet.need, sheet.total_need),
        (_("Sources of money"), sheet.sources, sheet.total_sources),
    ):
        cell.line(f"{title}：", bold=True, font=LABEL)
        for number, line in enumerate(lines, start=1):
            note = f"（{line.note}）" if line.note else ""
            cell.amount(f"{number}. {line.name}{note}", f"{line.amount:,.2f}")
        cell.amount(_("Total (yuan)"), f"{total:,.2f}", bold=True)


def _subsidy(sheet):
    if not sheet.asked:
        return SLASH
    return _("%(yuan)s yuan (%(capitals)s), %(wan)s ten thousand yuan") % {
        "yuan": f"{sheet.asked:,.2f}",
        "capitals": sheet.asked_in_capitals,
        "wan": sheet.asked_in_wan,
    }


def _opinion(cell, opinion):
    if opinion.state == "skipped":
        cell.cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        cell.line(SLASH, align=WD_ALIGN_PARAGRAPH.CENTER)
        return
    signed = opinion.state in ("agreed", "returned", "refused")
    cell.line(opinion.words if signed else "")
    if opinion.granted is not None:
        cell.line(
            _("Subsidy granted: %(yuan)s yuan (%(capitals)s)")
            % {"yuan": f"{opinion.granted:,.2f}", "capitals": opinion.granted_in_capitals}
        )
    if opinion.doc_no:
        cell.line(_("Document number: %(number)s") % {"number": opinion.doc_no})
    blank = "\u3000" * 4
    names = _("Handled by: %(handler)s  Signed by: %(leader)s  (stamp)") % {
        "handler": opinion.handler or blank,
        "leader": opinion.leader or blank,
    }
    day = opinion.signed_on
    written = f"{day.year} 年 {day.month} 月 {day.day} 日" if day else "年\u3000\u3000月\u3000\u3000日"
    cell.line(names, align=WD_ALIGN_PARAGRAPH.RIGHT, before=Pt(44))
    cell.line(written, align=WD_ALIGN_PARAGRAPH.RIGHT)
    for remark in opinion.remarks:
        cell.line(f"（{remark}）", font=LABEL)


class _Cell:
    """A cell being filled line by line."""

    def __init__(self, cell):
        self.cell = cell
        self.fresh = cell.paragraphs[0]

    def _paragraph(self):
        paragraph, self.fresh = self.fresh or self.cell.add_paragraph(), None
        return paragraph

    def line(self, text, *, bold=False, font=TEXT, align=None, before=None, indent=False):
        paragraph = self._paragraph()
        if align is not None:
            paragraph.alignment = align
        if before is not None:
            paragraph.paragraph_format.space_before = before
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(24)
        _run(paragraph, text, bold=bold, font=font)

    def amount(self, text, amount, *, bold=False):
        paragraph = self._paragraph()
        edge = WIDTH - LABEL_WIDTH - 2 * PADDING
        paragraph.paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
        _run(paragraph, f"{text}\t{amount}", bold=bold)


def _run(paragraph, text, *, font=TEXT, size=12, bold=False, underline=False):
    """Word takes Chinese letters from the eastAsia font alone, so each run names it."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.underline = Pt(size), bold, underline
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:ascii"), "Times New Roman")
    fonts.set(qn("w:hAnsi"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)
    return run


def _pad(cell):
    margins = OxmlElement("w:tcMar")
    for side, twips in (("top", 60), ("start", 113), ("bottom", 60), ("end", 113)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    cell._element.get_or_add_tcPr().append(margins)


def _keep_whole(row):
    """An opinion and its signature stay on one page."""
    row._element.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
