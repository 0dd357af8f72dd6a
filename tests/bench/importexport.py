"""The same table by django-import-export, as its manual has it: natural key, full_clean, dry run, import.

It is no dependency of the platform; ``bench-spreadsheets`` compares where it is installed.
"""

import tablib
from import_export import fields, resources, widgets

from communities.models import Region
from organizations import services
from organizations.models import SocialOrganization

HEADINGS = {
    "name": "组织名称",
    "uscc": "统一社会信用代码",
    "tier": "管理层级",
    "legal_form": "组织形式",
    "region": "所属地区",
    "status": "状态",
    "established_on": "成立日期",
    "registered_on": "登记日期",
    "registration_authority": "登记管理机关",
    "supervisory_unit": "业务主管单位",
    "leader_name": "负责人",
    "leader_phone": "负责人电话",
    "address": "地址",
    "scale": "规模",
    "individual_members": "个人会员数",
    "unit_members": "单位会员数",
    "subtypes": "组织类型",
    "service_targets": "服务对象",
    "business_scope": "业务范围",
    "party_members": "正式党员人数",
}


class Label(widgets.Widget):
    """A code by its label or the part of it before the bracket."""

    def __init__(self, choices):
        super().__init__()
        self.codes = {str(label).partition("（")[0]: code for code, label in choices}

    def clean(self, value, row=None, **kwargs):
        return self.codes[value]


class Labels(Label):
    def clean(self, value, row=None, **kwargs):
        return [self.codes[part] for part in str(value).split("、")]


class Place(widgets.ForeignKeyWidget):
    def clean(self, value, row=None, **kwargs):
        return super().clean(value.rpartition(" › ")[2], row, **kwargs)


class Day(widgets.DateWidget):
    def clean(self, value, row=None, **kwargs):
        return super().clean("-".join(part.zfill(2) for part in value.replace(".", "-").split("-")), row)


def _widget(name):
    field = SocialOrganization._meta.get_field(name)
    if name == "region":
        return Place(Region, "name")
    if name in ("subtypes", "service_targets"):
        return Labels(field.codes.items())
    if field.choices:
        return Label(field.choices)
    if name.endswith("_on"):
        return Day()
    return widgets.IntegerWidget() if name.endswith("members") else widgets.CharWidget()


class OrganizationResource(resources.ModelResource):
    class Meta:
        model = SocialOrganization
        fields = tuple(HEADINGS)
        import_id_fields = ("uscc",)
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def before_save_instance(self, instance, row, **kwargs):
        services.seal_leader_phone(instance, instance.leader_phone)

    def after_import(self, dataset, result, **kwargs):
        """It would set the sequence of the table, which the site may not; no row says its number here."""


for _name, _heading in HEADINGS.items():
    OrganizationResource.fields[_name] = fields.Field(
        attribute=_name, column_name=_heading, widget=_widget(_name)
    )


def run(content, rows, *, dry):
    """Read and import the workbook, all of whose rows are new."""
    table = tablib.Dataset().load(content, format="xlsx")
    result = OrganizationResource().import_data(table, dry_run=dry, raise_errors=True)
    if result.totals["new"] != rows:
        raise SystemExit(f"django-import-export: {result.totals}")
