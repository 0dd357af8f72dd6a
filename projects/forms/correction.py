"""What an administrator fills in to put a clerical mistake right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import LinesField


class CorrectionForm(forms.Form):
    """``entries``: ``[(heading, [(key, words)])]``, what may be put right and what stands there now."""

    what = forms.ChoiceField(label=_("What is to be corrected"))
    after = forms.CharField(
        label=_("It is to read"),
        max_length=100,
        help_text=_("Amounts in yuan such as 45000, days such as 2016-08-30."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = LinesField(label=_("Reason"), max_length=200, required=True, rows=2)
    basis = forms.CharField(
        label=_("Basis"),
        max_length=200,
        help_text=_("The document or the signed paper that shows what is right."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("Choose…")), *entries]

    def refuse(self, problems):
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)
