"""Programmes as loaded and as their owners changed them. Nothing changes here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from linkage.foundation.admin import ReadOnly
from projects.models import (
    FormRow,
    PilotArea,
    PilotCommunity,
    Programme,
    ProgrammePhase,
    ProgrammeStep,
    Quota,
    QuotaRaise,
    Track,
)
from projects.procedure import Doing


class PhaseInline(ReadOnly, TabularInline):
    model = ProgrammePhase
    fields = ["number", "name", "first_day", "last_day", "doings", "extension_doc_no"]
    readonly_fields = ["first_day", "last_day", "doings"]
    extra = 0

    @admin.display(description=_("from"))
    def first_day(self, phase):
        return phase.starts

    @admin.display(description=_("to"))
    def last_day(self, phase):
        return phase.ends

    @admin.display(description=_("allows"))
    def doings(self, phase):
        return "、".join(str(Doing(doing).label) for doing in phase.allows)


class TrackInline(ReadOnly, TabularInline):
    model = Track
    fields = ["number", "name", "counts_against_quota", "final_level"]
    extra = 0


class QuotaInline(ReadOnly, TabularInline):
    model = Quota
    fields = ["name", "limit", "first_limit", "clause", "target"]
    extra = 0


class StepInline(ReadOnly, TabularInline):
    model = ProgrammeStep
    fields = ["number", "title", "village_title", "level", "kind", "verb", "days", "opinion"]
    extra = 0


class FormRowInline(ReadOnly, TabularInline):
    model = FormRow
    fields = ["number", "label", "prompt"]
    extra = 0


class Visible(ReadOnly):
    """Only rows this person may see on the desk."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


@admin.register(Programme)
class ProgrammeAdmin(Visible, ModelAdmin):
    list_display = ["title", "code", "region", "active", "shift_days"]
    list_select_related = ["region"]
    search_fields = ["title", "code"]
    inlines = [PhaseInline, TrackInline, QuotaInline, StepInline, FormRowInline]


@admin.register(PilotArea)
class PilotAreaAdmin(Visible, ModelAdmin):
    list_display = ["region", "programme", "basis"]
    list_select_related = ["region", "programme"]
    search_fields = ["region__name"]


@admin.register(PilotCommunity)
class PilotCommunityAdmin(Visible, ModelAdmin):
    list_display = ["region", "area", "designated_on", "basis", "by"]
    list_select_related = ["region", "area__region", "by"]
    search_fields = ["region__name"]


@admin.register(QuotaRaise)
class QuotaRaiseAdmin(ReadOnly, ModelAdmin):
    list_display = ["quota", "before", "limit", "doc_no", "by", "at"]
    list_select_related = ["quota", "by"]

    def get_queryset(self, request):
        programmes = Programme.objects.visible_to(request.user)
        return super().get_queryset(request).filter(quota__programme__in=programmes)
