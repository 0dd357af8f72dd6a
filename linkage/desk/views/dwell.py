"""办理时效: where projects wait how long, for those who oversee it."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from communities.models import paths
from communities.offices.models import Office
from linkage.foundation import journal
from linkage.foundation.listing import Query
from linkage.foundation.workdays import calendar_of
from projects import rules
from projects.documents import dwell as document
from projects.models import Programme, dwell
from projects.models.listing import place_of, step_label

SHOWN = 50
SPANS = [("365", lazy("the past year")), ("90", lazy("last 90 days")), ("30", lazy("last 30 days"))]


class DwellQuery(Query):
    programme = forms.ChoiceField(label=lazy("Programme"), required=False)
    span = forms.ChoiceField(label=lazy("Arrived in"), required=False, choices=SPANS, initial="365")

    def __init__(self, request, programmes):
        super().__init__(request, programme=[(one.code, one.title) for one in programmes])
        self.chosen = next(
            (one for one in programmes if one.code == self.cleaned_data["programme"]), programmes[0]
        )
        if len(programmes) < 2:
            self.fields["programme"].widget = forms.HiddenInput()


@login_required
@require_safe
def dwell_page(request):
    found = _found(request)
    if found is None:
        return render(request, "desk/no_programme.html", {})
    return render(request, "desk/dwell.html", found | {"shown": SHOWN})


@login_required
@require_safe
def dwell_export(request):
    found = _found(request)
    if found is None:
        raise PermissionDenied
    journal.record("dwell_exported", by=request.user, target=found["programme"], request=request)
    file, name, kind = document.build(
        found["programme"],
        found["steps"],
        [(office.name, place_of(trail), line) for office, trail, line in found["offices"]],
        since=found["since"],
        today=found["today"],
        by=request.user,
    )
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _found(request):
    """What page and file tell; None where no programme reaches this person."""
    user = request.user
    if not rules.oversees(user):
        raise PermissionDenied
    programmes = list(Programme.objects.visible_to(user).order_by("-active", "code"))
    if not programmes:
        return None
    query, today = DwellQuery(request, programmes), timezone.localdate()
    since = today - timedelta(days=int(query.cleaned_data["span"] or "365"))
    arrivals = dwell.arrivals_under(rules.overseeing_posts(user)).filter(project__programme=query.chosen)
    calendar = calendar_of(user)
    stays = dwell.stays(arrivals, since, calendar)
    by_step = {
        line.key: line for line in dwell.lines(dwell.stays(arrivals, since, calendar, whole=True), "step")
    }
    by_office = dwell.bottlenecks(dwell.lines(stays, "office"))
    offices = Office.objects.select_related("region").in_bulk([line.key for line in by_office])
    trails = paths([office.region for office in offices.values()])
    steps = query.chosen.steps.filter(key__in=by_step)
    return {
        "query": query,
        "programme": query.chosen,
        "since": since,
        "today": today,
        "steps": [(step_label(step.level, step.verb), by_step[step.key]) for step in steps],
        "offices": [(offices[line.key], trails[offices[line.key].region_id], line) for line in by_office],
        "unknown": calendar_of(user).unknown(since, today),
    }
