"""What the pages of a register share that Django has none of: removal, merging, revealing, history."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linkage.foundation.errors import NotNow


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200, strip=True)


class Pages:
    """Pages of a row beside its form."""

    def _page(self, request, template, title, **context):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "has_view_permission": True,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/register/{template}.html", context)

    def _list(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _row_or_404(self, request, object_id):
        row = self.get_object(request, unquote(str(object_id)))
        if row is None:
            raise Http404
        return row


class Foretold(Pages):
    """A change in two steps: asked for and told in words, then confirmed and done."""

    def _foretell(self, request, object_id, form_class, verb, *, permitted, title, told):
        """``told(row, **asked)`` says what will happen, ``verb(row, **asked, by=)`` does it. What would be
        refused ``told`` raises as a ValidationError: then there is nothing to confirm. What asks nothing is
        told at once.

        The form takes ``row`` and ``by`` and can ``refuse`` an error of the verb.
        """
        row = self._row_or_404(request, object_id)
        if not permitted(request, object_id):
            raise PermissionDenied
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        form = form_class(request.POST if request.method == "POST" else None, row=row, by=request.user)
        sentences = [] if form.fields or form.is_bound else told(row)
        if form.is_bound and form.is_valid():
            try:
                if not request.POST.get("sure"):
                    sentences = told(row, **form.cleaned_data)
                else:
                    verb(row, **form.cleaned_data, by=request.user)
                    messages.success(request, _("It is done and stands in the history."))
                    return HttpResponseRedirect(here)
            except ValidationError as error:
                form.refuse(error)
            except NotNow as error:
                messages.warning(request, str(error))
                return HttpResponseRedirect(here)
        response = self._page(request, "foretold", title, row=row, form=form, sentences=sentences, back=here)
        response.status_code = 422 if form.is_bound and form.errors else 200
        return response


class ForetoldForm(forms.Form):
    """What such a change asks; ``row`` is what changes, ``by`` who asks."""

    def __init__(self, data=None, *, row, by):
        super().__init__(data)
        self.row, self.by = row, by

    def refuse(self, error):
        """What the verb found wrong, at its field or above the form."""
        told = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, problems in told.items():
            self.add_error(name if name in self.fields else None, problems)
