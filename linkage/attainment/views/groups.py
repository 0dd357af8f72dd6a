"""特殊群体统计: the published table of a place, to be read."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linkage.attainment.documents.groups import sheet
from linkage.attainment.models import GroupTable
from linkage.attainment.rules import SMALLEST
from linkage.attainment.services import groups
from linkage.attainment.views.places import crumbs, place_of
from linkage.foundation.filters import strict_query

EARLIER = 6  # tables one may look back to


@login_required
@require_safe
def tables(request):
    query = strict_query(request, {"place": str, "table": int, "large": str})
    place = place_of(request.user, query.get("place"))
    published = list(GroupTable.objects.order_by("-as_of")[:EARLIER])
    table = published[0] if published else None
    if "table" in query:
        table = next((one for one in published if one.pk == query["table"]), None)
        if table is None:
            raise Http404
    found = sheet(groups.rows_of(table, place), place) if table and place else None
    return render(
        request,
        "attainment/groups.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place) if place else [],
            "table": table,
            "published": published,
            "sheet": found,
            "smallest": SMALLEST,
        },
    )
