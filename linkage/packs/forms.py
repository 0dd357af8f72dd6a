"""The form of a draft pack."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linkage.packs.trial import LARGEST


class TrialForm(forms.Form):
    file = forms.FileField(
        label=_("Policy pack"),
        help_text=_("A .toml file as described in “Writing a policy pack”; at most 512 KB; not stored."),
        widget=forms.ClearableFileInput(attrs={"accept": ".toml"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(".toml"):
            raise ValidationError(_("Choose a file that ends in .toml."))
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 512 KB."))
        return file


class ReadForm(forms.Form):
    """A draft that was read a moment ago, sent along by its own page."""

    name = forms.CharField(max_length=100)
    text = forms.CharField(strip=False)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text.encode()) > 2 * LARGEST:  # browsers send a line end as two signs
            raise ValidationError(_("The file is larger than 512 KB."))
        return text
