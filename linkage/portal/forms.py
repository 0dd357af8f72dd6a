"""What the public may ask and send: words to look for, an objection, a query code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.consultation.forms import ObjectionForm
from communities.consultation.models import ObjectionFile
from linkage.foundation.listing import Query


class PublicQuery(Query):
    q = forms.CharField(label=_("Search"), max_length=100, required=False)

    @property
    def words(self):
        return self.cleaned_data["q"].strip()


class PublicObjectionForm(ObjectionForm):
    """With a token, so that one form is one objection, and a trap that only machines fill."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, **kwargs)
        self.sent = files.getlist("files") if files else []
        self.fields["files"] = forms.Field(
            label=_("Photos or papers"),
            required=False,
            help_text=_("At most %(most)s files. Only the office that answers sees them.")
            % {"most": ObjectionFile.MOST},
        )

    @property
    def is_machine(self):
        return bool(self.data.get("website"))

    @property
    def facts(self):
        names = ("text", "reply_by", "name", "phone", "token")
        return {**{name: self.cleaned_data[name] for name in names}, "files": self.sent}


class AnswerForm(forms.Form):
    code = forms.CharField(
        label=_("Query code"),
        max_length=20,
        help_text=_("The eight signs you were given with your objection."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self):
        return "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isalnum())
