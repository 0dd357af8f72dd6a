"""Shapes of sign-in and of keeping accounts."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from communities.codes import Duty
from communities.offices.models import ApiToken, Deputy, Office, Post, User
from communities.offices.services import TOKEN_DAYS
from linkage.foundation.dates import DayField, DayInput
from linkage.foundation.registers.pages import ForetoldForm


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


class DeputyForm(forms.Form):
    """``people``: who may stand in for the post."""

    deputy = forms.ModelChoiceField(
        User.objects.none(), label=_("Deputy"), empty_label=_("choose a colleague")
    )
    starts_on = DayField(label=_("Stands in from"), initial=timezone.localdate)
    ends_on = DayField(
        label=_("Stands in until"), help_text=_("After this day the deputy has no right any more.")
    )
    reason = forms.ChoiceField(label=_("Cause of absence"), choices=Deputy.Reason)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = people


class TokenForm(forms.Form):
    """``places``: ``[(code, name)]`` to choose from."""

    name = forms.CharField(
        label=_("Name of the token"),
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text=_("What it is for, so that you know it again, such as the name of the program."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.ChoiceField(
        label=_("Place"),
        help_text=_("The token reads the statistics of this place and of all below it, nothing else."),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[(days, _("%(days)s days") % {"days": days}) for days in TOKEN_DAYS],
        coerce=int,
        initial=90,
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places


class RenameOfficeForm(ForetoldForm):
    name = forms.CharField(label=_("new name"), max_length=100, widget=UnfoldAdminTextInputWidget)


class HandOverForm(ForetoldForm):
    heir = forms.ModelChoiceField(
        Office.objects.none(), label=_("office that takes over"), widget=UnfoldAdminSelectWidget
    )
    on = DayField(
        label=_("from this day"),
        initial=timezone.localdate,
        widget=DayInput(attrs={"class": UnfoldAdminTextInputWidget().attrs["class"]}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        region = self.row.region
        beside = Q(region__level=region.level, region__parent=region.parent_id)
        above, after = Q(region=region.parent_id), Q(region__predecessions__before=region)
        near = Office.objects.filter(beside | above | after, closed_on=None).exclude(pk=self.row.pk)
        self.fields["heir"].queryset = near.visible_to(self.by).order_by("region__path").distinct()


class CloseForm(ForetoldForm):
    on = DayField(
        label=_("from this day"),
        initial=timezone.localdate,
        widget=DayInput(attrs={"class": UnfoldAdminTextInputWidget().attrs["class"]}),
    )
