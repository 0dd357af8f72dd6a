"""The desks of public money: budgets with what is spent of them, disclosures, and what is capped."""

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import FileResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation.filters import strict_query
from linkage.foundation.registers import Register, Sheets
from linkage.foundation.spreadsheets import writing
from organizations.charity import documents
from organizations.charity.forms import ComparisonForm, SpendingFormSet
from organizations.charity.models import CappedSpending, FundBudget, FundDisclosure, FundSpending


def _with(asked, shape):
    asked = asked.copy()
    asked["as"] = shape
    return asked.urlencode()


class SpendingSheets(Sheets):
    """Titles and accounts of what was done are sentences: seven columns would cut them off."""

    model = FundSpending
    formset = SpendingFormSet
    fields = [("title", "recipient"), ("amount", "paid"), "committed_on", "execution", "effect"]


@admin.register(FundBudget)
class FundBudgetAdmin(Register):
    list_display = ["where", "year", "source", "purpose", "yuan", "adopted_on"]
    list_filter = ["year", "source", "purpose"]
    search_fields = ["region__name__holds", "doc_no__contains"]
    search_help_text = _("Name of the place, or number of the document")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "-year", "pk"]
    help_source = "出处：重庆2018 三(二)、甘肃2016 六、河北2021 四(二)、威海2015 四(二)、渝中2016 三(一)"
    inlines = [SpendingSheets]
    fields = ["region", ("year", "source"), ("purpose", "amount"), ("adopted_on", "doc_no"), "note"]
    actions_list = ["show_comparison"]

    def get_object(self, request, object_id, from_field=None):
        """Who saves holds the budget, so that two clerks do not commit the same yuan."""
        found = super().get_object(request, object_id, from_field)
        saving = request.method == "POST" and transaction.get_connection().in_atomic_block
        if found is not None and saving:
            FundBudget.everything.select_for_update(of=("self",)).get(pk=found.pk)
        return found

    @admin.display(description=_("amount (yuan)"), ordering="amount")
    def yuan(self, row):
        return f"{row.amount:,.2f}"

    @action(
        description=_("Money compared"), url_path="comparison", permissions=["view"], icon="compare_arrows"
    )
    def show_comparison(self, request):
        """A year beside the one before, by source and by purpose, of one's places or one of them; the same
        as a workbook or as a sheet to print."""
        strict_query(request, ("year", "place", "level", "as"))
        shape = request.GET.get("as", "page")
        if shape not in ("page", "print", "xlsx"):
            raise BadRequest("as")
        asked = request.GET.copy()
        asked.pop("as", None)
        form = ComparisonForm(asked or {"year": timezone.localdate().year}, by=request.user)
        year = form.cleaned_data["year"] if form.is_valid() else None
        rows = form.chosen(FundBudget.objects.visible_to(request.user)) if year else None
        found = documents.tables(rows, year) if year else []
        if shape != "page" and year:
            return self._paper(request, shape, form, year, found, asked)
        answer = self._page(
            request,
            "comparison",
            _("Money compared"),
            form=form,
            year=year,
            heads=year and documents.heads(year),
            nothing=year and documents.nothing(year),
            tables=found,
            ways={name: f"?{_with(asked, name)}" for name in ("print", "xlsx")} if found else {},
            source="出处：重庆2018 三(二)：逐步扩大政府购买服务规模和范围；渝中2016 三(一)：纳入公共财政预算",
            back=self._list(),
        )
        answer.status_code = 200 if form.is_valid() else 422
        return answer

    def _paper(self, request, shape, form, year, found, asked):
        title = gettext("Money compared: %(year)s and the year before") % {"year": year}
        about = documents.about(form, request.user)
        if shape == "xlsx":
            return FileResponse(
                documents.workbook(title, about, year, found),
                as_attachment=True,
                filename=f"{title}.xlsx",
                content_type=writing.XLSX,
            )
        context = {"title": title, "about": about, "heads": documents.heads(year), "tables": found}
        context |= {"nothing": documents.nothing(year), "back": f"?{asked.urlencode()}"}
        return TemplateResponse(request, "charity/comparison_print.html", context)


@admin.register(FundDisclosure)
class FundDisclosureAdmin(Register):
    list_display = ["where", "year", "source", "published_on", "medium"]
    list_filter = ["year", "source"]
    search_fields = ["region__name__holds"]
    search_help_text = _("Name of the place")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "-year", "pk"]
    fields = ["region", ("year", "source"), "published_on", "medium"]
    help_source = "出处：彩票管理条例第三十六条"


class CapFilter(admin.SimpleListFilter):
    title = _("share")
    parameter_name = "share"

    def lookups(self, request, model_admin):
        return [("over", _("above the cap")), ("near", _("near the cap"))]

    def queryset(self, request, queryset):
        return {"over": queryset.over, "near": queryset.near}.get(self.value(), queryset.all)()


@admin.register(CappedSpending)
class CappedSpendingAdmin(Register):
    list_display = ["where", "year", "source", "whole", "bought", "share", "doc_no"]
    list_filter = ["year", "source", CapFilter]
    search_fields = ["region__name__holds"]
    search_help_text = _("Name of the place")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "-year", "pk"]
    fields = ["region", ("year", "source"), ("total", "purchased"), ("cap", "doc_no"), "note"]
    help_source = (
        "出处：河北2021 四(二)：政府购买社会救助服务所需经费从社会救助专项经费中列支，列支比例不高于2%"
    )

    @admin.display(description=_("whole (yuan)"), ordering="total")
    def whole(self, row):
        return f"{row.total:,.2f}"

    @admin.display(description=_("purchased services (yuan)"), ordering="purchased")
    def bought(self, row):
        return f"{row.purchased:,.2f}"

    @admin.display(description=_("share"))
    def share(self, row):
        return row.percent or "—"
