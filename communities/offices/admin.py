"""Offices, posts and accounts as they stand: to look at. They change on the accounts page, by verbs.

The admin has no doors of its own for signing in: tries are counted, and tokens given, at one place.
"""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import TokenProxy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from communities.offices import rules, services
from communities.offices.forms import CloseForm, HandOverForm, RenameOfficeForm
from communities.offices.models import Deputy, Office, Post, User
from communities.offices.views import sign_in
from linkage.foundation import tidings
from linkage.foundation.admin import ReadOnly, Scoped
from linkage.foundation.registers.pages import Foretold

# A token acts as its person, so nobody reads or makes one for somebody else.
admin.site.unregister([Group, TokenProxy])


def _sign_in(request, extra_context=None):
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('offices:login')}?{urlencode({'next': wanted})}")


def _sign_out(request, extra_context=None):
    return sign_in.logout(request)


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
class OfficeAdmin(Foretold, ReadOnly, Scoped, ModelAdmin):
    """Renamed and handed over by administrators of the place or of one above it; else to look at."""

    actions_detail = ["rename_here", "hand_over_here", "close_here"]
    list_display = ["name", "region", "phone", "opened_on", "closed_on", "successor"]
    list_select_related = ["region", "successor"]
    search_fields = ["name"]
    fields = ["region", "name", "phone", "opened_on", "closed_on", "successor"]
    inlines = [PostInline]

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or (
            request.user.is_authenticated and request.user.administers
        )

    def has_keep_permission(self, request, object_id=None):
        row = self.get_object(request, unquote(str(object_id))) if object_id else None
        return (
            row is not None and row.closed_on is None and rules.administers_region(request.user, row.region)
        )

    def has_succeed_permission(self, request, object_id=None):
        """One that was closed without a successor may still be given one."""
        row = self.get_object(request, unquote(str(object_id))) if object_id else None
        return (
            row is not None
            and row.successor_id is None
            and rules.administers_region(request.user, row.region)
        )

    @action(description=_("Rename"), url_path="rename", permissions=["keep"], icon="edit")
    def rename_here(self, request, object_id):
        return self._foretell(
            request,
            object_id,
            RenameOfficeForm,
            services.rename_office,
            permitted=self.has_keep_permission,
            title=_("Rename an office"),
            told=lambda office, name: [
                gettext("“%(old)s” is called “%(new)s” from now on.") % {"old": office.name, "new": name},
                gettext("What it has signed under the old name keeps the old name."),
            ],
        )

    @action(description=_("Hand over"), url_path="hand_over", permissions=["succeed"], icon="move_group")
    def hand_over_here(self, request, object_id):
        return self._foretell(
            request,
            object_id,
            HandOverForm,
            services.hand_over,
            permitted=self.has_succeed_permission,
            title=_("Hand an office over"),
            told=_handed_over,
        )

    @action(description=_("Close"), url_path="close", permissions=["keep"], icon="block")
    def close_here(self, request, object_id):
        return self._foretell(
            request,
            object_id,
            CloseForm,
            services.close_office,
            permitted=self.has_keep_permission,
            title=_("Close an office that nobody follows"),
            told=_closed,
        )


def _handed_over(office, heir, on):
    posts = office.posts.filter(ended_at__isnull=True).count()
    lying = len(tidings.ask("office.lies_with", office=office))
    waiting = gettext(
        "Everything that lies with it lies with %(heir)s from then on: %(count)s applications on their way,"
        " each with the time it had left. Their record notes it; what was signed keeps its name."
    ) % {"heir": heir.name, "count": lying}
    return [
        gettext("%(office)s closes on %(day)s. This cannot be taken back here.")
        % {"office": office.name, "day": date_format(on)},
        waiting,
        gettext("%(count)s posts in it end at once; appoint these people anew where they work on.")
        % {"count": posts},
    ]


def _closed(office, on):
    posts = office.posts.filter(ended_at__isnull=True).count()
    lying = tidings.ask("office.lies_with", office=office)
    if lying:
        reason = gettext("It cannot be closed so while these lie with it, hand it over instead: %(files)s.")
        way = reverse("admin:offices_office_hand_over_here", args=[office.pk])
        raise ValidationError(
            format_html(
                '{} <a class="underline" href="{}">{}</a>',
                reason % {"files": "、".join(lying[:20])},
                way,
                gettext("Hand over"),
            )
        )
    return [
        gettext("%(office)s closes on %(day)s, and nobody takes over.")
        % {"office": office.name, "day": date_format(on)},
        gettext("%(count)s posts in it end at once; appoint these people anew where they work on.")
        % {"count": posts},
    ]


@admin.register(Post)
class PostAdmin(ReadOnly, Scoped, ModelAdmin):
    list_display = ["user", "office", "role", "section", "duty", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user", "office"]
    search_fields = ["user__name", "user__username", "office__name"]
    fields = ["user", "office", "role", "section", "duty", "valid_from", "valid_to"]


@admin.register(Deputy)
class DeputyAdmin(ReadOnly, Scoped, ModelAdmin):
    """Named and ended on the page of deputies."""

    list_display = ["user", "post", "holder", "reason", "starts_on", "ends_on", "ended_at"]
    list_filter = ["reason"]
    list_select_related = ["user", "post__user", "post__office"]
    search_fields = ["user__name", "post__user__name", "post__office__name"]
    fields = ["post", "holder", "user", "reason", "starts_on", "ends_on", "ended_at", "named_by"]
    readonly_fields = ["holder", "ended_at"]

    @admin.display(description=_("holder of the post"))
    def holder(self, row):
        return row.post.user


@admin.register(User)
class UserAdmin(ReadOnly, Scoped, ModelAdmin):
    """Neither password nor telephone is shown."""

    list_display = ["name", "username", "is_active", "must_change_password", "locked_until", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["name", "username"]
    fields = ["username", "name", "is_active", "must_change_password", "locked_until", "last_login"]
    readonly_fields = ["locked_until"]
    inlines = [PostInline]
