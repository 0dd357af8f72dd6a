"""Who works in communities, and the organs they lead."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.people.models import CommunityOrgan, CommunityStaff
from linkage.foundation.registers import Register

from .role import RoleForm, RoleRegister


class StaffForm(RoleForm):
    """Who is counted is counted once, and that takes a number."""

    def clean(self):
        given = super().clean()
        row = self.instance
        row.roles, row.counts_as_staff = given.get("roles") or [], bool(given.get("counts_as_staff"))
        number_known = given.get("id_number") or (row.pk and row.id_number)
        if row.is_counted and not number_known and "id_number" not in self.errors:
            self.add_error(
                "id_number", _("Staff are counted by person, each once: give the number of the paper.")
            )
        return given


@admin.register(CommunityStaff)
class CommunityStaffAdmin(RoleRegister):
    form = StaffForm
    list_display = ["name", "where", "get_roles_labels", "title", "work_time", "phone_shown", "valid_to"]
    list_filter = ["roles", "work_time", "is_party_member"]
    autocomplete_fields = ["region"]
    ordering = ["region__path", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "region",
                    "roles",
                    "counts_as_staff",
                    ("title", "work_time"),
                    ("valid_from", "valid_to"),
                ]
            },
        ),
        (_("Person"), {"fields": [("name", "phone"), ("id_type", "id_number"), "is_party_member"]}),
        (
            _("Elected office"),
            {
                "description": _("For members of the two committees: the term they are elected for."),
                "fields": [("term_from", "term_to")],
            },
        ),
    ]
    help_source = (
        "出处：河北2021 三(一)：社区“两委”成员、社区工作者、楼门长、网格员；威海2015 二：社区工作人员总数。"
        "“社区工作人员”按两委成员、社区专职工作者和另行标明的人员计数，一人只计一次"
    )


@admin.register(CommunityOrgan)
class CommunityOrganAdmin(Register):
    list_display = ["where", "kind", "present", "name", "head", "since"]
    list_filter = ["kind", "is_present"]
    list_select_related = ["head"]
    search_fields = ["region__code__startswith", "region__name__holds"]
    search_help_text = _("Name or the beginning of the code")
    autocomplete_fields = ["region", "head"]
    fields = ["region", ("kind", "is_present"), "name", ("head", "since")]
    help_source = "出处：威海2015 三(一)1：“一委一居一站一办”"

    @admin.display(description=_("set up"))
    def present(self, organ):
        return _("set up") if organ.is_present else _("not set up")
