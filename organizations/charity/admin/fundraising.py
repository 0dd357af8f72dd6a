"""The desk of public fundraising."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Lines, Register, pairs
from organizations.charity.models import FundraisingDisclosure, PublicFundraisingPlan


class DisclosureLines(Lines):
    model = FundraisingDisclosure
    fields = ["disclosed_on", "raised", "used", "medium"]


@admin.register(PublicFundraisingPlan)
class PublicFundraisingPlanAdmin(Register):
    list_display = ["title", "organization", "where", "starts_on", "ends_on", "filed_on", "filing_no"]
    list_select_related = ["organization__region"]
    search_fields = ["title__contains", "organization__name__holds"]
    search_help_text = _("Title, or name of the organisation")
    autocomplete_fields = ["organization"]
    ordering = ["organization__region__path", "-starts_on", "pk"]
    help_source = "出处：慈善法第二十四条、第七十九条"
    inlines = [DisclosureLines]
    fields = [
        "organization",
        "title",
        "purpose",
        "area",
        ("starts_on", "ends_on"),
        ("filed_on", "filing_no"),
        "lead",
        "beneficiaries",
        "use_of_money",
        ("target_amount", "cost"),
        "surplus",
    ]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def doubles(self, request):
        rows = PublicFundraisingPlan.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (
                    rows.exclude(filing_no=""),
                    ["organization", "filing_no"],
                    gettext("the same filing number"),
                ),
                (
                    rows,
                    ["organization", "starts_on", "ends_on"],
                    gettext("the same organisation in the same days"),
                ),
            ],
        )
