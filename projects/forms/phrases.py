"""A wording to be kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.fields import LinesField
from projects.models import Verdict


class PhraseForm(forms.Form):
    """``owners``: ``[("", own), (office id, office name)]``."""

    verdict = forms.ChoiceField(label=_("For"), choices=Verdict)
    text = LinesField(label=_("Wording"), max_length=200, rows=3, required=True)
    office = forms.ChoiceField(label=_("Offered to"), required=False)

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = owners
