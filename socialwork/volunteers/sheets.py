"""The tables of volunteers, their teams, activities and services."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from communities.people.sheets import RoleSheet
from linkage.foundation.spreadsheets import describing, kinds
from linkage.foundation.spreadsheets.describing import Column, Sheet
from socialwork.volunteers import services
from socialwork.volunteers.models import ServiceRecord, Volunteer, VolunteerActivity, VolunteerTeam


@describing.register
class VolunteerSheet(RoleSheet):
    """Known by the volunteer number, else by the identity number and the community."""

    model = Volunteer
    number_required = True
    order = ("number", *RoleSheet.order, "region", "born_on", "registered_on", "tags", "skills")
    known_by = ("number", "name")
    free = ("born_on",)
    own = ("number",)
    aliases = {
        **RoleSheet.aliases,
        "registered_on": ("注册日期", "注册时间"),
        "tags": ("志愿者身份", "人员类别"),
    }
    examples = {"name": "李四", "region": "雁南街道 › 幸福里社区", "registered_on": "2016-06-13"}
    about = _("Known by the volunteer number, else by the identity number and the community.")

    @property
    def keys(self):
        return (("number",), ("person__id_hash", "region"))

    def first_columns(self):
        number = Volunteer._meta.get_field("number")
        return [
            Column(
                "number",
                str(number.verbose_name),
                kinds.Text(12),
                field=number,
                attname="number",
                help=_("Given by the platform; leave it empty for new volunteers."),
            ),
            *super().first_columns(),
        ]

    def put(self, check, line, name, value):
        if name == "number":
            if line.old is None:
                line.refuse(
                    name, ValidationError(_("There is no volunteer with this number at your places."))
                )
        else:
            super().put(check, line, name, value)

    def settle(self, check, line):
        super().settle(check, line)
        if line.identity:
            told = services.born_on(line.kind, line.identity, line.given.get("born_on"))
            line.new.born_on = told or line.new.born_on
        elif "born_on" in line.given and line.old is not None and line.old.person.number_tells:
            line.refuse("born_on", ValidationError(_("The identity number says it: leave the cell empty.")))
        if line.old is None and "consented_on" not in line.given:
            line.new.consented_on = line.new.registered_on  # who registers declares it by that day
        if not line.new.born_on:
            line.refuse("born_on", ValidationError(_("Needed where the number does not say it.")))


@describing.register
class VolunteerTeamSheet(Sheet):
    model = VolunteerTeam
    keys = (("region", "name"),)
    order = ("region", "name", "organization", "leader", "fields")
    related = ("region", "organization", "leader")


@describing.register
class VolunteerActivitySheet(Sheet):
    model = VolunteerActivity
    keys = (("region", "title", "starts_at"),)
    known_by = ("title",)
    order = ("region", "title", "kind", "fields", "starts_at", "ends_at", "venue")
    related = ("region", "organization", "team")


@describing.register
class ServiceRecordSheet(Sheet):
    """What nobody has verified yet can be corrected by a table; what is verified is fixed."""

    model = ServiceRecord
    keys = (("volunteer", "started_at"),)
    leave_out = ("corrects", "recorded_at")
    order = ("volunteer", "region", "activity", "content", "venue", "started_at", "ended_at", "hours")
    related = ("region", "volunteer", "activity")

    def settle(self, check, line):
        if line.old is None:
            line.new.recorded_by_id = check.user.pk

    def judge(self, check, line):
        if line.old is not None and line.old.verified_at is not None and check.changed(line):
            return {None: _("This record is verified; it is fixed.")}
        return {}
