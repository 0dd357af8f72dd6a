"""The desk of the list of majors whose graduates count as professionals."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from communities.models import Level
from linkage.foundation.ledger import keeping_posts
from linkage.foundation.registers import Register
from socialwork.models import RelatedMajor


@admin.register(RelatedMajor)
class RelatedMajorAdmin(Register):
    list_display = ["name", "source", "dropped_on"]
    search_fields = ["name__contains"]
    search_help_text = _("Name of the major")
    fields = ["name", "source", "dropped_on"]
    ordering = ["pk"]
    help_source = (
        "出处：民政部统计指标解释：社会工作专业人才指取得社会工作职业资格证书，或者取得社会工作专业及相关专业学历证书的人员。"
        "本名录由省级维护，修改后影响“社会工作专业人才”的计数"
    )

    def has_add_permission(self, request):
        posts = keeping_posts(request.user, RelatedMajor.duties)
        return any(post.office.region.level == Level.PROVINCE for post in posts)

    def has_merge_permission(self, request, obj=None):
        return False

    def get_list_filter(self, request):
        """One list for the whole country: there is no place to choose."""
        return super().get_list_filter(request)[1:]
