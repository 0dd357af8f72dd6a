"""The desk of volunteer teams."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Register, pairs
from socialwork.volunteers.admin.parts import MemberLines
from socialwork.volunteers.models import VolunteerTeam


@admin.register(VolunteerTeam)
class VolunteerTeamAdmin(Register):
    list_display = ["name", "where", "get_fields_labels", "leader", "members", "organization", "founded_on"]
    list_filter = ["fields"]
    list_select_related = ["leader", "organization"]
    search_fields = ["name__holds"]
    search_help_text = _("Name of the team or a part of it")
    autocomplete_fields = ["region", "organization", "leader"]
    ordering = ["region__path", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("region", "name"),
                    ("leader", "organization"),
                    "fields",
                    ("founded_on", "dissolved_on"),
                ]
            },
        )
    ]
    inlines = [MemberLines]
    help_source = "出处：威海2015 三(四)：壮大社区志愿者队伍；甘肃2016 四(三)"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return rows.with_members() if listed else rows

    @admin.display(description=_("members"))
    def members(self, row):
        return row.members

    def doubles(self, request):
        rows = VolunteerTeam.objects.kept_by(request.user)
        return pairs(rows, [(rows, ["region__parent", "name"], gettext("same name under the same street"))])
