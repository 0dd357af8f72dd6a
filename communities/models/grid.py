"""What a community is divided into, what is said of a place as a whole, and what others call it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty, RegionTagKind
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live

from .region import Level, Region


@tracked()
class Grid(Spanned, Mergeable):
    """A grid of a community (YZ-3.2a); who works in it is said with the people."""

    duties = (Duty.COMMUNITY,)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="grids",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    code = models.CharField(_("grid number"), max_length=30, db_collation="C")
    name = models.CharField(_("name"), max_length=60)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    residents = models.PositiveIntegerField(_("residents"), null=True, blank=True)
    bounds = models.CharField(
        _("bounds"), max_length=300, blank=True, help_text=_("Streets, houses or groups that belong to it.")
    )

    class Meta(Spanned.Meta):
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        ordering = ["region__path", "code"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "code"],
                condition=Q(removed_at__isnull=True),
                name="grid_once_per_community",
                violation_error_message=_("The community has a grid of this number already."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def clean(self):
        if self.region_id and not self.region.is_community:
            raise ValidationError({"region": _("Choose a community.")})

    def why_two(self, other):
        """One grid has one lead at a time."""
        mine, theirs = (grid.workers.filter(role="lead") for grid in (self, other))
        if any(one.person_id != two.person_id and one.meets(two) for one in mine for two in theirs):
            return [_("Each of the two has a lead of its own; end one of them first.")]
        return []


class TagQuerySet(EntryQuerySet):
    def covering(self, region, on=None):
        """The tags of a place that day: its own and those of the places above it."""
        return self.on(on).filter(region__code__in=region.path_codes)

    def over(self, path, on=None):
        """The same for each row of an outer query that knows the path of its place (for ``Exists``)."""
        there = ExpressionWrapper(OuterRef(path), output_field=models.CharField())
        return self.on(on).order_by().alias(there=there).filter(there__startswith=F("region__path"))


@tracked()
class RegionTag(Spanned, Entry):
    """A place is an old revolutionary, minority, border or poor area (老少边穷, GS-6.1); so are its parts."""

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="tags",
        verbose_name=_("region"),
        help_text=_("Holds for everything under this place too."),
    )
    kind = models.CharField(_("kind of area"), max_length=20, choices=RegionTagKind)
    basis = models.CharField(
        _("basis"), max_length=200, help_text=_("The document or list that says so, with its number.")
    )

    objects = live(TagQuerySet)
    everything = TagQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("tag of a place")
        verbose_name_plural = _("tags of places")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "kind"],
                condition=Q(removed_at__isnull=True, valid_to__isnull=True),
                name="region_tagged_once",
                violation_error_message=_("This place is marked so already."),
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.get_kind_display()}"


@tracked()
class ExternalId(Entry):
    """What another system calls a place, for the exchange of data (CQ-2.3.3b)."""

    duties = (Duty.COMMUNITY,)
    tells_of_place = True

    region = models.ForeignKey(Region, models.PROTECT, related_name="external_ids", verbose_name=_("region"))
    system = models.CharField(
        _("other system"),
        max_length=60,
        help_text=_("Name of the other platform, written the same way every time."),
    )
    value = models.CharField(_("number there"), max_length=100, db_collation="C")

    class Meta:
        verbose_name = _("number in another system")
        verbose_name_plural = _("numbers in other systems")
        ordering = ["region__path", "system"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "system"],
                condition=Q(removed_at__isnull=True),
                name="external_id_once_per_place",
                violation_error_message=_("This place has a number in that system already."),
            ),
            models.UniqueConstraint(
                fields=["system", "value"],
                condition=Q(removed_at__isnull=True),
                name="external_id_of_one_place",
                violation_error_message=_("In that system this number belongs to another place."),
            ),
        ]

    def __str__(self):
        return f"{self.system}：{self.value}"
