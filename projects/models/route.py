"""The way one project takes through the offices, fixed at its first submission."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from communities.offices.models import Office
from projects.models.project import Project
from projects.procedure import AfterReturn, JointNeed


class RouteStep(models.Model):
    """One stop: which office acts, with which verb. No office: no such level here, skipped.

    Words are copied from the programme so that a later pack does not move a running project.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="route")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField(choices=Region.Level)
    verb = models.CharField(max_length=20)
    title = models.CharField(max_length=40)
    opinion_label = models.CharField(max_length=40)
    opinion_template = models.CharField(max_length=200, blank=True)
    days = models.PositiveSmallIntegerField()
    signs = models.JSONField(default=list, blank=True)
    after_return = models.CharField(max_length=20, choices=AfterReturn, default=AfterReturn.WHOLE_CHAIN)
    two_level = models.BooleanField(default=False)
    two_people = models.BooleanField(default=False)
    joint_sections = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    joint_need = models.CharField(max_length=3, choices=JointNeed, default=JointNeed.ALL)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="route_steps")
    skipped_because = models.CharField(_("skipped because"), max_length=200, blank=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="route_one_stop_per_number"),
            models.UniqueConstraint(fields=["project", "key"], name="route_one_stop_per_step"),
            models.CheckConstraint(
                name="route_skips_only_with_a_reason",
                condition=Q(office__isnull=False, skipped_because="")
                | (Q(office__isnull=True) & ~Q(skipped_because="")),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "key"], condition=Q(two_level=True), name="route_in_two_levels"),
            models.Index(fields=["level", "arrived_at"], include=["project"], name="route_arrived"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_skipped(self):
        return self.office_id is None

    def is_touched_by(self, fields):
        """Do changes of these fields of the form concern what this office signs? Without a list, all do."""
        return bool(set(fields) & set(self.signs)) if self.signs else bool(fields)
