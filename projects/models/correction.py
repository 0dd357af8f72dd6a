"""更正: what was written down wrongly is put right beside it. The record itself is never edited."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.foundation.journal import AppendOnly
from projects.models.project import Project
from projects.models.record import Decision


class Correctable(models.TextChoices):
    """Clerical facts: two of the project, five of a decision. What was decided is none of them."""

    TITLE = "title", _("project name")
    NUMBER = "number", _("number")
    DOC_NO = "doc_no", _("document number")
    GRANTED_AMOUNT = "granted_amount", _("subsidy granted")
    SIGNED_ON = "signed_on", _("date on paper")
    HANDLER = "handler", _("handled by")
    LEADER = "leader", _("signed by")


OF_THE_PROJECT = (Correctable.TITLE, Correctable.NUMBER)
_READ = {Correctable.GRANTED_AMOUNT: Decimal, Correctable.SIGNED_ON: date.fromisoformat}


class Correction(AppendOnly):
    """One mistake put right: what stood there, what is to be read, why and on which basis.

    ``before`` and ``after`` are written as text: amounts in yuan, days as 2016-08-30. Without a
    ``decision`` the correction is one of the project itself. The last one of a field holds.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="corrections")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="corrections")
    round = models.PositiveSmallIntegerField()
    field = models.CharField(_("what was wrong"), max_length=20, choices=Correctable)
    before = models.CharField(_("stood there"), max_length=100, blank=True)
    after = models.CharField(_("is to be read"), max_length=100)
    reason = models.CharField(_("Reason"), max_length=200)
    basis = models.CharField(_("Basis"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections")
    by_name = models.CharField(_("corrected by"), max_length=50)
    office_name = models.CharField(_("office"), max_length=100)
    at = models.DateTimeField(_("corrected at"), default=timezone.now)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["project", "pk"]
        constraints = [
            models.CheckConstraint(
                name="correction_changes_something_and_says_why",
                condition=~Q(before=F("after")) & ~Q(reason="") & ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="correction_of_a_project_or_of_a_decision",
                condition=Q(decision__isnull=True, field__in=["title", "number"])
                | Q(decision__isnull=False) & ~Q(field__in=["title", "number"]),
            ),
        ]

    def __str__(self):
        return f"{self.get_field_display()}: {self.before} → {self.after}"

    @property
    def value(self):
        """``after`` as the field has it: Decimal yuan, a date or a text."""
        return _READ.get(self.field, str)(self.after)
