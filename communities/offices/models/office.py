"""Who answers for a place: offices act, people hold posts in them, rights follow the post."""

import copy

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from linkage.foundation.journal import tracked
from linkage.foundation.scope import ScopedQuerySet


class OfficeQuerySet(ScopedQuerySet):
    def open_on(self, day):
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def serving(self, region, day=None):
        """The open office that answers for this very region."""
        return self.open_on(day or timezone.localdate()).filter(region=region)


@tracked()
class Office(models.Model):
    """The body that answers for a region at one level. Its name is data (DOMAIN §0.5)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="offices", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=100)
    phone = models.CharField(_("office telephone"), max_length=40, blank=True)
    opened_on = models.DateField(_("opened on"), default=timezone.localdate)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("taken over by"),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["region__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"], condition=Q(closed_on__isnull=True), name="office_one_open_per_region"
            ),
            models.CheckConstraint(
                name="office_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="office_successor_only_when_closed",
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def level(self):
        return self.region.level

    @property
    def is_closed(self):
        """Nobody answers here any more from today on; who took it over, ``heir`` says."""
        return self.closed_on is not None and self.closed_on <= timezone.localdate()

    @property
    def heir(self):
        """The office that answers today: this one, or whoever took it over in the end."""
        office, seen = self, set()
        while office.successor_id and office.pk not in seen:
            seen.add(office.pk)
            office = office.successor
        return office


class PostQuerySet(ScopedQuerySet):
    region_path = "office__region__path"

    def current(self, day=None):
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day, ended_at__isnull=True).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def nearest_administrators(self, region):
        """Those who keep accounts today, in this place or the nearest one above it that has any."""
        above = [region.pk, *(place.pk for place in region.ancestors)]
        posts = self.current().filter(role="administrator", office__region__in=above, user__is_active=True)
        found = list(posts.select_related("user", "office__region").order_by("-office__region__level", "pk"))
        return [post for post in found if post.office.region_id == found[0].office.region_id]


@tracked()
class Post(models.Model):
    """A person's appointment to an office, from a day to a day."""

    class Role(models.TextChoices):
        CLERK = "clerk", _("clerk")
        REVIEWER = "reviewer", _("reviewer")
        LEADER = "leader", _("leader")
        OBSERVER = "observer", _("observer")
        ADMINISTRATOR = "administrator", _("administrator")

    DECIDING = (Role.REVIEWER, Role.LEADER)
    FILING = (Role.CLERK, Role.REVIEWER, Role.LEADER)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", verbose_name=_("person")
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts", verbose_name=_("office"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    section = models.CharField(_("section"), max_length=40, blank=True)
    duty = models.CharField(
        _("registers kept"),
        max_length=20,
        choices=Duty,
        blank=True,
        help_text=_("The part of the registers this post sees and writes; without a choice, all of them."),
    )
    full_exports = models.BooleanField(
        _("may export full numbers"),
        default=False,
        editable=False,
        help_text=_("Given by an administrator with a reason; each such export is written down."),
    )
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office", "role"],
                condition=Q(valid_to__isnull=True, ended_at__isnull=True),
                name="post_held_once",
            ),
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.office} · {self.get_role_display()}"

    def is_current(self, day=None):
        """The same as ``current()`` of the queryset, for a row at hand."""
        day = day or timezone.localdate()
        ended = self.ended_at is not None or (self.valid_to is not None and self.valid_to < day)
        return self.valid_from <= day and not ended

    def narrowed_to(self, place):
        """This post as it looks at no more than one place, and only looks; None where they do not meet."""
        region = self.office.region
        if not (region.contains(place) or place.contains(region)):
            return None
        narrowed, narrowed.office = copy.copy(self), copy.copy(self.office)
        narrowed.role, narrowed.took_over = self.Role.OBSERVER, False
        narrowed.office.region = place if region.contains(place) else region
        return narrowed

    def signed_by(self, user):
        """How a person signs in this post: with the own name, a deputy with both names."""
        if self.user_id == user.pk:
            return str(user)
        return _("%(deputy)s (for %(holder)s)") % {"deputy": user, "holder": self.user}

    @property
    def told(self):
        """What rights hang on; of a post read as one of ``current_posts``."""
        office = self.office
        rights = self.role, self.section, self.duty, self.full_exports
        return self.office_id, *rights, office.region.path, self.took_over

    @property
    def decides(self):
        return self.role in self.DECIDING

    @property
    def files(self):
        return self.role in self.FILING

    @property
    def leads(self):
        return self.role == self.Role.LEADER

    @property
    def administers(self):
        return self.role == self.Role.ADMINISTRATOR
