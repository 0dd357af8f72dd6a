"""What each unit adds to the targets, and the sums of places along the tree.

Each kind of unit that a target observes has one wide table: a row a unit, a column a measure (money in
fen, NULL where nothing was reported). A row carries the place it counts for and what targets ask of that
place, as it was on the day. ``TargetSums`` has one row a place above the communities: the figures of all
targets, in the order its ``Plan`` says. Readings of communities come from the measure rows themselves.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from communities.facilities.models import ServiceFacility
from communities.models import Region
from linkage.attainment import codes
from organizations.charity.models import CappedSpending
from organizations.models import SocialOrganization
from projects.models import PilotCommunity, Project


class About(models.Model):
    """What a row of a unit says of its place on the day it was counted."""

    path = models.CharField(max_length=120, db_collation="C")
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, blank=True)
    document_id = models.BigIntegerField(null=True)  # of the programme a project belongs to
    area_of = ArrayField(models.BigIntegerField(), default=list)  # documents that name it a pilot area
    in_areas = ArrayField(models.BigIntegerField(), default=list)  # … that have a pilot area around it
    pilot_of = ArrayField(models.BigIntegerField(), default=list)  # … that name it a pilot community

    class Meta:
        abstract = True


class UnitMeasures(About):
    """Base of the wide tables."""

    KIND = ""
    MEASURES = ()
    SPARSE = False  # units without any figure get no row

    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    home = models.ForeignKey(Region, models.CASCADE, related_name="+")  # where it is summed: no community

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.unit_id}"


def measures_of(kind):
    """Give the table a column for every measure of this kind of unit."""

    def add(model):
        model.KIND, model.MEASURES = kind, codes.MEASURE_KEYS[kind]
        for key in model.MEASURES:
            model.add_to_class(key, models.BigIntegerField(null=True))
        return model

    return add


def _at_home(rows, place="region", document=None):
    """Units with their place: ``unit``, ``place`` and the document of their programme, if they have one."""
    document = document or models.Value(None, models.BigIntegerField())
    return rows.values(unit=F("pk"), place=F(place), document=document)


def indexes(name):
    return [
        models.Index(fields=["path"], name=f"{name}_path"),
        models.Index(fields=["home"], name=f"{name}_home"),
        models.Index(fields=["region"], name=f"{name}_region"),
    ]


@measures_of("place")
class PlaceMeasures(UnitMeasures):
    unit = models.OneToOneField(Region, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        indexes = indexes("placemeasures")

    @staticmethod
    def units(on):
        return _at_home(Region.objects.open_on(on), place="pk")


@measures_of("organisation")
class OrganisationMeasures(UnitMeasures):
    unit = models.OneToOneField(SocialOrganization, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        indexes = indexes("orgmeasures")

    SPARSE = True  # of 300 thousand organisations only the agencies are looked at one by one

    @staticmethod
    def units(on):
        return _at_home(SocialOrganization.objects)


@measures_of("facility")
class FacilityMeasures(UnitMeasures):
    unit = models.OneToOneField(ServiceFacility, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        indexes = indexes("facilitymeasures")

    @staticmethod
    def units(on):
        return _at_home(ServiceFacility.objects)


@measures_of("project")
class ProjectMeasures(UnitMeasures):
    """Those that were approved: a draft is seen by its own community and the street alone (HOUSE)."""

    unit = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        indexes = indexes("projectmeasures")

    SPARSE = True

    @staticmethod
    def units(on):
        return _at_home(Project.objects, document=F("programme__document"))


@measures_of("pilot_community")
class PilotCommunityMeasures(UnitMeasures):
    unit = models.OneToOneField(PilotCommunity, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        indexes = indexes("pilotmeasures")

    @staticmethod
    def units(on):
        return _at_home(PilotCommunity.objects, document=F("programme__document"))


@measures_of("fund")
class FundMeasures(UnitMeasures):
    """Money of one source in one fiscal year; that of other years stands in the editions of theirs."""

    unit = models.OneToOneField(CappedSpending, models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        indexes = indexes("fundmeasures")

    @staticmethod
    def units(on):
        return _at_home(CappedSpending.objects.filter(year=on.year))


UNIT_TABLES = (
    PlaceMeasures,
    OrganisationMeasures,
    FacilityMeasures,
    ProjectMeasures,
    PilotCommunityMeasures,
    FundMeasures,
)


class Plan(models.Model):
    """Which figure of which target stands where in the sums.

    ``layout``: ``{target code: [position or None of the four figures]}``; None is a figure that is
    always zero. Another set of targets, or other terms of them, is another plan and another count.
    """

    digest = models.CharField(max_length=64, unique=True)
    layout = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.digest[:12]


class Sums(models.Model):
    """The figures of all targets for one place above the communities."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    sums = ArrayField(models.BigIntegerField())

    class Meta:
        abstract = True


class TargetSums(Sums):
    """As things stand today."""

    region = models.OneToOneField(
        Region, models.CASCADE, primary_key=True, related_name="target_sums", verbose_name=_("region")
    )
    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("sums of a place")

    def __str__(self):
        return f"{self.region_id}"
