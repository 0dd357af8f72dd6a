"""计入的明细: the records of the registers from which the figure of one unit was counted."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.models import Region
from linkage.attainment import services
from linkage.attainment.documents import figures
from linkage.attainment.documents.units import record_address
from linkage.attainment.models import PlaceMeasures
from linkage.attainment.services import units
from linkage.attainment.views.places import crumbs
from linkage.foundation import measures
from linkage.foundation.filters import LARGEST_ID, strict_query

SIZE = 50


@login_required
@require_safe
def records(request, key, unit):
    """One measure of one unit: its figure, and the records behind it that this person may see."""
    query = strict_query(request, {"after": int, "large": str})
    measure = measures.get(key)
    if measure is None or unit > LARGEST_ID:
        raise Http404
    table = units.TABLES[measure.unit]
    counted = table.objects.filter(unit=unit).first()
    at = unit if table is PlaceMeasures else counted and counted.region_id
    place = Region.objects.visible_to(request.user).filter(pk=at).first()
    if place is None:
        raise Http404
    behind = measure.rows_behind(timezone.localdate(), unit).order_by("pk")
    seen = behind.model.objects.visible_to(request.user)
    seen = behind.filter(pk__in=seen.order_by().values("pk"))
    page = list(seen.filter(pk__gt=query.get("after", 0))[: SIZE + 1])
    number = seen.count()
    figure = getattr(counted, key, None)
    return render(
        request,
        "attainment/records.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place),
            "measure": measure,
            "named": None if table is PlaceMeasures else _named(request.user, counted),
            "figure": figures.amount(key, figure) if figure is not None else None,
            "records": [(str(row), record_address(row)) for row in page[:SIZE]],
            "kind": behind.model._meta.verbose_name,
            "number": number,
            "unseen": behind.count() - number,
            "next_url": "?" + urlencode({"after": page[SIZE - 1].pk}) if len(page) > SIZE else None,
            "is_catching_up": services.is_catching_up(),
        },
    )


def _named(user, counted):
    """The unit itself, where this person may see it."""
    model = counted._meta.get_field("unit").related_model
    return model.objects.visible_to(user).filter(pk=counted.pk).first()
