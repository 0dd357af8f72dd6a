"""What has come to the last level of a programme, under its ceilings; raising a ceiling."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import CharField, Count, DecimalField, F, Func, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.models import Region
from projects import rules
from projects.forms.filters import ArrivalQuery
from projects.forms.review import QuotaRaiseForm
from projects.models import LISTED, Programme, Project, Quota
from projects.models.listing import ceilings, described, marked, placed, places_called, taken_of
from projects.services import programme as verbs
from projects.views.list import places_below


@login_required
@require_safe
def arrivals(request, code):
    return _page(request, programme_of(request, code))


@login_required
@require_POST
def raise_quota(request, code, key):
    programme = programme_of(request, code)
    quota = get_object_or_404(Quota.objects.filter(programme=programme), key=key)
    if not rules.governs_programme(request.user, programme):
        raise PermissionDenied
    form = QuotaRaiseForm(request.POST, prefix=key)
    if form.is_valid():
        try:
            raised = verbs.raise_quota(quota, by=request.user, **form.cleaned_data)
        except ValidationError as problems:
            form.refuse(problems)
        else:
            messages.success(
                request,
                _("%(name)s: the ceiling is now %(limit)s.") % {"name": quota.name, "limit": raised.limit},
            )
            return redirect(reverse("projects:arrivals", args=[code]))
    return _page(request, programme, form)


def programme_of(request, code):
    """The programme, for those who sit at its own level: lower offices have no such list."""
    programmes = Programme.objects.visible_to(request.user).select_related("region", "document")
    programme = get_object_or_404(programmes.prefetch_related("phases", "quotas"), code=code)
    if not any(post.office.region_id == programme.region_id for post in request.user.current_posts):
        raise Http404
    return programme


def arrived(user, programme):
    """What this person sees of all that has come to the level of the programme, since when, for how much."""
    return (
        Project.objects.visible_to(user)
        .filter(programme=programme)
        .arrived_at(programme.region.level)
        .annotate(
            arrived=F("route__arrived_at"),
            asked=Coalesce(
                "requested_subsidy", Value(0), output_field=DecimalField(max_digits=14, decimal_places=2)
            ),
        )
    )


def _page(request, programme, form=None):
    region = programme.region
    below = places_called(region)
    query = ArrivalQuery(request, below=below, cities=places_below(region))
    found = query.narrow(arrived(request.user, programme))
    page, links = query.page(marked(described(found)), query.order)
    cities, taken = by_city(found, region, query.cities), taken_of(programme)
    governs = rules.governs_programme(request.user, programme)
    return render(
        request,
        "projects/arrivals.html",
        {
            "programme": programme,
            "phase": programme.phase_on(),
            "query": query,
            "rows": _waiting(placed(page, home=request.user.home_region), request.user),
            "columns": [
                ("title", _("Project / applicant"), False),
                ("money", _("Asked (10,000 yuan)"), True),
                ("", _("Granted (10,000 yuan)"), True),
                ("arrived", _("Arrived"), True),
                ("status", _("Status"), False),
            ],
            "sort": query.cleaned_data["sort"] or "arrived",
            "totals": _sum_of(cities),
            "links": links,
            "cities": cities,
            "below": below,
            "quotas": ceilings(programme, taken),
            "granted": taken["granted"],
            "raises": [
                (quota, form if form and form.prefix == quota.key else QuotaRaiseForm(prefix=quota.key))
                for quota in programme.quotas.all()
            ]
            if governs
            else [],
        },
        status=422 if form else 200,
    )


def _waiting(projects, user):
    for project in projects:
        project.waits_here = user.decides_for(project.acting_office)
    return projects


def by_city(projects, above, cities):
    """Subtotals by the places right under a region: how many, how much, how many approved.

    ``cities`` are those known by code; one that has closed since is looked up.
    """
    under = len(above.path_codes) + 1
    rows = (
        projects.order_by()
        .values(
            code=Func(
                "region__path", Value("/"), Value(under), function="split_part", output_field=CharField()
            )
        )
        .annotate(
            count=Count("pk"),
            sum=Sum("requested_subsidy"),
            granted=Sum("granted_amount"),
            approved=Count("pk", filter=Q(status__in=LISTED)),
        )
    )
    lines = sorted(rows, key=lambda row: row["code"])
    missing = {row["code"] for row in lines} - set(cities)
    if missing:
        cities = cities | {place.code: place for place in Region.objects.filter(code__in=missing)}
    for line in lines:
        line["city"] = cities[line["code"]]
    return lines


def _sum_of(lines):
    return {
        "count": sum(line["count"] for line in lines),
        "asked": sum(line["sum"] or 0 for line in lines),
        "granted": sum(line["granted"] or 0 for line in lines),
    }
