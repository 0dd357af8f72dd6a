"""Forms of the registers of communities: figures of groups one by one, telephones sealed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from communities.codes import ServiceGroup
from linkage.foundation.fields import keyed_hash
from linkage.foundation.standards import normalise_phone, validate_phone

GROUPS = {f"group_{group}": group for group in ServiceGroup if group != ServiceGroup.GENERAL}
LARGEST = 2**31 - 1


def _figure(group):
    return forms.IntegerField(
        label=group.label,
        min_value=0,
        max_value=LARGEST,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
    )


GroupFields = type(
    "GroupFields", (forms.ModelForm,), {name: _figure(group) for name, group in GROUPS.items()}
)


class ProfileForm(GroupFields):
    """The figures of a community; each special group has a field of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, group in GROUPS.items():
            if name in self.fields:
                self.initial[name] = (self.instance.special_groups or {}).get(group)

    def clean(self):
        given = super().clean()
        figures = {group: given.get(name) for name, group in GROUPS.items() if name in self.fields}
        kept = self.instance.special_groups or {}
        self.instance.special_groups = {
            **{group: people for group, people in kept.items() if group not in figures},
            **{str(group): people for group, people in figures.items() if people is not None},
        }
        return given


class TelephoneForm(forms.ModelForm):
    """A row with a sealed telephone: what is kept is never put into the page, and empty keeps it."""

    phone = forms.CharField(
        label=_("telephone"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["phone"] = ""
        kept = self.instance.masked("phone") if self.instance.pk else ""
        if kept and "phone" in self.fields:
            self.fields["phone"].help_text = _("Kept: %s. Leave empty to keep it.") % kept

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        if phone:
            validate_phone(phone)
        return phone

    def _post_clean(self):
        """What is typed is sealed in its normal form; the empty field must not wipe the kept one."""
        kept, kept_hash = self.instance.phone, self.instance.phone_hash
        super()._post_clean()
        phone = normalise_phone(self.cleaned_data.get("phone", ""))
        self.instance.phone = phone or kept
        self.instance.phone_hash = keyed_hash(f"phone:{phone}") if phone else kept_hash
