"""When a project came to an office: what deadlines, dwell times and reminders are reckoned from."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.offices.models import Office
from linkage.foundation.journal import AppendOnly
from projects.models.project import Project


class Arrival(AppendOnly):
    """A project put on the desk of an office, in one round at one step. Written by ``moving.arrive``.

    ``days`` are the working days the office has for it, counted from the day after ``at``. The stay ends
    with the decision on the same project, round and step, or when the project is withdrawn. An office that
    takes over another one in between has an arrival of its own, with the days that were left: what each of
    them used is its own; the time limit of the project runs on.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="arrivals")
    round = models.PositiveSmallIntegerField(_("round"))
    step = models.CharField(_("step"), max_length=30)
    office = models.ForeignKey(Office, models.PROTECT, related_name="arrivals", verbose_name=_("office"))
    days = models.PositiveSmallIntegerField(_("working days allowed"))
    at = models.DateTimeField(_("arrived at"), default=timezone.now)

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "round", "step", "office"], name="arrival_once_per_round_step_and_office"
            ),
        ]
        indexes = [models.Index(fields=["office", "at"], name="arrival_at_office")]

    def __str__(self):
        return f"{self.office} {self.step}"
