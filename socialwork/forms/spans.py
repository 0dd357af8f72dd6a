"""Lines that hold from a day to a day and must not overlap: judged together, as they will be saved.

To end one line and begin the next in one go is the daily case. Each line alone, held against the rows as
they still stand, would be refused; so the exclusion constraints are left to the set of lines.
"""

from datetime import date

from django import forms
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from linkage.foundation.registers import PartFormSet


class SpanForm(forms.ModelForm):
    def _post_clean(self):
        self.instance.validate_constraints = self._validate_alone
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints

    def _validate_alone(self, exclude=None):
        """The constraints of the line itself; what it is beside others, the set of lines judges."""
        for constraint in self._meta.model._meta.constraints:
            if not isinstance(constraint, ExclusionConstraint):
                constraint.validate(
                    self._meta.model, self.instance, exclude=set(exclude or ()) - {"removed_at"}
                )


class ApartFormSet(PartFormSet):
    """Lines of which never two hold at the same time, or never two of those that agree in ``alike``."""

    alike = ()
    message = ""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form not in self.deleted_forms and self._says_something(form)]
        elsewhere = self._on_other_pages()
        for number, form in enumerate(kept):
            others = [other.instance for other in kept[:number]]
            if any(self._clash(form.instance, other) for other in others) or (
                form.has_changed() and any(self._clash(form.instance, other) for other in elsewhere)
            ):
                form.add_error("valid_from", self.message or _("These days overlap with another line."))

    def _on_other_pages(self):
        """Lines that stand but are not before the eyes of who saves this page of them."""
        if not self.per_page or not self.instance.pk:
            return []
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        return list(self.model.objects.filter(**{self.fk.name: self.instance.pk}).exclude(pk__in=shown))

    def _judge(self, form):
        """With its owner, too, a line is judged alone: its neighbours in time may change with it."""
        try:
            form._validate_alone(exclude=set(form._get_validation_exclusions()) - {self.fk.name})
        except ValidationError as error:
            form._update_errors(error)

    def _says_something(self, form):
        return form.instance.pk or form.has_changed()

    def _clash(self, one, other):
        return _overlap(one, other) and all(getattr(one, name) == getattr(other, name) for name in self.alike)


class HomeFormSet(ApartFormSet):
    """Assignments: one home at a time, and one line at a time for each community."""

    def _clash(self, one, other):
        same = one.region_id == other.region_id or (one.is_home and other.is_home)
        return same and _overlap(one, other)

    @property
    def message(self):
        return _("In these days another line has the home, or the same community.")


def _overlap(one, other):
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (
        other.valid_from or date.min
    ) <= (one.valid_to or date.max)
