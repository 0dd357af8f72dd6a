"""What was said and done about a project. Written once, never edited, never deleted."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly
from projects.models.project import MONEY, Project


class Verdict(models.TextChoices):
    APPROVE = "approve", _("agree")
    RETURN = "return", _("return for revision")
    REJECT = "reject", _("disagree")


class Submission(AppendOnly):
    """The form as it was handed in: one per round. ``snapshot`` is what the printed form says."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "round"]
        constraints = [
            models.UniqueConstraint(fields=["project", "round"], name="submission_once_per_round"),
        ]


class Decision(AppendOnly):
    """One office's word on one step in one round: history and lock at once.

    ``handler`` 经办人, ``leader`` 负责人 and ``signed_on`` are what stands in the opinion box on
    paper; ``by`` is the account that decided, ``on_behalf_of`` whom a deputy stood in for that day.
    ``marks`` lists {"field", "note"} to be mended. A return names where it leads: to the applicant, or to
    the step of an office before.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=30)
    verdict = models.CharField(max_length=10, choices=Verdict)
    opinion = models.TextField(_("opinion"), max_length=500)
    marks = models.JSONField(default=list, blank=True)
    return_to = models.CharField(_("returned to"), max_length=30, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="decisions")
    office_name = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    by_name = models.CharField(max_length=50)
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decisions_on_behalf"
    )
    on_behalf_name = models.CharField(max_length=50, blank=True)
    handler = models.CharField(_("handled by"), max_length=50, blank=True)
    leader = models.CharField(_("signed by"), max_length=120, blank=True)
    signed_on = models.DateField(_("date on paper"), default=timezone.localdate)
    granted_amount = models.DecimalField(
        _("subsidy granted"), **MONEY, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "round", "step"], name="decision_once_per_step_and_round"
            ),
            models.CheckConstraint(
                name="decision_names_whom_a_deputy_stood_in_for",
                condition=Q(on_behalf_of__isnull=True, on_behalf_name="")
                | (Q(on_behalf_of__isnull=False) & ~Q(on_behalf_name="") & ~Q(on_behalf_of=F("by"))),
            ),
            models.CheckConstraint(
                name="decision_return_says_where_to",
                condition=Q(verdict="return") & ~Q(return_to="") | ~Q(verdict="return") & Q(return_to=""),
            ),
        ]
        indexes = [
            models.Index(fields=["by", "project", "step"], name="decision_by_hand"),
            models.Index(
                fields=["on_behalf_of", "project", "step"],
                condition=Q(on_behalf_of__isnull=False),
                name="decision_by_deputy",
            ),
        ]

    def __str__(self):
        return f"{self.office_name} {self.get_verdict_display()}"

    @property
    def signature(self):
        """Who decided, and for whom."""
        if not self.on_behalf_name:
            return self.by_name
        return _("%(deputy)s (for %(holder)s)") % {"deputy": self.by_name, "holder": self.on_behalf_name}

    def now(self, field):
        """What is to be read there today: the last correction of it, or what was signed."""
        correction = self._corrections.get(field)
        return correction.value if correction else getattr(self, field)

    @property
    def corrected_fields(self):
        """The fields that were corrected since, in words."""
        return [correction.get_field_display() for correction in self._corrections.values()]

    @property
    def _corrections(self):
        return self.project.corrections_of(self)


class CarriedDecision(AppendOnly):
    """沿用: in this round the office's consent of an earlier one stands, and it is not asked again."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="carried")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=30)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="carried")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "round", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "round", "step"], name="decision_carried_once_per_step_and_round"
            ),
        ]

    def __str__(self):
        return f"{self.decision} → {self.round}"


class ProjectEvent(AppendOnly):
    """One line of the 流转记录."""

    class Kind(models.TextChoices):
        CREATED = "created", _("draft opened")
        CONFIRMED = "confirmed", _("confirmed by the community")
        SUBMITTED = "submitted", _("submitted")
        SKIPPED = "skipped", _("no such level here, skipped automatically")
        DECIDED = "decided", _("decided")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REOPENED = "reopened", _("opened again for editing")
        CARRIED = "carried", _("opinion of an earlier round stands")
        CORRECTED = "corrected", _("corrected")
        TAKEN_OVER = "taken_over", _("taken over by another office")
        PLACE = "place", _("the place was changed")
        URGED = "urged", _("urged")
        ESCALATED = "escalated", _("reported to the leader")
        PASSED_OVER = "passed_over", _("not chosen")
        BY_ONE = "by_one", _("proposed and signed by one person")

    project = models.ForeignKey(Project, models.PROTECT, related_name="events")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    step = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    office_name = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="project_events")
    by_name = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "pk"]
        indexes = [models.Index(fields=["project", "id"], name="event_of_project")]
