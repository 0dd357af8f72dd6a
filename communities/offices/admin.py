"""Offices, posts and accounts as they stand: to look at. They change on the accounts page, by verbs.

The admin has no doors of its own for signing in: tries are counted, and tokens given, at one place.
"""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from rest_framework.authtoken.models import TokenProxy
from unfold.admin import ModelAdmin, TabularInline

from communities.offices import views
from communities.offices.models import Office, Post, User
from linkage.foundation.admin import ReadOnly, Scoped

# A token acts as its person, so nobody reads or makes one for somebody else.
admin.site.unregister([Group, TokenProxy])


def _sign_in(request, extra_context=None):
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('offices:login')}?{urlencode({'next': wanted})}")


def _sign_out(request, extra_context=None):
    return views.logout(request)


def _password(request, extra_context=None):
    return redirect("offices:password")


def _may_enter(request):
    """Whoever holds a post keeps or reads some register; which, the post decides."""
    return request.user.is_active and (request.user.is_staff or bool(request.user.current_posts))


def _doors():
    """Those of the admin but one, which led to any row of any model and so told whether there is one."""
    doors = type(admin.site).get_urls(admin.site)
    return [door for door in doors if getattr(door, "name", "") != "view_on_site"]


admin.site.has_permission = _may_enter
admin.site.get_urls = _doors
admin.site.login = _sign_in
admin.site.logout = _sign_out
admin.site.password_change = _password


class PostInline(ReadOnly, Scoped, TabularInline):
    model = Post
    fields = ["user", "office", "role", "section", "duty", "valid_from", "valid_to"]
    extra = 0


@admin.register(Office)
class OfficeAdmin(ReadOnly, Scoped, ModelAdmin):
    list_display = ["name", "region", "phone", "opened_on", "closed_on", "successor"]
    list_select_related = ["region", "successor"]
    search_fields = ["name"]
    fields = ["region", "name", "phone", "opened_on", "closed_on", "successor"]
    inlines = [PostInline]


@admin.register(Post)
class PostAdmin(ReadOnly, Scoped, ModelAdmin):
    list_display = ["user", "office", "role", "section", "duty", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user", "office"]
    search_fields = ["user__name", "user__username", "office__name"]
    fields = ["user", "office", "role", "section", "duty", "valid_from", "valid_to"]


@admin.register(User)
class UserAdmin(ReadOnly, Scoped, ModelAdmin):
    """Neither password nor telephone is shown."""

    list_display = ["name", "username", "is_active", "must_change_password", "locked_until", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["name", "username"]
    fields = ["username", "name", "is_active", "must_change_password", "locked_until", "last_login"]
    readonly_fields = ["locked_until"]
    inlines = [PostInline]
