"""试算政策包: upload a draft, read it over a place. Nothing is stored: the answer stands under the form."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linkage.attainment.services import supervision
from linkage.attainment.views.places import crumbs, place_of
from linkage.foundation.filters import strict_query
from linkage.packs import trial
from linkage.packs.forms import TrialForm
from linkage.packs.source import WrongPack


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request):
    query = strict_query(request, {"place": str, "large": str})
    place = place_of(request.user, query.get("place"))
    if place is None:
        raise Http404
    if supervision.issuing_office(request.user, place) is None:
        raise PermissionDenied(_("Leaders, reviewers and administrators of the place try drafts."))
    form = TrialForm(request.POST, request.FILES) if request.method == "POST" else TrialForm()
    found, flaws = None, []
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = trial.evaluate(file.name, file.read(), place, timezone.localdate())
        except WrongPack as wrong:
            flaws = wrong.flaws
    return render(
        request,
        "packs/trial.html",
        {"place": place, "crumbs": crumbs(request.user, place), "form": form, "trial": found, "flaws": flaws},
        status=422 if flaws or (form.is_bound and not form.is_valid()) else 200,
    )
