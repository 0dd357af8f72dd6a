"""Places to be looked up, and the figures of communities to be entered. The tree changes by verbs only."""

import re

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from communities.models import CommunityProfile, Region, RegionPlacement
from linkage.foundation.admin import Kept, ReadOnly, Scoped

PK = re.compile(r"[0-9]{0,18}")


class PlacementInline(ReadOnly, TabularInline):
    model = RegionPlacement
    fk_name = "region"
    fields = ["name", "path", "kind", "days", "basis"]
    readonly_fields = ["days"]
    extra = 0

    @admin.display(description=_("valid"))
    def days(self, placement):
        return " — ".join(str(day or "…") for day in (placement.valid.lower, placement.valid.upper))


@admin.register(Region)
class RegionAdmin(ReadOnly, Scoped, ModelAdmin):
    list_display = ["name", "code", "level", "parent", "kind", "body_name", "closed_on"]
    list_filter = ["level", "kind"]
    list_select_related = ["parent"]
    search_fields = ["code__startswith", "name__holds"]
    search_help_text = _("Name or the beginning of the code")
    show_full_result_count = False
    ordering = ["path"]
    inlines = [PlacementInline]


@admin.register(CommunityProfile)
class CommunityProfileAdmin(Kept, ModelAdmin):
    list_display = ["region", "as_of", "households", "residents", "elderly", "source"]
    list_select_related = ["region"]
    list_filter = ["as_of"]
    search_fields = ["region__code__startswith", "region__name__holds"]
    autocomplete_fields = ["region"]
    show_full_result_count = False
    ordering = ["region__path", "-as_of"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "region":
            kwargs["queryset"] = Region.objects.visible_to(request.user).communities()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request, *args, **kwargs):
        """A region that is no number is refused here: the field could not even be drawn again."""
        if not PK.fullmatch(request.POST.get("region", "")):
            raise BadRequest
        return super().changeform_view(request, *args, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Which community on which day is said once."""
        return ["region", "as_of"] if obj else []
