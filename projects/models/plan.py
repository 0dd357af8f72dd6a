"""实施方案: the local plan of a pilot city or county, handed in to the owner of the programme."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.foundation.journal import tracked
from linkage.foundation.scope import ScopedQuerySet
from projects.models.pilot import PilotArea


class PilotPlanQuerySet(ScopedQuerySet):
    """Read in the pilot area itself and above it."""

    region_path = "area__region__path"


@tracked()
class PilotPlan(models.Model):
    """One plan as it was handed in. What is sent back stays; the next one has the next ``round``."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        RETURNED = "returned", _("sent back")
        ACCEPTED = "accepted", _("received")

    upload_column = "stored"

    area = models.ForeignKey(PilotArea, models.PROTECT, related_name="plans", verbose_name=_("pilot area"))
    round = models.PositiveSmallIntegerField(_("round"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HANDED_IN)
    name = models.CharField(_("file name"), max_length=150)
    stored = models.CharField(max_length=100, unique=True, editable=False)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="plans_handed_in",
        verbose_name=_("handed in by"),
    )
    handed_in_at = models.DateTimeField(_("handed in at"), default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans_answered",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = PilotPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("local plan")
        verbose_name_plural = _("local plans")
        ordering = ["area", "round"]
        constraints = [
            models.UniqueConstraint(fields=["area", "round"], name="plan_once_per_round"),
            models.UniqueConstraint(
                fields=["area"], condition=~Q(state="returned"), name="plan_one_standing_per_area"
            ),
            models.CheckConstraint(
                name="plan_answered_by_a_person",
                condition=Q(state="handed_in", answered_by__isnull=True, answered_at__isnull=True, reason="")
                | Q(state="accepted", answered_by__isnull=False, answered_at__isnull=False)
                | (Q(state="returned", answered_by__isnull=False, answered_at__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return self.name
