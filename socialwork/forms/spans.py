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
    def validate_constraints(self):
        exclude = self._get_validation_exclusions()
        for constraint in self._meta.model._meta.constraints:
            if not isinstance(constraint, ExclusionConstraint):
                try:
                    constraint.validate(self._meta.model, self.instance, exclude=exclude)
                except ValidationError as error:
                    self._update_errors(error)


class ApartFormSet(PartFormSet):
    """Lines of which never two hold at the same time, or never two of those that agree in ``alike``."""

    alike = ()
    message = ""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form not in self.deleted_forms and self._says_something(form)]
        for number, form in enumerate(kept):
            for other in kept[:number]:
                if self._clash(form.instance, other.instance):
                    form.add_error("valid_from", self.message or _("These days overlap with another line."))

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
