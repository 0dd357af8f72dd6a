"""The desk of professional posts and of the 70 % rule."""

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from linkage.foundation.registers import Register, beside, pairs
from organizations.models import SocialOrganization
from socialwork import rules
from socialwork.admin import parts
from socialwork.models import PostTotal, SocialWorkPost

YEARS = 8  # of new posts that are offered to look at


class VacancyFilter(admin.SimpleListFilter):
    title = _("filled")
    parameter_name = "filled"

    def lookups(self, request, model_admin):
        return [("held", _("held")), ("vacant", _("vacant")), ("abolished", _("abolished"))]

    def queryset(self, request, queryset):
        if self.value() == "held":
            return queryset.held()
        if self.value() == "vacant":
            return queryset.vacant()
        return queryset.filter(abolished_on__isnull=False) if self.value() == "abolished" else queryset


class MadeFilter(admin.SimpleListFilter):
    """岗位开发: the posts newly made in a year (GS-6.6)."""

    title = _("made in the year")
    parameter_name = "made"

    def lookups(self, request, model_admin):
        this = timezone.localdate().year
        return [(str(year), str(year)) for year in range(this, this - YEARS, -1)]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise BadRequest
        return queryset.established_in(int(self.value()))


class SeatFilter(admin.SimpleListFilter):
    title = _("where the post is")
    parameter_name = "seat"

    def lookups(self, request, model_admin):
        return [
            ("community", _("at the community or street itself")),
            ("facility", _("at a facility")),
            ("station", _("at a station")),
            ("organization", _("at an organisation")),
        ]

    def queryset(self, request, queryset):
        if self.value() in ("facility", "station", "organization"):
            return queryset.filter(**{f"{self.value()}__isnull": False})
        if self.value() == "community":
            return queryset.filter(facility=None, station=None, organization=None)
        return queryset


@admin.register(SocialWorkPost)
class SocialWorkPostAdmin(Register):
    list_display = ["name", "where", "seat_shown", "incumbent", "staffing_source", "established_on"]
    list_filter = [VacancyFilter, MadeFilter, SeatFilter, "staffing_source"]
    list_select_related = ["organization", "facility", "station"]
    search_fields = ["name__holds"]
    search_help_text = _("Name of the post or a part of it")
    autocomplete_fields = ["region", "organization", "facility", "station"]
    ordering = ["region__path", "pk"]
    help_source = (
        "出处：重庆2018 二(一)1、二(二)3：每个城市社区设置2个以上、每个农村社区设置1个以上社会工作专业岗位；"
        "威海2015 三(三)1；渝中2016 二(三)：“转化+调剂+公招”；甘肃2016 六：社会工作岗位开发（按设立年份查找）"
    )
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("region", "name"),
                    ("establishing_body", "basis"),
                    ("staffing_source", "established_on"),
                    "abolished_on",
                ]
            },
        ),
        (
            _("Where the post is"),
            {
                "description": _("Leave all three empty for a post of the community or street itself."),
                "fields": [("organization", "facility"), "station"],
            },
        ),
    ]
    inlines = [parts.IncumbentLines]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return rows.with_incumbent() if listed else rows

    @admin.display(description=_("post of"))
    def seat_shown(self, row):
        return str(row.seat)

    @admin.display(description=_("held by"))
    def incumbent(self, row):
        return row.incumbent or _("vacant")

    def doubles(self, request):
        rows = SocialWorkPost.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows.filter(holdings__removed_at=None, abolished_on=None),
                    ["region", "name", "holdings__worker"],
                    gettext("the same name, held by the same person"),
                ),
            ],
        )


class ShareFilter(admin.SimpleListFilter):
    title = _("share of social work posts")
    parameter_name = "share"

    def lookups(self, request, model_admin):
        return [("short", _("agencies under 70 %"))]

    def queryset(self, request, queryset):
        return queryset.short_of_the_share() if self.value() == "short" else queryset


@admin.register(PostTotal)
class PostTotalAdmin(Register):
    list_display = ["organization", "where", "as_of", "total", "professional", "share_shown", "source"]
    list_filter = [ShareFilter]
    list_select_related = ["organization"]
    search_fields = ["organization__name__holds"]
    search_help_text = _("Name of the organisation or a part of it")
    autocomplete_fields = ["organization"]
    ordering = ["organization__region__path", "pk"]
    fields = ["organization", ("as_of", "total"), "source"]
    help_source = (
        "出处：重庆2018 二(二)3：民办社会工作服务机构的社会工作专业岗位数量要不低于岗位总数量的70%。"
        "岗位总数在此登记，专业岗位数从“社会工作专业岗位”台账自动计算"
    )

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return rows.with_professional_posts() if listed else rows

    @admin.display(description=_("social work posts"))
    def professional(self, row):
        return row.professional_posts

    @display(description=_("share"), label={"short": "danger", "enough": "success"})
    def share_shown(self, row):
        enough = row.share >= rules.PROFESSIONAL_SHARE
        return "enough" if enough else "short", f"{float(row.share):.1%}"


def of_the_posts(organization, user):
    """What the newest number of posts says, on the page of the organisation itself (CQ-2.2.3h)."""
    if not organization.is_held_to_the_share:
        return []
    latest = PostTotal.objects.latest().visible_to(user).filter(organization=organization).first()
    return latest.warnings() if latest else []


beside.remark(SocialOrganization, of_the_posts)
