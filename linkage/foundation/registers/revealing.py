"""Showing personal data in full, for a reason, with a row in the journal."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from linkage.foundation import keeping
from linkage.foundation.errors import TooOften
from linkage.foundation.registers.pages import Pages, ReasonForm


class Revealing(Pages):
    @action(description=_("Show full numbers"), url_path="reveal", permissions=["reveal"], icon="visibility")
    def reveal_here(self, request, object_id):
        """Says a sealed value in the answer to a POST: it stands in no address and in no cache."""
        row = self._row_or_404(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        fields = {name: self.model.label_of(name) for name in self.model.sealed}
        form = ReasonForm(request.POST if request.method == "POST" else None)
        told, problems, status = "", [], 200
        field = request.POST.get("field", "")
        if form.is_bound:
            status = 422
            if field not in fields:
                problems = [_("Choose what you need to see.")]
            elif form.is_valid():
                try:
                    told, status = (
                        keeping.reveal(row, field, by=request.user, reason=form.cleaned_data["reason"]),
                        200,
                    )
                except TooOften as error:
                    problems, status = [str(error)], 429
        response = self._page(
            request,
            "reveal",
            _("Show full numbers"),
            row=row,
            fields=fields,
            form=form,
            told=told,
            field=field,
            problems=problems,
            told_label=fields.get(field, ""),
            most=keeping.REVEALS,
        )
        response.status_code = status
        response["Cache-Control"] = "no-store"
        return response
