"""A post that is held as a line of the table of accounts: who works where, as what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.offices.models.office import Post, PostQuerySet
from communities.offices.models.user import User
from linkage.foundation.standards import mask_phone


class SeatQuerySet(PostQuerySet):
    def kept_by(self, user):
        """Those in the offices at and under the places this person administers."""
        return self.filter(user.under_administration(self.region_path))


class HeldSeats(models.Manager.from_queryset(SeatQuerySet)):
    """The posts that are held today by open accounts, in open offices."""

    def get_queryset(self):
        return super().get_queryset().current().filter(user__is_active=True, office__closed_on__isnull=True)


class Seat(Post):
    region_path = "office__region__path"
    duties = ()
    sealed = {"phone": mask_phone}

    objects = HeldSeats()

    class Meta:
        proxy = True
        verbose_name = _("account and post")
        verbose_name_plural = _("accounts and posts")

    @property
    def place(self):
        """Where the office is; of a line on its way in the place that was named, office or not."""
        return vars(self).get("named_place") or self.office.region

    @classmethod
    def label_of(cls, field):
        return User._meta.get_field(field).verbose_name
