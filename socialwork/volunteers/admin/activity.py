"""The desk of volunteer activities, where many services are written down at once."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Register, pairs
from socialwork.volunteers.admin.parts import ToVerifyLines, VerifiedLines
from socialwork.volunteers.models import VolunteerActivity


class RiskFilter(admin.SimpleListFilter):
    title = _("precautions")
    parameter_name = "risk"

    def lookups(self, request, model_admin):
        return [("1", _("insurance or training is missing"))]

    def queryset(self, request, queryset):
        return queryset.at_risk() if self.value() == "1" else queryset


@admin.register(VolunteerActivity)
class VolunteerActivityAdmin(Register):
    list_display = ["title", "where", "when", "get_fields_labels", "series", "organiser_shown", "wanted"]
    list_filter = ["fields", "series", "kind", RiskFilter]
    list_select_related = ["organization", "team"]
    search_fields = ["title__holds"]
    search_help_text = _("Title of the activity or a part of it")
    autocomplete_fields = ["region", "organization", "team"]
    ordering = ["region__path", "-starts_at", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    ("region", "venue"),
                    "starts_at",
                    "ends_at",
                    "fields",
                    ("kind", "series"),
                    ("organization", "team"),
                    "wanted",
                ]
            },
        ),
        (
            _("Precautions"),
            {"fields": [("bodily_risk", "insured"), ("training_needed", "trained")]},
        ),
    ]
    inlines = [ToVerifyLines, VerifiedLines]
    help_source = (
        "出处：威海2015 三(四)2：社区救助、优抚、助残、为老、就业、公共安全、环境卫生和文化体育；"
        "河北2021 三(三)；保险与培训：志愿服务条例第十六条、第十七条"
    )

    def get_inlines(self, request, obj):
        """Services are written under an activity that is in the register."""
        return self.inlines if obj else []

    @admin.display(description=_("time"), ordering="starts_at")
    def when(self, row):
        return row.span

    @admin.display(description=_("organised by"))
    def organiser_shown(self, row):
        return str(row.organiser)

    def doubles(self, request):
        rows = VolunteerActivity.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows,
                    ["region", "title", "starts_at"],
                    gettext("same title and beginning in the same place"),
                ),
                (rows.exclude(team=None), ["team", "starts_at"], gettext("the same team at the same time")),
            ],
        )
