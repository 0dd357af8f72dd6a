"""What passes inside an office: to whom, with which words; and what other offices are told."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.offices.models import User
from projects.forms.fields import LinesField
from projects.models import Handling, Verdict


class Inside(forms.Form):
    """A form of the page of a project that keeps what was typed when the verb refuses it."""

    use_required_attribute = False

    def refuse(self, problems):
        """Show what the verb found wrong, each at its field."""
        for name, errors in problems.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class OnScreen(Inside):
    """``step`` and ``round`` are what stood on the screen."""

    step = forms.CharField(max_length=30, widget=forms.HiddenInput)
    round = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)


class AssignForm(OnScreen):
    """``people``: the colleagues to choose from."""

    kind = forms.ChoiceField(
        label=_("How"),
        choices=[
            (Handling.Kind.TRANSFER.value, _("pass it on: the colleague decides")),
            (Handling.Kind.DELEGATE.value, _("ask for a proposal: it comes back to you")),
        ],
        widget=forms.RadioSelect,
        initial=Handling.Kind.TRANSFER,
    )
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Colleague"), empty_label=_("choose a colleague")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people


class ProposeForm(OnScreen):
    verdict = forms.ChoiceField(
        label=_("Proposed verdict"), choices=Verdict, widget=forms.RadioSelect, initial=Verdict.APPROVE
    )
    opinion = LinesField(label=_("Proposed opinion"), max_length=500, rows=3, required=True)


class SendBackForm(OnScreen):
    note = forms.CharField(label=_("What is to be changed"), max_length=200)


class SectionForm(OnScreen):
    """``sections``: those for which this person may speak."""

    section = forms.ChoiceField(label=_("Section"))
    agrees = forms.ChoiceField(
        label=_("Verdict"),
        choices=[("1", _("agree")), ("0", _("disagree"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    text = LinesField(label=_("Opinion"), max_length=500, rows=2, required=True)

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [(section, section) for section in sorted(sections)]


class CopyForm(Inside):
    """``route``: the other offices on the way of the project."""

    offices = forms.TypedMultipleChoiceField(
        label=_("To these offices"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args, route, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["offices"].choices = [(office.pk, office.heir.name) for office in route]
