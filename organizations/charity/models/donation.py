"""Donations: with a receipt once it is issued, and from then on reversed, never edited (§5.7)."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from linkage.foundation import journal
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.ledger import Entry, EntryQuerySet, live, not_in_the_future
from linkage.foundation.standards import mask_phone
from organizations.charity.codes import DonationKind, DonorKind
from organizations.charity.models.entity import CharityEntity, SpecialFund
from organizations.charity.rules import UNNAMED

# What a receipt says cannot change under it. The name can: a donor may forbid it later (慈善法 82).
ON_THE_RECEIPT = (
    "entity",
    "fund",
    "donor_kind",
    "kind",
    "amount",
    "description",
    "received_on",
    "receipt_no",
    "receipt_on",
    "reverses",
    "removed_at",
)


def mask_name(name):
    return name[:1] + "**"


class DonationQuerySet(EntryQuerySet):
    def effective(self, on=None):
        """Received by that day, and not reversed by then."""
        on = on or timezone.localdate()
        reversals = Donation.objects.filter(reverses=OuterRef("pk"), received_on__lte=on)
        return self.filter(received_on__lte=on, reverses__isnull=True).exclude(Exists(reversals))

    def money(self):
        """The sum of what was given in money."""
        return self.filter(kind=DonationKind.MONEY).aggregate(total=Sum("amount"))["total"] or 0

    def without_receipt(self, on=None):
        """Received and not yet receipted (慈善法 38)."""
        return self.effective(on).filter(receipt_no="")

    def fixed(self):
        """Those that stand as they are: receipted, or reversing another one."""
        return self.exclude(receipt_no="", reverses=None)


def _column(name):
    return f"{name}_id" if name in ("entity", "fund", "reverses") else name


def _columns(side):
    return ", ".join(f"{side}.{_column(name)}" for name in ON_THE_RECEIPT)


@journal.tracked()
class Donation(Entry):
    """One gift to one entity. A donor who wishes to stay unnamed is 爱心人士 wherever it is shown."""

    region_path = "entity__region__path"
    duties = (Duty.CHARITY,)
    sealed = {"donor_phone": mask_phone, "real_name": mask_name}

    entity = models.ForeignKey(
        CharityEntity, models.PROTECT, related_name="donations", verbose_name=_("received by the entity")
    )
    fund = models.ForeignKey(
        SpecialFund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="donations",
        verbose_name=_("for the special fund"),
    )
    donor_kind = models.CharField(_("kind of donor"), max_length=20, choices=DonorKind)
    donor_name = models.CharField(
        _("donor"),
        max_length=100,
        blank=True,
        help_text=_("As on the receipt. Left empty for a collection box."),
    )
    hide_name = models.BooleanField(
        _("donor wishes to stay unnamed"),
        default=False,
        help_text=_("The name is then sealed and 爱心人士 is shown in its place 〔慈善法第八十二条〕."),
    )
    real_name = EncryptedTextField(_("sealed name"), blank=True, default="", editable=False)
    donor_phone = EncryptedTextField(_("telephone of the donor"), blank=True, default="")
    kind = models.CharField(_("kind of donation"), max_length=10, choices=DonationKind)
    amount = models.DecimalField(
        _("amount or value (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Of goods and services the value, where it is known."),
    )
    description = models.CharField(
        _("what and how much"),
        max_length=200,
        blank=True,
        help_text=_("Of goods and services, such as 30 cotton quilts, 12 hours of haircuts."),
    )
    wish = models.CharField(_("use wished by the donor"), max_length=200, blank=True)
    received_on = models.DateField(_("received on"), validators=[not_in_the_future])
    receipt_no = models.CharField(
        _("receipt number"),
        max_length=40,
        blank=True,
        db_collation="C",
        help_text=_("Once the receipt stands, the donation is reversed, never edited 〔慈善法第三十八条〕."),
    )
    receipt_on = models.DateField(_("receipt of"), null=True, blank=True, validators=[not_in_the_future])
    handler = models.CharField(_("handled by"), max_length=50, blank=True)
    reverses = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reversals",
        verbose_name=_("reverses"),
    )
    reason = models.CharField(_("reason of the reversal"), max_length=200, blank=True, editable=False)

    objects = live(DonationQuerySet)
    everything = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering = ["entity__region__path", "-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "receipt_no"],
                condition=~Q(receipt_no="") & Q(removed_at__isnull=True),
                name="receipt_once_per_entity",
                violation_error_message=_("The entity has issued this receipt number already."),
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(removed_at__isnull=True),
                name="donation_reversed_once",
                violation_error_message=_("This donation has been reversed already."),
            ),
            models.CheckConstraint(
                name="donation_of_money_has_an_amount",
                condition=Q(kind=DonationKind.MONEY, amount__gt=0)
                | (~Q(kind=DonationKind.MONEY) & ~Q(description="")),
                violation_error_message=_("Of money give the amount, of anything else what and how much."),
            ),
            models.CheckConstraint(
                name="donation_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(
                name="donation_receipt_has_a_day", condition=Q(receipt_no="") | Q(receipt_on__isnull=False)
            ),
            models.CheckConstraint(
                name="hidden_donor_is_not_named", condition=Q(hide_name=False) | Q(donor_name=UNNAMED)
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "-received_on"], name="donation_by_day"),
            models.Index(fields=["receipt_no"], condition=~Q(receipt_no=""), name="donation_receipt"),
            models.Index(fields=["donor_name"], opclasses=["varchar_pattern_ops"], name="donation_donor"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="receipt_stands",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    f"ROW({_columns('OLD')}) IS DISTINCT FROM ROW({_columns('NEW')})"
                    " AND (OLD.receipt_no <> '' OR OLD.reverses_id IS NOT NULL)"
                ),
                func="RAISE EXCEPTION 'a donation with a receipt is reversed, never edited'"
                " USING ERRCODE = 'integrity_constraint_violation';",
            )
        ]

    def __str__(self):
        what = f"{self.amount:,.2f} 元" if self.kind == DonationKind.MONEY else self.description
        return f"{self.shown_donor} {what}"

    @property
    def shown_donor(self):
        """Who gave, as anybody may read it."""
        return self.donor_name or UNNAMED

    @property
    def has_receipt(self):
        return bool(self.receipt_no)

    @property
    def is_settled(self):
        """Nothing of it may be edited any more: its receipt stands, or it reverses another one."""
        return self.has_receipt or self.reverses_id is not None

    @property
    def is_reversed(self):
        return self.reversals.standing().exists()

    def keep_the_wish(self):
        """Seal the name of a donor who wishes so; bring it back where the wish is withdrawn."""
        if self.hide_name and self.donor_name != UNNAMED:
            self.real_name, self.donor_name = self.donor_name, UNNAMED
        elif not self.hide_name and self.real_name:
            if self.donor_name == UNNAMED:
                self.donor_name = str(self.real_name)
            self.real_name = ""

    def clean(self):
        problems = {}
        self.receipt_no = "".join((self.receipt_no or "").split())
        if self.kind == DonationKind.MONEY:
            if not self.amount or self.amount <= 0:
                problems["amount"] = _("Give an amount above nothing.")
        elif self.kind and not self.description:
            problems["description"] = _("Say what was given and how much of it.")
        if self.donor_kind and self.donor_kind != DonorKind.UNNAMED and not self.donor_name:
            problems["donor_name"] = _("Give the donor's name; it can be hidden below.")
        if self.fund_id and self.entity_id and self.fund.entity_id != self.entity_id:
            problems["fund"] = _("This fund belongs to another entity.")
        problems |= self._wrong_receipt()
        if problems:
            raise ValidationError(problems)
        self.keep_the_wish()

    def _wrong_receipt(self):
        if not self.receipt_no:
            return {}
        if not self.receipt_on:
            return {"receipt_on": _("Give the day of the receipt.")}
        if self.received_on and self.receipt_on < self.received_on:
            return {"receipt_on": _("The receipt is older than the donation.")}
        return {} if self.handler else {"handler": _("A receipt names who handled the donation.")}

    def save(self, *args, **kwargs):
        self.keep_the_wish()
        if self.pk and self._differs_from_its_receipt():
            raise ValidationError(_("A donation with a receipt is not edited or removed: reverse it."))
        super().save(*args, **kwargs)

    def _differs_from_its_receipt(self):
        before = Donation.everything.filter(pk=self.pk).first()
        if before is None or not before.is_settled:
            return False
        return any(getattr(before, _column(name)) != getattr(self, _column(name)) for name in ON_THE_RECEIPT)
