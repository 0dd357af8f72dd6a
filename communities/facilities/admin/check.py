"""The desk of checks of standards: what was found present where, with the papers that show it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.facilities.codes import StandardItem
from communities.facilities.models import StandardCheck, StandardCheckPaper
from linkage.foundation.registers import PaperLines, Register, WithPapers


class CheckPapers(PaperLines):
    model = StandardCheckPaper


@admin.register(StandardCheck)
class StandardCheckAdmin(WithPapers, Register):
    list_display = ["checked_on", "station", "where", "found", "lacks", "checked_by", "paper_count"]
    list_filter = ["checked_on", "present"]
    list_select_related = ["station"]
    search_fields = ["station__name__holds"]
    search_help_text = _("Name of the station or a part of it")
    autocomplete_fields = ["station"]
    fields = ["station", ("checked_on", "checked_by"), "present", "note"]
    inlines = [CheckPapers]
    help_source = (
        "出处：重庆2018 二(二)3：推进社会工作室（站）标准化、规范化建设，"
        "三项投入、四项制度齐备的为规范化；制度文件和检查表可作为附件上传"
    )

    @admin.display(description=_("found present"))
    def found(self, check):
        return f"{len(check.present)}/{len(StandardItem)}"

    @admin.display(description=_("lacking"))
    def lacks(self, check):
        return "、".join(check.lacking) or "—"
