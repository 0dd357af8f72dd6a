"""The desk of those who work at organisations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Register
from organizations.forms import EmploymentForm
from organizations.models import Employment


class AtWork(admin.SimpleListFilter):
    title = _("at work")
    parameter_name = "at_work"

    def lookups(self, request, model_admin):
        return [("1", _("at work today")), ("0", _("no longer or not yet"))]

    def queryset(self, request, queryset):
        if self.value() == "1":
            return queryset.on()
        if self.value() == "0":
            return queryset.exclude(pk__in=queryset.on().values("pk"))
        return queryset


@admin.register(Employment)
class EmploymentAdmin(Register):
    form = EmploymentForm
    list_display = [
        "name",
        "organization",
        "where",
        "kind",
        "position",
        "qualification",
        "valid_from",
        "valid_to",
    ]
    list_filter = [AtWork, "kind", "qualification", "education"]
    search_fields = ["name__exact", "organization__name__holds"]
    search_help_text = _("Full name of the person, or name of the organisation")
    autocomplete_fields = ["organization"]
    list_select_related = ["organization__region"]
    ordering = ["organization__region__path", "pk"]
    help_source = "出处：重庆2018 三(三)、甘肃2016 二、四(二)、河北2021 二"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "organization",
                    "name",
                    ("id_type", "id_number"),
                    "phone",
                    ("kind", "position"),
                    "section",
                    ("valid_from", "valid_to"),
                ]
            },
        ),
        (
            _("Level and pay"),
            {
                "fields": [
                    ("qualification", "education"),
                    ("working_since", "pay_grade"),
                    ("social_insurance", "housing_fund"),
                ]
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        """Somebody who goes to another organisation has a new entry there."""
        return ["organization"] if obj else []

    @admin.display(description=_("left on"), ordering="valid_to")
    def left(self, row):
        return row.valid_to or "—"
