"""The forms of periodic returns."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Level
from linkage.foundation.dates import DayField
from linkage.reports import codes
from linkage.reports.documents import filing as words
from linkage.reports.services import filling

TEXT = forms.Textarea(attrs={"rows": 3})
EARLIEST = 2010
LONGEST_NOTE, LONGEST_REASON = 300, 500


class OpenForm(forms.Form):
    """A period to be opened; which ones are over is asked by the verb."""

    template = forms.ChoiceField(label=_("Return"))
    year = forms.IntegerField(label=_("Year"), min_value=EARLIEST, max_value=2100)
    number = forms.ChoiceField(
        label=_("Quarter"),
        required=False,
        choices=codes.QUARTERS,
        help_text=_("Of an annual return the quarter does not matter."),
    )
    lowest = forms.ChoiceField(
        label=_("Filled in from"),
        help_text=_("The lowest level that files a return; all above it sum up and file theirs."),
    )
    due_on = DayField(
        label=_("Due on"),
        help_text=_("For the units right below you; each level below them has three days less."),
    )

    def __init__(self, *args, office=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(one.key, one.title) for one in codes.templates().values()]
        level = office.region.level if office else Level.COUNTY
        self.fields["lowest"].choices = [(str(int(one)), one.label) for one in Level if one > level]

    def clean_lowest(self):
        return int(self.cleaned_data["lowest"])

    def clean_number(self):
        return int(self.cleaned_data["number"] or 1)

    def clean_due_on(self):
        if self.cleaned_data["due_on"] < timezone.localdate():
            raise ValidationError(_("The day has passed already."))
        return self.cleaned_data["due_on"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=TEXT)


class FigureForm:
    """The figures and explanations of a return as they were posted: ``f-KEY`` and ``n-KEY``.

    ``errors``: ``{key: text}``; ``typed``: what stood in the fields, to be shown again.
    """

    def __init__(self, filed, data):
        self.own, self.notes, self.errors = {}, {}, {}
        self.typed = {name: data.get(name, "") for name in data}
        keys = filed.collection.form.keys
        for key in keys:
            if f"f-{key}" in data and filling.is_editable(filed, key):
                try:
                    self.own[key] = words.read(key, data[f"f-{key}"])
                except ValueError as error:
                    self.errors[key] = str(error)
            self.notes[key] = data.get(f"n-{key}", "").strip()
            if len(self.notes[key]) > LONGEST_NOTE:
                self.errors[key] = _("An explanation has at most %s characters.") % LONGEST_NOTE
        self.shortfall = data.get("shortfall", "").strip()
        if len(self.shortfall) > LONGEST_REASON:
            self.errors["shortfall"] = _("An explanation has at most %s characters.") % LONGEST_REASON

    @property
    def is_valid(self):
        return not self.errors
