"""Rows of the registers (台账): kept by hand, removed only with a reason, never lost.

``Entry`` is a row that can be removed and restored, ``Mergeable`` one that can be found to be double,
``Spanned`` one that holds from a day to a day. ``objects`` are the rows that stand, ``everything`` has
the removed ones too. What is done to them (remove, restore, merge, reveal) is in ``keeping``.
"""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .scope import ScopedQuerySet, under


def _of_duty(posts, duties):
    """The posts whose part of the registers this is; a post without a part keeps them all."""
    return [post for post in posts if not duties or not post.duty or post.duty in duties]


def keeping_posts(user, duties=()):
    """The posts by which this person writes in the registers of these duties."""
    if not user.is_authenticated:
        return []
    return [post for post in _of_duty(user.current_posts, duties) if post.files]


def reading_posts(user, duties=()):
    return _of_duty(user.current_posts, duties) if user.is_authenticated else []


def places_of(posts, lookup):
    """One condition: the path at ``lookup`` lies at or under a place of one of the posts."""
    found = Q(pk__in=[])
    for post in posts:
        found |= under(lookup, post.office.region.path)
    return found


class EntryQuerySet(ScopedQuerySet):
    @property
    def region_path(self):
        return self.model.region_path

    def visible_to(self, user):
        """The rows of one's part of the registers, under the places of one's posts."""
        posts = reading_posts(user, self.model.duties)
        return self.filter(places_of(posts, self.region_path)) if posts else self.none()

    def kept_by(self, user):
        """The rows this person may write."""
        posts = keeping_posts(user, self.model.duties)
        return self.filter(places_of(posts, self.region_path)) if posts else self.none()

    def standing(self):
        return self.filter(removed_at__isnull=True)

    def on(self, day=None):
        """The rows that hold on that day (of a ``Spanned`` model)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def delete(self):
        raise TypeError("Rows of a register are removed with a reason (keeping.remove), never deleted.")

    delete.alters_data = True
    delete.queryset_only = True


class LiveManager(models.Manager.from_queryset(EntryQuerySet)):
    """The rows that stand."""

    def get_queryset(self):
        return super().get_queryset().standing()


def live(queryset):
    """The manager of the standing rows that answers the questions of this queryset."""
    return type(f"Live{queryset.__name__}", (LiveManager.from_queryset(queryset),), {})()


class Entry(models.Model):
    """A row of a register.

    ``region_path`` is the lookup to the path of the place whose staff keep the row, ``duties`` the parts
    of the office that see and write it (codes of ``communities.codes.Duty``; none: all of them).
    ``sealed`` maps the columns of personal data to how they are masked. ``tells_of_place``: what the row says
    it says of the place itself (its election, its profile), so it stays with a place that has ended; rows of
    other registers go on with the place that took it over (``keeping.write_place``).
    """

    region_path = "region__path"
    duties = ()
    sealed = {}
    tells_of_place = False

    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("removed by"),
    )
    removed_reason = models.CharField(_("reason of removal"), max_length=200, blank=True, editable=False)

    objects = live(EntryQuerySet)
    everything = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def place(self):
        """The region whose staff keep this row; None where it is not known yet."""
        found = self
        for step in self.region_path.split("__")[:-1]:
            found = getattr(found, step, None)
            if found is None:
                return None
        return found

    def is_kept_by(self, user):
        place = self.place
        return place is not None and any(
            place.path.startswith(post.office.region.path) for post in keeping_posts(user, self.duties)
        )

    def validate_constraints(self, exclude=None):
        """That a row stands is known though no form asks it: without it, "once among those that stand"
        would not be judged by any form."""
        super().validate_constraints(exclude=set(exclude or ()) - {"removed_at"})

    def is_administered_by(self, user):
        """May this person put it back: an administrator of the place or of one above it."""
        place = self.place
        return place is not None and any(
            post.administers and place.path.startswith(post.office.region.path)
            for post in reading_posts(user, self.duties)
        )

    def masked(self, field):
        """What is shown of a sealed value."""
        value = getattr(self, field)
        return self.sealed[field](value) if value else ""

    @classmethod
    def label_of(cls, field):
        return cls._meta.get_field(field).verbose_name

    def delete(self, *args, **kwargs):
        raise TypeError("Rows of a register are removed with a reason (keeping.remove), never deleted.")


class Mergeable(Entry):
    """A row that may turn out to be the same thing as another one."""

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="doubles",
        verbose_name=_("merged into"),
    )

    class Meta:
        abstract = True

    def why_two(self, other):
        """Reasons, in words, for which this row cannot stand for the other one too: they are two things, or
        what hangs on the other one stays where it is. Each register knows its own."""
        return []

    def take_over(self, double):
        """What is counted up on the rows themselves, when they are one from now on."""


class Spanned(models.Model):
    """Holds from a day to a day, both included; without a beginning or an end as far as is known."""

    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def holds_on(self, day):
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )

    def meets(self, other):
        """Is there a day on which both hold?"""
        first, last = self.valid_from or date.min, self.valid_to or date.max
        return first <= (other.valid_to or date.max) and (other.valid_from or date.min) <= last


def not_in_the_future(day):
    """A validator for days on which something has happened."""
    if day > timezone.localdate():
        raise ValidationError(_("This day has not come yet."))
