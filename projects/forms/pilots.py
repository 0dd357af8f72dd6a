"""Shapes of naming pilot places and of extending a phase."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.foundation.dates import DayField
from projects.forms.fields import LinesField


class BasisForm(forms.Form):
    """Why a place is named: a document, a plan."""

    basis = forms.CharField(label=_("Basis"), max_length=200, help_text=_("Document or plan that names it."))


class ExtensionForm(forms.Form):
    until = DayField(label=_("New last day"))
    doc_no = forms.CharField(label=_("Document number"), max_length=60)
    reason = LinesField(label=_("Reason"), max_length=200)
