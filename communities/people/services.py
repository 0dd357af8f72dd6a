"""How a human and what is said of them come together."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.people.models import IdentityType, Person
from communities.people.models.person import identity_hash
from linkage.foundation import keeping
from linkage.foundation.errors import TooOften
from linkage.foundation.fields import keyed_hash
from linkage.foundation.ledger import keeping_posts
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


# Finding somebody by a number

SEARCHES = 30  # an hour and person
SHORTEST = 4  # characters of any number


def may_find(user):
    """Whoever keeps a register of people."""
    return any(keeping_posts(user, role.duties) for role in Person.roles())


def find(written, *, by):
    """The entries one keeps of whoever has exactly this identity number or telephone (TRUST §3.3.7).

    Compared by the keyed hash, so nothing like it is found, and at most thirty times an hour: a number that
    stands in no register of one's own answers as one that is nowhere. That one has searched is written
    down, neither the number nor its hash is.
    """
    if not may_find(by):
        raise PermissionDenied
    number = "".join(written.split()).upper()
    if len(number) < SHORTEST:
        raise ValidationError(_("Enter the whole identity number or telephone."))
    taken = keeping.written_down("person_sought", "person_search_refused", SEARCHES, by=by)
    if taken >= SEARCHES:
        told = ngettext(
            "You have searched %(count)d time in the past hour. Try again later.",
            "You have searched %(count)d times in the past hour. Try again later.",
            taken,
        )
        raise TooOften(told % {"count": taken})
    numbers = {number, normalise_identity_number(written)}
    hashes = [identity_hash(kind, one) for kind in IdentityType for one in numbers]
    phone = keyed_hash(f"phone:{normalise_phone(written)}")
    people = list(Person.objects.filter(id_hash__in=hashes).values_list("pk", flat=True))
    found = list(Person.objects.kept_by(by).filter(pk__in=people).select_related("region"))
    for role in Person.roles():
        mine = role.objects.kept_by(by).select_related("person")
        entries = {
            row.pk: row
            for rows in (mine.filter(person__in=people), mine.filter(phone_hash=phone))
            for row in rows
        }
        found += [entries[key] for key in sorted(entries)]
    return found
