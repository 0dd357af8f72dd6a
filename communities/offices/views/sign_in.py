"""Signing in and out, and one's own password."""

from django.contrib import messages
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from communities.offices import services
from communities.offices.forms import PasswordForm, SignInForm
from linkage.foundation import journal

LONGEST = 2000  # of an address to go on to


@never_cache
@sensitive_post_parameters()
def login(request):
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("desk:home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username = form.cleaned_data["username"]
        user = services.sign_in(username, form.cleaned_data["password"], request=request)
        if user is not None:
            django_login(request, user)
            journal.record("signed_in", by=user, target=user, request=request)
            return redirect(wanted if _is_ours(request, wanted) else "desk:home")
        if services.is_locked(username):
            form.add_error(None, _("Too many wrong passwords. The account is locked for 30 minutes."))
        else:
            form.add_error(None, _("Account or password is wrong."))
    status = 422 if form.is_bound else 200
    return render(request, "offices/login.html", {"form": form, "next": wanted}, status=status)


def _is_ours(request, address):
    """A path of this site, short enough to be led to."""
    return (
        address.startswith("/")
        and len(address) < LONGEST
        and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    )


@require_POST
def logout(request):
    if request.user.is_authenticated:
        journal.record("signed_out", by=request.user, target=request.user, request=request)
    django_logout(request)
    return redirect("offices:login")


@login_required
@sensitive_post_parameters()
def password(request):
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.change_password(
                request.user, form.cleaned_data["old_password"], form.cleaned_data["new_password1"]
            )
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("The new password holds from now on."))
            return redirect("desk:home")
    return render(request, "offices/password.html", {"form": form}, status=422 if form.is_bound else 200)
