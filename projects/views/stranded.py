"""滞留项目: what nobody can bring on today, for the administrators who can mend it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linkage.foundation.filters import strict_query
from projects.models.listing import placed
from projects.models.stranded import stranded_under, told_of

SHOWN = 100


@login_required
@require_safe
def stranded(request):
    strict_query(request, ("large",))
    if not request.user.administers:
        raise PermissionDenied
    found = stranded_under(request.user).select_related("region", "acting_office__region")
    page = placed(found.order_by("step_since", "pk")[: SHOWN + 1])
    context = {"rows": told_of(page[:SHOWN]), "more": len(page) > SHOWN, "shown": SHOWN}
    return render(request, "projects/stranded.html", context)
