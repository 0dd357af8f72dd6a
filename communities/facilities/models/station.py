"""Stations: what works in a room of a facility, or in a place of its own, and whom it serves."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.facilities.codes import (
    COMMUNITY_STATIONS,
    STREET_STATIONS,
    StandardItem,
    StationKind,
)
from communities.models import Level, Region
from communities.models.region import characters
from linkage.foundation.choices import CodesField
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from linkage.foundation.papers import Paper

from .facility import ServiceFacility


class StationQuerySet(EntryQuerySet):
    def of_kind(self, *kinds):
        return self.filter(kind__in=kinds)

    def serving(self, region, on=None):
        """The stations of this community itself, and those whose list names it (DOMAIN §2.4)."""
        named = StationCommunity.objects.on(on).filter(station=OuterRef("pk"), community=region)
        return self.on(on).filter(Q(region=region) | Exists(named))

    def communities(self, on=None, *, served=True, among=None):
        """The communities that have one of these stations that day or, if ``served``, are on its list.

        Both readings of 覆盖 (DOMAIN §2.4): ``own`` counts only what lies in the community itself.
        ``among``: of these few places only.
        """
        standing = self.on(on).order_by()
        named = StationCommunity.objects.on(on).order_by().filter(station__in=standing)
        own = standing
        if among is not None:
            own, named = own.filter(region__in=among), named.filter(community__in=among)
        covered = own.values("region")
        if served:
            covered = covered.union(named.values("community"), all=True)
        return Region.objects.communities().filter(pk__in=covered)

    def sharing_a_room(self, on=None):
        """The stations whose room of a facility holds another station too (一室多用, WH-3.1.2b)."""
        others = (
            StationQuerySet(self.model)
            .standing()
            .on(on)
            .filter(facility=OuterRef("facility"), room=OuterRef("room"))
            .exclude(pk=OuterRef("pk"))
        )
        return self.on(on).filter(facility__isnull=False).exclude(room="").filter(Exists(others))

    def shared_rooms(self, on=None):
        """``{facility, room, stations}`` of each room with several stations."""
        return (
            self.on(on)
            .filter(facility__isnull=False)
            .exclude(room="")
            .order_by("facility_id", "room")
            .values("facility", "room")
            .annotate(stations=Count("pk"))
            .filter(stations__gt=1)
        )

    def standardised(self, on=None):
        """The stations whose last check by that day found everything present (CQ-2.2.3f)."""
        checks = StandardCheck.objects.filter(
            station=OuterRef("pk"), checked_on__lte=on or timezone.localdate()
        )
        last = Subquery(checks.order_by("-checked_on").values("present")[:1])
        return self.annotate(last_check=last).filter(last_check__contains=StandardItem.values)

    def to_standardise(self, on=None):
        """The studios at work whose last check found something missing, or that nobody has checked."""
        complete = self.model.objects.standardised(on)
        return self.on(on).of_kind(*COMMUNITY_STATIONS).exclude(pk__in=complete.order_by().values("pk"))


@tracked()
class Station(Spanned, Mergeable):
    """A station of social work, of organisations or of volunteers (HB-3.2b, WH-3.1.2b, CQ-2.2.3e).

    It lies in a room of a facility or, without one, at an address of its own. Every part of the office
    keeps stations: each kind is another's business.
    """

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="stations",
        verbose_name=_("region"),
        help_text=_("The community, or the street or township for a station that serves all of it."),
    )
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    kind = models.CharField(_("kind of station"), max_length=30, choices=StationKind)
    facility = models.ForeignKey(
        ServiceFacility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stations",
        verbose_name=_("in the facility"),
        help_text=_("Leave empty for a station with rooms of its own."),
    )
    room = models.CharField(
        _("room"),
        max_length=30,
        blank=True,
        help_text=_("Several stations may share one room: write it the same way for each of them."),
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)
    area_m2 = models.DecimalField(
        _("floor area in m²"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    valid_from = models.DateField(_("in use from"), null=True, blank=True)
    valid_to = models.DateField(_("in use to"), null=True, blank=True)
    note = models.TextField(_("remark"), blank=True, max_length=500)

    objects = live(StationQuerySet)
    everything = StationQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "kind", "name"],
                condition=Q(removed_at__isnull=True),
                name="station_once_per_place",
                violation_error_message=_("A station of this name is in the register of this place already."),
            ),
            models.CheckConstraint(
                name="station_area_not_negative", condition=Q(area_m2__isnull=True) | Q(area_m2__gte=0)
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "room"], name="station_by_room"),
            GinIndex(characters(F("name")), name="station_name_characters"),
        ]

    def __str__(self):
        return self.name

    @property
    def shares_room(self):
        """Does another station work in the same room today?"""
        return type(self).objects.filter(pk=self.pk).sharing_a_room().exists()

    def clean(self):
        problems = {}
        self.room = "".join(self.room.split())
        if self.region_id and (problem := self._misplaced()):
            problems["region"] = problem
        if self.facility_id and self.region_id and not self._same_street():
            problems["facility"] = _("This facility lies elsewhere.")
        if self.room and self.facility is None:
            problems["room"] = _("A room is one of a facility; choose the facility.")
        if problems:
            raise ValidationError(problems)

    def _misplaced(self):
        level = self.region.level
        if self.kind in STREET_STATIONS and level != Level.STREET:
            return _("A station of this kind lies at a street or township.")
        if self.kind in COMMUNITY_STATIONS and level != Level.COMMUNITY:
            return _("A station of this kind lies in a community.")
        return level < Level.STREET and _("Choose the community, or the street or township.")

    def _same_street(self):
        """A facility of the place itself, of the places above it or of those under it."""
        there, here = self.facility.region, self.region
        return there.path.startswith(here.path) or here.path.startswith(there.path)


@tracked()
class StationCommunity(Spanned, Entry):
    """A community a station serves beside the one it lies in: named, never supposed (DOMAIN §2.4)."""

    region_path = "station__region__path"

    station = models.ForeignKey(Station, models.CASCADE, related_name="served", verbose_name=_("station"))
    community = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="serving_stations",
        verbose_name=_("community served"),
        limit_choices_to={"level": Level.COMMUNITY},
    )

    class Meta(Spanned.Meta):
        verbose_name = _("community served by a station")
        verbose_name_plural = _("communities served by stations")
        ordering = ["station__region__path", "station_id", "community__path"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["station", "community"],
                condition=Q(removed_at__isnull=True),
                name="station_serves_a_community_once",
                violation_error_message=_("This community is on the list already."),
            ),
        ]

    def __str__(self):
        return str(self.community)

    def clean(self):
        if self.community_id and not self.community.is_community:
            raise ValidationError({"community": _("Choose a community.")})


@tracked()
class ServicePoint(Spanned, Entry):
    """A further point of a station, where people live apart (CQ-2.2.3e, CQ-2.2.2k)."""

    region_path = "station__region__path"

    station = models.ForeignKey(Station, models.CASCADE, related_name="points", verbose_name=_("station"))
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("street address"), max_length=200, blank=True)

    class Meta(Spanned.Meta):
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        ordering = ["station__region__path", "station_id", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["station", "name"],
                condition=Q(removed_at__isnull=True),
                name="service_point_once_per_station",
                violation_error_message=_("The station has a point of this name already."),
            ),
        ]

    def __str__(self):
        return self.name


@tracked()
class StandardCheck(Entry):
    """What a check of a studio found present of three inputs and four rule documents (CQ-2.2.3f)."""

    region_path = "station__region__path"

    station = models.ForeignKey(Station, models.CASCADE, related_name="checks", verbose_name=_("station"))
    checked_on = models.DateField(_("checked on"), validators=[not_in_the_future])
    present = CodesField(
        _("what is there"),
        StandardItem,
        help_text=_("Three inputs and four rule documents; tick what is there."),
    )
    checked_by = models.CharField(_("checked by"), max_length=50, blank=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("check of standards")
        verbose_name_plural = _("checks of standards")
        ordering = ["station__region__path", "station_id", "-checked_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "checked_on"],
                condition=Q(removed_at__isnull=True),
                name="station_checked_once_a_day",
                violation_error_message=_("The station was checked on this day already."),
            ),
        ]

    def __str__(self):
        return f"{self.checked_on} {len(self.present)}/{len(StandardItem)}"

    @property
    def is_complete(self):
        return set(self.present) >= set(StandardItem.values)

    @property
    def lacking(self):
        return [item.label for item in StandardItem if item not in self.present]


@tracked()
class StandardCheckPaper(Paper):
    """What a check looked at: one of the rule documents, or the sheet of the check (CQ-2.2.3f)."""

    region_path = "entry__station__region__path"

    entry = models.ForeignKey(
        StandardCheck,
        models.CASCADE,
        related_name="papers",
        verbose_name=_("check of standards"),
        db_index=False,
    )

    class Meta(Paper.Meta):
        verbose_name = _("paper of a check of standards")
        verbose_name_plural = _("papers of checks of standards")
