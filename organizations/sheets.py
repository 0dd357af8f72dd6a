"""The tables of social organisations and of what is kept beside them."""

from django.utils.translation import gettext as _

from communities.people.sheets import RoleSheet
from linkage.foundation.spreadsheets import describing
from linkage.foundation.spreadsheets.describing import Sheet
from linkage.foundation.spreadsheets.parts import PartSheet
from organizations import rules, services
from organizations.codes import HandlingTier, OrgForm, OrgStatus
from organizations.models import (
    AnnualInspection,
    Employment,
    IncubationBase,
    IncubationCase,
    OperatingContract,
    Rating,
    SocialOrganization,
    SupportPolicy,
)


@describing.register
class SocialOrganizationSheet(Sheet):
    """Known by the credit code, then by the filing number of its street, then by name and home place."""

    model = SocialOrganization
    keys = (("uscc",), ("filing_street", "filing_number"), ("region", "name"))
    known_by = ("name", "uscc")
    order = (
        "name",
        "uscc",
        "tier",
        "legal_form",
        "region",
        "status",
        "established_on",
        "registered_on",
        "registration_authority",
        "supervisory_unit",
        "direct_registration",
        "filing_number",
        "filing_street",
        "filed_on",
        "filing_valid_to",
        "leader_name",
        "leader_phone",
        "address",
    )
    aliases = {
        "name": ("组织名称", "社会组织名称", "名称", "单位名称", "机构名称"),
        "uscc": ("统一社会信用代码", "信用代码", "社会信用代码", "统一代码"),
        "tier": ("管理层级", "办理层级", "登记备案情况"),
        "region": ("所属地区", "所属社区", "所在社区", "社区"),
        "legal_form": ("组织形式", "组织类别", "登记类型"),
        "leader_name": ("负责人", "负责人姓名", "法定代表人"),
        "leader_phone": ("负责人电话", "负责人联系电话", "联系电话"),
        "established_on": ("成立日期", "成立时间", "成立登记日期"),
        "initial_funds": ("注册资金", "开办资金", "注册资本"),
    }
    synonyms = {
        "tier": {
            "街道备案": HandlingTier.FILED,
            "备案": HandlingTier.FILED,
            "已备案": HandlingTier.FILED,
            "已登记": HandlingTier.REGISTERED,
            "社区指导": HandlingTier.GUIDED,
            "台账": HandlingTier.GUIDED,
        },
        "legal_form": {"社团": OrgForm.ASSOCIATION, "民非": OrgForm.SERVICE_INSTITUTION},
    }
    examples = {
        "name": "城关区邻里守望社会工作服务中心",
        "uscc": "52620102MJX412073F",
        "tier": "登记",
        "legal_form": "社会服务机构（民办非企业单位）",
        "region": "雁南街道 › 幸福里社区",
        "established_on": "2014-05-20",
    }
    related = ("region", "filing_street")
    about = _(
        "Known by the credit code; without one by street and filing number, else by home place and name."
    )

    def put(self, check, line, name, value):
        if name == "leader_phone":
            services.seal_leader_phone(line.new, value)
        elif name == "filing_street":
            line.new.filing_street = value
        else:
            super().put(check, line, name, value)

    def key_parts(self, line):
        """A street that is not named is the one of the home place."""
        return {**line.given, "name": "".join(str(line.given.get("name", "")).split())}

    def judge(self, check, line):
        old, new = line.old, line.new
        if old is None:
            return {}
        problems = {}
        if new.tier != old.tier and old.status in rules.GONE:
            problems["tier"] = _("The organisation is %s; it moves no more.") % old.get_status_display()
        if new.status != old.status and new.status not in rules.STATUS_STEPS[old.status]:
            problems["status"] = _("From “%(now)s” an organisation does not become “%(then)s”.") % {
                "now": old.get_status_display(),
                "then": OrgStatus(new.status).label,
            }
        return problems

    def after_apply(self, cursor, sheet_import, by):
        services.note_imported(cursor, sheet_import, by=by)


@describing.register
class EmploymentSheet(RoleSheet):
    model = Employment
    at = "organization"
    order = ("organization", *RoleSheet.order, "kind", "position")
    related = ("person", "organization__region")


@describing.register
class SupportPolicySheet(Sheet):
    model = SupportPolicy
    keys = (("region", "title"),)
    order = ("region", "paper", "title", "doc_no")
    known_by = ("title",)


@describing.register
class IncubationBaseSheet(Sheet):
    model = IncubationBase
    keys = (("region", "name"),)
    order = ("region", "name", "capacity")
    related = ("region", "facility")


@describing.register
class IncubationCaseSheet(Sheet):
    model = IncubationCase
    keys = (("base", "organization"),)
    related = ("base__region", "organization")


@describing.register
class OperatingContractSheet(Sheet):
    """The place is that of what is operated."""

    model = OperatingContract
    keys = (("organization", "valid_from", "?facility", "?station", "?base"),)
    needed = ("valid_from",)
    order = ("organization", "facility", "station", "base", "mode", "number")
    related = ("facility__region", "station__region", "base__region", "organization")


class OfOrganizationSheet(PartSheet):
    parent = "organization"
    aliases = {"organization": ("组织名称", "社会组织名称", "单位名称", "统一社会信用代码")}
    related = ("organization__region",)


@describing.register
class RatingSheet(OfOrganizationSheet):
    model = Rating
    keys = (("organization", "issued_on"),)
    order = ("organization", "grade", "issued_on")
    examples = {"organization": "城关区邻里守望社会工作服务中心", "grade": "4A", "issued_on": "2016-06-13"}

    def settle(self, check, line):
        if line.new.issued_on:
            line.new.valid_to = rules.rated_until(line.new.issued_on)


@describing.register
class AnnualInspectionSheet(OfOrganizationSheet):
    model = AnnualInspection
    keys = (("organization", "kind", "year"),)
    order = ("organization", "kind", "year", "result")
