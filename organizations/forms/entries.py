"""Forms of rows: sealed telephones, and organisations of other places named by their credit code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from communities.people.forms import PersonRoleForm
from communities.people.models import IdentityType
from communities.people.models.person import identity_hash
from linkage.foundation.standards import normalise_phone, normalise_uscc, validate_phone, validate_uscc
from organizations.models import Employment, SocialOrganization
from organizations.services import seal_leader_phone


class SocialOrganizationForm(forms.ModelForm):
    """The leader's telephone goes in and comes out masked; an empty field keeps it."""

    leader_phone = forms.CharField(
        label=gettext_lazy("telephone of the leader"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["leader_phone"] = ""
        kept = self.instance.masked("leader_phone") if self.instance.pk else ""
        if kept and "leader_phone" in self.fields:
            self.fields["leader_phone"].help_text = _("Kept: %s. Leave empty to keep it.") % kept

    def clean_uscc(self):
        return normalise_uscc(self.cleaned_data["uscc"])

    def clean_leader_phone(self):
        phone = normalise_phone(self.cleaned_data["leader_phone"])
        if phone:
            validate_phone(phone)
        return phone

    def _post_clean(self):
        """The telephone is sealed by ``save``; the empty field of the form must not wipe the kept one."""
        kept = self.instance.leader_phone
        super()._post_clean()
        self.instance.leader_phone = kept

    def save(self, commit=True):
        if phone := self.cleaned_data.get("leader_phone"):
            seal_leader_phone(self.instance, phone)
        return super().save(commit)


class EmploymentForm(PersonRoleForm):
    def clean(self):
        given = super().clean()
        if self._works_here_already(given):
            self.add_error("id_number", _("This person works at this organisation in these days already."))
        return given

    def _works_here_already(self, given):
        """Asked here, by the hash: who the person is, is only known when the row is saved."""
        number = given.get("id_number")
        organization = given.get("organization") or getattr(self.instance, "organization", None)
        if "id_number" in self.errors or organization is None or organization.pk is None:
            return False
        others = Employment.objects.filter(organization=organization).exclude(pk=self.instance.pk)
        if number:
            kind = given.get("id_type") or IdentityType.RESIDENT
            others = others.filter(person__id_hash=identity_hash(kind, number))
        elif self.instance.person_id:
            others = others.filter(person=self.instance.person_id)
        else:
            return False
        begin, end = given.get("valid_from"), given.get("valid_to")
        if end:
            others = others.exclude(valid_from__gt=end)
        if begin:
            others = others.exclude(valid_to__lt=begin)
        return others.exists()


class ByCreditCode(forms.ModelForm):
    """A form that names another organisation by its credit code, wherever that one is kept.

    Of an organisation outside one's places nothing is shown but its name (HOUSE, Scope).
    """

    named = ""  # the field of the model
    code_label = ""

    code = forms.CharField(
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("18 characters. The organisation may be kept by another place."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = getattr(self.instance, self.named, None) if self.instance.pk else None
        if "code" not in self.fields:
            return
        self.fields["code"].label = self.code_label
        if self.found is not None:
            self.initial["code"] = self.found.uscc
            self.fields["code"].help_text = self.found.name
            self.fields["code"].required = bool(self.found.uscc)

    def clean_code(self):
        code = normalise_uscc(self.cleaned_data["code"])
        if not code:
            return code  # of a row whose organisation has none
        validate_uscc(code)
        if self.found is not None and self.found.uscc == code:
            return code
        self.found = SocialOrganization.objects.existing().filter(uscc=code).first()
        if self.found is None:
            raise ValidationError(_("No organisation at work with this code is in the register."))
        return code

    def _get_validation_exclusions(self):
        """What the code names is judged with the rest, double entries included."""
        excluded = super()._get_validation_exclusions()
        return excluded if "code" in self.errors else excluded - {self.named}

    def _post_clean(self):
        if self.found is not None:
            setattr(self.instance, self.named, self.found)
        super()._post_clean()

    def _update_errors(self, errors):
        """What is wrong with the organisation is said at its code."""
        if self.named in getattr(errors, "error_dict", {}):
            errors.error_dict["code"] = errors.error_dict.pop(self.named)
        super()._update_errors(errors)


class HostedAgencyForm(ByCreditCode):
    named = "agency"
    code_label = gettext_lazy("credit code of the agency")


class OperatingContractForm(ByCreditCode):
    named = "organization"
    code_label = gettext_lazy("credit code of the operator")
