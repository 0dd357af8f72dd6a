"""How a human and what is said of them come together."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.people.models import IdentityType, Person
from communities.people.models.person import identity_hash
from linkage.foundation.fields import keyed_hash
from linkage.foundation.standards import normalise_identity_number, normalise_phone, read_identity_number


def normal_number(kind, number):
    """A number as it is hashed and sealed; ``ValidationError`` where it cannot be one."""
    if kind == IdentityType.RESIDENT:
        number = normalise_identity_number(number)
        read_identity_number(number)
        return number
    number = "".join(number.split()).upper()
    if number and not 4 <= len(number) <= 30:
        raise ValidationError(_("A number of this paper has 4 to 30 characters."))
    return number


@transaction.atomic
def attach(*, region, name, id_type=IdentityType.RESIDENT, id_number=""):
    """The person with this number, wherever entered; without one, somebody new of this place.

    Nothing of a known person is shown or changed: who enters a number learns nothing from it.
    """
    if not id_number:
        return Person.objects.create(region=region, name=name)
    number = normal_number(id_type, id_number)
    found = {"id_hash": identity_hash(id_type, number)}
    known = Person.objects.filter(**found).first()
    if known is not None:
        return known
    facts = {}
    if id_type == IdentityType.RESIDENT:
        identity = read_identity_number(number)
        facts = {"sex": identity.sex, "birth_date": identity.birth_date}
    try:
        with transaction.atomic():
            return Person.objects.create(
                region=region, name=name, id_type=id_type, id_number=number, **found, **facts
            )
    except IntegrityError:  # entered twice in the same moment
        return Person.objects.get(**found)


@transaction.atomic
def settle(role, *, id_type="", id_number=""):
    """Find or make the person behind a role before it is saved; a number typed anew corrects it."""
    id_type = id_type or IdentityType.RESIDENT
    if role.person_id is None:
        role.person = attach(region=role.place, name=role.name, id_type=id_type, id_number=id_number)
    elif id_number:
        number = normal_number(id_type, id_number)
        wanted = identity_hash(id_type, number)
        if role.person.id_hash != wanted:
            role.person = attach(region=role.place, name=role.name, id_type=id_type, id_number=number)
    return role


def seal_phone(role, phone):
    """Set the telephone of a role with what finds it."""
    role.phone = normalise_phone(phone) if phone else ""
    role.phone_hash = keyed_hash(f"phone:{role.phone}") if role.phone else ""
    return role
