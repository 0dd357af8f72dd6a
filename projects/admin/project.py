"""Projects as the record has them: to look at, never to change. Deciding happens on the project page."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from projects.models import Decision, Project, ProjectEvent


class ReadOnly:
    """Rows that only verbs change."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class DecisionInline(ReadOnly, TabularInline):
    model = Decision
    fields = ["round", "step", "verdict", "opinion", "office_name", "by_name", "signed_on", "at"]
    extra = 0


class EventInline(ReadOnly, TabularInline):
    model = ProjectEvent
    fields = ["round", "kind", "title", "verdict", "office_name", "by_name", "text", "at"]
    extra = 0


@admin.register(Project)
class ProjectAdmin(ReadOnly, ModelAdmin):
    """The same rows as on the desk. The only deed is the way to the project page."""

    list_display = ["title", "number", "region", "status", "round", "step_since"]
    list_filter = ["status", "typed_for_community"]
    list_select_related = ["region"]
    search_fields = ["title", "number"]
    show_full_result_count = False
    list_per_page = 50
    ordering = ["-step_since", "-pk"]
    inlines = [DecisionInline, EventInline]
    actions_detail = ["open_in_portal"]
    fields = [
        "programme",
        "region",
        "track",
        "number",
        "title",
        "status",
        "step",
        "round",
        "step_since",
        "acting_office",
        "requested_subsidy",
        "granted_amount",
        "approval_doc_no",
        "approved_on",
        "submitted_at",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    @action(description=_("Open the project page"))
    def open_in_portal(self, request, object_id):
        # Unfold's detail actions are plain links (GET), so they may only lead somewhere.
        return redirect(self.get_object(request, object_id) or "admin:projects_project_changelist")
