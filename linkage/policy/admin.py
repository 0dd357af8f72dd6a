"""Documents and clauses as loaded. They change by loading a pack, never here."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from linkage.policy.models import Clause, PolicyDocument


class ReadOnly:
    """Rows that come from a pack: to be looked at, not edited."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ClauseInline(ReadOnly, TabularInline):
    model = Clause
    fields = ["number", "heading", "text"]
    extra = 0


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(ReadOnly, ModelAdmin):
    list_display = ["title", "doc_no", "territory", "year", "linkage_model", "kind"]
    list_filter = ["linkage_model", "kind"]
    search_fields = ["title", "doc_no", "code"]
    inlines = [ClauseInline]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)
