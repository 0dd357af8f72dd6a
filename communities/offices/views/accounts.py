"""The accounts an administrator keeps below."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from communities.models import Region, paths
from communities.offices import documents, rules, services
from communities.offices.forms import AccountForm, AppointmentForm
from communities.offices.models import Office, User
from linkage.foundation.filters import strict_query
from linkage.foundation.spreadsheets.writing import XLSX

PER_PAGE = 30


def _administrator(request):
    if not request.user.administers:
        raise PermissionDenied
    return request.user


def _kept_by(user):
    """Accounts with a post under a place this person administers."""
    return User.objects.filter(user.under_administration("posts__office__region__path")).distinct()


def _regions_of(user):
    return Region.objects.filter(user.under_administration("path"))


@login_required
@require_safe
def accounts(request):
    """The people below, and the places below to open an account at."""
    user = _administrator(request)
    asked = strict_query(request, {"q", "after", "large"})
    words = asked.get("q", "").strip()
    people = _kept_by(user)
    places = []
    if words:
        people = people.filter(
            Q(name__contains=words) | Q(username__icontains=words) | Q(posts__office__name__contains=words)
        )
        places = list(
            _regions_of(user)
            .filter(Q(name__contains=words) | Q(code__startswith=words))
            .order_by("path")[:20]
        )
    else:
        places = list(
            Region.objects.filter(
                Q(parent__in=[post.office.region_id for post in user.current_posts if post.administers])
                | Q(pk__in=[post.office.region_id for post in user.current_posts if post.administers])
            ).order_by("path")[:60]
        )
    after = asked.get("after", "")
    people = people.order_by("username")
    if after:
        people = people.filter(username__gt=after)
    rows = list(people.prefetch_related("posts__office__region")[: PER_PAGE + 1])
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    for person in rows:
        person.current_posts = [post for post in person.posts.all() if person.is_active and post.is_current()]
    trail = paths(places)
    return render(
        request,
        "offices/accounts.html",
        {
            "people": rows,
            "next_after": rows[-1].username if more else "",
            "places": [(place, " › ".join(step.name for step in trail[place.pk])) for place in places],
            "words": words,
            "waiting": services.without_password(user).count(),
        },
    )


@login_required
@sensitive_post_parameters()
def new_account(request):
    user = _administrator(request)
    asked = strict_query(request, {"region", "large"})
    code = request.POST.get("region") or asked.get("region", "")
    region = get_object_or_404(_regions_of(user), code=code)
    office = Office.objects.serving(region).first()
    form = AccountForm(request.POST or None, initial={"role": "clerk"})
    if request.method == "POST" and form.is_valid():
        try:
            made, first = services.create_account(by=user, region=region, **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            return render(
                request, "offices/first_password.html", {"person": made, "first": first, "region": region}
            )
    return render(
        request,
        "offices/new_account.html",
        {
            "form": form,
            "region": region,
            "office_name": office.name if office else services.usual_office_name(region),
            "office_is_new": office is None,
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@never_cache
def first_passwords(request):
    """Whose first password is still to be given; the list of them leaves this page once, as a file."""
    user = _administrator(request)
    strict_query(request, {"large"})
    if request.method == "POST":
        anew = request.POST.get("anew") == "1"
        given = services.give_first_passwords(by=user, anew=anew)
        name = f"{_('First passwords')}_{timezone.localtime():%Y%m%d_%H%M}.xlsx"
        answer = HttpResponse(documents.first_passwords(given, by=user), content_type=XLSX)
        answer["Content-Disposition"] = content_disposition_header(True, name)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
    waiting, unused = services.without_password(user), services.without_sign_in(user)
    return render(
        request,
        "offices/first_passwords.html",
        {
            "waiting": _some(waiting),
            "waiting_count": waiting.count(),
            "unused": _some(unused),
            "unused_count": unused.count(),
            "most": services.PASSWORDS,
        },
    )


def _some(people):
    """The first of them with their posts."""
    rows = list(people.order_by("username").prefetch_related("posts__office")[:PER_PAGE])
    for person in rows:
        person.current_posts = [post for post in person.posts.all() if post.is_current()]
    return rows


def _kept_account(request, pk):
    return get_object_or_404(_kept_by(_administrator(request)), pk=pk)


@login_required
@require_safe
def account(request, pk):
    person = _kept_account(request, pk)
    return _account_page(request, person, AppointmentForm(initial={"role": "clerk"}))


def _account_page(request, person, form, status=200):
    posts = list(person.posts.select_related("office__region"))
    current = {post.pk for post in person.current_posts}
    may_name = {post.pk for post in posts if post.decides and rules.may_name_deputy(request.user, post)}
    return render(
        request,
        "offices/account.html",
        {
            "person": person,
            "posts": [(post, post.pk in current, post.pk in current & may_name) for post in posts],
            "form": form,
            "places": _regions_of(request.user)
            .filter(offices__closed_on__isnull=True, offices__isnull=False)
            .order_by("path")
            .values_list("code", "offices__name")[:500],
            "may_keep": rules.may_keep_account(request.user, person),
        },
        status=status,
    )


@login_required
@require_POST
def reset(request, pk):
    person = _kept_account(request, pk)
    first = services.reset_password(person, by=request.user)
    return render(request, "offices/first_password.html", {"person": person, "first": first})


@login_required
@require_POST
def active(request, pk):
    person = _kept_account(request, pk)
    wanted = request.POST.get("active")
    if wanted not in ("0", "1"):
        raise BadRequest
    services.set_active(person, wanted == "1", by=request.user)
    messages.success(request, _("Saved."))
    return redirect("offices:account", pk)


@login_required
@require_POST
def appoint(request, pk):
    person = _kept_account(request, pk)
    region = get_object_or_404(_regions_of(request.user), code=request.POST.get("region", ""))
    form = AppointmentForm(request.POST)
    if not form.is_valid():
        return _account_page(request, person, form, status=422)
    office = services.open_office(region, by=request.user)
    services.appoint(person, office, by=request.user, **form.cleaned_data)
    messages.success(request, _("The post holds from now on."))
    return redirect("offices:account", pk)


@login_required
@require_POST
def dismiss(request, pk, post):
    person = _kept_account(request, pk)
    services.dismiss(get_object_or_404(person.posts, pk=post), by=request.user)
    messages.success(request, _("The post has ended."))
    return redirect("offices:account", pk)


@login_required
@require_POST
def full_exports(request, pk, post):
    """Give a post the right to export full numbers, or take it back."""
    person = _kept_account(request, pk)
    wanted = request.POST.get("allowed")
    if wanted not in ("0", "1"):
        raise BadRequest
    post = get_object_or_404(person.posts, pk=post)
    try:
        services.allow_full_exports(
            post, wanted == "1", by=request.user, reason=request.POST.get("reason", "")
        )
    except ValidationError as problems:
        messages.error(request, "；".join(problems.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("offices:account", pk)
