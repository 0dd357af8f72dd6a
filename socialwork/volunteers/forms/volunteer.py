"""The form of a volunteer, and of a certificate of service record."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from communities.people.forms import BornForm
from linkage.foundation.dates import FORMATS
from linkage.foundation.standards import normalise_phone, validate_phone
from socialwork.forms import OnceForm
from socialwork.volunteers import services


class VolunteerForm(BornForm, OnceForm):
    """The day of birth is read from the number; neither it nor the guardian's telephone is put into the page.

    Of a resident identity number that is kept the desk asks no day: an answer would tell it.
    """

    guardian_phone = forms.CharField(
        label=gettext_lazy("telephone of the guardian"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["guardian_phone"] = ""
        kept = self.instance.masked("guardian_phone") if self.instance.pk else ""
        if kept and "guardian_phone" in self.fields:
            self.fields["guardian_phone"].help_text = _("Kept: %s. Leave empty to keep it.") % kept

    def clean_guardian_phone(self):
        """What was kept stays where nothing is typed: the rule for minors looks at it."""
        phone = self.cleaned_data["guardian_phone"].strip()
        if not phone:
            return self.instance.guardian_phone
        validate_phone(phone)
        return normalise_phone(phone)

    def clean(self):
        typed = self.cleaned_data.get("born_on")
        given = super().clean()
        if "id_number" not in self.errors and "born_on" not in self.errors:
            try:
                told = services.born_on(given.get("id_type"), given.get("id_number", ""), typed)
            except ValidationError as error:
                self.add_error(None, error)
            else:
                given["born_on"] = self.instance.born_on = told or self.instance.born_on
                if not given["born_on"]:
                    self.add_error("born_on", _("Needed where the number does not say it."))
        return given


def day(label, **kwargs):
    return forms.DateField(label=label, widget=UnfoldAdminSingleDateWidget, input_formats=FORMATS, **kwargs)


def words(label, most, **kwargs):
    return forms.CharField(label=label, max_length=most, widget=UnfoldAdminTextInputWidget, **kwargs)


class CertifyForm(forms.Form):
    """What a certificate says beside the services themselves."""

    first_day = day(gettext_lazy("services from"))
    last_day = day(gettext_lazy("to"))
    responsible = words(gettext_lazy("responsible person"), 50)
    handler = words(gettext_lazy("handler"), 50)
    contact = words(
        gettext_lazy("contact of the issuer"), 60, help_text=gettext_lazy("Office telephone or address.")
    )
    remarks = words(gettext_lazy("remarks"), 200, required=False)

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            self.initial |= {"first_day": row.registered_on, "last_day": timezone.localdate()}
