"""The desk of donations."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation.money import capital
from linkage.foundation.registers import Register
from organizations.admin.steps import Steps
from organizations.charity import services
from organizations.charity.forms import DonationForm
from organizations.charity.models import Donation
from organizations.charity.models.donation import ON_THE_RECEIPT
from organizations.forms import ReasonForm


class ReceiptFilter(admin.SimpleListFilter):
    title = _("receipt")
    parameter_name = "receipt"

    def lookups(self, request, model_admin):
        return [
            ("none", _("not receipted yet")),
            ("issued", _("receipt issued")),
            ("reversed", _("reversed")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.without_receipt()
        if self.value() == "issued":
            return queryset.exclude(receipt_no="")
        if self.value() == "reversed":
            return queryset.filter(Exists(Donation.objects.filter(reverses=OuterRef("pk"))))
        return queryset


@admin.register(Donation)
class DonationAdmin(Steps, Register):
    form = DonationForm
    list_display = ["shown", "entity", "where", "kind", "what", "received_on", "receipt_no", "state"]
    list_select_related = ["entity", "reverses"]
    list_filter = ["kind", "donor_kind", ReceiptFilter]
    search_fields = ["receipt_no__exact", "donor_name__startswith"]
    search_help_text = _("Receipt number, or beginning of the donor's name")
    autocomplete_fields = ["entity", "fund"]
    ordering = ["entity__region__path", "-received_on", "-pk"]
    actions_detail = ["print_receipt", "reverse"]
    help_source = "出处：慈善法第三十八条、第八十二条，河北2021 四(二)，甘肃2016 六"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("entity", "fund"),
                    ("donor_kind", "donor_name"),
                    ("donor_phone", "hide_name"),
                    ("kind", "amount"),
                    "description",
                    "wish",
                    "received_on",
                ]
            },
        ),
        (
            _("Receipt"),
            {
                "fields": [("receipt_no", "receipt_on"), "handler"],
                "description": _("Once the receipt stands, the donation is reversed, never edited."),
            },
        ),
    ]

    def get_queryset(self, request):
        reversed_by = Donation.objects.filter(reverses=OuterRef("pk"))
        return super().get_queryset(request).annotate(taken_back=Exists(reversed_by))

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj is not None and obj.reverses_id is not None:
            found = [(None, {"fields": ["reverses", "reason"]}), *found]
        return found

    def get_readonly_fields(self, request, obj=None):
        if obj is None or not obj.is_settled:
            return []
        return [*(name for name in ON_THE_RECEIPT if name != "removed_at"), "handler", "reason"]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_settled)

    @admin.display(description=_("donor"))
    def shown(self, row):
        return row.shown_donor

    @admin.display(description=_("what was given"))
    def what(self, row):
        return row.description or (f"{row.amount:,.2f} 元" if row.amount is not None else "—")

    @admin.display(description=_("state"))
    def state(self, row):
        if row.reverses_id is not None:
            return _("reversal")
        if row.taken_back:
            return _("reversed")
        return _("receipted") if row.has_receipt else _("not receipted yet")

    @action(description=_("Print the receipt"), url_path="receipt", permissions=["view"], icon="print")
    def print_receipt(self, request, object_id):
        """The sheet for the donor (慈善法 38). Who wishes to stay unnamed is not named on it either."""
        row = self._row_or_404(request, object_id)
        here = reverse("admin:charity_donation_change", args=[row.pk])
        if not row.has_receipt:
            messages.warning(request, _("Enter number and day of the receipt first, then print it."))
            return HttpResponseRedirect(here)
        told = {
            "donation": row,
            "reversed": row.is_reversed,
            "in_capitals": capital(row.amount),
            "back": here,
        }
        answer = TemplateResponse(request, "charity/receipt.html", told)
        answer["Cache-Control"] = "no-store"
        return answer

    @action(description=_("Reverse"), url_path="reverse", permissions=["keep"], icon="undo")
    def reverse(self, request, object_id):
        return self._step(
            request,
            object_id,
            ReasonForm,
            services.reverse,
            title=_("Reverse the donation"),
            label=_("Reverse"),
            done=_("Reversed. Enter the right donation anew."),
            about=_(
                "A row of its own takes the donation back; what the receipt says stays as it was. "
                "Call in the paper receipt."
            ),
        )
