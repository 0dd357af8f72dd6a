"""The desks of incubation bases and of what grows in them."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models.functions import Substr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation.registers import Register, pairs
from organizations import services
from organizations.admin.parts import AssessmentLines
from organizations.admin.steps import Steps
from organizations.codes import IncubationStatus
from organizations.forms import AdmitForm, AssessForm, ReasonForm
from organizations.models import IncubationBase, IncubationCase


@admin.register(IncubationBase)
class IncubationBaseAdmin(Register):
    list_display = ["name", "where", "facility", "capacity", "inside", "valid_from", "valid_to"]
    list_select_related = ["facility"]
    search_fields = ["name__holds"]
    search_help_text = _("Name of the entity or base")
    autocomplete_fields = ["region", "facility"]
    fields = ["region", "name", "facility", "address", "capacity", ("valid_from", "valid_to")]
    ordering = ["region__path", "pk"]
    help_source = "出处：重庆2018 二(二)2、河北2021 三(二)"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        listed = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return rows.with_occupancy() if listed else rows

    def doubles(self, request):
        """Bases of one name in one county, whoever entered them, at one address or in one facility."""
        rows = IncubationBase.objects.kept_by(request.user)
        by_county = rows.annotate(county=Substr("region__path", 1, 15))
        return pairs(
            rows,
            [
                (by_county, ["county", "name"], gettext("the same name in the same county")),
                (rows.exclude(facility=None), ["facility"], gettext("in the same facility")),
                (rows.exclude(address=""), ["region", "address"], gettext("same place and address")),
            ],
        )

    @admin.display(description=_("incubated now"))
    def inside(self, row):
        return row.occupied


@admin.register(IncubationCase)
class IncubationCaseAdmin(Steps, Register):
    list_display = ["organization", "base", "where", "status", "applied_on", "admitted_on", "ended_on"]
    list_select_related = ["organization", "base__region"]
    list_filter = ["status"]
    search_fields = ["organization__name__holds", "base__name__holds"]
    search_help_text = _("Name of the organisation or of the base")
    autocomplete_fields = ["base", "organization"]
    ordering = ["base__region__path", "pk"]
    actions_detail = ["admit", "decline", "assess", "graduate", "leave"]
    help_source = "出处：重庆2018 二(二)2"
    inlines = [AssessmentLines]

    def get_fields(self, request, obj=None):
        asked = ["base", "organization", "applied_on", "plan"]
        return [*asked, "status", "admitted_on", "ended_on", "outcome"] if obj else asked

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return ["base", "organization", "applied_on", "status", "admitted_on", "ended_on", "outcome"]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def _stands_at(self, request, key, status):
        """Only the steps of its stage have a button; the verbs ask once more."""
        row = self.get_object(request, unquote(str(key))) if self.has_keep_permission(request) else None
        return row is not None and row.status == status

    def has_applied_permission(self, request, obj=None):
        return self._stands_at(request, obj, IncubationStatus.APPLIED)

    def has_admitted_permission(self, request, obj=None):
        return self._stands_at(request, obj, IncubationStatus.ADMITTED)

    @action(description=_("Admit"), url_path="admit", permissions=["applied"], icon="login")
    def admit(self, request, object_id):
        return self._step(
            request,
            object_id,
            AdmitForm,
            services.admit,
            title=_("Admit to the base"),
            label=_("Admit"),
            done=_("Admitted."),
        )

    @action(description=_("Decline"), url_path="decline", permissions=["applied"], icon="block")
    def decline(self, request, object_id):
        return self._step(
            request,
            object_id,
            ReasonForm,
            services.decline,
            title=_("Decline the application"),
            label=_("Decline"),
            done=_("Declined."),
        )

    @action(description=_("Assess"), url_path="assess", permissions=["admitted"], icon="fact_check")
    def assess(self, request, object_id):
        return self._step(
            request,
            object_id,
            AssessForm,
            services.assess,
            title=_("Enter an assessment"),
            label=_("Save"),
            done=_("The assessment is entered."),
        )

    @action(description=_("Graduate"), url_path="graduate", permissions=["admitted"], icon="school")
    def graduate(self, request, object_id):
        return self._step(
            request,
            object_id,
            ReasonForm,
            services.graduate,
            title=_("Graduate from the base"),
            label=_("Graduate"),
            done=_("Graduated."),
            about=_("The last assessment has to say that it is ready."),
        )

    @action(description=_("Leave early"), url_path="leave", permissions=["admitted"], icon="logout")
    def leave(self, request, object_id):
        return self._step(
            request,
            object_id,
            ReasonForm,
            services.leave,
            title=_("Leave the base early"),
            label=_("Leave early"),
            done=_("It has left the base."),
        )
