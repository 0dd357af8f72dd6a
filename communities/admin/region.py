"""Places to be looked up; what is kept of each is reached from its page. The tree changes by verbs only,
for which administrators have pages (``changes``)."""

from django.contrib import admin
from django.db.models import Q
from django.db.models.query import ModelIterable
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from communities.admin.changes import TreeChanges
from communities.models import SEPARATOR, ExternalId, Region, RegionPlacement, RegionTag, Succession
from communities.services import handing
from linkage.foundation.admin import ReadOnly, Scoped
from linkage.foundation.registers import Place, Register


class UnderItsParent(ModelIterable):
    """Places as choices say them: many have the same name, so the place above stands before it."""

    def __iter__(self):
        for region in super().__iter__():
            if region.parent_id:
                region.name = f"{region.parent.name}{SEPARATOR}{region.name}"
            yield region


class PlacementInline(ReadOnly, TabularInline):
    model = RegionPlacement
    fk_name = "region"
    fields = ["name", "path", "kind", "days", "basis"]
    readonly_fields = ["days"]
    extra = 0

    @admin.display(description=_("valid"))
    def days(self, placement):
        return " — ".join(str(day or "…") for day in (placement.valid.lower, placement.valid.upper))


@admin.register(Region)
class RegionAdmin(TreeChanges, ReadOnly, Scoped, ModelAdmin):
    list_display = ["name", "code", "level", "parent", "kind", "body_name", "closed_on"]
    list_filter = ["level", "kind"]
    list_select_related = ["parent"]
    search_fields = ["code__startswith", "name__holds"]
    search_help_text = _("Name or the beginning of the code")
    show_full_result_count = False
    ordering = ["path"]
    fields = [
        "full_name",
        "own_page",
        ("code", "level"),
        ("kind", "committee"),
        "body_name",
        ("opened_on", "closed_on"),
        "marks",
        "line",
        "registers",
        "left_here",
    ]
    readonly_fields = ["full_name", "own_page", "marks", "line", "registers", "left_here"]
    inlines = [PlacementInline]

    def has_view_permission(self, request, obj=None):
        """Whoever holds a post looks up the places under it: every register chooses from them."""
        return request.user.is_authenticated and bool(request.user.current_posts)

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = found.select_related("parent")
            found._iterable_class = UnderItsParent
        return found, may_repeat

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.looked_at_by = request
        return found

    @admin.display(description=_("name with the places above"))
    def full_name(self, region):
        return region.full_name

    def get_fields(self, request, obj=None):
        """What a place that stands has nothing to tell of is not asked."""
        told = obj is not None and bool(self._steps(obj))
        hidden = set() if told else {"line"}
        if not told or obj.is_open_on(timezone.localdate()):
            hidden.add("left_here")  # what stands under a place that goes on belongs there
        if obj is None or not self._tags(obj):
            hidden.add("marks")
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    @staticmethod
    def _tags(region):
        if not hasattr(region, "its_tags"):
            covering = RegionTag.objects.covering(region).select_related("region")
            region.its_tags = list(covering.order_by("region__path", "kind"))
        return region.its_tags

    @admin.display(description=_("kind of area"))
    def marks(self, region):
        """老少边穷 (GS-6.1): its own and those of the places above, which hold for it too."""
        return format_html_join(
            "",
            "<div>{}（{}，{}）</div>",
            [(tag.get_kind_display(), tag.region.name, tag.basis) for tag in self._tags(region)],
        )

    @staticmethod
    def _steps(region):
        if not hasattr(region, "its_steps"):
            touching = Succession.objects.filter(Q(before=region) | Q(after=region))
            region.its_steps = list(touching.select_related("before", "after"))
        return region.its_steps

    @admin.display(description=_("line"))
    def line(self, region):
        """What it went on as, what went on as it: day, kind, basis."""
        kinds = {Succession.Kind.MERGE: _("%(before)s was merged into %(after)s")}
        kinds[Succession.Kind.SPLIT] = _("%(after)s was split off %(before)s")
        return format_html_join(
            "",
            "<div>{}　{}（{}）</div>",
            [
                (
                    date_format(step.on),
                    kinds[step.kind] % {"before": step.before.name, "after": step.after.name},
                    step.basis,
                )
                for step in self._steps(region)
            ],
        )

    @admin.display(description=_("still kept here"))
    def left_here(self, region):
        """What could go on with the place that took over and what tells of this one, with their lists."""
        going, staying = [], []
        for model, count in handing.entries_at(region) if region.successors else []:
            if admin.site.is_registered(model) and admin.site.get_model_admin(model).has_view_permission(
                region.looked_at_by
            ):
                found = staying if model.tells_of_place else going
                found.append((f"{self._list_of(model)}?place={region.code}", model._meta.verbose_name, count))
        link = '<a class="font-medium text-primary-600" href="{}">{} {}</a>'
        told = [
            (words, format_html_join(" · ", link, links))
            for words, links in ((_("To be handed on"), going), (_("Tells of this place, stays"), staying))
            if links
        ]
        return format_html_join("", "<div>{}：{}</div>", told) or _("nothing")

    @staticmethod
    def _list_of(model):
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    @admin.display(description=_("page of this place"))
    def own_page(self, region):
        """Everything known of a community on one page; of a place above, its targets."""
        address = f"{reverse('attainment:dashboard')}?place={region.code}"
        if region.is_community:
            address = reverse("desk:community", args=[region.code])
        return format_html('<a class="font-medium text-primary-600" href="{}">{}</a>', address, region.name)

    @admin.display(description=_("registers of this place"))
    def registers(self, region):
        """A link to each register, narrowed to this place."""
        request = region.looked_at_by
        links = [
            (f"{self._list_of(model)}?place={region.code}", model._meta.verbose_name_plural)
            for model, desk in admin.site._registry.items()
            if isinstance(desk, Register)
            and desk.has_view_permission(request)
            and Place in desk.get_list_filter(request)
        ]
        return format_html_join(" · ", '<a class="font-medium text-primary-600" href="{}">{}</a>', links)


@admin.register(RegionTag)
class RegionTagAdmin(Register):
    list_display = ["where", "kind", "basis", "valid_from", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["region__code__startswith", "region__name__holds", "basis__contains"]
    search_help_text = _("Name or the beginning of the code")
    autocomplete_fields = ["region"]
    fields = ["region", "kind", "basis", ("valid_from", "valid_to")]
    help_source = "出处：甘肃2016 六(一)：资金和项目向边远贫困地区、边疆少数民族地区和革命老区倾斜"


@admin.register(ExternalId)
class ExternalIdAdmin(Register):
    list_display = ["where", "system", "value"]
    search_fields = ["value__exact", "region__code__startswith", "region__name__holds"]
    search_help_text = _("The number there, or name or beginning of the code of the place")
    autocomplete_fields = ["region"]
    fields = ["region", ("system", "value")]
    help_source = "出处：重庆2018 二(三)3：与社区公共服务综合信息平台数据联通"
