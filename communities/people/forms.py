"""The form of a row about a human: numbers go in, and come out masked."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from communities.people import services
from communities.people.models import IdentityType
from linkage.foundation.standards import validate_phone


class BornForm(forms.ModelForm):
    """A form with a day of birth (the field ``born``): as what is sealed, it is never put into the page."""

    born = "born_on"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kept = self.instance.masked(self.born) if self.instance.pk else ""
        if self.born in self.fields and kept:
            self.initial[self.born] = None
            self.fields[self.born].help_text = _("Kept: %s. Leave empty to keep it.") % kept

    def clean(self):
        given = super().clean()
        if self.born in self.fields and self.born not in self.errors:
            given[self.born] = given.get(self.born) or getattr(self.instance, self.born)
        return given


class PersonForm(BornForm):
    born = "birth_date"


class PersonRoleForm(forms.ModelForm):
    """``name``, kind of paper, number and telephone of a ``PersonRole``.

    What is sealed is never put into the page: an empty field keeps it, and says masked what is kept.
    ``number_required``: a register that counts people does not take one without a number.
    """

    number_required = False

    id_type = forms.ChoiceField(
        label=_("kind of paper"), choices=IdentityType, required=False, widget=UnfoldAdminSelectWidget
    )
    id_number = forms.CharField(
        label=_("identity number"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("telephone"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = self.instance if self.instance.pk else None
        self.initial["phone"] = ""
        if held is not None and held.person_id:
            self.initial["id_type"] = held.person.id_type
        for name in ("id_number", "phone"):
            kept = held.masked(name) if held is not None else ""
            if name in self.fields and kept:
                self.fields[name].help_text = _("Kept: %s. Leave empty to keep it.") % kept
        if "id_number" in self.fields and self.number_required and not (held and held.id_number):
            self.fields["id_number"].required = True

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        if phone:
            validate_phone(phone)
        return phone

    def clean(self):
        given = super().clean()
        number, kind = given.get("id_number", ""), given.get("id_type") or IdentityType.RESIDENT
        if number:
            try:
                given["id_number"] = services.normal_number(kind, number)
            except ValidationError as error:
                self.add_error("id_number", error)
        return given

    def _post_clean(self):
        """The telephone is sealed by ``save``; the empty field of the form must not wipe the kept one."""
        kept = self.instance.phone
        super()._post_clean()
        self.instance.phone = kept

    def save(self, commit=True):
        given = self.cleaned_data
        role = self.instance
        if given.get("phone"):
            services.seal_phone(role, given["phone"])
        services.settle(role, id_type=given.get("id_type", ""), id_number=given.get("id_number", ""))
        return super().save(commit)
