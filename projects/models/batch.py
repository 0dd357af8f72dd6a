"""批量审核: one verdict and one opinion for many projects, each decided or refused on its own."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.foundation.models import Job
from projects.models.project import MONEY, Project
from projects.models.record import Decision, Verdict


class BatchQuerySet(models.QuerySet):
    def of(self, user):
        """The batches this person began; nobody sees those of others."""
        return self.filter(by_id=user.pk) if user.pk else self.none()

    def counted(self):
        """With how many items were decided, refused, and still wait."""
        State = BatchItem.State
        return self.annotate(
            decided=Count("items", filter=Q(items__state=State.DECIDED)),
            refused=Count("items", filter=Q(items__state=State.REFUSED)),
            waiting=Count("items", filter=Q(items__state=State.WAITING)),
        )


class Batch(models.Model):
    """What an official said of many at once. ``amount`` is the sum asked for (yuan), as it was confirmed."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    opinion = models.TextField(_("opinion"), max_length=500)
    total = models.PositiveIntegerField(_("items"))
    amount = models.DecimalField(_("amount"), **MONEY)
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="batch")

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["by", "-id"], name="batch_of_person")]
        constraints = [
            models.CheckConstraint(
                name="batch_agrees_or_returns", condition=Q(verdict__in=[Verdict.APPROVE, Verdict.RETURN])
            ),
        ]

    def __str__(self):
        return f"{self.get_verdict_display()} {self.total}"


class BatchItem(models.Model):
    """One project of a batch, at the step and in the round in which it was chosen."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not yet handled")
        DECIDED = "decided", _("handled")
        REFUSED = "refused", _("could not be decided")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    step = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["batch", "project"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "project"], name="batch_item_once"),
            models.CheckConstraint(
                name="batch_item_has_its_decision_or_a_reason",
                condition=Q(state="waiting", decision__isnull=True, reason="")
                | Q(state="decided", decision__isnull=False, reason="")
                | (Q(state="refused", decision__isnull=True) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.project_id} {self.state}"
