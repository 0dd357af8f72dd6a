"""The desk of a register: list, form, history, and what is done to its rows."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from linkage.foundation import history
from linkage.foundation.admin import Scoped
from linkage.foundation.ledger import Mergeable, keeping_posts, reading_posts
from linkage.foundation.registers import beside
from linkage.foundation.registers.filters import Place, Removed
from linkage.foundation.registers.handing import Handing
from linkage.foundation.registers.listing import PAGE, CountedSoFar, Listed
from linkage.foundation.registers.merging import Merging
from linkage.foundation.registers.parts import Part, PartFormSet
from linkage.foundation.registers.removal import Removal
from linkage.foundation.registers.revealing import Revealing
from linkage.foundation.registers.searching import Searching
from linkage.foundation.registers.shape import Shape
from linkage.foundation.spreadsheets import describing


class Register(Removal, Merging, Handing, Revealing, Searching, Shape, Scoped, ModelAdmin):
    """The admin of one register.

    ``search_fields`` with ``name__holds``; ``list_filter`` is put behind the place and the recycle bin;
    ``help_source`` is the clause the register answers to, shown above the list.
    """

    paginator = CountedSoFar
    list_per_page = PAGE
    list_max_show_all = PAGE
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_filter_submit = False
    list_fullwidth = True
    warn_unsaved_form = True
    save_on_top = False
    actions = ["remove_chosen", "restore_chosen", "merge_chosen", "hand_chosen"]
    actions_list = ["show_doubles"]
    actions_detail = ["reveal_here", "restore_here"]

    def __init_subclass__(cls, **kwargs):
        """What every register can do stays, whatever a desk names beside it; permissions say who may."""
        super().__init_subclass__(**kwargs)
        for name in ("actions", "actions_list", "actions_detail"):
            own, common = getattr(cls, name), Register.__dict__[name]
            setattr(cls, name, [*own, *(action for action in common if action not in own)])

    help_source = ""
    object_history_template = "admin/register/history.html"
    list_before_template = "admin/register/source.html"
    change_form_outer_before_template = "admin/register/state.html"
    change_form_outer_after_template = "admin/register/beside.html"

    # What may be seen and written

    def has_view_permission(self, request, obj=None):
        return bool(reading_posts(request.user, self.model.duties))

    def has_add_permission(self, request):
        return bool(keeping_posts(request.user, self.model.duties))

    def has_change_permission(self, request, obj=None):
        if not self.has_add_permission(request):
            return False
        return obj is None or (obj.removed_at is None and obj.is_kept_by(request.user))

    has_delete_permission = has_change_permission

    def has_restore_permission(self, request, obj=None):
        return self.has_view_permission(request) and request.user.administers

    def has_merge_permission(self, request, obj=None):
        return issubclass(self.model, Mergeable) and self.has_add_permission(request)

    def has_reveal_permission(self, request, obj=None):
        return bool(self.model.sealed) and self.has_add_permission(request)

    def get_queryset(self, request):
        ordering = self.get_ordering(request) or self.opts.ordering
        rows = self.model.everything.visible_to(request.user).order_by(*ordering)
        # Named here, Django leaves ``list_select_related`` out: a list would ask for each row anew.
        rows = rows.select_related(
            self.model.region_path.rpartition("__")[0], *(self.list_select_related or ())
        )
        asked_to_choose = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        if asked_to_choose or not request.user.administers:
            rows = rows.standing()
        return rows

    @admin.display(description=_("place"))
    def where(self, row):
        """The place below one's own, for ``list_display``."""
        return row.place_words or "—"

    def get_changelist(self, request, **kwargs):
        return Listed

    def get_list_display(self, request):
        return [*super().get_list_display(request), *beside.columns_of(self.model)]

    def get_list_filter(self, request):
        return [Place, *super().get_list_filter(request), Removed]

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        request.held_entry = found
        return found

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A row that is not one's own is answered like one that does not exist, on every page alike."""
        raise Http404

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        removed = request.GET.get("removed") == "1"
        for name, wanted in (
            ("remove_chosen", not removed and self.has_add_permission(request)),
            ("restore_chosen", removed and self.has_restore_permission(request)),
            ("merge_chosen", not removed and self.has_merge_permission(request)),
            ("hand_chosen", not removed and self.has_handing_permission(request)),
        ):
            if not wanted:
                found.pop(name, None)
        return found

    def response_action(self, request, queryset):
        """Keys that no row can have are a 400, not a fault."""
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(key.isascii() and key.isdigit() and len(key) < 19 for key in keys):
            raise BadRequest
        return super().response_action(request, queryset)

    # Saving

    def save_form(self, request, form, change):
        """The row may not lie where this person does not write, whatever was posted."""
        entry = super().save_form(request, form, change)
        if not entry.is_kept_by(request.user):
            raise PermissionDenied
        return entry

    def get_formset_kwargs(self, request, obj, inline, prefix):
        about = super().get_formset_kwargs(request, obj, inline, prefix)
        return {**about, "request": request} if issubclass(inline.formset, PartFormSet) else about

    def log_addition(self, request, obj, message):
        """The row history tells who added it; a second account would only differ from it."""

    def log_change(self, request, obj, message):
        """As above."""

    log_deletions = log_change

    def changeform_view(self, request, *args, **kwargs):
        """Two people, one unique number, the same second: the second is told, and nothing is half done.

        Django makes a new row of any form that says ``_saveasnew``, whether or not the page offers it.
        """
        if "_saveasnew" in request.POST and not self.save_as:
            raise BadRequest("_saveasnew")
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(request, _("Somebody else has just saved the same entry. Please look again."))
            return HttpResponseRedirect(request.get_full_path())

    def render_change_form(self, request, context, *args, **kwargs):
        """The button says what it does: nothing is deleted, the entry is taken out of the register."""
        context |= {"show_delete": False, "is_taken_out": True}
        row = context.get("original")
        if row is not None:
            context["remarks"] = beside.remarks_of(row, request.user)
            context["sections"] = beside.sections_of(row, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request, extra_context=None):
        about = {"source": self.help_source, "tables": self.tables(request)}
        return super().changelist_view(request, {**(extra_context or {}), **about})

    def tables(self, request):
        """The ways of a table into this register and out of it: exactly the rows this list shows."""
        sheet = describing.of(self.model)
        if sheet is None:
            return {}
        asked = request.GET.urlencode()
        found = {"export": reverse("desk:table_export", args=[sheet.label]) + (f"?{asked}" if asked else "")}
        if sheet.imported and self.has_add_permission(request):
            found["import"] = reverse("desk:table", args=[sheet.label])
            found["template"] = reverse("desk:table_template", args=[sheet.label])
        return found

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        own = [path("merge/", view(self.merge_view), name=f"{name}_merge")]
        return own + super().get_urls()

    # History

    def history_view(self, request, object_id, extra_context=None):
        row = self._row_or_404(request, object_id)
        parts = [inline.model for inline in self.inlines if issubclass(inline, Part)]
        return self._page(
            request,
            "history",
            _("History: %s") % row,
            row=row,
            object=row,
            changes=history.of(row, parts, to=request.user),
            back=self._list(),
        )
