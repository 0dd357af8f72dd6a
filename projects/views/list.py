"""Every project within one's scope, as a list that can be narrowed."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.models import Region
from projects import rules
from projects.forms.filters import ProjectQuery
from projects.models import Programme, Project, Track
from projects.models.listing import described, placed, told

COUNTED_AT_MOST = 5000  # beyond it the totals would cost more than the list


@login_required
@require_safe
def project_list(request):
    home = request.user.home_region
    query = ProjectQuery(request, tracks=offered_tracks(request.user), regions=places_below(home))
    found = query.narrow(Project.objects.visible_to(request.user))
    page, links = query.page(described(found), ["-step_since", "-pk"])
    return render(
        request,
        "projects/list.html",
        {
            "query": query,
            "rows": told(placed(page, home=home)),
            "may_start": rules.may_start(request.user),
            "oversees": rules.oversees(request.user),
            "totals": totals(found),
            "most": COUNTED_AT_MOST,
            "links": links,
        },
    )


def offered_tracks(user):
    programmes = Programme.objects.visible_to(user)
    return list(Track.objects.filter(programme__in=programmes).select_related("programme"))


def places_below(region):
    """The next places under one's own, to narrow a list to one of them."""
    if region is None or region.is_community:
        return []
    return list(Region.objects.filter(parent=region).open_on(timezone.localdate()).order_by("code"))


def totals(projects):
    """How many and how much; None where counting them all would cost."""
    some = projects.order_by().values("requested_subsidy", "granted_amount")[: COUNTED_AT_MOST + 1]
    sums = some.aggregate(count=Count("*"), asked=Sum("requested_subsidy"), granted=Sum("granted_amount"))
    return sums if sums["count"] <= COUNTED_AT_MOST else None
