"""Elections, lists of powers and duties, plans, and what places are named."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import (
    CharityDesignation,
    CommitteeElection,
    CommunityPlan,
    PowerDutyList,
    PowerDutyListPaper,
)
from linkage.foundation.registers import PaperLines, Register, WithPapers, pairs


@admin.register(CommitteeElection)
class CommitteeElectionAdmin(Register):
    list_display = ["where", "held_on", "round_words", "method", "eligible", "voted", "percent", "term_to"]
    list_filter = ["method", "is_by_election", "held_on"]
    search_fields = ["region__code__startswith", "region__name__holds"]
    search_help_text = _("Name or the beginning of the code")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "-held_on"]
    fields = [
        "region",
        ("held_on", "number"),
        "is_by_election",
        "method",
        ("eligible", "voted"),
        ("term_from", "term_to"),
        "note",
    ]
    help_source = "出处：甘肃2016 四(一)：2017年居民委员会直选比例达到85%以上，有序开展村民委员会换届选举"

    @admin.display(description=_("kind of election"))
    def round_words(self, election):
        return _("by-election") if election.is_by_election else _("re-election")

    @admin.display(description=_("turnout"))
    def percent(self, election):
        return "—" if election.turnout is None else f"{election.turnout}%"


class ListPapers(PaperLines):
    model = PowerDutyListPaper


@admin.register(PowerDutyList)
class PowerDutyListAdmin(WithPapers, Register):
    list_display = ["title", "where", "kind", "doc_no", "issued_on", "repealed_on", "paper_count"]
    list_filter = ["kind"]
    search_fields = ["title__contains", "doc_no__contains"]
    search_help_text = _("Title or document number")
    autocomplete_fields = ["region"]
    fields = [
        "region",
        "kind",
        "title",
        ("doc_no", "issued_by"),
        ("issued_on", "repealed_on"),
        ("powers", "duties_listed"),
    ]
    inlines = [ListPapers]
    help_source = (
        "出处：甘肃2016 四(一)：2017年制定出台涉及街道办事处（镇政府）权力清单、"
        "村（居）民委员会职责清单的制度性文件"
    )


@admin.register(CommunityPlan)
class CommunityPlanAdmin(Register):
    list_display = ["title", "where", "valid_from", "valid_to", "adopted_on", "get_took_part_labels"]
    list_filter = ["took_part"]
    search_fields = ["title__contains", "region__code__startswith", "region__name__holds"]
    search_help_text = _("Title, or name or beginning of the code of the place")
    autocomplete_fields = ["region"]
    fields = [
        "region",
        "title",
        ("valid_from", "valid_to"),
        ("adopted_on", "adopted_by"),
        "took_part",
        "people_heard",
        "summary",
    ]
    help_source = "出处：威海2015 三(三)2：社会工作者参与制定、实施社区发展规划"

    def doubles(self, request):
        rows = CommunityPlan.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows.exclude(valid_from=None),
                    ["region", "valid_from", "valid_to"],
                    gettext("a plan of the same community for the same time"),
                ),
            ],
        )


@admin.register(CharityDesignation)
class CharityDesignationAdmin(Register):
    list_display = ["where", "named", "level", "year", "status", "named_on"]
    list_filter = ["status", "level", "year"]
    search_fields = ["region__code__startswith", "region__name__holds"]
    search_help_text = _("Name or the beginning of the code")
    autocomplete_fields = ["region"]
    fields = ["region", ("level", "year", "status"), ("named_on", "withdrawn_on"), "doc_no"]
    help_source = "出处：河北2021 三(二)：创建慈善社区、慈善街道、慈善乡村"

    @admin.display(description=_("name borne"))
    def named(self, designation):
        return designation.kind_words
