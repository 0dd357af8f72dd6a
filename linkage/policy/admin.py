"""Documents and clauses as loaded. They change by loading a pack, never here."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from linkage.foundation.admin import ReadOnly, Scoped
from linkage.policy.models import Clause, PolicyDocument


class ClauseInline(ReadOnly, TabularInline):
    model = Clause
    fields = ["number", "heading", "text"]
    extra = 0


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(ReadOnly, Scoped, ModelAdmin):
    list_display = ["title", "doc_no", "territory", "year", "linkage_model", "kind"]
    list_filter = ["linkage_model", "kind"]
    search_fields = ["title", "doc_no", "code"]
    inlines = [ClauseInline]
