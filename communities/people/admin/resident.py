"""Contact persons of offices and communities, and residents who lead others."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.people.models import ContactPerson, ResidentLeader

from .role import RoleRegister


@admin.register(ContactPerson)
class ContactPersonAdmin(RoleRegister):
    list_display = ["name", "where", "unit", "matter", "work_time", "phone_shown", "valid_to"]
    list_filter = ["work_time"]
    autocomplete_fields = ["region"]
    fieldsets = [
        (None, {"fields": ["region", "unit", ("matter", "work_time"), ("valid_from", "valid_to")]}),
        (_("Person"), {"fields": [("name", "phone"), ("id_type", "id_number")]}),
    ]
    help_source = "出处：渝中2016 三(一)：在街道、社区明确专（兼）职人员负责"


@admin.register(ResidentLeader)
class ResidentLeaderAdmin(RoleRegister):
    list_display = ["name", "where", "get_strengths_labels", "party", "found_by", "phone_shown"]
    list_filter = ["strengths", "is_party_member"]
    autocomplete_fields = ["region"]
    fieldsets = [
        (
            None,
            {"fields": ["region", "strengths", ("found_by", "training"), ("valid_from", "valid_to"), "note"]},
        ),
        (_("Person"), {"fields": [("name", "phone"), ("id_type", "id_number"), "is_party_member"]}),
    ]
    help_source = "出处：威海2015 三(三)2：发现、挖掘和培养居民骨干"

    @admin.display(description=_("party member"))
    def party(self, leader):
        return _("yes") if leader.is_party_member else "—"
