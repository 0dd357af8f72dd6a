"""Money of a year beside the year before: the lines of the page, of its print and of its workbook."""

import io
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.codes import FundSource
from linkage.foundation import money
from linkage.foundation.spreadsheets import writing
from linkage.foundation.spreadsheets.writing import BOLD, BOLD_RATE, FACT, HEAD, LABEL, NOTE, RATE, TITLE
from organizations.charity.codes import FundPurpose

WIDTHS = [34, 18, 18, 18, 14]


def tables(budgets, year):
    """``[(what the lines are, lines)]`` by source and by purpose; one without a line is left out."""
    found = [
        (_("source of money"), _compared(budgets.by_source(year), FundSource)),
        (_("purpose"), _compared(budgets.compared_by_purpose(year), FundPurpose)),
    ]
    return [(head, lines) for head, lines in found if lines]


def _compared(found, codes):
    """``[{name, before, now, change, percent}]`` in the order of the codes, with all of them as the last.

    ``percent`` of the year before; None where there was nothing before.
    """
    lines = [(label, *found[code]) for code, label in codes.choices if any(found.get(code, ()))]
    if lines:
        lines.append((_("in all"), sum(line[1] for line in lines), sum(line[2] for line in lines)))
    return [
        {
            "name": name,
            "before": before,
            "now": now,
            "change": now - before,
            "percent": (now - before) * 100 / before if before else None,
        }
        for name, now, before in lines
    ]


def heads(year):
    return [
        _("%(before)s (10,000 yuan)") % {"before": year - 1},
        _("%(year)s (10,000 yuan)") % {"year": year},
        _("more or less (10,000 yuan)"),
        _("in per cent"),
    ]


def about(form, by):
    """Which places, and who asked when."""
    return [
        _("Places: %s") % form.words,
        _("Made by: %s") % by,
        _("Made at: %s") % timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    ]


def workbook(title, told, year, found):
    """The file, at its beginning. Figures are numbers, rounded as on the page."""
    file = io.BytesIO()
    book = writing.Book(file)
    with book.sheet(title, WIDTHS) as sheet:
        sheet.row([title], TITLE, height=30)
        sheet.merge("A1", "E1")
        for fact in told:
            sheet.row([fact], FACT)
        for head, lines in found:
            sheet.row([])
            sheet.row([head, *heads(year)[:3], _("in per cent (%)")], HEAD)
            for line in lines:
                last = line is lines[-1]
                sheet.row(_cells(line), BOLD_RATE if last else RATE, styles={0: BOLD if last else LABEL})
        if not found:
            sheet.row([nothing(year)], NOTE)
    book.close()
    file.seek(0)
    return file


def nothing(year):
    return _("No budget of %(year)s or %(before)s is entered for these places.") % {
        "year": year,
        "before": year - 1,
    }


def _cells(line):
    figures = [Decimal(money.wan(line[name]).replace(",", "")) for name in ("before", "now", "change")]
    percent = line["percent"]
    told = _("nothing before") if percent is None else percent.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return [line["name"], *figures, told]
