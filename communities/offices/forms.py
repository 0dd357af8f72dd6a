"""Shapes of sign-in and of keeping accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.offices.models import Post


class SignInForm(forms.Form):
    username = forms.CharField(label=_("Account"), max_length=150)
    password = forms.CharField(label=_("Password"), max_length=200, strip=False, widget=forms.PasswordInput)


class PasswordForm(forms.Form):
    old_password = forms.CharField(
        label=_("Old password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1 = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("At least 10 characters, not only digits, not a common password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password2 = forms.CharField(
        label=_("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self):
        given = super().clean()
        if given.get("new_password1") != given.get("new_password2"):
            self.add_error("new_password2", _("The two new passwords differ."))
        return given


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("Account"),
        max_length=150,
        help_text=_("Letters, digits and @ . + - _; used to sign in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("Name"), max_length=50)
    role = forms.ChoiceField(label=_("Role"), choices=Post.Role)
    section = forms.CharField(label=_("Section"), max_length=40, required=False)
    duty = forms.ChoiceField(
        label=_("Registers kept"),
        choices=[("", _("all registers")), *Duty.choices],
        required=False,
        help_text=_("What this post sees and writes in the registers of the five parties."),
    )


class AppointmentForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Post.Role)
    section = forms.CharField(label=_("Section"), max_length=40, required=False)
    duty = forms.ChoiceField(
        label=_("Registers kept"),
        choices=[("", _("all registers")), *Duty.choices],
        required=False,
        help_text=_("What this post sees and writes in the registers of the five parties."),
    )
