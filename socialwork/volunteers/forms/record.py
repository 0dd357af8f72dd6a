"""Forms of service records: one by one, and many at once under their activity."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from linkage.foundation.registers import PartFormSet
from socialwork.volunteers.models import Volunteer


class ServiceRecordForm(forms.ModelForm):
    """The volunteer is chosen from one's own places or, from elsewhere, named by the volunteer number."""

    volunteer_number = forms.CharField(
        label=gettext_lazy("volunteer number"),
        max_length=12,
        required=False,
        strip=True,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Only for a volunteer of another place: the number on the volunteer's card."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, needed in (("volunteer", False), ("region", True)):
            if name in self.fields:
                self.fields[name].required = needed

    def clean(self):
        given = super().clean()
        number = given.get("volunteer_number", "").upper()
        if "volunteer" not in self.fields or "volunteer" in self.errors:
            return given
        if number and given.get("volunteer"):
            self.add_error("volunteer_number", _("Choose the volunteer or give the number, not both."))
        elif number:
            found = Volunteer.objects.filter(number=number).first()
            if found is None:
                self.add_error("volunteer_number", _("There is no volunteer of this number."))
            else:
                given["volunteer"] = found
        elif not given.get("volunteer"):
            self.add_error("volunteer", _("Choose the volunteer, or give the number below."))
        return given


class RecordLineForm(forms.ModelForm):
    """One line under an activity, whose place, title and venue it takes."""

    def _post_clean(self):
        activity = self.cleaned_data.get("activity") or self.instance.activity
        if activity is not None and activity.pk:
            self.instance.region = activity.region
            self.instance.content = self.instance.content or activity.title
            self.instance.venue = self.instance.venue or activity.venue
        super()._post_clean()


class RecordFormSet(PartFormSet):
    """Lines of volunteers who served in one activity; each was recorded by whoever saves it."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        activity = self.instance
        if activity.pk and not form.instance.pk:
            lasted = activity.ends_at - activity.starts_at
            for name, value in (
                ("started_at", activity.starts_at),
                ("ended_at", activity.ends_at),
                ("hours", round(lasted.total_seconds() / 900) / 4),
            ):
                if name in form.fields:
                    form.fields[name].initial = value

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        seen = []
        for form in self.forms:
            one = form.instance
            if form in self.deleted_forms or not one.volunteer_id:
                continue
            for other in seen:
                if (
                    one.volunteer_id == other.volunteer_id
                    and one.started_at < other.ended_at
                    and other.started_at < one.ended_at
                ):
                    form.add_error("volunteer", _("This volunteer stands in another line at the same time."))
            seen.append(one)

    def save_new(self, form, commit=True):
        form.instance.recorded_by = self.by
        return super().save_new(form, commit)

    def save_existing(self, form, obj, commit=True):
        form.instance.recorded_by = self.by
        return super().save_existing(form, obj, commit)
