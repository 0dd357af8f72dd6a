"""A return: what one unit tells of a period, and everything that ever happened to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Level, Region
from linkage.foundation.journal import AppendOnly, AppendOnlyQuerySet, tracked
from linkage.foundation.scope import ScopedQuerySet
from linkage.reports.models.collection import Collection


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("return", "being filled in")
    FILED = "filed", pgettext_lazy("return", "filed")
    RETURNED = "returned", pgettext_lazy("return", "sent back")
    RECEIVED = "received", pgettext_lazy("return", "received")
    LOCKED = "locked", pgettext_lazy("return", "locked")


OPEN = (State.DRAFT, State.RETURNED)  # figures may change; in any other state the database refuses it
SENT = (State.FILED, State.RECEIVED, State.LOCKED)
FINAL = (State.RECEIVED, State.LOCKED)  # what sums above are made of


class ReturnQuerySet(ScopedQuerySet):
    def of(self, collection):
        return self.filter(collection=collection)


@tracked()
class Return(models.Model):
    """Figures by measure, money in fen; None is not known.

    ``register``: what the registers said at the end of the period of the unit itself, without the units
    below that file returns of their own. ``own``: what the unit tells instead, the same unless it says why.
    ``below``: the sum of the returns received from below. ``silent``: communities that told nothing of a
    figure. Under ``a|b`` stands what of a lies where b was told, for ratios.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="returns")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    above = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("above"))
    name = models.CharField(_("unit"), max_length=100)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    is_leaf = models.BooleanField(default=False)  # nobody below files
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    register = models.JSONField(default=dict)
    own = models.JSONField(default=dict)
    below = models.JSONField(default=dict)
    silent = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    units = models.PositiveIntegerField(_("units asked below"), default=0)
    units_in = models.PositiveIntegerField(_("units received from below"), default=0)
    shortfall = models.TextField(_("why units are missing"), max_length=500, blank=True)
    reason = models.TextField(_("reason"), max_length=500, blank=True)
    office_name = models.CharField(_("office"), max_length=100, blank=True)
    filled_by = models.CharField(_("filled in by"), max_length=50, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by")
    )
    filed_at = models.DateTimeField(_("filed at"), null=True)
    first_filed_at = models.DateTimeField(_("first filed at"), null=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["collection", "region__path"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "region"], name="return_once_of_a_unit"),
            models.CheckConstraint(
                name="return_filed_by_somebody",
                condition=~Q(state__in=["filed", "received", "locked"])
                | Q(filed_by__isnull=False, filed_at__isnull=False, first_filed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="return_sent_back_with_a_reason", condition=~Q(state="returned") | ~Q(reason="")
            ),
        ]
        indexes = [models.Index(fields=["collection", "above"], name="return_below")]

    def __str__(self):
        return f"{self.name} {self.collection_id}"

    def get_absolute_url(self):
        return reverse("reports:sheet", args=[self.pk])

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def due_on(self):
        return self.collection.due_for(self.level)

    @property
    def is_overdue(self):
        return self.is_open and timezone.localdate() > self.due_on

    @property
    def was_late(self):
        return self.first_filed_at and timezone.localdate(self.first_filed_at) > self.due_on

    def figure(self, key):
        """Its own and that of the units below; None where nobody told anything."""
        own, below = self.own.get(key), self.below.get(key)
        if own is None and below is None:
            return None
        return (own or 0) + (below or 0)


class ReturnEventQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    region_path = "of__region__path"


class ReturnEvent(AppendOnly):
    """填报、报送、退回、接收、锁定、重新开启: who, when, why, and the figures as they were sent."""

    class Verb(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("return", "begun")
        FILED = "filed", pgettext_lazy("return", "filed")
        RETURNED = "returned", pgettext_lazy("return", "sent back")
        RECEIVED = "received", pgettext_lazy("return", "received")
        LOCKED = "locked", pgettext_lazy("return", "locked")
        REOPENED = "reopened", pgettext_lazy("return", "reopened")

    of = models.ForeignKey(Return, models.PROTECT, related_name="events")
    verb = models.CharField(_("what happened"), max_length=10, choices=Verb)
    reason = models.TextField(_("reason"), max_length=500, blank=True)
    figures = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = models.CharField(_("by"), max_length=50)
    office_name = models.CharField(_("office"), max_length=100)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ReturnEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a return")
        verbose_name_plural = _("events of returns")
        ordering = ["of", "pk"]

    def __str__(self):
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d}"
