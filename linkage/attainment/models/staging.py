"""A rebuild in the making: figures counted measure by measure beside the standing ones, and what changed
meanwhile. Nothing here is read by a page; it lasts until the figures are swapped in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Staging(models.Model):
    """At most one. ``counted``: the measures whose figures are staged already."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    job_id = models.BigIntegerField()  # whose steps these are
    on = models.DateField()
    counted = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [models.CheckConstraint(name="staging_is_one", condition=Q(id=1))]

    def __str__(self):
        return f"{self.job_id}: {self.on}"


class StagedFigure(models.Model):
    """One figure of one unit, as ``Measure.rows`` says it."""

    pk = models.CompositePrimaryKey("key", "unit")
    key = models.CharField(max_length=40)
    unit = models.BigIntegerField()
    value = models.BigIntegerField(null=True)

    def __str__(self):
        return f"{self.key} {self.unit}"


class StagedMark(models.Model):
    """A unit that a refresh counted meanwhile: the staged figures may be older than the standing ones."""

    pk = models.CompositePrimaryKey("kind", "unit")
    kind = models.CharField(max_length=40)
    unit = models.BigIntegerField()

    def __str__(self):
        return f"{self.kind} {self.unit}"
