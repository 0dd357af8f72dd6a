"""The lines of money needed and of its sources, edited as tables."""

from types import SimpleNamespace

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.codes import FundSource
from projects.forms.fields import MoneyField

MOST = 40
SECURED = [("0", _("not yet secured")), ("1", _("secured"))]


class LineForm(forms.Form):
    """One line. An empty line is no line; half a line says what is missing."""

    use_required_attribute = False
    key = ""  # the field without which there is no line

    def has_changed(self):
        return any(
            (self.data.get(self.add_prefix(name)) or "").strip()
            for name in self.telling
            if name in self.fields
        )

    def clean(self):
        given = self.cleaned_data
        if not self.has_changed() or given.get("DELETE"):
            return given
        if self.key not in self.errors and not given.get(self.key):
            self.add_error(self.key, self.fields[self.key].error_messages["required"])
        if "amount" not in self.errors:
            if given.get("amount") is None:
                self.add_error("amount", _("Enter the amount."))
            elif not given["amount"]:
                self.add_error("amount", _("The amount must be more than 0."))
        return given

    @property
    def row(self):
        """The line as the services take it; None for one that is empty or taken out."""
        if not self.has_changed() or self.cleaned_data.get("DELETE"):
            return None
        return {name: self.cleaned_data[name] for name in self.columns}


class BudgetLineForm(LineForm):
    telling = columns = ("purpose", "basis", "amount")
    key = "purpose"

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=60,
        required=False,
        error_messages={"required": _("Say what the money is for.")},
    )
    basis = forms.CharField(label=_("Basis of calculation"), max_length=100, required=False)
    amount = MoneyField(label=_("Amount"))


class SourceLineForm(LineForm):
    telling = ("kind", "amount")
    columns = ("kind", "confirmed", "amount")
    key = "kind"

    kind = forms.ChoiceField(
        label=_("Source"),
        required=False,
        choices=[("", _("Choose…")), *(one for one in FundSource.choices if one[0] != "provincial_grant")],
        error_messages={"required": _("Choose where the money comes from.")},
    )
    confirmed = forms.TypedChoiceField(
        label=_("Secured or not"),
        required=False,
        choices=SECURED,
        coerce=lambda word: word == "1",
        empty_value=False,
    )
    amount = MoneyField(label=_("Amount"))


class SubsidyLineForm(forms.Form):
    """The first source is always the subsidy asked for; only its amount is typed."""

    use_required_attribute = False
    instance = SimpleNamespace(fixed=True)

    kind = forms.CharField(label=_("Source"), required=False, disabled=True)
    confirmed = forms.CharField(label=_("Secured or not"), required=False, disabled=True)
    amount = MoneyField(label=_("Amount"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = {
            "kind": _("Subsidy asked"),
            "confirmed": _("awaiting approval"),
            **(self.initial or {}),
        }
        self.fields["amount"].widget.attrs["id"] = "id_requested_subsidy"


class Lines(forms.BaseFormSet):
    """Lines without a table of their own behind them: all are read anew from what was sent."""

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def rows(self):
        return [form.row for form in self.forms if getattr(form, "row", None)]

    @property
    def total(self):
        if not self.is_bound:
            return sum(form.initial.get("amount") or 0 for form in self.forms)
        return sum(
            form.cleaned_data.get("amount") or 0 for form in self.forms if hasattr(form, "cleaned_data")
        )


class SourceSet(Lines):
    """The subsidy first, the other sources after it."""

    def total_form_count(self):
        return max(1, super().total_form_count())  # the subsidy has a line, however many were said to be sent

    def _construct_form(self, i, **kwargs):
        if i:
            return super()._construct_form(i, **kwargs)
        defaults = {"auto_id": self.auto_id, "prefix": self.add_prefix(0), "error_class": self.error_class}
        if self.is_bound:
            defaults |= {"data": self.data}
        elif self.initial:
            defaults["initial"] = self.initial[0]
        return SubsidyLineForm(**defaults)

    def _should_delete_form(self, form):
        return bool(getattr(form, "cleaned_data", {}).get("DELETE", False))

    def add_fields(self, form, index):
        if not isinstance(form, SubsidyLineForm):
            super().add_fields(form, index)

    @property
    def subsidy(self):
        return self.forms[0]


def _lines(form, base, extra):
    return forms.formset_factory(
        form,
        formset=base,
        extra=extra,
        can_delete=True,
        max_num=MOST,
        validate_max=True,
        absolute_max=MOST + 10,
    )


def budget_lines(project, data=None):
    rows = [
        {"purpose": line.purpose, "basis": line.basis, "amount": line.amount} for line in project.budget.all()
    ]
    return _lines(BudgetLineForm, Lines, 1 if rows else 3)(data, initial=rows, prefix="budget")


def source_lines(project, data=None):
    rows = [{"kind": project.programme.subsidy_label, "amount": project.requested_subsidy}] + [
        {"kind": line.kind, "confirmed": "1" if line.confirmed else "0", "amount": line.amount}
        for line in project.sources.all()
    ]
    return _lines(SourceLineForm, SourceSet, 1)(data, initial=rows, prefix="sources")
