"""The desk of what facilities open to others, and the log of its use."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.facilities.models import OpenedResource, ResourceUse
from linkage.foundation.registers import Register

SOURCE = "出处：重庆2018 二(一)2：公建民营、民办公助等方式，主动开放社区资源"


@admin.register(OpenedResource)
class OpenedResourceAdmin(Register):
    list_display = ["name", "facility", "where", "kind", "room", "capacity", "hours"]
    list_filter = ["kind"]
    list_select_related = ["facility"]
    search_fields = ["name__contains", "facility__name__holds"]
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
    ]
    help_source = SOURCE


@admin.register(ResourceUse)
class ResourceUseAdmin(Register):
    list_display = ["resource", "where", "used_on", "starts", "ends", "user_name", "user_kind", "people"]
    list_filter = ["user_kind", "used_on"]
    list_select_related = ["resource__facility"]
    search_fields = ["user_name__contains", "resource__name__contains"]
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
