"""The desk of what facilities open to others, and the log of its use."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.facilities.models import OpenedResource, ResourceUse
from linkage.foundation.registers import Lines, Register, pairs

SOURCE = "出处：重庆2018 二(一)2：公建民营、民办公助等方式，主动开放社区资源"


class UseLines(Lines):
    """The log of its use, the newest first."""

    model = ResourceUse
    fields = ["used_on", "starts", "ends", "user_kind", "user_name", "purpose", "people"]
    ordering = ["-used_on", "-starts", "pk"]
    per_page = 20


@admin.register(OpenedResource)
class OpenedResourceAdmin(Register):
    list_display = ["name", "facility", "where", "kind", "room", "capacity", "hours", "used"]
    list_filter = ["kind"]
    list_select_related = ["facility"]
    search_fields = ["name__holds", "facility__name__holds"]
    search_help_text = _("Name of the resource or of the facility")
    autocomplete_fields = ["facility"]
    ordering = ["facility__region__path", "facility_id", "pk"]
    fields = [
        "facility",
        ("kind", "name"),
        ("room", "capacity"),
        "hours",
        "terms",
        ("valid_from", "valid_to"),
        "used",
    ]
    readonly_fields = ["used"]
    inlines = [UseLines]
    help_source = SOURCE

    def get_queryset(self, request):
        return super().get_queryset(request).with_use(timezone.localdate().year)

    def get_fields(self, request, obj=None):
        found = super().get_fields(request, obj)
        return found if obj else [one for one in found if one != "used"]

    def get_inlines(self, request, obj):
        """The log begins when the resource stands."""
        return self.inlines if obj else []

    @admin.display(description=_("used this year"))
    def used(self, row):
        if not row.used_times:
            return "—"
        hours = row.used_for.total_seconds() / 3600
        return gettext("%(times)s times, %(hours)s hours") % {"times": row.used_times, "hours": f"{hours:g}"}

    def doubles(self, request):
        rows = OpenedResource.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows.exclude(room=""), ["facility", "room"], gettext("in the same room")),
                (
                    rows.exclude(capacity=None),
                    ["facility", "kind", "capacity"],
                    gettext("same facility, kind and size"),
                ),
            ],
        )


@admin.register(ResourceUse)
class ResourceUseAdmin(Register):
    list_display = ["resource", "where", "used_on", "starts", "ends", "user_name", "user_kind", "people"]
    list_filter = ["user_kind", "used_on"]
    list_select_related = ["resource__facility"]
    # The list is walked in its order: users are few and often the same, an index of characters misleads.
    search_fields = ["user_name__contains", "resource__name__holds"]
    search_help_text = _("Who used it, or the name of the resource")
    autocomplete_fields = ["resource"]
    ordering = ["resource__facility__region__path", "-used_on", "-starts", "pk"]
    fields = [
        "resource",
        "used_on",
        ("starts", "ends"),
        ("user_kind", "user_name"),
        ("purpose", "people"),
    ]
    help_source = SOURCE
