"""特殊群体统计: the published table of a place, to be read and taken along."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linkage.attainment.documents import groups as words
from linkage.attainment.documents import sheet
from linkage.attainment.models import GroupTable
from linkage.attainment.rules import SMALLEST
from linkage.attainment.services import groups
from linkage.attainment.views.places import crumbs, place_of
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment

EARLIER = 6  # tables one may look back to
PARAMETERS = {"place": str, "table": int}
WIDTHS = (26, 20, *(14 for _group in range(30)))


@dataclass(frozen=True)
class Asked:
    """A place, the tables that were published, the chosen one and what it says of the place, if anything."""

    place: object
    published: list
    table: GroupTable | None
    sheet: words.Sheet | None


@login_required
@require_safe
def tables(request):
    asked = _asked(request.user, strict_query(request, {**PARAMETERS, "large": str}))
    return render(
        request,
        "attainment/groups.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place) if asked.place else [],
            "table": asked.table,
            "published": asked.published,
            "sheet": asked.sheet,
            "notes": words.notes(asked.sheet, SMALLEST) if asked.sheet else [],
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request):
    """The published table as a workbook: what is withheld on the page is withheld here."""
    asked = _asked(request.user, strict_query(request, PARAMETERS))
    if not asked.sheet or not asked.sheet.heads:
        raise Http404
    about = words.about(asked.table, asked.place)
    told = [("", words.heads(asked.sheet), words.sheet_rows(asked.sheet))]
    told.append(("", [], [[note] for note in words.notes(asked.sheet, SMALLEST)]))
    return FileResponse(
        sheet.build(_("Figures of special groups"), about, told, widths=WIDTHS[: 2 + len(asked.sheet.heads)]),
        as_attachment=True,
        filename=_("Figures of special groups - %(place)s - %(day)s.xlsx")
        % {"place": asked.place.name, "day": asked.table.as_of.isoformat()},
        content_type=sheet.XLSX,
    )


def _asked(user, query):
    place = place_of(user, query.get("place"))
    published = list(GroupTable.objects.order_by("-as_of")[:EARLIER])
    table = published[0] if published else None
    if "table" in query:
        table = next((one for one in published if one.pk == query["table"]), None)
        if table is None:
            raise Http404
    found = words.sheet(groups.rows_of(table, place), place) if table and place else None
    return Asked(place, published, table, found)
