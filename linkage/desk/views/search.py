"""One search over what a person may see, and over the names of places anywhere."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.models import Region, paths
from communities.models.region import SEPARATOR
from linkage.foundation.filters import strict_query
from projects.models import Project
from projects.models.listing import described, placed, told

SHOWN = 20


@login_required
@require_safe
def search(request):
    text = strict_query(request, ("q", "large")).get("q", "").strip()[:100]
    projects, places = [], []
    if text:
        found = Project.objects.visible_to(request.user).search(text)
        newest = described(found).order_by("-step_since", "-pk")[:SHOWN]
        projects = told(placed(newest, home=request.user.home_region))
        regions = list(Region.objects.findable_by(request.user, text).order_by("level", "path")[:SHOWN])
        chains = paths(regions)
        mine = [post.office.region.path for post in request.user.current_posts]
        places = [
            {
                "region": region,
                "path": SEPARATOR.join(place.name for place in chains[region.pk]),
                "inside": any(region.path.startswith(path) for path in mine),
            }
            for region in regions
        ]
    return render(
        request,
        "desk/search.html",
        {"text": text, "rows": projects, "places": places, "most": SHOWN},
    )
