"""The forms of the charity registers, and of what is done to their rows."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from communities.models import Region
from linkage.foundation.ledger import reading_posts
from linkage.foundation.registers import PartFormSet
from linkage.foundation.standards import normalise_phone, validate_phone
from organizations.charity.codes import CharityInstrument, MovementKind
from organizations.charity.models import Donation, FundBudget, FundSpending
from organizations.forms import NOTHING, Choice, StepForm, Text


class Amount(forms.DecimalField):
    def __init__(self, **kwargs):
        super().__init__(
            **{
                "max_digits": 14,
                "decimal_places": 2,
                "widget": UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
                **kwargs,
            }
        )


class ComparisonForm(forms.Form):
    """A year, and whose money: all of one's places, or one of them, with the places below it or without."""

    OWN, ALL = "own", "all"

    year = forms.IntegerField(
        label=gettext_lazy("year"), min_value=2001, max_value=2100, widget=UnfoldAdminIntegerFieldWidget
    )
    place = forms.ChoiceField(label=gettext_lazy("place"), required=False, widget=UnfoldAdminSelectWidget)
    level = forms.ChoiceField(
        label=gettext_lazy("whose money"),
        required=False,
        choices=[
            (ALL, gettext_lazy("of the place and all below it")),
            (OWN, gettext_lazy("of the place itself only")),
        ],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, data, *, by):
        super().__init__(data)
        mine = {post.office.region.pk: post.office.region for post in reading_posts(by, FundBudget.duties)}
        below = Region.objects.filter(parent__in=mine, closed_on=None).order_by("path")
        self.places = {place.code: place for place in [*mine.values(), *below]}
        self.own = list(mine)
        names = [(code, place.name) for code, place in self.places.items()]
        self.fields["place"].choices = [("", _("all my places")), *names] if len(mine) > 1 else names

    @property
    def words(self):
        """Whose money it is, as the paper says."""
        place, level = self.cleaned_data["place"], self.cleaned_data["level"] or self.ALL
        names, levels = (dict(self.fields[field].choices) for field in ("place", "level"))
        return f"{names.get(place) or next(iter(names.values()), '—')}（{levels[level]}）"

    def chosen(self, budgets):
        """Those of these budgets that were asked for."""
        place, own = self.cleaned_data["place"], self.cleaned_data["level"] == self.OWN
        region = self.places.get(place) or (self.places and next(iter(self.places.values())))
        if not place and len(self.own) > 1:
            return budgets.filter(region__in=self.own) if own else budgets
        if not region:
            return budgets.none()
        return budgets.filter(region=region) if own else budgets.within(region)


class DonationForm(forms.ModelForm):
    """The donor's telephone goes in and comes out masked; an empty field keeps it."""

    donor_phone = forms.CharField(
        label=gettext_lazy("telephone of the donor"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["donor_phone"] = ""
        held = self.instance if self.instance.pk else None
        for name, kept in (("donor_phone", "donor_phone"), ("donor_name", "real_name")):
            if held is not None and name in self.fields and held.masked(kept):
                self.fields[name].help_text = _("Kept: %s. Leave it as it is to keep it.") % held.masked(kept)

    def clean_donor_phone(self):
        phone = normalise_phone(self.cleaned_data["donor_phone"])
        if phone:
            validate_phone(phone)
        return phone

    def _post_clean(self):
        """The telephone is set by ``save``; the empty field of the form must not wipe the kept one."""
        kept = self.instance.donor_phone
        super()._post_clean()
        self.instance.donor_phone = kept

    def save(self, commit=True):
        if phone := self.cleaned_data.get("donor_phone"):
            self.instance.donor_phone = phone
        return super().save(commit)


class SpendingFormSet(PartFormSet):
    """Together the lines commit no more than is planned. The budget is locked while it is saved."""

    def clean(self):
        super().clean()
        if any(self.errors) or self.instance.amount is None:
            return
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        others = FundSpending.objects.filter(budget=self.instance.pk).exclude(pk__in=shown)
        total = others.aggregate(total=Sum("amount"))["total"] or 0
        for form in self.forms:
            if form.cleaned_data and not form.cleaned_data.get("DELETE"):
                total += form.cleaned_data.get("amount") or 0
        if total > self.instance.amount:
            raise ValidationError(
                _("The lines commit %(total)s yuan, the budget has %(amount)s.")
                % {"total": f"{total:,.2f}", "amount": f"{self.instance.amount:,.2f}"}
            )


class DrawForm(StepForm):
    amount = Amount(label=gettext_lazy("amount (yuan)"))
    instrument = Choice(label=gettext_lazy("way of support"), choices=[NOTHING, *CharityInstrument.choices])
    purpose = Text(label=gettext_lazy("what for"), max_length=200)
    recipient = Text(
        label=gettext_lazy("received by"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The organisation or the number of households; no names of people helped."),
    )


class BookForm(StepForm):
    kind = Choice(label=gettext_lazy("in or out"), choices=[NOTHING, *MovementKind.choices])
    quantity = Amount(label=gettext_lazy("quantity"), max_digits=12)
    donation = forms.ModelChoiceField(
        Donation.objects.none(),
        label=gettext_lazy("from the donation"),
        required=False,
        empty_label=NOTHING[1],
        widget=UnfoldAdminSelectWidget,
    )
    purpose = Text(label=gettext_lazy("what for"), max_length=200, required=False)
    households = forms.IntegerField(
        label=gettext_lazy("households served"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
    )
    handler = Text(
        label=gettext_lazy("handled by"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Left empty, you."),
    )

    field_order = ["kind", "quantity", "happened_on"]

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        gifts = Donation.objects.filter(entity=row.entity_id, kind="goods").effective()
        newest = gifts.order_by("-received_on").values("pk")[:100]
        self.fields["donation"].queryset = Donation.objects.filter(pk__in=newest).order_by("-received_on")
