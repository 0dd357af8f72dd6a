"""Moves of an organisation between the tiers and changes of its status: added by verbs, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, not_in_the_future
from organizations.codes import HandlingTier, OrgStatus
from organizations.models.organization import SocialOrganization


class Change(Entry):
    """What was changed of an organisation on a day, why, by whom."""

    region_path = "organization__region__path"
    duties = (Duty.ORGANIZATION,)

    happened_on = models.DateField(_("day"), validators=[not_in_the_future])
    reason = models.CharField(_("reason"), max_length=200)
    doc_no = models.CharField(_("document number"), max_length=100, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        abstract = True


@journal.tracked()
class TierMove(Change):
    """台账 → 备案 → 登记, and back when a filing or registration is cancelled (§5.6)."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="tier_moves",
        verbose_name=_("social organisation"),
    )
    from_tier = models.CharField(_("from tier"), max_length=10, choices=HandlingTier)
    to_tier = models.CharField(_("to tier"), max_length=10, choices=HandlingTier)
    former_number = models.CharField(
        _("number given up"),
        max_length=40,
        blank=True,
        help_text=_("The filing number that ended with this move."),
    )

    class Meta:
        verbose_name = _("move between tiers")
        verbose_name_plural = _("moves between tiers")
        ordering = ["organization_id", "happened_on", "pk"]
        constraints = [
            models.CheckConstraint(name="tier_move_goes_somewhere", condition=~Q(from_tier=F("to_tier")))
        ]
        indexes = [models.Index(fields=["organization", "happened_on"], name="tier_move_by_day")]

    def __str__(self):
        return f"{self.get_from_tier_display()} → {self.get_to_tier_display()}"


@journal.tracked()
class StatusChange(Change):
    """A change of status with its reason (YZ-2.2e: cleared and cancelled organisations are countable)."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="status_changes",
        verbose_name=_("social organisation"),
    )
    from_status = models.CharField(_("from status"), max_length=10, choices=OrgStatus)
    to_status = models.CharField(_("to status"), max_length=10, choices=OrgStatus)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["organization_id", "happened_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="status_change_goes_somewhere", condition=~Q(from_status=F("to_status"))
            )
        ]
        indexes = [models.Index(fields=["organization", "happened_on"], name="status_change_by_day")]

    def __str__(self):
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"
