"""The units of a target as a workbook: what is demanded, by which clause, as of when, then one row a unit."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linkage.attainment.documents import workbook
from linkage.attainment.services import units
from linkage.foundation.tabular import XLSX

__all__ = ["MOST", "XLSX", "about", "build", "heads", "title"]

MOST = 20_000  # rows of one file
WIDTHS = (44, 28, 30, 22, 18, 34, 12)


def title(which):
    return {
        units.FAILING: _("Units to be mended"),
        units.UNREPORTED: _("Units that have not reported"),
        units.ALL: _("Readings unit by unit"),
    }[which]


def heads():
    return [_("Place"), _("Unit"), _("Has"), _("Demanded"), _("Lacks"), _("Responsible office")]


def _state(row):
    """Whether a unit passes, in a word."""
    if row.passes is None:
        return "—"
    return _("passes") if row.passes else _("falls short")


def build(line, rows, which, *, more=False, as_of=""):
    """The file, at its beginning. ``rows``: units in words; ``more``: some were left out."""
    book = workbook.Book()
    sheet = book.sheet(title(which), WIDTHS)
    for name, said in about(line, as_of):
        sheet.facts(name, said)
    sheet.blank()
    judged = which != units.FAILING  # of those that fail it need not be said
    sheet.head([*heads(), _("Passes")] if judged else heads())
    for row in rows:
        name = row.name or _("kept in a register you do not see")
        demanded = line.unit_limit if row.passes is not None else "—"
        told = [row.place, name, row.has, demanded, row.lacks or "—", row.office]
        sheet.row([*told, _state(row)] if judged else told)
    if more:
        sheet.row([_("Only the first %(n)s are listed.") % {"n": f"{MOST:,}"}])
    return book.file()


def about(line, as_of=""):
    """What stands above the rows: document, clause, place, as of when, how it stands and is counted.

    ``as_of``: the edition; without one, when the figures were counted.
    """
    target, reading = line.target, line.reading
    document = target.document
    at = reading.computed_at
    return [
        (_("Document"), f"《{document.title}》{document.doc_no}"),
        (_("Clause"), f"{target.clause} “{target.quote}”"),
        (pgettext("heads a list", "Region"), reading.region.name),
        (_("As of"), as_of or (timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "—")),
        (_("Value"), line.value),
        *([(_("Unit by unit"), line.alone_told)] if line.alone_told else []),
        (_("Demand"), line.limit),
        (_("Gap"), line.gap),
        (_("Deadline"), target.deadline.isoformat() if target.deadline else "—"),
        (_("Status"), " ".join(filter(None, [line.word, line.days]))),
        (_("Reported"), line.completeness_told or "—"),
        (_("How it is counted"), "；".join(filter(None, [line.formula, target.note]))),
    ]
