"""The tables of what is known of communities."""

from django.utils.translation import gettext as _

from communities.codes import SENSITIVE, ServiceGroup
from communities.models import (
    CharityDesignation,
    CommitteeElection,
    CommunityAffairItem,
    CommunityPlan,
    CommunityProfile,
    ExternalId,
    Grid,
    PowerDutyList,
    RegionTag,
    ResidentUnit,
)
from linkage.foundation.spreadsheets import describing, kinds
from linkage.foundation.spreadsheets.cells import CLEARED
from linkage.foundation.spreadsheets.describing import Column, Sheet

GROUPS = {f"group_{group}": group for group in ServiceGroup if group != ServiceGroup.GENERAL}
PLACE = ("社区", "所属社区", "所在社区", "社区名称", "村（社区）", "所在地区", "所属地区")


@describing.register
class CommunityProfileSheet(Sheet):
    """The figures of a community on a day; each special group has a column, protected ones go in only."""

    model = CommunityProfile
    keys = (("region", "as_of"),)
    leave_out = ("special_groups",)
    aliases = {
        "region": PLACE,
        "residents": ("常住人口数", "常住人口（人）", "人口"),
        "households": ("户数", "总户数"),
    }
    examples = {
        "region": "雁南街道 › 幸福里社区",
        "as_of": "2016-06-30",
        "households": "2180",
        "residents": "6240",
    }
    about = _("Known by the community and the day of the figures.")

    def last_columns(self):
        return [
            Column(
                name,
                str(group.label),
                kinds.Number(least=0, most=2**31 - 1),
                help=str(_("people of this group")),
            )
            for name, group in GROUPS.items()
        ]

    def put(self, check, line, name, value):
        if name not in GROUPS:
            super().put(check, line, name, value)
            return
        kept = dict(line.new.special_groups or {})
        kept.pop(str(GROUPS[name]), None)
        if value is not None and value is not CLEARED:
            kept[str(GROUPS[name])] = value
        line.new.special_groups = kept

    def value_of(self, row, column):
        if column.name in GROUPS:
            group = GROUPS[column.name]
            return None if group in SENSITIVE else (row.special_groups or {}).get(group)
        return super().value_of(row, column)


@describing.register
class CommitteeElectionSheet(Sheet):
    model = CommitteeElection
    keys = (("region", "held_on"),)
    aliases = {"region": PLACE}


@describing.register
class PowerDutyListSheet(Sheet):
    model = PowerDutyList
    keys = (("region", "kind", "issued_on"),)
    aliases = {"region": ("地区",)}


@describing.register
class CommunityPlanSheet(Sheet):
    model = CommunityPlan
    keys = (("region", "title"),)
    order = ("region", "title")
    aliases = {"region": PLACE}


@describing.register
class CharityDesignationSheet(Sheet):
    model = CharityDesignation
    keys = (("region", "level", "year"),)


@describing.register
class CommunityAffairItemSheet(Sheet):
    model = CommunityAffairItem
    keys = (("region", "name"),)


@describing.register
class ResidentUnitSheet(Sheet):
    model = ResidentUnit
    keys = (("region", "name"),)
    order = ("region", "name", "kind")
    aliases = {"region": PLACE, "name": ("单位名称", "名称"), "phone": ("电话", "联系方式", "手机")}


@describing.register
class RegionTagSheet(Sheet):
    model = RegionTag
    keys = (("region", "kind"),)
    order = ("region", "kind", "basis")


@describing.register
class ExternalIdSheet(Sheet):
    model = ExternalId
    keys = (("region", "system"),)


@describing.register
class GridSheet(Sheet):
    model = Grid
    keys = (("region", "code"),)
    known_by = ("code", "name")
    order = ("region", "code", "name")
    aliases = {"region": PLACE}
