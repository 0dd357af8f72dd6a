"""历次数据: one target of one place over all editions, and where it is heading."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.documents import charts, history, sheet, unit_sheet
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Edition, Target
from linkage.attainment.services import history as past
from linkage.attainment.services import reading
from linkage.attainment.views.places import asked_for, crumbs, own_figures
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment

PARAMETERS = {"place": str, "as_was": ("1",)}
WIDTHS = (14, 24, 16, 22, 44, 34, 22, 14)


@dataclass(frozen=True)
class Course:
    """A target of a place over its editions; ``moments`` as of ``services.history``."""

    place: object
    line: Line
    moments: list
    outlook: history.Outlook
    as_was: bool
    today: object

    @property
    def rows(self):
        return history.table(self.moments, self.line, self.today)

    @property
    def is_restated(self):
        return any(one.is_restated for one in self.moments)


@login_required
@require_safe
def history_of(request, code):
    course = _course(request.user, code, strict_query(request, {**PARAMETERS, "large": str}))
    return render(
        request,
        "attainment/history.html",
        {
            "place": course.place,
            "crumbs": crumbs(request.user, course.place),
            "document": course.line.target.document,
            "line": course.line,
            "as_was": course.as_was,
            "rows": course.rows,
            "moments": course.moments,
            "is_restated": course.is_restated,
            "outlook": course.outlook,
            "chart": _chart(course.line, course.moments, course.outlook, course.today),
            "is_catching_up": services.catching_up(request.user),
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request, code):
    """The same as a workbook; the drawn course is its rows."""
    course = _course(request.user, code, strict_query(request, PARAMETERS))
    line, place = course.line, course.place
    about = [*unit_sheet.about(line), *history.about(course.outlook, as_was=course.as_was)]
    return FileResponse(
        sheet.build(
            _("All editions"), about, [("", history.heads(), history.sheet_rows(course.rows))], widths=WIDTHS
        ),
        as_attachment=True,
        filename=_("All editions - %(place)s - %(clause)s.xlsx")
        % {"place": place.name, "clause": line.target.clause},
        content_type=sheet.XLSX,
    )


def _course(user, code, query):
    target = Target.objects.visible_to(user).filter(code=code).select_related("document").first()
    if target is None:
        raise Http404
    asked = asked_for(user, place=query.get("place"), policy=target.document.code)
    if asked.document is None:
        raise Http404
    target.document, place, today = asked.document, asked.place, timezone.localdate()
    found = reading.read([target], place)[0]
    line = Line(found, own_figures([target], [place]).get(place.pk), today)
    as_was = "as_was" in query
    moments = past.of([target], place, past.editions(), as_was=as_was, in_time=True)[target.code]
    monthly = [one for one in moments if one.edition.kind == Edition.Kind.MONTHLY]
    outlook = history.outlook(line, monthly[-past.MONTHS :], today)
    return Course(place, line, moments, outlook, as_was, today)


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
