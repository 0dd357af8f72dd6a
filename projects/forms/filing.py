"""The forms of an application. Nothing but the name is required while drafting; gaps are told elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.codes import FocusField, ServiceMethod
from communities.consultation.forms import PublishForm as AnyPublishForm
from communities.consultation.forms import SettleForm as AnySettleForm
from communities.models import Region
from communities.needs.models import NeedItem
from linkage.foundation.dates import DayField
from projects.forms.fields import LinesField
from projects.models import Project, Track

FIGURE = {"min_value": 0, "max_value": 10_000_000}


def _label(name):
    return Project._meta.get_field(name).verbose_name


def _day(name, **kwargs):
    return DayField(label=_label(name), required=False, **kwargs)


class PlanningForm(forms.Form):
    """筹划征集: from when to when, how many suggestions, which needs the project answers."""

    use_required_attribute = False

    collected_from = _day("collected_from")
    collected_to = _day("collected_to")
    suggestions = forms.IntegerField(label=_label("suggestions"), required=False, **FIGURE)
    needs = forms.ModelMultipleChoiceField(NeedItem.objects.none(), label=_label("needs"), required=False)

    def __init__(self, project, data=None):
        names = ("collected_from", "collected_to", "suggestions")
        super().__init__(data, initial={name: getattr(project, name) for name in names})
        self.fields["needs"].queryset = NeedItem.objects.of(project.region)
        self.initial["needs"] = project.needs.all()

    def clean(self):
        given = self.cleaned_data
        first, last = given.get("collected_from"), given.get("collected_to")
        if first and last and last < first:
            self.add_error("collected_to", _("The gathering of needs ends before it begins"))
        return given


class ApplicationForm(forms.Form):
    """The rows of the annex that hold words, choices and days; money stands in its lines."""

    use_required_attribute = False

    title = forms.CharField(label=_label("title"), max_length=100)
    track = forms.ModelChoiceField(
        Track.objects.none(), label=_label("track"), widget=forms.RadioSelect, empty_label=None
    )
    community_profile = LinesField(label=_label("community_profile"), max_length=500)
    needs_analysis = LinesField(
        label=_label("needs_analysis"),
        max_length=800,
        placeholder=_("Who said what, how many, and what is lacking today."),
    )
    service_targets = LinesField(
        label=_label("service_targets"),
        max_length=300,
        rows=2,
        placeholder=_("Who, how many, and how they are chosen."),
    )
    service_methods = forms.MultipleChoiceField(
        label=_label("service_methods"),
        required=False,
        choices=ServiceMethod.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    service_plan = LinesField(
        label=_label("service_plan"),
        max_length=800,
        placeholder=_("When, where, by whom, how often."),
    )
    focus_fields = forms.MultipleChoiceField(
        label=_label("focus_fields"),
        required=False,
        choices=FocusField.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    start_date = _day("start_date")
    end_date = _day("end_date")
    expected_outcome = LinesField(
        label=_label("expected_outcome"),
        max_length=500,
        placeholder=_("Results that can be checked: people served, sessions, satisfaction."),
    )

    def __init__(self, project, data=None):
        super().__init__(data, initial={name: getattr(project, name) for name in self.base_fields})
        self.initial["track"] = project.track_id
        self.fields["track"].queryset = project.programme.tracks.all()
        self.fields["track"].disabled = project.submitted_at is not None  # the offices hang on it

    def clean(self):
        given = self.cleaned_data
        first, last = given.get("start_date"), given.get("end_date")
        if first and last and last < first:
            self.add_error("end_date", _("The project ends before it starts"))
        return given


class StartForm(forms.Form):
    """Which community, on which money, under which name."""

    use_required_attribute = False

    region = forms.ModelChoiceField(Region.objects.none(), label=_("Community"), empty_label=_("Choose…"))
    track = forms.ModelChoiceField(
        Track.objects.none(),
        label=_("Funding track"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    title = forms.CharField(label=_label("title"), max_length=100)

    def __init__(self, *args, communities, programmes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = communities
        tracks = Track.objects.filter(programme__in=programmes).select_related("programme")
        self.fields["track"].queryset = tracks
        several = len(programmes) > 1
        self.fields["track"].label_from_instance = lambda track: (
            f"{track.programme} · {track}" if several else str(track)
        )


class ConfirmForm(forms.Form):
    """Who stands for the community, where it has no account of its own."""

    use_required_attribute = False

    confirmed_by = forms.CharField(
        label=_("Who confirmed for the community"), max_length=50, help_text=_("Name and function.")
    )


class PublishForm(AnyPublishForm):
    """When the notice begins; how long it hangs, the programme says."""

    days = None
    use_required_attribute = False


class SettleForm(AnySettleForm):
    use_required_attribute = False


class ReceivedForm(forms.Form):
    received_on = DayField(label=_("Received on"), required=False)


class ReasonForm(forms.Form):
    """Why something is done, in a line."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Reason"), max_length=200)
