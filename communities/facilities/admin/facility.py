"""The desk of service facilities."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.facilities.models import OpenedResource, ServiceFacility, Station
from linkage.foundation.registers import NEIGHBOURS, Lines, Register, pairs


class StationLine(forms.ModelForm):
    """A station entered with its facility lies where the facility does."""

    def _post_clean(self):
        facility = self.cleaned_data.get("facility")
        if self.instance.region_id is None and facility is not None and facility.region_id:
            self.instance.region = facility.region
        super()._post_clean()

    def _update_errors(self, errors):
        """What is wrong with the place is said of the kind: the place is that of the facility."""
        told = getattr(errors, "error_dict", {})
        if "region" in told:
            told["kind"] = told.pop("region")
        super()._update_errors(errors)


class StationLines(Lines):
    model = Station
    form = StationLine
    fields = ["kind", "name", "room", "valid_from", "valid_to"]
    show_change_link = True


class ResourceLines(Lines):
    model = OpenedResource
    fields = ["kind", "name", "room", "capacity", "hours"]
    show_change_link = True


@admin.register(ServiceFacility)
class ServiceFacilityAdmin(Register):
    list_display = ["name", "where", "kind", "comprehensive", "area_m2", "operation", "station_count"]
    list_filter = ["kind", "is_comprehensive", "acquisition", "operation", "functions"]
    search_fields = ["name__holds"]
    search_help_text = _("Name or a part of it")
    autocomplete_fields = ["region"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "region",
                    ("name", "kind"),
                    "is_comprehensive",
                    "address",
                    ("area_m2", "residents_covered"),
                    ("valid_from", "valid_to"),
                ]
            },
        ),
        (_("How it came about and works"), {"fields": [("acquisition", "operation"), "functions", "note"]}),
    ]
    inlines = [StationLines, ResourceLines]
    help_source = (
        "出处：重庆2018 二(二)1：新建、改造、购买、项目配套和整合共享，"
        "公建民营、民办公助、政社合作、社企合作；"
        "河北2021 三(二)：党群服务中心、综合服务站、儿童之家、日间照料中心；威海2015 三(一)2：“一室多用”"
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("stations")

    @admin.display(description=_("comprehensive service facility"))
    def comprehensive(self, facility):
        return _("yes") if facility.is_comprehensive else "—"

    @admin.display(description=_("stations"))
    def station_count(self, facility):
        return sum(station.removed_at is None for station in facility.stations.all())

    def doubles(self, request):
        """Facilities with one address in one place, or of one name in one street or township."""
        rows = ServiceFacility.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows.exclude(address=""), ["region", "address"], gettext("same place and address")),
                (rows, NEIGHBOURS, gettext("same name and kind in neighbouring places")),
            ],
        )
