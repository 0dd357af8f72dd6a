"""What an official says of many at once."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linkage.foundation.filters import LARGEST_ID
from projects.forms.fields import LinesField
from projects.models import Verdict

ITEM = re.compile(r"([1-9]\d{0,18}):([a-z][a-z0-9_]{0,29}):([1-9]\d{0,4})")


class ItemsField(forms.CharField):
    """``12:street_review:1 13:street_review:2``: project, step and round as they stood on the screen."""

    widget = forms.HiddenInput

    def clean(self, value):
        found = [ITEM.fullmatch(word) for word in super().clean(value).split()]
        if not all(found):
            raise ValidationError(_("The list of projects cannot be read. Choose them again."))
        items = [(int(pk), step, int(round)) for pk, step, round in (one.groups() for one in found)]
        if any(pk > LARGEST_ID or round > 32767 for pk, __, round in items):
            raise ValidationError(_("The list of projects cannot be read. Choose them again."))
        return items


class BatchForm(forms.Form):
    items = ItemsField(max_length=60_000)
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[(verdict.value, verdict.label) for verdict in (Verdict.APPROVE, Verdict.RETURN)],
        widget=forms.RadioSelect,
    )
    opinion = LinesField(label=_("Opinion"), max_length=500, rows=3, required=True)
    wording = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def clean(self):
        """The wording of consent, as it was filled in beforehand, is no reason to return anything."""
        given = super().clean()
        returns = given.get("verdict") == Verdict.RETURN
        if returns and given.get("opinion") and given["opinion"] == given.get("wording"):
            self.add_error("opinion", _("Say why, so that the applicant can act on it."))
        return given

    @property
    def chosen(self):
        """``[(project id, step, round)]`` as far as they could be read."""
        return self.cleaned_data.get("items") or []

    @property
    def word(self):
        return {"verdict": self.cleaned_data["verdict"], "opinion": self.cleaned_data["opinion"]}

    def refuse(self, problems):
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)
