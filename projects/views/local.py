"""What pilot cities and counties hand in: the local plan on the page of pilot places, reports of progress."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import paths
from linkage.foundation import uploads
from linkage.foundation.filters import strict_query
from projects import rules
from projects.forms.filing import ReasonForm
from projects.forms.local import ReportForm
from projects.models import PilotArea, PilotPlan, Programme, ProgressReport
from projects.models.listing import place_of
from projects.models.report import figures_of, periods
from projects.services import local as verbs
from projects.views.pilots import page as pilots_page


@login_required
@require_POST
def hand_in_plan(request, code, area):
    """The file of the local plan, brought by the office of the pilot area."""
    area = _area(request, code, area)
    if not rules.names_pilots(request.user, area):
        raise PermissionDenied
    try:
        verbs.hand_in_plan(area, request.FILES.get("file"), by=request.user)
    except ValidationError as problems:
        return pilots_page(request, area.programme, plan_errors={area.pk: problems.messages}, status=422)
    messages.success(request, _("The plan is handed in to the owner of the programme."))
    return redirect("projects:pilots", code)


@login_required
@require_POST
def answer_plan(request, code, area):
    """Received, or sent back with a reason."""
    area = _area(request, code, area)
    if not rules.governs_programme(request.user, area.programme):
        raise PermissionDenied
    plans = PilotPlan.objects.visible_to(request.user).filter(area=area)
    plan = get_object_or_404(plans, state=PilotPlan.State.HANDED_IN)
    if request.POST.get("answer") == "accept":
        verbs.accept_plan(plan, by=request.user)
        messages.success(request, _("The plan of %(place)s is received.") % {"place": area.region.name})
        return redirect("projects:pilots", code)
    form = ReasonForm(request.POST, prefix=f"plan-{plan.pk}")
    if not form.is_valid():
        errors = {area.pk: [_("Give the reason.")]}
        return pilots_page(request, area.programme, plan_errors=errors, status=422)
    verbs.return_plan(plan, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("The plan of %(place)s is sent back.") % {"place": area.region.name})
    return redirect("projects:pilots", code)


@login_required
@require_safe
def plan_file(request, pk):
    plan = get_object_or_404(PilotPlan.objects.visible_to(request.user), pk=pk)
    try:
        return uploads.serve(plan.stored, plan.name, plan.content_type, inline="download" not in request.GET)
    except FileNotFoundError as error:
        raise Http404 from error


@login_required
@require_safe
def reports(request, code):
    """Who has reported on which period: for the owner of the programme every area, for others their own."""
    strict_query(request, ("large",))
    programme = _programme(request, code)
    today = timezone.localdate()
    spans = list(reversed(periods(programme, today)))
    areas = _seen(request, programme)
    chains = paths([area.region for area in areas])
    known = {
        (report.area_id, report.starts_on): report
        for report in ProgressReport.objects.visible_to(request.user).filter(area__in=areas)
    }
    for area in areas:
        area.place = place_of(chains[area.region_id])
        area.is_own = rules.names_pilots(request.user, area)
        area.cells = [_cell(area, span, known.get((area.pk, span.starts_on)), today) for span in spans]
    late = [
        (span, [area for area in areas if area.cells[place]["state"] == "late"])
        for place, span in enumerate(spans)
    ]
    return render(
        request,
        "projects/reports.html",
        {
            "programme": programme,
            "areas": areas,
            "spans": spans,
            "late": [(span, those) for span, those in late if those],
            "governs": rules.governs_programme(request.user, programme),
            "today": today,
        },
    )


def _cell(area, span, report, today):
    """One area and period: handed in, in time or late; sent back; overdue; due; not yet."""
    if report is not None and report.state == ProgressReport.State.RETURNED:
        state = "returned"
    elif report is not None:
        state = "done_late" if report.is_late else "done"
    elif today > span.due:
        state = "late"
    else:
        state = "due" if today >= span.opens else "early"
    return {"span": span, "report": report, "state": state, "days": (today - span.due).days}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, code, area, period):
    """One report: to be written by the area, read by whoever sees it, sent back by the owner."""
    strict_query(request, ("large",))
    area = _area(request, code, area)
    try:
        first = date.fromisoformat(period)
    except ValueError as error:
        raise Http404 from error
    span = next((one for one in periods(area.programme) if one.starts_on == first), None)
    if span is None:
        raise Http404
    found = ProgressReport.objects.visible_to(request.user).filter(area=area, starts_on=first).first()
    own = rules.names_pilots(request.user, area)
    form = None
    if own and (found is None or found.state == ProgressReport.State.RETURNED):
        start = {name: getattr(found, name) for name in ReportForm.base_fields} if found else {}
        form = ReportForm(request.POST if request.method == "POST" else None, initial=start)
        if form.is_bound and form.is_valid():
            try:
                verbs.hand_in_report(area, first, by=request.user, **form.cleaned_data)
            except ValidationError as problems:
                form.add_error(None, problems)
            else:
                messages.success(request, _("The report is handed in to the owner of the programme."))
                return redirect("projects:reports", code)
    elif request.method == "POST":
        return _returned(request, found, code)
    elif found is None:
        raise Http404
    context = {
        "programme": area.programme,
        "area": area,
        "place": place_of(paths([area.region])[area.region_id]),
        "span": span,
        "report": found,
        "form": form,
        "figures": found.figures if found and form is None else figures_of(area),
        "governs": rules.governs_programme(request.user, area.programme),
        "sending_back": ReasonForm(prefix="back"),
    }
    return render(request, "projects/report.html", context, status=422 if form and form.is_bound else 200)


def _returned(request, found, code):
    if found is None:
        raise Http404
    form = ReasonForm(request.POST, prefix="back")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        verbs.return_report(found, reason=reason, by=request.user)
    except ValidationError as problems:
        messages.error(request, " ".join(problems.messages))
    else:
        messages.success(request, _("The report is sent back."))
    return redirect("projects:reports", code)


def _programme(request, code):
    programmes = Programme.objects.visible_to(request.user).select_related("region", "document")
    return get_object_or_404(programmes.prefetch_related("phases"), code=code)


def _seen(request, programme):
    """The pilot areas under or at the places of this person: those above see all, others their own."""
    areas = PilotArea.objects.filter(programme=programme).select_related("region").order_by("region__path")
    homes = [post.office.region.path for post in request.user.current_posts]
    return [area for area in areas if any(area.region.path.startswith(home) for home in homes)]


def _area(request, code, area):
    """A pilot area at or under one's place; any other is none."""
    programme = _programme(request, code)
    found = next((one for one in _seen(request, programme) if one.region.code == area), None)
    if found is None:
        raise Http404
    found.programme = programme
    return found
