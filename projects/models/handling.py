"""经办: who of the acting office has an item in hand, and what they propose to its leader."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly
from projects.models.project import Project
from projects.models.record import Verdict


class Handling(AppendOnly):
    """One hand to the next inside the office; the latest of a step and round stands.

    转办 gives an item wholly to a colleague, 委派 asks one for a proposal and comes back with it; a
    proposal (拟办) is a verdict with its words that who signs may take over, change or send back.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("passed on")
        DELEGATE = "delegate", _("proposal asked for")
        PROPOSE = "propose", _("proposed")
        SEND_BACK = "send_back", _("sent back to be proposed anew")

    project = models.ForeignKey(Project, models.PROTECT, related_name="handlings")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind)
    office = models.ForeignKey(Office, models.PROTECT, related_name="handlings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handlings")
    by_name = models.CharField(max_length=50)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="handlings_received"
    )
    to_name = models.CharField(max_length=50, blank=True)
    note = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    opinion = models.TextField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "pk"]
        constraints = [
            models.CheckConstraint(
                name="handling_goes_to_somebody_or_proposes",
                condition=Q(kind="propose", to__isnull=True) & ~Q(verdict="") & ~Q(opinion="")
                | ~Q(kind="propose") & Q(to__isnull=False, verdict="", opinion=""),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "round", "step", "-id"], name="handling_standing"),
            models.Index(fields=["to", "project"], name="handling_received"),
        ]

    def __str__(self):
        return f"{self.by_name} {self.get_kind_display()} {self.to_name}".strip()
