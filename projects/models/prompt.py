"""What an office was reminded of while a project lay with it: by the clock, by the applicant, from above."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly
from projects.models.project import Project


class Prompt(AppendOnly):
    """One reminder. The clock gives each kind once in a stay; people urge at most once a day (DOMAIN §6 C15).

    A stay is one round at one step: after a return the round is another, and all may come again.
    """

    class Kind(models.TextChoices):
        SOON = "soon", _("reminded before the time limit")
        OVERDUE = "overdue", _("told that it is overdue")
        ESCALATED = "escalated", _("reported to the leader")
        URGED = "urged", _("urged")

    project = models.ForeignKey(Project, models.PROTECT, related_name="prompts")
    round = models.PositiveSmallIntegerField(_("round"))
    step = models.CharField(_("step"), max_length=30)
    office = models.ForeignKey(Office, models.PROTECT, related_name="prompts", verbose_name=_("office"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("day"), default=timezone.localdate)
    text = models.CharField(_("message"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="prompts", verbose_name=_("by")
    )
    by_name = models.CharField(max_length=50, blank=True)
    by_office = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "round", "step", "kind"],
                condition=~Q(kind="urged"),
                name="prompt_by_the_clock_once_in_a_stay",
            ),
            models.UniqueConstraint(
                fields=["project", "on"], condition=Q(kind="urged"), name="prompt_urged_once_a_day"
            ),
            models.CheckConstraint(
                name="prompt_only_people_urge",
                condition=Q(kind="urged", by__isnull=False) | (~Q(kind="urged") & Q(by__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["office", "kind", "on"], name="prompt_of_office")]

    def __str__(self):
        return f"{self.office} {self.get_kind_display()}"


def urged(projects):
    """Those that somebody urged since they came to where they lie now."""
    said = Prompt.objects.filter(
        project=OuterRef("pk"), round=OuterRef("round"), step=OuterRef("step"), kind=Prompt.Kind.URGED
    )
    return projects.filter(Exists(said))
