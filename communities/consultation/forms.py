"""The forms of hearing, assembly, notice and objection."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.foundation.dates import DayField

from .models import Announcement, Assembly, Hearing, Objection, PartyDeliberation, PublicNotice
from .procedure import bodies_of


def _lines(rows):
    return forms.Textarea(attrs={"rows": rows})


class HearingForm(forms.ModelForm):
    class Meta:
        model = Hearing
        fields = ["held_on", "place", "host", "attendance", "attendees", "minutes", "opinions", "result"]
        field_classes = {"held_on": DayField}
        widgets = {"minutes": _lines(6), "opinions": _lines(3), "result": _lines(2)}
        help_texts = {
            "attendees": _("By kind, for example 居民代表 20 人、驻区单位 3 人. No telephone numbers.")
        }


class DeliberationForm(forms.ModelForm):
    class Meta:
        model = PartyDeliberation
        fields = ["organisation", "held_on", "place", "host", "entitled", "present", "opinion", "agreed"]
        field_classes = {"held_on": DayField}
        widgets = {"opinion": _lines(4)}
        help_texts = {"organisation": _("Such as 幸福里社区党总支.")}


class AnnouncementForm(forms.ModelForm):
    """What everybody is told of a meeting to come; ``kind`` follows from the step it belongs to."""

    use_required_attribute = False

    class Meta:
        model = Announcement
        fields = [
            "title",
            "held_on",
            "starts_at",
            "place",
            "agenda",
            "attend",
            "contact_name",
            "contact_phone",
        ]
        field_classes = {"held_on": DayField}
        widgets = {
            "starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "agenda": _lines(3),
        }
        help_texts = {"contact_phone": _("A telephone of the office; it is shown to everybody.")}


class AssemblyForm(forms.ModelForm):
    """``body`` is one of those of the place; where none is chosen, the representatives."""

    class Meta:
        model = Assembly
        fields = [
            *("body", "called_on", "held_on", "place", "entitled", "present", "votes_for", "votes_against"),
            *("votes_abstain", "passed", "resolution"),
        ]
        field_classes = {"held_on": DayField, "called_on": DayField}
        help_texts = {
            "called_on": _("The day on which members were told of the meeting."),
        }
        widgets = {"resolution": _lines(3)}

    def __init__(self, *args, region=None, **kwargs):
        super().__init__(*args, **kwargs)
        if region and self.instance.region_id is None:
            self.instance.region = region
        if not self.instance.body and region:
            self.instance.body = self.initial["body"] = region.committee
        self.fields["body"].required = False
        self.fields["body"].choices = [
            (body.value, body.label) for body in bodies_of(region.committee if region else self.instance.body)
        ]

    def clean_body(self):
        return self.cleaned_data["body"] or self.instance.body


class NoticeForm(forms.ModelForm):
    """The text of a notice. When it starts and for how long is asked by ``PublishForm``."""

    class Meta:
        model = PublicNotice
        fields = [
            *("title", "body", "place", "contact_name", "contact_phone", "supervisor", "supervise_phone"),
        ]
        widgets = {"body": _lines(6)}
        help_texts = {
            "contact_phone": _("A telephone of the office; it is shown to everybody."),
            "supervise_phone": _("Where residents can complain; it is shown to everybody."),
        }


class PublishForm(forms.Form):
    starts_on = DayField(label=_("First day"))
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=60, initial=7)
    posted_reason = forms.CharField(
        label=_("Paper notice"),
        max_length=200,
        required=False,
        help_text=_("Only when the first day is past: where and since when the paper has hung."),
    )


class ObjectionForm(forms.ModelForm):
    """What anybody may write on the public page, and what a clerk types for somebody who came by."""

    reply_by = forms.ChoiceField(
        label=_("How to reply"),
        choices=Objection.ReplyBy.choices,
        widget=forms.RadioSelect,
        initial=Objection.ReplyBy.PHONE,
    )
    name = forms.CharField(label=_("Name"), max_length=Objection.NAME_LIMIT, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    class Meta:
        model = Objection
        fields = ["text", "reply_by", "name", "phone"]
        widgets = {"text": _lines(4)}


class SettleForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        widget=_lines(3),
        help_text=_("Shown to whoever holds the query code."),
    )
    settled_on = DayField(label=_("Settled on"), required=False)
