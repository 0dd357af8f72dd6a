"""特殊群体统计 in words: what stands in a cell, alike on the page and over REST in every format."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linkage.attainment.models import PUBLISHED_GROUPS

WITHHELD = "*"
NOTHING = "—"


def cell(people, group):
    """The number as text; ``*`` where it is withheld, None where nobody has reported this group."""
    if group not in people:
        return None
    return WITHHELD if people[group] is None else str(people[group])


def kind_of(row, place):
    """place, below or rest: which line of the table of a place this is."""
    if row.is_rest:
        return "rest"
    return "place" if row.region_id == place.pk else "below"


@dataclass(frozen=True)
class Sheet:
    """The table of a place: columns that somebody reported, the places below, and the place itself last."""

    heads: list
    lines: list  # (name, code of a place one may go on to or "", communities, reported, [(head, cell)])
    total: tuple
    withholds: bool


def sheet(rows, place):
    """``rows``: those of ``services.groups.rows_of``; None where the place was not counted."""
    rows = sorted(rows, key=lambda row: (row.path, row.is_rest))
    own = next((row for row in rows if kind_of(row, place) == "place"), None)
    if own is None:
        return None
    groups = [group for group in PUBLISHED_GROUPS if any(group in row.people for row in rows)]
    lines = [_line(row, groups) for row in rows if row is not own]
    total = _line(own, groups)
    withholds = any(cell == WITHHELD for line in (*lines, total) for _head, cell in line[-1])
    return Sheet([group.label for group in groups], lines, total, withholds)


def _line(row, groups):
    name = _("communities directly below") if row.is_rest else row.name
    code = "" if row.is_rest else row.region.code
    return (
        name,
        code,
        row.communities,
        row.reported,
        [(group.label, cell(row.people, group)) for group in groups],
    )


# As a workbook


def about(table, place):
    published = timezone.localtime(table.published_at).date()
    return [
        (pgettext("heads a list", "Region"), place.name),
        (_("As of"), table.as_of.isoformat()),
        (_("Published"), published.isoformat()),
        (_("How it is counted"), _("sums of the newest profiles of the communities, in people")),
    ]


def heads(sheet):
    return [_("Place"), _("communities that reported"), *sheet.heads]


def sheet_rows(sheet):
    """The places below, then the place itself; every cell as it stands on the page."""
    total = (_("Total"), *sheet.total[1:])
    return [
        [name, f"{reported} / {communities}", *(NOTHING if cell is None else cell for _head, cell in cells)]
        for name, _code, communities, reported, cells in [*sheet.lines, total]
    ]


def notes(sheet, smallest):
    """What the signs in the cells mean."""
    withheld = _(
        "* withheld: somewhere in this column, or above it, there are fewer than %(smallest)s people"
        " (＜%(smallest)s). Then no place of the table tells this group, so that nobody can be found out by"
        " adding and subtracting."
    ) % {"smallest": smallest}
    nobody = _(
        "— nobody has reported this group. A table is never changed after it was published; corrections go"
        " into the next one. A person may belong to several groups."
    )
    return [withheld, nobody] if sheet.withholds else [nobody]
