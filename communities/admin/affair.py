"""The list of public affairs communities undertake, and how it became shorter."""

from datetime import date

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSingleDateWidget

from communities.codes import AffairChangeKind
from communities.models import AffairChange, CommunityAffairItem, Region
from linkage.foundation.dates import DayField
from linkage.foundation.registers import Lines, Register


class ChangeLines(Lines):
    model = AffairChange
    fk_name = "item"
    fields = ["kind", "changed_on", "doc_no", "into", "note"]
    autocomplete_fields = ["into"]


class Period(forms.Form):
    before = DayField(label=_("from the state of"), widget=UnfoldAdminSingleDateWidget)
    after = DayField(label=_("to the state of"), widget=UnfoldAdminSingleDateWidget)


@admin.register(CommunityAffairItem)
class CommunityAffairItemAdmin(Register):
    list_display = ["name", "where", "category", "department", "listed_on", "state"]
    list_filter = ["decision", "changes__kind"]
    search_fields = ["name__contains", "department__contains"]
    search_help_text = _("Name of the affair or of the department")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "category", "pk"]
    actions_list = ["show_reduction"]
    fieldsets = [
        (
            None,
            {"fields": ["region", "name", ("category", "department"), "basis", "listed_on"]},
        ),
        (
            _("Admission"),
            {
                "description": _(
                    "Only for what was not on the first list: a department asks, the list's keeper grants."
                ),
                "fields": [
                    "decision",
                    ("requested_by", "requested_on"),
                    "request",
                    ("decided_on", "decision_doc_no"),
                ],
            },
        ),
    ]
    inlines = [ChangeLines]
    help_source = (
        "出处：重庆2018 二(二)1：健全城乡社区承担公共事务目录，完善公共服务事务准入制度；"
        "渝中2016 二(一)：通过“上收、剥离、取消、合并、优化”，由296项精简优化为72项"
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("changes")

    @admin.display(description=_("state"))
    def state(self, item):
        return item.state()

    @action(
        description=_("How the list became shorter"),
        url_path="reduction",
        permissions=["view"],
        icon="trending_down",
    )
    def show_reduction(self, request):
        """Counts of the list on two days and of what was done between them, for one's places."""
        today = timezone.localdate()
        form = Period(request.GET or {"before": date(today.year - 1, 1, 1), "after": today})
        lines = []
        if form.is_valid():
            lines = self._reductions(request, **form.cleaned_data)
        return self._page(
            request,
            "reduction",
            _("How the list became shorter"),
            form=form,
            lines=lines,
            kinds=AffairChangeKind.labels,
            back=self._list(),
        )

    def _reductions(self, request, before, after):
        """A line for each list of this person's places and, for several, one for all of them."""
        items = CommunityAffairItem.objects.visible_to(request.user)
        found = list(items.reduction_by_place(before, after))
        places = Region.objects.in_bulk([line["region"] for line in found])
        for line in found:
            line["place"] = places[line["region"]]
        if len(found) > 1:
            found.append({"place": gettext("All"), **items.reduction(before, after)})
        for line in found:
            line["kinds"] = [line[kind] for kind in AffairChangeKind.values]
        return found
