"""Forms of what is done to a row: a day, a reason, and what the new state is known by."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from communities.models import Level, Region
from linkage.foundation.dates import DayField, DayInput
from linkage.foundation.scope import under
from linkage.foundation.standards import normalise_uscc
from organizations import rules
from organizations.codes import AssessmentResult, HandlingTier, OrgForm
from organizations.models import SocialOrganization

NOTHING = ("", _("Select value"))


class Day(DayField):
    def __init__(self, **kwargs):
        look = UnfoldAdminTextInputWidget().attrs["class"]
        super().__init__(widget=DayInput(attrs={"class": look}), **kwargs)


class Text(forms.CharField):
    widget = UnfoldAdminTextInputWidget


class Choice(forms.ChoiceField):
    widget = UnfoldAdminSelectWidget


class StepForm(forms.Form):
    """What every step asks: on which day."""

    happened_on = Day(label=_("day"), initial=timezone.localdate)

    def __init__(self, *args, row, **kwargs):
        self.row = row
        super().__init__(*args, **kwargs)


class ReasonForm(StepForm):
    """A day and the reason."""

    reason = Text(label=_("reason"), min_length=2, max_length=200)


class DocumentedForm(ReasonForm):
    doc_no = Text(label=_("document number"), max_length=100, required=False)


def _help_of(name):
    return SocialOrganization._meta.get_field(name).help_text


class MoveTierForm(DocumentedForm):
    """What the new tier is known by stands here beside the reason; what does not concern it stays empty."""

    to = Choice(label=_("to tier"))
    uscc = Text(label=_("unified social credit code"), max_length=40, required=False)
    legal_form = Choice(label=_("legal form"), choices=[NOTHING, *OrgForm.choices], required=False)
    registered_on = Day(label=_("registered on"), required=False)
    registration_authority = Text(label=_("registration authority"), max_length=100, required=False)
    direct_registration = forms.BooleanField(
        label=_("registered directly"), required=False, widget=UnfoldBooleanWidget
    )
    supervisory_unit = Text(label=_("competent supervisory unit"), max_length=100, required=False)
    filing_number = Text(label=_("filing number"), max_length=40, required=False)
    filing_street = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("filed with"),
        required=False,
        empty_label=NOTHING[1],
        widget=UnfoldAdminSelectWidget,
    )
    filed_on = Day(label=_("filed on"), required=False)
    filing_valid_to = Day(label=_("filing valid until"), required=False)

    field_order = ["to", "happened_on", "reason", "doc_no"]

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        others = [choice for choice in HandlingTier.choices if choice[0] != row.tier]
        self.fields["to"].choices = [NOTHING, *others]
        self.fields["filing_street"].queryset = streets_around(row.region)
        self.fields["filing_street"].initial = row.region.ancestor_at(Level.STREET)
        for name in ("uscc", "direct_registration", "supervisory_unit", "filing_street"):
            self.fields[name].help_text = _help_of(name)
        for name in rules.TIER_FACTS[HandlingTier.REGISTERED]:
            self.fields[name].initial = getattr(row, name)

    def clean_uscc(self):
        return normalise_uscc(self.cleaned_data["uscc"])

    @property
    def groups(self):
        """The fields in groups: the move, and what each tier is known by."""
        shown = [("", ["to", "happened_on", "reason", "doc_no"])]
        for tier in (HandlingTier.FILED, HandlingTier.REGISTERED):
            if tier != self.row.tier:
                title = _("When it becomes “%s”") % tier.label
                shown.append((title, rules.TIER_FACTS[tier]))
        return [(title, [self[name] for name in names]) for title, names in shown]


def streets_around(region):
    """The streets and counties a place may file with: those above it and those under it."""
    around = Q(code__in=region.path_codes) | under("path", region.path)
    return Region.objects.filter(
        around, level__in=[Level.COUNTY, Level.STREET], closed_on__isnull=True
    ).order_by("path")


class ChangeStatusForm(DocumentedForm):
    to = Choice(label=_("to status"))

    field_order = ["to", "happened_on", "reason", "doc_no"]

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        steps = [(status, status.label) for status in rules.STATUS_STEPS[row.status]]
        self.fields["to"].choices = [NOTHING, *steps]


class AdmitForm(StepForm):
    pass


class AssessForm(StepForm):
    score = forms.DecimalField(
        label=_("score"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("0 to 100."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )
    result = Choice(label=_("result"), choices=[NOTHING, *AssessmentResult.choices])
    note = forms.CharField(
        label=_("remark"), max_length=300, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
