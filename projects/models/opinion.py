"""会签: what a section of the acting office says before one decision closes the step."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly
from projects.models.project import Project


class Opinion(AppendOnly):
    """One section's word on one step in one round."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="joint_opinions")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=30)
    section = models.CharField(_("section"), max_length=40)
    agrees = models.BooleanField(_("agrees"))
    text = models.TextField(_("opinion"), max_length=500)
    office = models.ForeignKey(Office, models.PROTECT, related_name="joint_opinions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="joint_opinions")
    by_name = models.CharField(max_length=50)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "round", "step", "section"], name="opinion_once_per_section"
            ),
        ]

    def __str__(self):
        return f"{self.section} {self.by_name}"
