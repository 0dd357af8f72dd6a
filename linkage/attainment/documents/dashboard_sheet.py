"""The page 指标 of a place as a workbook: its targets, the places below side by side, the five parties,
what documents report of other places."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linkage.attainment.documents import deadlines, workbook

TARGETS = (40, 10, 16, 20, 30, 22, 14, 16, 18, 10, 18, 50)
RANKING = (8, 24, 20, 22, 24, 16)
PARTIES = (20, 34, 22, 60)
REPORTED = (40, 24, 18, 18, 60)


def title(place):
    return _("Targets - %(place)s") % {"place": place.name}


def build(place, view, about, chosen=None, ranking=None, reported=(), *, is_ranked=True):
    """The file, at its beginning. ``ranking``: the places below by the target ``chosen``, with their ranks
    if ``is_ranked``; ``reported``: the figures of other places beside those of this one."""
    book = workbook.Book()
    _targets(book, about, view)
    if ranking:
        _ranking(book, about, chosen, ranking, is_ranked)
    if view.grid and view.grid.heads:
        _below(book, about, place, view.grid)
    _parties(book, about, view)
    if reported:
        _reported(book, about, place, reported)
    return book.file()


def about(place, document, view, as_of, counters, completeness):
    """What stands over every sheet. ``as_of``: the edition; without one, when all was counted.

    ``counters``: ``[(icon, colour, word, number)]`` of the states.
    """
    at = view.stand and view.stand.computed_at
    return [
        (_("Document"), f"《{document.title}》{document.doc_no}"),
        (pgettext("heads a list", "Region"), place.name),
        (_("As of"), as_of or (timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "—")),
        (_("Reported"), completeness or "—"),
        (_("Status"), "，".join(f"{word} {number}" for _icon, _colour, word, number in counters)),
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
            *(_("Status"), _("Time left"), _("Reported"), _("For comparison"), _("How it is counted")),
        ]
    )
    for line in view.applying:
        sheet.row(_told(line))
    if view.not_applying:
        sheet.blank()
        sheet.head([_("%(n)s targets do not apply here") % {"n": len(view.not_applying)}])
        for line in view.not_applying:
            sheet.row(_told(line))


def _told(line):
    target = line.target
    deadline = target.deadline.isoformat() if target.deadline else "—"
    waits = [_("waits for the %(register)s") % {"register": one} for one in line.registers_awaited]
    state = "；".join(filter(None, [line.word, deadlines.mark(line), *waits]))
    how = "；".join(filter(None, [line.formula, target.note]))
    return [
        *(target.quote, target.clause, line.value, line.limit, line.counted or "—", line.gap),
        *(deadline, state, line.days or "—", line.completeness or "—", _elsewhere(line), how),
    ]


def _elsewhere(line):
    """What other documents report of the same figure."""
    return "；".join(f"{row.document.territory} {value}" for row, value in line.reported_elsewhere) or "—"


def _ranking(book, about, chosen, ranking, is_ranked):
    """In the order of the page; places without a figure last, each with the word why."""
    quoted = (_("Target"), f"{chosen.target.quote}（{chosen.target.clause}）")
    left_out = 0 if is_ranked else 1  # the column of ranks
    name = _("Ranking") if is_ranked else _("One target by place")
    sheet = _sheet(book, name, RANKING[left_out:], [*about, quoted])
    sheet.head([_("Rank"), _("Place"), _("Value"), _("Demand"), _("Gap"), _("Status")][left_out:])
    for bar in ranking.bars:
        line = bar.line
        sheet.row([bar.rank, bar.region.name, line.value, line.limit, line.gap, line.word][left_out:])
    for word, regions in ranking.unread:
        for region in regions:
            sheet.row(["—", region.name, "—", "—", "—", word][left_out:])


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


def _reported(book, about, place, reported):
    sheet = _sheet(book, _("Reported elsewhere"), REPORTED, about)
    sheet.head([_("Reported elsewhere"), _("Policy document"), _("There"), place.name, _("Note")])
    for row in reported:
        sheet.row([row.benchmark.quote, row.of, row.value, row.beside, row.note])
