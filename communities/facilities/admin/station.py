"""The desk of stations: whom they serve, their points, and how complete they are."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.facilities.models import ServicePoint, StandardCheck, Station, StationCommunity
from linkage.foundation.registers import NEIGHBOURS, Lines, Questions, Register, Sheets, links, pairs


class ServedLines(Lines):
    model = StationCommunity
    fields = ["community", "valid_from", "valid_to"]
    autocomplete_fields = ["community"]


class PointLines(Lines):
    model = ServicePoint
    fields = ["name", "address", "valid_from", "valid_to"]


class CheckSheets(Sheets):
    """A check with its papers has a page of its own."""

    model = StandardCheck
    fields = [("checked_on", "checked_by"), "present", "note", "scans"]
    readonly_fields = ["scans"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("papers")

    @admin.display(description=_("papers"))
    def scans(self, check):
        if not check.pk:
            return _("They are added on the page of the check, once it is saved.")
        page = reverse("admin:facilities_standardcheck_change", args=[check.pk])
        way = format_html('<a class="font-medium text-primary-600" href="{}">{}</a>', page, _("its page"))
        return format_html("{} <div>{}</div>", links(check), way)


class FoundFilter(Questions):
    """What the documents ask of stations: standardised studios, several uses of one room."""

    QUESTIONS = {
        "standardised": (_("standardised at the last check"), lambda rows: rows.standardised()),
        "unfinished": (_("studios not standardised yet"), lambda rows: rows.to_standardise()),
        "shared": (_("shares its room (several uses of one room)"), lambda rows: rows.sharing_a_room()),
    }


@admin.register(Station)
class StationAdmin(Register):
    list_display = ["name", "where", "kind", "facility", "room", "valid_from", "valid_to"]
    list_filter = ["kind", FoundFilter]
    list_select_related = ["facility"]
    search_fields = ["name__holds"]
    search_help_text = _("Name or a part of it")
    autocomplete_fields = ["region", "facility"]
    fieldsets = [
        (None, {"fields": ["region", ("kind", "name"), ("valid_from", "valid_to")]}),
        (_("Where it works"), {"fields": [("facility", "room"), ("address", "area_m2"), "note"]}),
    ]
    inlines = [ServedLines, PointLines, CheckSheets]
    help_source = (
        "出处：河北2021 三(二)：乡镇（街道）社会工作服务站、村（社区）社会工作室、学雷锋志愿服务站、"
        "新时代文明实践站；"
        "威海2015 三(一)2：社区社会组织服务中心（站）、社会工作室、社区志愿服务站，“一室多用”；"
        "重庆2018 二(二)3：增设社会工作服务点，规范化建设（三项投入、四项制度齐备的可按“规范化”查找）"
    )

    def doubles(self, request):
        """Stations of one kind in one place, or of one name and kind under one street or township."""
        rows = Station.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows.on(), ["region", "kind"], gettext("same kind of station in the same place")),
                (rows, NEIGHBOURS, gettext("same name and kind in neighbouring places")),
            ],
        )
