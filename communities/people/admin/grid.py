"""Grids of communities with their 1+X."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Grid
from communities.people.models import GridWorker
from linkage.foundation.registers import Register, Sheets, pairs

from .role import Masked, RoleRegister


class WorkerSheets(Masked, Sheets):
    model = GridWorker
    fields = [
        ("role", "kind"),
        ("name", "phone"),
        ("id_type", "id_number"),
        ("valid_from", "valid_to"),
    ]


@admin.register(Grid)
class GridAdmin(Register):
    list_display = ["code", "name", "where", "households", "residents", "lead", "others"]
    search_fields = ["code__exact", "name__contains"]
    search_help_text = _("Number of the grid, or a part of its name")
    autocomplete_fields = ["region"]
    ordering = ["region__path", "code"]
    fields = ["region", ("code", "name"), ("households", "residents"), "bounds", ("valid_from", "valid_to")]
    inlines = [WorkerSheets]
    help_source = "出处：渝中2016 三(二)：网格化管理，以“1+X”的模式配备网格人员"

    def get_queryset(self, request):
        workers = Prefetch("workers", GridWorker.objects.defer("phone"))
        return super().get_queryset(request).prefetch_related(workers)

    @admin.display(description=_("grid lead"))
    def lead(self, grid):
        leads = [worker.name for worker in grid.workers.all() if worker.is_lead and worker.works]
        return "、".join(leads) or "—"

    @admin.display(description=_("X others"))
    def others(self, grid):
        return sum(not worker.is_lead and worker.works for worker in grid.workers.all())

    def doubles(self, request):
        rows = Grid.objects.kept_by(request.user)
        return pairs(
            rows,
            [
                (rows, ["region", "name"], gettext("same name in the same community")),
            ],
        )


@admin.register(GridWorker)
class GridWorkerAdmin(RoleRegister):
    list_display = ["name", "where", "grid", "role", "kind", "phone_shown", "valid_to"]
    list_filter = ["role", "kind"]
    list_select_related = ["person", "grid"]
    autocomplete_fields = ["grid"]
    fieldsets = [
        (None, {"fields": ["grid", ("role", "kind"), ("valid_from", "valid_to")]}),
        (_("Person"), {"fields": [("name", "phone"), ("id_type", "id_number")]}),
    ]
    help_source = "出处：渝中2016 三(二)：网格化管理，以“1+X”的模式配备网格人员"
