"""What the desks of all rows about humans share: numbers masked, nobody twice in one place."""

from django.contrib import admin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.people.forms import PersonRoleForm
from communities.people.models import IdentityType, Person
from communities.people.models.person import identity_hash
from linkage.foundation.registers import Register


class RoleForm(PersonRoleForm):
    """A number that stands in the same place already is told at its field, before anything is saved."""

    def _post_clean(self):
        super()._post_clean()
        number = self.cleaned_data.get("id_number")
        if not number or self.errors:
            return
        kind = self.cleaned_data.get("id_type") or IdentityType.RESIDENT
        known = Person.objects.filter(id_hash=identity_hash(kind, number)).first()
        if known is None:
            return
        self.instance.person = known
        for constraint in self._meta.model._meta.constraints:
            if isinstance(constraint, ExclusionConstraint):
                try:
                    constraint.validate(self._meta.model, self.instance)
                except ValidationError as error:
                    self.add_error("id_number", error)


class Masked:
    """Rows of a ``PersonRole`` on a desk or as lines: who may only look sees the numbers masked."""

    form = RoleForm
    readonly_fields = ["number_shown", "phone_shown"]
    SHOWN = {"id_type": None, "id_number": "number_shown", "phone": "phone_shown"}

    def get_fieldsets(self, request, obj=None):
        shape = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return shape
        return [(title, {**about, "fields": self._to_look_at(about["fields"])}) for title, about in shape]

    def _to_look_at(self, fields):
        found = []
        for field in fields:
            if isinstance(field, (list, tuple)):
                if inner := self._to_look_at(field):
                    found.append(tuple(inner))
            elif shown := self.SHOWN.get(field, field):
                found.append(shown)
        return found

    @admin.display(description=_("identity number"))
    def number_shown(self, row):
        return row.masked("id_number") or "—"

    @admin.display(description=_("telephone"))
    def phone_shown(self, row):
        return row.masked("phone") or "—"


class RoleRegister(Masked, Register):
    """The desk of one kind of ``PersonRole``."""

    search_fields = ["name__holds"]
    search_help_text = _("Name of the person or a part of it")
    list_select_related = ["person"]
