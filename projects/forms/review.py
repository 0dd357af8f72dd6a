"""What an office fills in when it decides, and the province when it raises a ceiling."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.foundation.dates import DayField
from projects.forms.fields import LinesField, MoneyField
from projects.models import FIELDS, Verdict, evidence_steps

MARKABLE = (
    "title",
    "community_profile",
    "needs_analysis",
    "service_targets",
    "service_plan",
    "start_date",
    "budget",
    "sources",
    "requested_subsidy",
    "expected_outcome",
    "needs",
    "hearing",
    "party_deliberation",
    "assembly",
    "notice",
    "attachments",
)
STEP_OF = {
    "hearing": "hearing",
    "party_deliberation": "party_deliberation",
    "assembly": "assembly_review",
    "notice": "public_notice",
}
PERIOD = _("Period of the project")


def markable_of(project):
    """The fields of an application of this programme that an office may mark."""
    has = {step.key for step in evidence_steps(project)}
    return tuple(name for name in MARKABLE if name not in STEP_OF or STEP_OF[name] in has)


class DecisionForm(forms.Form):
    """One verdict. ``step`` and ``round`` are what stood on the screen when it was given."""

    verdict = forms.ChoiceField(choices=Verdict, widget=forms.HiddenInput)
    step = forms.CharField(max_length=30, widget=forms.HiddenInput)
    round = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    return_to = forms.CharField(label=_("Return to"), max_length=30, required=False)
    opinion = LinesField(label=_("Opinion"), max_length=500, rows=2)
    handler = forms.CharField(label=_("Handled by"), max_length=50, required=False)
    leader = forms.CharField(label=_("Signed by"), max_length=50, required=False)
    signed_on = DayField(label=_("Date on paper"), required=False)
    granted_amount = MoneyField(label=_("Subsidy granted (yuan)"))
    doc_no = forms.CharField(label=_("Approval document number"), max_length=60, required=False)

    def __init__(self, *args, markable=MARKABLE, **kwargs):
        super().__init__(*args, **kwargs)
        self.markable = markable
        for name in markable:
            label = PERIOD if name == "start_date" else FIELDS[name]
            self.fields[f"mark_{name}"] = forms.BooleanField(label=label, required=False)
            self.fields[f"note_{name}"] = forms.CharField(
                label=_("What is to be revised"), max_length=100, required=False
            )

    @property
    def marks(self):
        """A tick or a note marks a field."""
        asked = self.cleaned_data
        return [
            {"field": name, "note": asked[f"note_{name}"]}
            for name in self.markable
            if asked[f"mark_{name}"] or asked[f"note_{name}"]
        ]

    @property
    def mark_fields(self):
        return [(self[f"mark_{name}"], self[f"note_{name}"]) for name in self.markable]

    @property
    def word(self):
        """What the verb asks for."""
        names = ("opinion", "step", "round", "handler", "leader", "signed_on", "granted_amount", "doc_no")
        asked = {name: self.cleaned_data[name] for name in names}
        verdict = self.cleaned_data["verdict"]
        back = self.cleaned_data["return_to"] if verdict == Verdict.RETURN else ""
        return {**asked, "verdict": verdict, "marks": self.marks, "return_to": back}

    def refuse(self, problems):
        """Show what the verb found wrong, each at its field."""
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class QuotaRaiseForm(forms.Form):
    """A ceiling lifted by a document of the province."""

    limit = forms.IntegerField(label=_("New ceiling"), min_value=1, max_value=100000)
    doc_no = forms.CharField(label=_("Document number"), max_length=60)
    reason = LinesField(label=_("Reason"), max_length=200, required=True)

    def refuse(self, problems):
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)
