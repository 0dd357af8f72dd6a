"""试算政策包: upload a draft, read it over a place. Nothing is stored: the answer stands under the form."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linkage.attainment.documents import sheet
from linkage.attainment.services import supervision
from linkage.attainment.views.places import crumbs, place_of
from linkage.foundation.filters import strict_query
from linkage.packs import trial
from linkage.packs.documents import about, heads, rows
from linkage.packs.forms import ReadForm, TrialForm
from linkage.packs.source import WrongPack

WIDTHS = (50, 18, 22, 18, 18, 18, 22, 18, 18)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request):
    place = _place(request)
    form = TrialForm(request.POST, request.FILES) if request.method == "POST" else TrialForm()
    found, flaws, read = None, [], None
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        raw = file.read()
        try:
            found = trial.evaluate(file.name, raw, place, timezone.localdate())
            read = {"name": file.name[-100:], "text": raw.decode()}
        except WrongPack as wrong:
            flaws = wrong.flaws
    return render(
        request,
        "packs/trial.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place),
            "form": form,
            "trial": found,
            "read": read,
            "flaws": flaws,
        },
        status=422 if flaws or (form.is_bound and not form.is_valid()) else 200,
    )


@login_required
@require_POST
def export(request):
    """What stands on the page as a workbook. The page sends the draft along, as nothing of it was kept."""
    place = _place(request)
    form = ReadForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Read the draft again, then export it."))
    name, text = form.cleaned_data["name"], form.cleaned_data["text"].replace("\r\n", "\n")
    try:
        found = trial.evaluate(name, text.encode(), place, timezone.localdate())
    except WrongPack as wrong:
        raise BadRequest(_("Read the draft again, then export it.")) from wrong
    if not found.lines:
        raise Http404
    return FileResponse(
        sheet.build(
            _("Try a draft"),
            about(found, place),
            [("", heads(), rows(found))],
            mark=_("Draft · not in force"),
            widths=WIDTHS,
        ),
        as_attachment=True,
        filename=_("Draft, not in force - %(place)s.xlsx") % {"place": place.name},
        content_type=sheet.XLSX,
    )


def _place(request):
    query = strict_query(request, {"place": str, "large": str})
    place = place_of(request.user, query.get("place"))
    if place is None:
        raise Http404
    if supervision.issuing_office(request.user, place) is None:
        raise PermissionDenied(_("Leaders, reviewers and administrators of the place try drafts."))
    return place
