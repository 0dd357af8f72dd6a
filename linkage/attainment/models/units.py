"""What each unit adds to the targets, and the sums along the tree.

A unit is whatever a target observes: a project, a pilot community. Each kind of unit has one wide
table, a column a measure; ``RegionSums`` holds the same columns summed for every region. Values are
compared with thresholds exactly, as fractions, before anything is rounded.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.attainment.models.target import Target
from projects.models import PilotCommunity, Programme, Project


class UnitMeasures(models.Model):
    """Base of the wide tables: one row a unit, a column a measure (its key is the column's name)."""

    KIND = ""
    MEASURES = ()

    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class ProjectMeasures(UnitMeasures):
    KIND = "project"
    MEASURES = ("approved_projects", "granted_subsidy")

    unit = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="+")
    approved_projects = models.IntegerField(default=0)
    granted_subsidy = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        indexes = [models.Index(fields=["region", "programme"], name="projectmeasures_place")]

    def __str__(self):
        return f"{self.unit_id}"

    @staticmethod
    def units():
        """Every unit with its home: pk as ``unit``, region and programme."""
        return Project.objects.annotate(unit=F("pk")).values("unit", "region", "programme")


class PilotCommunityMeasures(UnitMeasures):
    KIND = "pilot_community"
    MEASURES = ("pilot_communities", "communities_with_approved_project")

    unit = models.OneToOneField(PilotCommunity, models.CASCADE, primary_key=True, related_name="+")
    pilot_communities = models.IntegerField(default=0)
    communities_with_approved_project = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["region", "programme"], name="pilotmeasures_place")]

    def __str__(self):
        return f"{self.unit_id}"

    @staticmethod
    def units():
        return PilotCommunity.objects.annotate(unit=F("pk")).values("unit", "region", "programme")


UNIT_TABLES = (ProjectMeasures, PilotCommunityMeasures)


class RegionSums(models.Model):
    """The measures of all units at or under a region, for one programme."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="sums")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sums")
    approved_projects = models.BigIntegerField(default=0)
    granted_subsidy = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    pilot_communities = models.BigIntegerField(default=0)
    communities_with_approved_project = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("sums of a region")
        constraints = [
            models.UniqueConstraint(fields=["region", "programme"], name="sums_once_per_region"),
            models.CheckConstraint(
                name="sums_are_not_negative",
                condition=Q(approved_projects__gte=0, pilot_communities__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.region_id}"


@dataclass(frozen=True)
class Reading:
    """One target read for one region. ``value`` and ``limit`` are exact; ``limit`` honours raises."""

    target: Target
    region: Region
    value: Fraction
    limit: Fraction
    computed_at: object
    is_connected: bool = True

    @property
    def shown(self):
        """Value and limit for people: whole where they are whole, else floored to three decimals."""
        return [
            int(exact) if exact.denominator == 1 else math.floor(exact * 1000) / 1000
            for exact in (self.value, self.limit)
        ]

    @property
    def gap(self):
        return self.limit - self.value

    @property
    def is_met(self):
        """A quota is a ceiling while approving and met when it is used up (DOMAIN §2.1 QUOTA)."""
        return self.value == self.limit if self.target.rule == "QUOTA" else self.value >= self.limit

    @property
    def percent(self):
        """Whole percent for a bar, never rounded up to full."""
        return min(100, int(self.value * 100 / self.limit)) if self.limit else 0

    @property
    def explanation(self):
        """口径: clause, formula in words, as of when."""
        return _now(
            "Clause %(clause)s: %(quote)s. Counted: approved projects that count against the quota."
        ) % {
            "clause": self.target.clause,
            "quote": self.target.quote,
        }


def columns():
    """All measures the sums hold, in a fixed order."""
    return [name for table in UNIT_TABLES for name in table.MEASURES]
