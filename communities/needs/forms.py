"""The form of one need."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.foundation.dates import DayField

from .models import NeedItem


class NeedForm(forms.ModelForm):
    class Meta:
        model = NeedItem
        fields = ["title", "group", "field", "method", "people", "collected_on", "source", "description"]
        field_classes = {"collected_on": DayField}
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "title": _("One sentence, for example 放学后无人照看."),
            "source": _("Who said it, in general words; no names of residents."),
        }
