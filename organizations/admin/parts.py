"""The parts of an organisation as lines on its form."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from linkage.foundation.registers import Lines
from organizations.forms import HostedAgencyForm
from organizations.models import (
    AgencyPerformance,
    AnnualInspection,
    CreditRecord,
    Employment,
    HostedAgency,
    HubMember,
    IncubationAssessment,
    OperatingContract,
    OrganizationCategory,
    PartyOrganization,
    Penalty,
    Rating,
    ServedCommunity,
    StatusChange,
    Support,
    TierMove,
)


class ToRead(Lines):
    """Lines that only a verb, or a form of their own, adds."""

    def has_add_permission(self, request, obj=None):
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def get_readonly_fields(self, request, obj=None):
        return [*self.fields, *self._way(request)]


class CategoryLines(Lines):
    model = OrganizationCategory
    fields = ["category"]


class ServedLines(Lines):
    model = ServedCommunity
    fields = ["community", "valid_from", "valid_to"]
    autocomplete_fields = ["community"]


class EmploymentLines(ToRead):
    model = Employment
    fields = [
        "name",
        "kind",
        "position",
        "qualification",
        "social_insurance",
        "housing_fund",
        "valid_from",
        "valid_to",
    ]
    ordering = ["-valid_from", "pk"]
    show_change_link = True
    per_page = 20


class PartyLines(Lines):
    model = PartyOrganization
    fields = ["name", "form", "superior", "valid_from", "valid_to"]


class RatingLines(Lines):
    model = Rating
    fields = ["grade", "issued_on", "until", "issuer", "doc_no"]
    readonly_fields = ["until"]

    @admin.display(description=_("valid until"))
    def until(self, rating):
        return rating.valid_to or "—"


class InspectionLines(Lines):
    model = AnnualInspection
    fields = ["year", "kind", "result", "inspected_on", "note"]


class CreditLines(Lines):
    model = CreditRecord
    fields = ["kind", "content", "source", "recorded_on", "valid_to", "is_public"]


class PenaltyLines(Lines):
    model = Penalty
    fields = ["kind", "decided_on", "authority", "doc_no", "reason", "amount", "carried_out_on"]


class SupportLines(Lines):
    model = Support
    fields = ["kind", "amount", "quantity", "giver", "given_on", "note"]


class MemberLines(Lines):
    model = HubMember
    fk_name = "organization"
    fields = ["member", "valid_from", "valid_to"]
    autocomplete_fields = ["member"]


class HostedLines(Lines):
    hide_title = False  # the agency is known by its code in the columns, by its name above them
    model = HostedAgency
    form = HostedAgencyForm
    fk_name = "organization"
    fields = ["code", "services", "valid_from", "valid_to"]


class PerformanceLines(Lines):
    model = AgencyPerformance
    fields = ["year", "stations_run", "organizations_fostered", "resources_linked", "volunteers_led"]


class ContractLines(ToRead):
    """What the organisation runs; of contracts kept elsewhere only those one may see."""

    model = OperatingContract
    fields = ["what", "mode", "valid_from", "valid_to"]
    show_change_link = True

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related("facility", "station", "base")

    @admin.display(description=_("what it runs"))
    def what(self, contract):
        return str(contract.thing)


class MoveLines(ToRead):
    model = TierMove
    fields = ["happened_on", "from_tier", "to_tier", "reason", "doc_no", "former_number", "by"]
    readonly_fields = ["by"]
    ordering = ["-happened_on", "-pk"]


class StatusLines(ToRead):
    model = StatusChange
    fields = ["happened_on", "from_status", "to_status", "reason", "doc_no", "by"]
    readonly_fields = ["by"]
    ordering = ["-happened_on", "-pk"]


class AssessmentLines(ToRead):
    model = IncubationAssessment
    fields = ["assessed_on", "score", "result", "note"]
