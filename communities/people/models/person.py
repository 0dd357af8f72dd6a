"""One human, once; and what every row that says something about a human has in common."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.codes import Duty
from communities.models import Region
from linkage.foundation.fields import EncryptedTextField, keyed_hash
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import (
    Entry,
    EntryQuerySet,
    Mergeable,
    keeping_posts,
    live,
    places_of,
    reading_posts,
)
from linkage.foundation.scope import under
from linkage.foundation.standards import Sex, mask_birthday, mask_id, mask_phone


class IdentityType(models.TextChoices):
    """What an identity number is taken from; only the first has a check digit."""

    RESIDENT = "resident", _("resident identity card")
    PASSPORT = "passport", _("passport")
    HONG_KONG_MACAO = "hong_kong_macao", _("residence permit of Hong Kong or Macao residents")
    TAIWAN = "taiwan", _("residence permit of Taiwan residents")
    OTHER = "other", _("other paper")


def identity_hash(kind, number):
    """What finds a person by the number; the number itself is only kept sealed."""
    return keyed_hash(f"{kind}:{number}")


class PersonQuerySet(EntryQuerySet):
    """People belong to every part of an office in which they are something, and to no other.

    A post that keeps all registers has all people of its place, also those who are nothing yet. What they
    are elsewhere plays no part in it: what other places enter changes nobody's list.
    """

    def visible_to(self, user):
        return self._of(reading_posts(user, self.model.duties))

    def kept_by(self, user):
        return self._of(keeping_posts(user, self.model.duties))

    def _of(self, posts):
        if not posts:
            return self.none()
        theirs = Q()
        for post in posts:
            here = under(self.region_path, post.office.region.path)
            theirs |= here & _stands_in_part_of(post) if post.duty else here
        return self.filter(places_of(posts, self.region_path)).filter(theirs)


def _stands_in_part_of(post):
    """The person stands in a register of this post's part, in its place.

    One EXISTS over all of them: of several the database makes hashes of whole registers, for a page of 50.
    """
    path = post.office.region.path
    there = [
        role.objects.filter(under(role.region_path, path), person=OuterRef("pk")).values("pk")
        for role in Person.roles()
        if post.duty in role.duties
    ]
    if not there:
        return Q(pk__in=[])
    first, *others = (rows.order_by() for rows in there)
    return Q(Exists(first.union(*others, all=True) if others else first))


@tracked()
class Person(Mergeable):
    """One human (HOUSE "Person"): known by the keyed hash of the identity number, wherever it is entered.

    ``region`` is the place whose staff entered the person first. What others say of the same human lies
    in rows of their own (``PersonRole``), so that nobody reads here what was entered elsewhere.
    """

    duties = (Duty.COMMUNITY, Duty.ORGANIZATION, Duty.SOCIAL_WORK)  # those of the roles
    sealed = {"id_number": mask_id, "birth_date": mask_birthday}

    region = models.ForeignKey(Region, models.PROTECT, related_name="people", verbose_name=_("place"))
    name = models.CharField(pgettext_lazy("person", "name"), max_length=50, db_collation="C")
    id_type = models.CharField(
        _("kind of paper"), max_length=20, choices=IdentityType, default=IdentityType.RESIDENT
    )
    id_number = EncryptedTextField(_("identity number"), blank=True, default="")
    id_hash = models.CharField(max_length=64, blank=True, default="", editable=False, db_collation="C")
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField(_("born on"), null=True, blank=True)

    objects = live(PersonQuerySet)
    everything = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"],
                condition=~Q(id_hash="") & Q(removed_at__isnull=True),
                name="person_once_per_number",
            ),
        ]
        indexes = [models.Index(fields=["name"], name="person_name")]

    def __str__(self):
        return self.name

    @classmethod
    def roles(cls):
        """The registers that say what somebody is."""
        models = {relation.related_model for relation in cls._meta.related_objects}
        return sorted((one for one in models if issubclass(one, PersonRole)), key=lambda one: one._meta.label)

    def is_kept_by(self, user):
        return type(self).everything.kept_by(user).filter(pk=self.pk).exists()

    def is_administered_by(self, user):
        seen = type(self).everything.visible_to(user).filter(pk=self.pk)
        return super().is_administered_by(user) and seen.exists()

    @property
    def number_tells(self):
        """Does the number say day of birth and sex: is it that of a resident identity card?"""
        return bool(self.id_hash) and self.id_type == IdentityType.RESIDENT

    def why_two(self, other):
        numbered = [one for one in (self, other) if one.number_tells]
        if len(numbered) == 2 and self.id_hash != other.id_hash:
            return [_("Two resident identity numbers are two people.")]
        return []


class PersonRole(Entry):
    """What somebody is in a register: the name and telephone as entered there, and the person behind it."""

    sealed = {"id_number": mask_id, "phone": mask_phone}
    region_path = "region__path"

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="%(class)s_roles", verbose_name=_("person"), editable=False
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=50, db_collation="C")
    phone = EncryptedTextField(_("telephone"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False, db_collation="C")

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def id_number(self):
        return self.person.id_number if self.person_id else ""

    @classmethod
    def label_of(cls, field):
        return Person._meta.get_field(field).verbose_name if field == "id_number" else super().label_of(field)
