"""The form of a human of whom a place has one row."""

from django.core.exceptions import ValidationError
from django.db import models

from communities.people.forms import PersonRoleForm
from communities.people.models import IdentityType, Person
from communities.people.models.person import identity_hash


class OnceForm(PersonRoleForm):
    """Whoever stands in the same place already is told at the number, before anything is saved."""

    number_required = True

    def _post_clean(self):
        super()._post_clean()
        number = self.cleaned_data.get("id_number")
        if not number or self.errors:
            return
        kind = self.cleaned_data.get("id_type") or IdentityType.RESIDENT
        known = Person.objects.filter(id_hash=identity_hash(kind, number)).first()
        if known is None:
            return
        before, self.instance.person = self.instance.person_id, known
        for constraint in self._meta.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and "person" in constraint.fields:
                try:
                    constraint.validate(self._meta.model, self.instance)
                except ValidationError as error:
                    self.add_error("id_number", error)
                    self.instance.person_id = before
