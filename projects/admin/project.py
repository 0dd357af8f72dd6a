"""Projects as the record has them: to look at, never to change. Deciding happens on the project page."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from linkage.foundation.admin import ReadOnly, Scoped
from projects.models import Correction, Decision, ProgrammeStep, Project, ProjectEvent


class Spoken(ReadOnly, TabularInline):
    """Rows of the record with their steps in words."""

    extra = 0
    hide_title = True

    def get_queryset(self, request):
        steps = ProgrammeStep.objects.filter(programme=OuterRef("project__programme"), key=OuterRef("step"))
        return super().get_queryset(request).annotate(verb=Subquery(steps.values("verb")))

    @admin.display(description=_("round"))
    def in_round(self, row):
        return row.round

    @admin.display(description=_("step"))
    def at_step(self, row):
        return row.verb

    @admin.display(description=_("Opinion"))
    def said(self, row):
        return row.get_verdict_display()

    @admin.display(description=_("office"))
    def from_office(self, row):
        return row.office_name

    @admin.display(description=_("person"))
    def by_person(self, row):
        return row.signature

    @admin.display(description=_("at"))
    def at_time(self, row):
        return row.at


class DecisionInline(Spoken):
    model = Decision
    verbose_name_plural = _("Opinions")
    fields = readonly_fields = [
        "in_round",
        "at_step",
        "said",
        "opinion",
        "from_office",
        "by_person",
        "signed_on",
        "at_time",
    ]


class CorrectionInline(ReadOnly, TabularInline):
    model = Correction
    extra = 0
    hide_title = True
    verbose_name_plural = _("Corrections")
    fields = readonly_fields = ["field", "before", "after", "reason", "basis", "office_name", "by_name", "at"]


class EventInline(Spoken):
    model = ProjectEvent
    verbose_name_plural = _("Record of the way")
    fields = readonly_fields = [
        "in_round",
        "happened",
        "at_step",
        "said",
        "from_office",
        "by_person",
        "words",
        "at_time",
    ]

    @admin.display(description=_("kind"))
    def happened(self, event):
        return event.get_kind_display()

    @admin.display(description=_("text"))
    def words(self, event):
        return event.text


@admin.register(Project)
class ProjectAdmin(ReadOnly, Scoped, ModelAdmin):
    """The same rows as on the desk. The only deed is the way to the project page."""

    list_display = ["title", "number", "region", "status", "round", "step_since"]
    list_filter = ["status", "typed_for_community"]
    list_select_related = ["region"]
    search_fields = ["title", "number"]
    show_full_result_count = False
    list_per_page = 50
    ordering = ["-step_since", "-pk"]
    inlines = [DecisionInline, CorrectionInline, EventInline]
    actions_detail = ["open_in_portal"]
    readonly_fields = ["of_programme", "at_step"]
    fields = [
        "of_programme",
        "region",
        "track",
        "number",
        "title",
        "status",
        "at_step",
        "round",
        "step_since",
        "acting_office",
        "requested_subsidy",
        "granted_amount",
        "approval_doc_no",
        "approved_on",
        "submitted_at",
    ]

    @admin.display(description=_("programme"))
    def of_programme(self, project):
        return project.programme

    @admin.display(description=_("step"))
    def at_step(self, project):
        step = project.programme.steps.filter(key=project.step).first()
        return step.verb if step else ""

    @action(description=_("Open the project page"))
    def open_in_portal(self, request, object_id):
        # Unfold's detail actions are plain links (GET), so they may only lead somewhere.
        return redirect(self.get_object(request, object_id) or "admin:projects_project_changelist")
