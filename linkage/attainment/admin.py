"""Targets and benchmarks as loaded from packs, to be looked at; coverage terms, to be set anew."""

from django.contrib import admin
from django.db.models import F
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from linkage.attainment.codes import WAITS_FOR
from linkage.attainment.documents.demands import demanded, share
from linkage.attainment.documents.figures import benchmark_value
from linkage.attainment.forms import CoverageTermForm
from linkage.attainment.models import Benchmark, CoverageTerm, Target
from linkage.attainment.services import terms
from linkage.foundation import measures
from linkage.foundation.admin import ReadOnly, Scoped, Versioned


def name_of(key):
    """What a figure is called; one without a register says which it waits for."""
    if measure := measures.get(key):
        return measure.name
    name, register = WAITS_FOR.get(key, (key, ""))
    return _("%(name)s (data not connected: %(register)s)") % {"name": name, "register": register}


class Issued(ReadOnly, Scoped, ModelAdmin):
    """Open to everybody who holds a post; the rows are those of documents issued at, above or under it."""

    list_select_related = ["document__region"]
    list_filter = ["rule"]  # no filter by document: it would name those of others
    search_fields = ["code", "quote"]
    list_fullwidth = True

    def has_view_permission(self, request, obj=None):
        return request.user.is_authenticated and bool(request.user.current_posts)

    @admin.display(description=_("measure"))
    def measure(self, row):
        if not row.metric:
            return self.get_empty_value_display()
        return name_of(row.metric) if not row.per else f"{name_of(row.metric)} ÷ {name_of(row.per)}"


@admin.register(Target)
class TargetAdmin(Issued):
    list_display = ["code", "quote", "clause", "document", "rule", "bound", "deadline", "kind", "told_nature"]
    fields = [
        *("document", "code", "clause", "quote", "period_start", "deadline", "kind", "scope", "unit"),
        *("rule", "measure", "bound", "reach", "nature", "soft", "missing", "note"),
    ]
    readonly_fields = ["measure", "bound"]

    @admin.display(description=_("bound"))
    def bound(self, target):
        return demanded(target)

    @admin.display(description=_("nature"), ordering="nature")
    def told_nature(self, target):
        return format_html('<span class="whitespace-nowrap">{}</span>', target.get_nature_display())


@admin.register(Benchmark)
class BenchmarkAdmin(Issued):
    list_display = ["code", "quote", "clause", "document", "amount", "measure"]
    fields = ["document", "code", "clause", "quote", "rule", "measure", "amount", "note"]
    readonly_fields = ["measure", "amount"]

    @admin.display(description=_("value"))
    def amount(self, benchmark):
        return benchmark_value(benchmark)


@admin.register(CoverageTerm)
class CoverageTermAdmin(Versioned, ModelAdmin):
    """What a word of coverage means, by document and place."""

    form = CoverageTermForm
    list_display = ["term", "amount", "set_for", "valid_from", "version", "basis", "set_by"]
    list_select_related = ["document", "programme", "region", "set_by"]
    list_filter = ["term"]
    search_fields = ["term", "basis"]
    autocomplete_fields = ["region"]
    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        terms.set_term(obj, by=request.user)

    @admin.display(description=_("means at least"))
    def amount(self, term):
        return share(term.value)

    @admin.display(description=_("set for"), ordering=F("region__path").asc(nulls_first=True))
    def set_for(self, term):
        return term.programme or term.document or term.region or term.source.label
