"""The page 指标 of a place as a workbook: its targets, the places below side by side, the five parties."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linkage.attainment.documents import deadlines, workbook

TARGETS = (40, 10, 16, 20, 30, 22, 14, 16, 18, 10, 50)
PARTIES = (20, 34, 22, 60)


def title(place):
    return _("Targets - %(place)s") % {"place": place.name}


def build(place, document, view, as_of=""):
    """The file, at its beginning. ``as_of``: the edition; without one, when all was counted."""
    book = workbook.Book()
    about = _about(place, document, view, as_of)
    _targets(book, about, view)
    if view.grid and view.grid.heads:
        _below(book, about, place, view.grid)
    _parties(book, about, view)
    return book.file()


def _about(place, document, view, as_of):
    at = view.stand and view.stand.computed_at
    return [
        (_("Document"), f"《{document.title}》{document.doc_no}"),
        (pgettext("heads a list", "Region"), place.name),
        (_("As of"), as_of or (timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "—")),
    ]


def _sheet(book, name, widths, about):
    sheet = book.sheet(name, widths)
    for fact in about:
        sheet.facts(*fact)
    sheet.blank()
    return sheet


def _targets(book, about, view):
    sheet = _sheet(book, _("Targets"), TARGETS, about)
    sheet.head(
        [
            *(_("Target"), _("Clause"), _("Value"), _("Demand"), _("Counted"), _("Gap"), _("Deadline")),
            *(_("Status"), _("Time left"), _("Reported"), _("How it is counted")),
        ]
    )
    for line in [*view.applying, *view.not_applying]:
        target = line.target
        deadline = target.deadline.isoformat() if target.deadline else "—"
        state = "；".join(filter(None, [line.word, deadlines.mark(line), *line.registers_awaited]))
        how = "；".join(filter(None, [line.formula, target.note]))
        sheet.row(
            [
                *(target.quote, target.clause, line.value, line.limit, line.counted or "—", line.gap),
                *(deadline, state, line.days or "—", line.completeness or "—", how),
            ]
        )


def _below(book, about, place, grid):
    sheet = _sheet(book, _("The places below"), (16, *(18 for _head in grid.heads)), about)
    sheet.head([_("Place"), *(head.column_name for head in grid.heads)])
    sheet.row([_("Demand"), *(head.short_limit for head in grid.heads)])
    for region, lines in [*grid.rows, (place, grid.heads)]:
        sheet.row([region.name, *(_read(line) for line in lines)])


def _read(line):
    return f"{line.value}（{line.word}）" if line.is_read else line.word


def _parties(book, about, view):
    sheet = _sheet(book, _("The five parties"), PARTIES, about)
    sheet.head([_("Party"), _("Figure"), _("Value"), _("How it is counted")])
    for party, head, rest, explained in view.cards:
        for name, figure, _address in [head, *rest]:
            sheet.row([party.name, name, figure, ""])
        for measure in explained:
            sheet.row([party.name, measure.name, "", measure.definition])
