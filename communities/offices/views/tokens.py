"""One's own tokens for programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from communities.models import Region
from communities.offices import services
from communities.offices.forms import TokenForm
from communities.offices.models import ApiToken
from linkage.foundation.filters import strict_query


@login_required
@never_cache
@sensitive_post_parameters()
def tokens(request):
    asked = strict_query(request, {"place", "large"})
    sent = request.POST if request.method == "POST" else None
    form = TokenForm(sent, places=_token_places(request.user, asked.get("place")))
    if form.is_valid():
        given = dict(form.cleaned_data)
        region = get_object_or_404(Region.objects.visible_to(request.user), code=given.pop("place"))
        try:
            made, secret = services.make_token(by=request.user, region=region, **given)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            return render(request, "offices/new_token.html", {"token": made, "secret": secret})
    mine = ApiToken.objects.of(request.user).filter(revoked_at__isnull=True).select_related("region")
    return render(
        request,
        "offices/tokens.html",
        {"form": form, "tokens": mine, "most": services.TOKENS},
        status=422 if form.is_bound else 200,
    )


def _token_places(user, code):
    """``[(code, name)]``: places of one's posts, those directly below them, and one that was asked for."""
    own = [post.office.region_id for post in user.current_posts]
    nearest = Q(pk__in=own) | Q(parent__in=own, closed_on__isnull=True)
    found = Region.objects.visible_to(user).filter(nearest | Q(code=code) if code else nearest)
    return [(region.code, f"{region.name}（{region.code}）") for region in found.order_by("path")[:400]]


@login_required
@require_POST
def revoke_token(request, pk):
    token = get_object_or_404(ApiToken.objects.of(request.user), pk=pk)
    services.revoke_token(token, by=request.user)
    messages.success(request, _("The token opens nothing any more."))
    return redirect("offices:tokens")
