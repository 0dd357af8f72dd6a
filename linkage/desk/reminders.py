"""What runs out or is missing in the registers a person keeps: each a number with its list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.foundation.ledger import keeping_posts
from organizations.charity.models import Donation
from organizations.models import OperatingContract, SocialOrganization
from socialwork.codes import RegistrationStatus
from socialwork.models import SocialWorker

MOST = 99  # more are shown as 99+: whoever keeps a province is not to wait for a count of its registers


@dataclass(frozen=True)
class Reminder:
    """``chosen`` are the filters of the register's list that ask what ``question`` asks of its rows."""

    key: str
    title: Any
    model: type[models.Model]
    question: Callable
    chosen: dict
    late: bool = False  # has run out already, or was due

    def rows(self, user):
        return self.question(self.model.objects.visible_to(user))

    def concerns(self, user):
        """Only who writes in a register is reminded of it."""
        return bool(keeping_posts(user, self.model.duties))

    @property
    def url(self):
        meta = self.model._meta
        listed = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        return f"{listed}?{urlencode(self.chosen)}"


def _registration(status):
    return lambda rows: rows.on().whose_registration_is(status)


REMINDERS = {
    one.key: one
    for one in (
        Reminder(
            "certificates_expired",
            _("Registration of certificates has expired"),
            SocialWorker,
            _registration(RegistrationStatus.EXPIRED),
            {"registration": RegistrationStatus.EXPIRED.value, "here": 1},
            late=True,
        ),
        Reminder(
            "certificates_due",
            _("Certificates to be registered again"),
            SocialWorker,
            _registration(RegistrationStatus.DUE),
            {"registration": RegistrationStatus.DUE.value, "here": 1},
        ),
        Reminder(
            "filings",
            _("Filing of organisations ends or has ended"),
            SocialOrganization,
            lambda rows: rows.filing_to_renew(),
            {"todo": "filing"},
            late=True,
        ),
        Reminder(
            "inspections",
            _("Organisations not inspected for last year"),
            SocialOrganization,
            lambda rows: rows.not_inspected(timezone.localdate().year - 1),
            {"todo": "inspection"},
            late=True,
        ),
        Reminder(
            "ratings",
            _("Ratings that end within 90 days"),
            SocialOrganization,
            lambda rows: rows.rating_ends_soon(),
            {"todo": "rating"},
        ),
        Reminder(
            "ratings_ended",
            _("Ratings that have ended"),
            SocialOrganization,
            lambda rows: rows.rating_ended(),
            {"todo": "rating_ended"},
            late=True,
        ),
        Reminder(
            "contracts_ended",
            _("Operating contracts ended without a new one"),
            OperatingContract,
            lambda rows: rows.ended_unfollowed(),
            {"found": "ended"},
            late=True,
        ),
        Reminder(
            "contracts",
            _("Operating contracts that end within 90 days"),
            OperatingContract,
            lambda rows: rows.ends_soon(),
            {"found": "ends"},
        ),
        Reminder(
            "receipts",
            _("Donations without a receipt"),
            Donation,
            lambda rows: rows.without_receipt(),
            {"receipt": "none"},
            late=True,
        ),
    )
}


def for_user(user):
    """The keys of what this person is reminded of, were there any."""
    return [key for key, one in REMINDERS.items() if one.concerns(user)]
