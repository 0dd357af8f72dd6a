"""Forms of the registers of communities: figures of groups one by one, telephones sealed."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from communities.codes import ServiceGroup
from communities.models import SEPARATOR, Region
from communities.services import Part, handing
from linkage.foundation.dates import DayField, DayInput
from linkage.foundation.fields import keyed_hash
from linkage.foundation.registers.pages import ForetoldForm
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


# Changes of the tree


class ChangeForm(ForetoldForm):
    """What every change of a place asks: the day and the document it rests on."""

    on = DayField(
        label=_("from this day"),
        initial=timezone.localdate,
        widget=DayInput(attrs={"class": UnfoldAdminTextInputWidget().attrs["class"]}),
    )
    basis = forms.CharField(
        label=_("document it rests on"),
        max_length=200,
        help_text=_("Title and number of the approval."),
        widget=UnfoldAdminTextInputWidget,
    )


class RenameForm(ChangeForm):
    name = forms.CharField(label=_("new name"), max_length=100, widget=UnfoldAdminTextInputWidget)
    field_order = ["name"]


class SplitForm(ChangeForm):
    """What a place is split into: one new place a line, with the places below it that go there."""

    parts = forms.CharField(
        label=_("new places"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget,
        help_text=_(
            "One a line: its name; where the old place has places below it, a colon and those that go there,"
            " such as 北园街道：第一社区、第二社区"
        ),
    )
    keep = forms.BooleanField(
        label=_("the old place goes on beside them"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=_("Otherwise it ends on that day, and everything below it goes to one of the new places."),
    )
    field_order = ["parts", "keep"]

    def clean_parts(self):
        """``[Part]``; every line that cannot be read is told."""
        below = {}
        for child in self.row.children.filter(closed_on=None):
            below.setdefault(child.name, []).append(child)
        found, problems = [], []
        for line in filter(None, map(str.strip, self.cleaned_data["parts"].splitlines())):
            name, _colon, going = line.replace(":", "：").partition("：")
            children = []
            for word in filter(None, map(str.strip, re.split("[、，,；;]", going))):
                if len(below.get(word, ())) == 1:
                    children += below[word]
                else:
                    problems.append(
                        _("“%(place)s” (%(part)s): there is no such place right below, or there are several.")
                        % {"place": word, "part": name.strip()}
                    )
            if not name.strip() or len(name.strip()) > 100:
                problems.append(_("Each line begins with the name of a new place: %s") % line[:40])
            found.append(Part(name.strip(), children=children))
        names = [part.name for part in found]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            problems.append(_("Each new place has a name of its own: %s") % "、".join(twice))
        if problems:
            raise ValidationError(problems)
        return found


class PlaceForm(ChangeForm):
    """Among places this person administers; the verb judges the choice."""

    target = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields[self.target]
        field.queryset = self.places().filter(closed_on=None).order_by("path")
        field.label_from_instance = lambda place: SEPARATOR.join(
            name for name in (getattr(place.parent, "name", ""), place.name) if name
        )


class MoveForm(PlaceForm):
    parent = forms.ModelChoiceField(
        Region.objects.none(), label=_("new place above"), widget=UnfoldAdminSelectWidget
    )
    field_order = ["parent"]
    target = "parent"

    def places(self):
        """Places of the level above that lie beside the present one."""
        above = self.row.parent
        beside = Region.objects.filter(level=above.level).exclude(pk=above.pk).select_related("parent")
        top = above.parent or above
        return beside.visible_to(self.by).within(top)


class HandOnForm(ForetoldForm):
    """Which registers of a place that was merged or split go to which of the places that took over."""

    into = forms.ModelChoiceField(
        Region.objects.none(), label=_("to the place"), widget=UnfoldAdminSelectWidget
    )
    registers = forms.MultipleChoiceField(
        label=_("these registers"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_(
            "Not ticked at first is what tells of the old place itself. To divide one register, leave it out"
            " here: open its list, tick entries and choose the action there."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        heirs = [place.pk for place in self.row.successors]
        self.fields["into"].queryset = Region.objects.filter(pk__in=heirs).order_by("path")
        self.initial["into"] = heirs[0] if len(heirs) == 1 else None
        self.found = {model._meta.label: (model, count) for model, count in handing.entries_at(self.row)}
        self.fields["registers"].choices = [
            (label, f"{model._meta.verbose_name}（{count}）") for label, (model, count) in self.found.items()
        ]
        if not self.row.is_open_on(timezone.localdate()):  # else its own stay with it
            self.initial["registers"] = [
                label for label, (model, _count) in self.found.items() if not model.tells_of_place
            ]


class MergeForm(PlaceForm):
    into = forms.ModelChoiceField(
        Region.objects.none(), label=_("goes on as"), widget=UnfoldAdminSelectWidget
    )
    field_order = ["into"]
    target = "into"

    def places(self):
        """Places of the same level beside it."""
        beside = Region.objects.filter(level=self.row.level, parent=self.row.parent)
        return beside.exclude(pk=self.row.pk).select_related("parent").visible_to(self.by)
