"""The desks of charity entities and of their special funds."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation.registers import Lines, Register, pairs
from organizations.admin.parts import ToRead
from organizations.admin.steps import Steps
from organizations.charity import services
from organizations.charity.forms import DrawForm
from organizations.charity.models import CharityEntity, FundUse, SpecialFund


class FundLines(Lines):
    model = SpecialFund
    fields = ["name", "purpose", "founder", "valid_from", "valid_to"]
    show_change_link = True


@admin.register(CharityEntity)
class CharityEntityAdmin(Register):
    list_display = ["name", "kind", "where", "organization", "contact", "valid_from", "valid_to"]
    list_select_related = ["organization"]
    list_filter = ["kind"]
    search_fields = ["name__holds"]
    search_help_text = _("Name of the entity or base")
    ordering = ["region__path", "pk"]
    help_source = "出处：河北2021 三(二)(四)、四(二)，重庆2018 三(二)，甘肃2016 六"
    inlines = [FundLines]
    fields = [
        "region",
        "name",
        "kind",
        ("organization", "facility"),
        "instruments",
        "address",
        ("contact", "office_phone"),
        ("valid_from", "valid_to"),
    ]
    autocomplete_fields = ["region", "organization", "facility"]

    def doubles(self, request):
        rows = CharityEntity.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows.exclude(organization=None),
                    ["organization", "kind"],
                    gettext("the same social organisation"),
                ),
                (
                    rows,
                    ["region__parent", "kind", "name"],
                    gettext("same name and kind in neighbouring places"),
                ),
                (rows.exclude(facility=None), ["facility", "kind"], gettext("in the same facility")),
                (rows.exclude(address=""), ["region", "kind", "address"], gettext("same place and address")),
            ],
        )


class UseLines(ToRead):
    model = FundUse
    fields = ["used_on", "amount", "instrument", "purpose", "recipient"]
    ordering = ["-used_on", "-pk"]
    per_page = 20


@admin.register(SpecialFund)
class SpecialFundAdmin(Steps, Register):
    list_display = ["name", "entity", "where", "purpose", "valid_from", "valid_to"]
    list_select_related = ["entity"]
    search_fields = ["name__contains", "entity__name__holds"]
    search_help_text = _("Name of the fund or of its entity")
    autocomplete_fields = ["entity"]
    ordering = ["entity__region__path", "pk"]
    actions_detail = ["draw"]
    help_source = "出处：河北2021 三(四)、四(二)，渝中2016 二(二)"
    inlines = [UseLines]

    def get_fields(self, request, obj=None):
        asked = ["entity", "name", "purpose", "founder", ("valid_from", "valid_to")]
        return [*asked, ("given", "used", "left")] if obj else asked

    def get_readonly_fields(self, request, obj=None):
        return ["entity", "given", "used", "left"] if obj else []

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    @admin.display(description=_("given in money (yuan)"))
    def given(self, fund):
        return f"{fund.received:,.2f}"

    @admin.display(description=_("used (yuan)"))
    def used(self, fund):
        return f"{fund.spent:,.2f}"

    @admin.display(description=_("left (yuan)"))
    def left(self, fund):
        return f"{fund.balance:,.2f}"

    @action(description=_("Use money"), url_path="draw", permissions=["keep"], icon="payments")
    def draw(self, request, object_id):
        row = self._row_or_404(request, object_id)
        return self._step(
            request,
            object_id,
            DrawForm,
            services.draw,
            title=_("Use money of the fund"),
            label=_("Do it"),
            done=_("Entered."),
            now=_("%s yuan left") % f"{row.balance:,.2f}",
        )

    def doubles(self, request):
        rows = SpecialFund.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows, ["entity", "purpose"], gettext("same entity and purpose")),
                (
                    rows.exclude(founder="").exclude(valid_from=None),
                    ["entity", "founder", "valid_from"],
                    gettext("set up by the same founder on the same day"),
                ),
            ],
        )
