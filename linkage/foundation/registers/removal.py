"""Taking rows out of a register with a reason, and putting them back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation import keeping
from linkage.foundation.errors import NotNow
from linkage.foundation.registers.listing import PAGE
from linkage.foundation.registers.pages import Pages, ReasonForm


class Removal(Pages):
    """Nothing is deleted here: what is removed stands in the recycle bin of the administrators."""

    def delete_view(self, request, object_id, extra_context=None):
        row = self._row_or_404(request, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        return self._remove(request, [row], action_posted=False)

    @admin.action(description=_("Remove the chosen entries, with a reason"))
    def remove_chosen(self, request, queryset):
        return self._remove(request, list(queryset[:PAGE]), action_posted=True)

    def _remove(self, request, rows, *, action_posted):
        asked = not action_posted or "reason" in request.POST
        form = ReasonForm(request.POST if asked and request.method == "POST" else None)
        problems = []
        if form.is_bound and form.is_valid():
            try:
                with transaction.atomic():
                    for row in rows:
                        keeping.remove(row, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as error:
                problems = error.messages
            except NotNow as error:
                problems = [str(error)]
            else:
                messages.success(
                    request,
                    _("Removed: %s. Administrators find it in the recycle bin.")
                    % "、".join(str(row) for row in rows[:5]),
                )
                return HttpResponseRedirect(self._list())
        status = 422 if form.is_bound else 200
        response = self._page(
            request,
            "remove",
            _("Remove from the register"),
            rows=rows,
            form=form,
            problems=problems,
            as_action=action_posted,
            back=self._list(),
        )
        response.status_code = status
        return response

    @admin.action(description=_("Restore the chosen entries"))
    def restore_chosen(self, request, queryset):
        if not self.has_restore_permission(request):
            raise PermissionDenied
        for row in queryset[:PAGE]:
            try:
                keeping.restore(row, by=request.user)
            except (ValidationError, NotNow) as error:
                reason = "、".join(error.messages) if isinstance(error, ValidationError) else str(error)
                messages.error(request, f"{row}：{reason}")
            else:
                messages.success(request, _("Restored: %s") % row)
        return None

    @action(description=_("Restore"), url_path="restore", permissions=["restore"], icon="restore_from_trash")
    def restore_here(self, request, object_id):
        row = self._row_or_404(request, object_id)
        if request.method == "POST":
            self.restore_chosen(request, self.model.everything.filter(pk=row.pk))
            return HttpResponseRedirect(self._list())
        return self._page(request, "restore", _("Restore"), row=row, back=self._list())
