"""Deputies: for one's own posts, and for those of people one administers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.offices import rules, services
from communities.offices.forms import DeputyForm
from communities.offices.models import Deputy, Post, User
from linkage.foundation.errors import NotNow
from linkage.foundation.filters import strict_query


@login_required
def deputies(request):
    """Who stands in for whom: of one's own posts, or of the one asked for; and whom one stands in for."""
    asked = strict_query(request, {"post": int, "large": str})
    user = request.user
    mine = [post for post in user.current_posts if post.user_id == user.pk and post.decides]
    wanted = _number(request.POST.get("post")) if request.method == "POST" else asked.get("post")
    post = _post_with_deputies(user, wanted) if wanted or request.method == "POST" else (mine or [None])[0]
    people = services.colleagues(post) if post else User.objects.none()
    form = DeputyForm(request.POST if request.method == "POST" else None, people=people.order_by("name"))
    if form.is_valid():
        try:
            named = services.name_deputy(post, by=user, **form.cleaned_data)
        except ValidationError as problems:
            for name, errors in problems.message_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        except NotNow as reason:
            messages.warning(request, str(reason))
            return redirect(_deputies_of(post))
        else:
            messages.success(request, _("%(deputy)s stands in for the post.") % {"deputy": named.user})
            return redirect(_deputies_of(post))
    return render(
        request,
        "offices/deputies.html",
        {
            "form": form,
            "post": post,
            "mine": mine,
            "is_own": post is not None and post.user_id == user.pk,
            "people": people,
            "named": post.deputies.not_over().select_related("user") if post else [],
            "lent": user.deputyships.standing()
            .filter(post__in=[one.pk for one in user.current_posts])
            .select_related("post__user", "post__office"),
        },
        status=422 if form.is_bound else 200,
    )


def _post_with_deputies(user, pk):
    """A running post whose deputies this person names."""
    post = get_object_or_404(Post.objects.current().select_related("office__region", "user"), pk=pk)
    if not rules.may_name_deputy(user, post):
        raise Http404
    return post


def _number(text):
    return int(text) if (text or "").isdecimal() and len(text) < 19 else 0


def _deputies_of(post):
    return f"{reverse('offices:deputies')}?post={post.pk}"


@login_required
@require_POST
def end_deputy(request, pk):
    deputy = get_object_or_404(Deputy.objects.select_related("post__office__region", "post__user"), pk=pk)
    if not rules.may_name_deputy(request.user, deputy.post):
        raise Http404
    services.end_deputy(deputy, by=request.user)
    messages.success(request, _("The deputy has no right from this post any more."))
    return redirect(_deputies_of(deputy.post))
