"""What a facility opens to others, and who has used it when (CQ-2.1.2a)."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from communities.facilities.codes import ResourceKind, ResourceUser
from communities.models.region import characters
from linkage.foundation.counting import number_of
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live

from .facility import ServiceFacility

LASTED = ExpressionWrapper(F("ends") - F("starts"), output_field=models.DurationField())


class ResourceQuerySet(EntryQuerySet):
    def with_use(self, year):
        """``used_times`` and ``used_for`` (a timedelta, or None) of the log of that year."""
        log = self.model._meta.get_field("uses").related_model.objects
        theirs = log.filter(resource=OuterRef("pk"), used_on__year=year).order_by()
        lasted = theirs.values("resource").annotate(lasted=Sum(LASTED)).values("lasted")
        return self.annotate(used_times=number_of(theirs), used_for=Subquery(lasted))


@tracked()
class OpenedResource(Spanned, Mergeable):
    """A room or a thing of a facility that organisations and residents may use."""

    region_path = "facility__region__path"

    facility = models.ForeignKey(
        ServiceFacility, models.CASCADE, related_name="resources", verbose_name=_("facility")
    )
    kind = models.CharField(
        _("kind of resource"), max_length=20, choices=ResourceKind, default=ResourceKind.ROOM
    )
    name = models.CharField(_("name"), max_length=60)
    room = models.CharField(_("room"), max_length=30, blank=True)
    capacity = models.PositiveSmallIntegerField(_("holds how many people"), null=True, blank=True)
    hours = models.CharField(_("open when"), max_length=60, blank=True)
    terms = models.CharField(
        _("terms of use"),
        max_length=200,
        blank=True,
        help_text=_("Who may use it, how to ask for it, what it costs."),
    )

    objects = live(ResourceQuerySet)
    everything = ResourceQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("opened resource")
        verbose_name_plural = _("opened resources")
        ordering = ["facility__region__path", "facility_id", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["facility", "name"],
                condition=Q(removed_at__isnull=True),
                name="opened_resource_once_per_facility",
                violation_error_message=_("The facility opens something of this name already."),
            ),
            # One row for one room: so two uses of the room can never overlap under two names.
            models.UniqueConstraint(
                fields=["facility", "room"],
                condition=Q(removed_at__isnull=True, kind=ResourceKind.ROOM) & ~Q(room=""),
                name="opened_room_once",
                violation_error_message=_("This room is opened already, under another name."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="opened_resource_characters")]

    def __str__(self):
        return f"{self.facility} {self.name}"

    def why_two(self, other):
        """One room is never used twice at a time."""
        own = self.uses.filter(
            used_on=OuterRef("used_on"), starts__lt=OuterRef("ends"), ends__gt=OuterRef("starts")
        )
        if self.facility_id != other.facility_id:
            return [_("They lie in two facilities.")]
        if other.uses.filter(Exists(own)).exists():
            return [_("Both were in use at the same time.")]
        return []


@tracked()
class ResourceUse(Entry):
    """A line of the log: who used an opened resource on which day, from when to when, what for."""

    region_path = "resource__facility__region__path"

    resource = models.ForeignKey(
        OpenedResource, models.CASCADE, related_name="uses", verbose_name=_("opened resource"), db_index=False
    )
    used_on = models.DateField(_("day"))
    starts = models.TimeField(_("begins at"))
    ends = models.TimeField(_("ends at"))
    user_kind = models.CharField(_("kind of user"), max_length=20, choices=ResourceUser)
    user_name = models.CharField(_("used by"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    people = models.PositiveSmallIntegerField(_("people present"), null=True, blank=True)

    class Meta:
        verbose_name = _("use of a resource")
        verbose_name_plural = _("uses of resources")
        ordering = ["resource__facility__region__path", "-used_on", "-starts", "pk"]
        constraints = [
            models.CheckConstraint(
                name="resource_use_ends_after_it_starts",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("The end does not lie after the beginning."),
            ),
            ExclusionConstraint(
                name="resource_used_once_at_a_time",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    (
                        Func(
                            F("used_on") + F("starts"),
                            F("used_on") + F("ends"),
                            function="tsrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("At that time the resource is in use already."),
            ),
        ]
        indexes = [
            models.Index(fields=["resource", "-used_on"], name="resource_use_by_day"),
        ]

    def __str__(self):
        return f"{self.used_on} {self.user_name}"

    @property
    def hours(self):
        begin, end = (datetime.combine(self.used_on, moment) for moment in (self.starts, self.ends))
        return (end - begin).total_seconds() / 3600

    def clean(self):
        problems = {}
        if self.starts and self.ends and self.ends <= self.starts:
            problems["ends"] = _("The end does not lie after the beginning.")
        if self.used_on and self.resource_id and not self.resource.holds_on(self.used_on):
            problems["used_on"] = _("On this day the resource was not open.")
        if problems:
            raise ValidationError(problems)
