"""Editions: the readings of one day, kept for good. Whatever changes afterwards, these rows do not.

An edition keeps the rows of the units as they were counted, with the place each counted for as it lay and
was called then, the sums of the places above the communities, and the demand: targets, terms, measures
connected. Its rows name units and places by number alone, so that nothing removed later takes them along.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.attainment.models.units import About, Sums, measures_of
from linkage.foundation.journal import AppendOnly, AppendOnlyQuerySet


class Demand(AppendOnly):
    """What was demanded on a day: ``said`` holds targets, documents, terms in force, measures connected.

    Editions of days on which the same was demanded share a row.
    """

    digest = models.CharField(max_length=64, unique=True)
    said = models.JSONField()

    def __str__(self):
        return self.digest[:12]


class EditionQuerySet(AppendOnlyQuerySet):
    def with_demand(self):
        """Each with the digest of its demand; what was demanded is known by it."""
        return self.select_related("demand").defer("demand__said")

    def readable(self):
        """Those whose units were kept; the first ones had sums alone."""
        return self.filter(demand__isnull=False).with_demand()


class Edition(AppendOnly):
    """The readings of one day, kept: monthly, at a deadline, as a year ended, or because somebody asked."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("monthly edition")
        DEADLINE = "deadline", _("edition of a deadline")
        YEARLY = "yearly", _("edition of the end of a year")
        DEMAND = "demand", _("edition on demand")

    kind = models.CharField(_("kind of edition"), max_length=8, choices=Kind)
    as_of = models.DateField(_("as of"))
    is_retroactive = models.BooleanField(_("computed afterwards"), default=False)
    computed_at = models.DateTimeField(_("computed at"))
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="editions", editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "as_of"], name="edition_once_a_day", condition=~Q(kind="deadline")
            ),
            models.UniqueConstraint(
                fields=["as_of", "demand"], name="edition_of_a_deadline_once", condition=Q(kind="deadline")
            ),
        ]

    def __str__(self):
        return f"{self.as_of}"


class EditionSums(AppendOnly, Sums):
    """As they stood on the day of an edition; never written again."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sums")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("sums of a place in an edition")
        constraints = [
            models.UniqueConstraint(fields=["edition", "region"], name="edition_sums_once_per_place"),
            models.CheckConstraint(name="edition_sums_hold_figures", condition=~Q(sums=[])),
        ]

    def __str__(self):
        return f"{self.edition_id}:{self.region_id}"


class Kept(AppendOnly, About):
    """Base of the kept rows of units. No foreign keys: a check of each row of a nation would be felt."""

    edition_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    region_id = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.edition_id}:{self.unit_id}"


def _indexes(name):
    return [
        models.Index(fields=["edition_id", "path"], name=f"{name}_path"),
        models.Index(fields=["edition_id", "region_id"], name=f"{name}_region"),
    ]


@measures_of("place")
class KeptPlace(Kept):
    """Every place that was open that day, with its name and what it belonged to."""

    pk = models.CompositePrimaryKey("edition_id", "unit_id")
    name = models.CharField(max_length=100, db_collation="C")
    parent_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["edition_id", "path"], name="keptplace_path"),
            models.Index(fields=["edition_id", "parent_id"], name="keptplace_parent"),
        ]


@measures_of("organisation")
class KeptOrganisation(Kept):
    pk = models.CompositePrimaryKey("edition_id", "unit_id")

    class Meta:
        indexes = _indexes("keptorganisation")


@measures_of("facility")
class KeptFacility(Kept):
    pk = models.CompositePrimaryKey("edition_id", "unit_id")

    class Meta:
        indexes = _indexes("keptfacility")


@measures_of("project")
class KeptProject(Kept):
    pk = models.CompositePrimaryKey("edition_id", "unit_id")

    class Meta:
        indexes = _indexes("keptproject")


@measures_of("pilot_community")
class KeptPilotCommunity(Kept):
    pk = models.CompositePrimaryKey("edition_id", "unit_id")

    class Meta:
        indexes = _indexes("keptpilot")


@measures_of("fund")
class KeptFund(Kept):
    pk = models.CompositePrimaryKey("edition_id", "unit_id")

    class Meta:
        indexes = _indexes("keptfund")


KEPT = (KeptPlace, KeptOrganisation, KeptFacility, KeptProject, KeptPilotCommunity, KeptFund)
KEPT_TABLES = {model.KIND: model for model in KEPT}
