"""One figure in one column: the text, the number a spreadsheet gets, and why nothing stands there.

Money is shown in 10,000 yuan, cut nowhere: a spreadsheet gets it to the fen. A ratio is the quotient of two
sums, exact until it is shown, then rounded to two places.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from linkage.attainment.documents.figures import FEN_OF_WAN, NOTHING, is_money
from linkage.foundation import measures
from linkage.reports.codes import COUNT
from linkage.reports.services.summary import Figure, State

CENT = Decimal("0.01")
WAN = lazy("10,000 yuan")
PERCENT = "%"
WHY = {
    State.UNREPORTED: lazy("not reported"),
    State.NOT_COUNTED: lazy("not counted that day"),
    State.NOT_CONNECTED: lazy("data not connected"),
    State.NOT_FILED: lazy("return not received"),
}


@dataclass(frozen=True)
class Cell:
    """``number`` is None where nothing is known; ``note`` says why, or that communities are missing."""

    text: str
    number: int | Decimal | None = None
    note: str = ""
    url: str = ""

    @property
    def is_known(self):
        return self.number is not None


def unit_of(column):
    """What a column is counted in."""
    if column.unit:
        return column.unit
    if is_money(column.measure):
        return str(WAN)
    measure = measures.get(column.measure)
    return str(measure.counted_in) if measure else ""


def is_whole(column):
    return bool(column.measure) and not is_money(column.measure)


def cell(column, figures, url=""):
    """The cell of a column in a row of figures."""
    if not figures:
        return Cell("")
    if column.measure:
        return _plain(column, figures[column.measure], url)
    above, below = column.share
    return _ratio(column, figures.get(column.share, figures[above]), _divisor(above, below, figures), url)


def _divisor(above, below, figures):
    """What somebody fills in is averaged over the communities that did."""
    found = figures[below]
    if below == COUNT and found.value is not None and (silent := figures[above].missing):
        return Figure(found.value - silent)
    return found


def _plain(column, figure, url):
    if figure.value is None:
        return _nothing(figure)
    number = Decimal(figure.value) / FEN_OF_WAN if is_money(column.measure) else figure.value
    return Cell(text_of(column, number), number, _missing(figure), url)


def _ratio(column, above, below, url):
    for figure in (above, below):
        if figure.value is None:
            return _nothing(figure)
    if not below.value:
        return Cell(NOTHING, note=_("nothing to divide by"))
    number = rounded(ratio(column, above.value, below.value))
    return Cell(text_of(column, number), number, _missing(above) or _missing(below), url)


def ratio(column, above, below):
    """Exact; money by what is not money is told in yuan."""
    first, second = column.share
    fen = 100 if is_money(first) and not is_money(second) else 1
    return Fraction(above * column.times, below * fen)


def rounded(exact):
    """To two places, half up, whatever the size."""
    scaled = abs(exact) * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(whole) if exact >= 0 else Decimal(-whole)).scaleb(-2)


def text_of(column, number):
    """A number as a column shows it."""
    if number is None:
        return NOTHING
    if is_whole(column):
        return f"{number:,}"
    return f"{Decimal(number).quantize(CENT, ROUND_HALF_UP):,}"


def _nothing(figure):
    if figure.state == State.NONE:
        return Cell("")
    return Cell(NOTHING, note=str(WHY[figure.state]))


def _missing(figure):
    if not figure.missing:
        return ""
    return _("%(n)s communities have not reported") % {"n": f"{figure.missing:,}"}
