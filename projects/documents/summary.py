"""The summary of a list of projects as a workbook: for the table of a meeting, printed on A4 or A3."""

import io

from django.utils.translation import gettext as _

from linkage.foundation.spreadsheets import files, writing

MOST = 90  # characters of an opinion


def heads(summary):
    """``[(heading, width)]``."""
    return [
        (_("No."), 6),
        (_("City"), 12),
        (_("County"), 12),
        (_("Street or township"), 14),
        (_("Community or village"), 16),
        (_("Project"), 30),
        (_("People served"), 24),
        (_("Total need (yuan)"), 14),
        (_("Own and other money (yuan)"), 14),
        (_("Subsidy asked (yuan)"), 14),
        (_("Subsidy granted (yuan)"), 14),
        *((step.opinion or step.title, 28) for step in summary.steps),
        (_("Arrived"), 12),
        (_("Result of the selection"), 18),
    ]


def cells(line):
    """The cells of a project, in the order of ``heads``."""
    project, money = line.project, line.money
    return [
        line.number,
        *line.names,
        project.title,
        _brief(project.service_targets),
        *figures(money),
        *(_brief(opinion) for opinion in line.opinions),
        line.arrived,
        line.result,
    ]


def figures(money):
    return [money.needed, money.own, money.asked, money.granted]


def _brief(text):
    text = " ".join(text.split())
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"


def title(summary):
    return _("Summary of the applications: %s") % summary.programme.title


def table(summary, *, by, chosen=""):
    """The bytes of the workbook."""
    columns = heads(summary)
    money_at = 7
    file = io.BytesIO()
    book = writing.Book(file)
    last = writing.letters(len(columns) - 1)
    with book.sheet(_("Summary"), [width for _head, width in columns], frozen=3, repeat=(3, 3)) as page:
        page.row([title(summary)], writing.TITLE, height=34)
        page.merge("A1", f"{last}1")
        page.row([files.facts(None, by, chosen)], writing.FACT, height=20)
        page.merge("A2", f"{last}2")
        page.row([head for head, _width in columns], writing.HEAD, height=36)
        styles = {place: writing.LABEL for place in range(len(columns))}
        styles |= {place: writing.RATE for place in range(money_at, money_at + 4)}
        styles[len(columns) - 2] = writing.DAY
        for part in summary.parts:
            for line in part.lines:
                page.row(cells(line), height=_height(cells(line), columns), styles=styles)
            words = _("Subtotal %(place)s: %(count)s projects") % {
                "place": part.name,
                "count": len(part.lines),
            }
            _sum(page, columns, money_at, words, part.money)
        words = _("Total: %s projects") % summary.count
        _sum(page, columns, money_at, words, summary.money)
    book.close()
    return file.getvalue()


def _height(row, columns):
    """Points: programs that only show a table do not work out how high a wrapped text is."""
    lines = [
        -(-sum(2 if ord(sign) > 255 else 1 for sign in cell) // (width - 2))
        for cell, (_head, width) in zip(row, columns, strict=True)
        if isinstance(cell, str)
    ]
    return 16 * max(1, *lines) + 4


def _sum(page, columns, money_at, words, money):
    """A line of sums: its words over the columns before the money."""
    row = [words, *[None] * (money_at - 1), *figures(money)]
    row += [None] * (len(columns) - len(row))
    styles = {place: writing.BOLD for place in range(len(row))}
    styles |= {place: writing.BOLD_RATE for place in range(money_at, money_at + 4)}
    page.row(row, writing.BOLD, height=22, styles=styles)
    page.merge(f"A{page.number}", f"{writing.letters(money_at - 1)}{page.number}")
