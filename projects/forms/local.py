"""What pilot areas hand in, and the shapes of the next round."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from linkage.foundation.dates import DayField
from projects.forms.fields import LinesField
from projects.models import Programme

CODE = RegexValidator(
    r"^[A-Z0-9]+(-[A-Z0-9]+)*\Z", _("Capital letters, figures and hyphens, such as GS-2017.")
)


class ReportForm(forms.Form):
    """One report of progress; its figures are counted by the site."""

    use_required_attribute = False

    progress = LinesField(
        label=_("Progress of the pilot"),
        max_length=2000,
        rows=6,
        required=True,
        placeholder=_("What was done in this period, what it brought, what can be shown."),
    )
    problems = LinesField(label=_("Problems and suggestions"), max_length=1000, rows=3)
    next_steps = LinesField(label=_("Next steps"), max_length=1000, rows=3)


class CopyForm(forms.Form):
    """Into which programme an earlier application is copied, and under which name."""

    use_required_attribute = False

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme"), widget=forms.RadioSelect, empty_label=None
    )
    title = forms.CharField(label=_("Project name"), max_length=100)

    def __init__(self, *args, programmes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(pk__in=[row.pk for row in programmes])
        if programmes:
            self.fields["programme"].initial = programmes[0].pk


class ProgrammeCopyForm(forms.Form):
    """A programme for a later year."""

    use_required_attribute = False

    code = forms.CharField(label=_("Code"), max_length=40, validators=[CODE])
    title = forms.CharField(label=_("Title"), max_length=200)
    years = forms.IntegerField(label=_("Years later"), min_value=1, max_value=20, initial=1)


class PreparationForm(forms.Form):
    """The days and ceilings of a programme that is not open yet: two fields a phase, one a ceiling."""

    use_required_attribute = False

    def __init__(self, programme, data=None):
        super().__init__(data)
        self.programme = programme
        for phase in programme.phases.all():
            for part, label, day in (
                ("starts", _("%(phase)s: first day"), phase.starts),
                ("ends", _("%(phase)s: last day"), phase.ends),
            ):
                self.fields[f"{part}-{phase.key}"] = DayField(
                    label=label % {"phase": phase.name}, initial=day
                )
        for quota in programme.quotas.all():
            self.fields[f"limit-{quota.key}"] = forms.IntegerField(
                label=quota.name, min_value=1, max_value=100000, initial=quota.limit
            )

    @property
    def days(self):
        asked = self.cleaned_data
        return {
            phase.key: (asked[f"starts-{phase.key}"], asked[f"ends-{phase.key}"])
            for phase in self.programme.phases.all()
        }

    @property
    def limits(self):
        return {quota.key: self.cleaned_data[f"limit-{quota.key}"] for quota in self.programme.quotas.all()}
