"""历次数据: one target of one place over all editions, and where it is heading."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.documents import charts, history
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Edition, Target
from linkage.attainment.services import history as past
from linkage.attainment.services import reading
from linkage.attainment.views.places import asked_for, crumbs, own_figures
from linkage.foundation.filters import strict_query


@login_required
@require_safe
def history_of(request, code):
    query = strict_query(request, {"place": str, "as_was": ("1",), "large": str})
    target = Target.objects.visible_to(request.user).filter(code=code).select_related("document").first()
    if target is None:
        raise Http404
    asked = asked_for(request.user, place=query.get("place"), policy=target.document.code)
    if asked.document is None:
        raise Http404
    target.document, place, today = asked.document, asked.place, timezone.localdate()
    found = reading.read([target], place)[0]
    line = Line(found, own_figures([target], [place]).get(place.pk), today)
    as_was = "as_was" in query
    moments = past.of([target], place, past.editions(), as_was=as_was, in_time=True)[target.code]
    monthly = [one for one in moments if one.edition.kind == Edition.Kind.MONTHLY]
    outlook = history.outlook(line, monthly[-past.MONTHS :], today)
    return render(
        request,
        "attainment/history.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place),
            "document": asked.document,
            "line": line,
            "as_was": as_was,
            "rows": history.table(moments, line, today),
            "moments": moments,
            "is_restated": any(one.is_restated for one in moments),
            "outlook": outlook,
            "chart": _chart(line, moments, outlook, today),
            "is_catching_up": services.is_catching_up(),
        },
    )


def _chart(line, moments, outlook, today):
    """The last year and a month; an edition of a deadline long past would squeeze it to a corner."""
    points = [one for one in history.points(moments, line) if (today - one[0]).days <= 400 and one[0] < today]
    now = history.drawn(line)
    if now is not None:
        points.append((today, now, False))
    return charts.chart(
        points,
        limit=line.bar[1],
        deadline=line.target.deadline,
        ahead=outlook.ahead,
        label=lambda value: history.told(line, value),
        highest=1 if history.is_share(line) else None,
        whole=history.is_whole(line),
    )
