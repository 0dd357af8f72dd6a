"""The desk of other professionals, recruitment and training partnerships."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.people.admin.role import RoleRegister
from linkage.foundation.registers import Register, pairs
from socialwork.forms import OnceForm
from socialwork.models import Cooperation, ProfessionalResource, RecruitmentPosting


class ProfessionalForm(OnceForm):
    number_required = False


@admin.register(ProfessionalResource)
class ProfessionalResourceAdmin(RoleRegister):
    form = ProfessionalForm
    list_display = ["name", "where", "get_professions_labels", "employer", "services", "phone_shown"]
    list_filter = ["professions"]
    autocomplete_fields = ["region"]
    ordering = ["region__path", "pk"]
    help_source = (
        "出处：甘肃2016 四(三)：辖区内律师和心理咨询师等参与社区服务；河北2021 三(五)：建立社区人才库"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "phone"),
                    ("id_type", "id_number"),
                    "region",
                    "professions",
                    ("employer", "licence"),
                    ("services", "agreed_on"),
                    ("valid_from", "valid_to"),
                ]
            },
        ),
    ]

    def doubles(self, request):
        rows = ProfessionalResource.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows, ["person"], gettext("the same identity number, entered in two places")),
                (rows.exclude(phone_hash=""), ["name", "phone_hash"], gettext("same name and telephone")),
            ],
        )


class OpenFilter(admin.SimpleListFilter):
    title = _("open or over")
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [("1", _("open today")), ("0", _("call is over"))]

    def queryset(self, request, queryset):
        if self.value() == "1":
            return queryset.open()
        return queryset.filter(closes_on__lt=timezone.localdate()) if self.value() == "0" else queryset


@admin.register(RecruitmentPosting)
class RecruitmentPostingAdmin(Register):
    list_display = ["title", "where", "employer", "openings", "opened_on", "closes_on", "hired"]
    list_filter = [OpenFilter, "preferences"]
    search_fields = ["title__contains", "employer__contains"]
    search_help_text = _("Title or employer")
    autocomplete_fields = ["region", "organization"]
    ordering = ["region__path", "pk"]
    fields = [
        "title",
        ("region", "openings"),
        ("employer", "organization"),
        "requirements",
        "preferences",
        ("opened_on", "closes_on"),
        "hired",
    ]
    help_source = (
        "出处：河北2021 三(五)：同等条件下优先录用全日制高校社会工作专业毕业生和"
        "具有基层实践经验的优秀社会工作专业人才；优秀志愿者通过考试并经登记后优先录用"
    )

    def doubles(self, request):
        rows = RecruitmentPosting.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows,
                    ["region", "employer", "opened_on", "openings"],
                    gettext("the same employer, the same day and number of people"),
                ),
            ],
        )


@admin.register(Cooperation)
class CooperationAdmin(Register):
    list_display = ["partner", "where", "kind", "content", "valid_from", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["partner__contains"]
    search_help_text = _("Name of the partner")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "pk"]
    fields = [("region", "kind"), "partner", "content", ("valid_from", "valid_to")]
    help_source = "出处：河北2021 三(五)：鼓励采取校地、校社、社企共建等方式，建立社区学校和社区人才库"

    def doubles(self, request):
        rows = Cooperation.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows,
                    ["region__parent", "kind", "partner"],
                    gettext("the same partner in neighbouring places"),
                ),
                (
                    rows.exclude(content=""),
                    ["region", "kind", "content"],
                    gettext("same kind and content in the same place"),
                ),
            ],
        )
