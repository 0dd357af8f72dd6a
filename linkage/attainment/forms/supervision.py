"""The forms of 督办."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.attainment.models import Supervision
from linkage.foundation.dates import DayField

TEXT = forms.Textarea(attrs={"rows": 3})


class IssueForm(forms.Form):
    due_on = DayField(label=_("To be done by"))
    note = forms.CharField(
        label=_("What is asked"),
        required=False,
        max_length=500,
        widget=TEXT,
        help_text=_("Read by every office that is asked, beside the list of units."),
    )
    origin = forms.ChoiceField(choices=Supervision.Origin, widget=forms.HiddenInput)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("The day has passed already."))
        return day


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=TEXT)

    def __init__(self, *args, required=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not required:
            self.fields["reason"].required = False
            self.fields["reason"].label = _("Conclusion")


class ProgressForm(forms.Form):
    text = forms.CharField(label=_("Progress"), max_length=500, widget=TEXT)
