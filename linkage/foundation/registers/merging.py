"""Rows that are the same thing: found, compared, merged."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation import history, keeping
from linkage.foundation.errors import NotNow
from linkage.foundation.registers.pages import Pages, ReasonForm


class Merging(Pages):
    """Two rows side by side; what hangs on one is moved to the other."""

    @admin.action(description=_("Merge two entries that are the same"))
    def merge_chosen(self, request, queryset):
        keys = [str(pk) for pk in queryset.values_list("pk", flat=True)[:3]]
        if len(keys) != 2:
            messages.warning(request, _("Tick exactly two entries to merge."))
            return None
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge")
        return HttpResponseRedirect(f"{address}?one={keys[0]}&other={keys[1]}")

    def merge_view(self, request):
        if not self.has_merge_permission(request):
            raise PermissionDenied
        source = request.POST if request.method == "POST" else request.GET
        pair = [self._row_or_404(request, source.get(name, "")) for name in ("one", "other")]
        form = ReasonForm(request.POST if request.method == "POST" else None)
        problems = []
        if form.is_bound and form.is_valid():
            kept = next((row for row in pair if str(row.pk) == source.get("kept")), None)
            if kept is None:
                problems = [_("Choose the entry that stays.")]
            else:
                double = next(row for row in pair if row is not kept)
                try:
                    keeping.merge(kept, double, by=request.user, reason=form.cleaned_data["reason"])
                except ValidationError as error:
                    problems = error.messages
                except NotNow as error:
                    problems = [str(error)]
                else:
                    messages.success(request, _("Merged: %s now stands for both.") % kept)
                    return HttpResponseRedirect(self._list())
        response = self._page(
            request,
            "merge",
            _("Merge two entries"),
            pair=pair,
            form=form,
            problems=problems,
            facts=self._side_by_side(pair),
            back=self._list(),
        )
        response.status_code = 422 if form.is_bound else 200
        return response

    def _side_by_side(self, pair):
        """``[(label, this one's, the other's, differ)]`` of every field people see."""
        lines = []
        for field in self.opts.local_concrete_fields:
            if field.editable and not field.primary_key:
                shown = [history.shown(row, field) for row in pair]
                lines.append((field.verbose_name, *shown, shown[0] != shown[1]))
        return lines

    @action(description=_("Possible doubles"), url_path="doubles", permissions=["merge"], icon="join_inner")
    def show_doubles(self, request):
        return self._page(
            request,
            "doubles",
            _("Possible doubles"),
            found=self.doubles(request),
            merge=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"),
            back=self._list(),
        )

    def doubles(self, request):
        """``[(one, other, [reasons])]`` among the rows of this person; each register knows its own."""
        return []
