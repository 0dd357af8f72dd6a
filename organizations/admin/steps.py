"""A page for one step of one row: shown by GET, done by POST through its verb."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse

from linkage.foundation.errors import NotNow


class Steps:
    """For desks with steps (``Register`` brings the rest): ``has_keep_permission`` opens their buttons."""

    def has_keep_permission(self, request, obj=None):
        return self.has_add_permission(request)

    def _step(self, request, object_id, form_class, verb, *, title, label, done, about="", now=""):
        row = self._row_or_404(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        form = form_class(request.POST if request.method == "POST" else None, row=row)
        if form.is_bound and form.is_valid():
            try:
                verb(row, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                _tell(form, error)
            except NotNow as error:
                messages.warning(request, str(error))
                return HttpResponseRedirect(here)
            else:
                messages.success(request, done)
                return HttpResponseRedirect(here)
        response = self._page(
            request,
            "verb",
            title,
            row=row,
            form=form,
            groups=getattr(form, "groups", [("", list(form))]),
            label=label,
            about=about,
            now=now or (row.get_status_display() if hasattr(row, "get_status_display") else ""),
            back=here,
        )
        response.status_code = 422 if form.is_bound else 200
        return response


def _tell(form, error):
    """Each problem at its field; what the form does not ask for is said above it, with its name."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    labels = {field.name: field.verbose_name for field in form.row._meta.get_fields() if field.concrete}
    for name, problems in error.message_dict.items():
        for problem in problems:
            if name in form.fields:
                form.add_error(name, problem)
            elif name in (NON_FIELD_ERRORS, "__all__"):
                form.add_error(None, problem)
            else:
                form.add_error(None, f"{labels.get(name, name)}：{problem}")
