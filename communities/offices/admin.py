"""The admin has no doors of its own for signing in: tries are counted, and tokens given, at one place."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from rest_framework.authtoken.models import TokenProxy

from communities.offices import views

# A token acts as its person, so nobody reads or makes one for somebody else.
admin.site.unregister([Group, TokenProxy])


def _sign_in(request, extra_context=None):
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('offices:login')}?{urlencode({'next': wanted})}")


def _sign_out(request, extra_context=None):
    return views.logout(request)


def _password(request, extra_context=None):
    return redirect("offices:password")


admin.site.login = _sign_in
admin.site.logout = _sign_out
admin.site.password_change = _password
