"""督办: what one office asks of others so that a target is met, unit by unit, and what they say of it.

Whether a unit has done it is never stored as a state: it is read from the measure rows that stand.
``done_on`` is only the day on which it was first seen done.
"""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from communities.offices.models import Office
from linkage.attainment.models.target import Target
from linkage.foundation.journal import AppendOnly, tracked
from linkage.foundation.scope import ScopedQuerySet, under


class SupervisionQuerySet(ScopedQuerySet):
    region_path = "office__region__path"

    def visible_to(self, user):
        """Whoever sits at or above the office that issued it, or at or above a place that is asked."""
        if not user.is_authenticated or not user.current_posts:
            return self.none()
        asked = SupervisionItem.objects.filter(supervision=OuterRef("pk"))
        theirs = Q()
        for post in user.current_posts:
            path = post.office.region.path
            theirs |= under(self.region_path, path) | Exists(asked.filter(under("region__path", path)))
        return self.filter(theirs)

    def issued_by(self, user):
        return self.filter(office__in=user.answerable_offices)

    def asking(self, user):
        """Those that an office above, or another one here, asks of places where this person sits."""
        asked = SupervisionItem.objects.filter(supervision=OuterRef("pk"))
        theirs = Q(pk__in=[])
        for post in user.current_posts:
            place = post.office.region
            theirs |= Q(
                Exists(asked.filter(under("region__path", place.path))),
                office__region__code__in=place.path_codes,
            )
        return self.filter(theirs).exclude(office__in=user.answerable_offices)

    def open(self):
        return self.filter(state=Supervision.State.OPEN)


@tracked()
class Supervision(models.Model):
    """One 督办 of one target at one place. ``demand`` and ``method`` are told as they stood that day."""

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        CLOSED = "closed", _("concluded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Origin(models.TextChoices):
        PATH = "path", _("the cheapest path")
        FAILING = "failing", _("all units that fall short")

    target = models.ForeignKey(Target, models.PROTECT, related_name="supervisions", verbose_name=_("target"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="supervisions", verbose_name=_("issued by the office")
    )
    origin = models.CharField(_("list"), max_length=10, choices=Origin)
    demand = models.CharField(_("demanded"), max_length=100)
    value = models.CharField(_("value then"), max_length=60)
    gap = models.CharField(_("gap then"), max_length=60)
    note = models.TextField(_("what is asked"), max_length=500, blank=True)
    issued_on = models.DateField(_("handed down on"), default=timezone.localdate)
    due_on = models.DateField(_("due on"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed down by")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    reason = models.TextField(_("reason"), max_length=500, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "region", "office"],
                condition=Q(state="open"),
                name="supervision_one_open_of_an_office",
            ),
            models.CheckConstraint(
                name="supervision_due_after_it_is_issued", condition=Q(due_on__gte=F("issued_on"))
            ),
            models.CheckConstraint(
                name="supervision_ends_by_somebody",
                condition=Q(state="open", ended_on__isnull=True, ended_by__isnull=True)
                | (~Q(state="open") & Q(ended_on__isnull=False, ended_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="supervision_withdrawn_with_a_reason",
                condition=~Q(state="withdrawn") | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.target} · {self.region}"

    def get_absolute_url(self):
        return reverse("attainment:supervision", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()


class SupervisionItemQuerySet(ScopedQuerySet):
    region_path = "region__path"


@tracked()
class SupervisionItem(models.Model):
    """What is asked of one unit. ``unit_kind`` is the table of measures it stands in; figures as there.

    ``figure`` is None where nothing had been reported. ``needed`` is to be reached, of a cap not to be
    exceeded. A unit that goes on as another one is followed (``services.following``); ``left_on`` is the day
    on which it was told that there is none to ask in its place.
    """

    supervision = models.ForeignKey(Supervision, models.CASCADE, related_name="items")
    unit_kind = models.CharField(_("kind of unit"), max_length=20)
    unit_id = models.BigIntegerField(_("number of the unit"))
    name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised_items",
        verbose_name=_("responsible office"),
    )
    figure = models.BigIntegerField(_("figure then"), null=True, blank=True)
    base = models.BigIntegerField(_("measured against"), null=True, blank=True)
    needed = models.BigIntegerField(_("needed figure"))
    done_on = models.DateField(_("first seen done on"), null=True, blank=True, editable=False)
    left_on = models.DateField(_("told to have ended on"), null=True, blank=True, editable=False)

    objects = SupervisionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervised unit")
        verbose_name_plural = _("supervised units")
        ordering = ["supervision", "region__path", "unit_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "unit_kind", "unit_id"], name="supervisionitem_unit_once"
            ),
        ]

    def __str__(self):
        return self.name


class SupervisionNote(AppendOnly):
    """进展: what the responsible office says of one unit; of its heir, the platform. Told, never counted."""

    item = models.ForeignKey(SupervisionItem, models.PROTECT, related_name="notes")
    office_name = models.CharField(_("office"), max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=50, blank=True)
    text = models.TextField(_("progress"), max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["item", "pk"]

    def __str__(self):
        return self.text
