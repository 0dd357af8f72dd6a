"""Goods in kind, such as those of a love supermarket: never below nothing."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, Mergeable, not_in_the_future
from organizations.charity.codes import INWARD, MovementKind
from organizations.charity.models.donation import Donation
from organizations.charity.models.entity import CharityEntity


@journal.tracked()
class StockItem(Mergeable):
    """One kind of goods of one entity. How much there is follows from what went in and out."""

    region_path = "entity__region__path"
    duties = (Duty.CHARITY,)

    entity = models.ForeignKey(
        CharityEntity, models.CASCADE, related_name="stock", verbose_name=_("charity entity")
    )
    name = models.CharField(_("goods"), max_length=60, db_collation="C")
    unit = models.CharField(
        _("unit of quantity"), max_length=10, help_text=_("What they are counted in, such as 床, 袋, 件.")
    )
    quantity = models.DecimalField(_("in stock"), max_digits=12, decimal_places=2, default=0, editable=False)
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("goods in stock")
        verbose_name_plural = _("goods in stock")
        ordering = ["entity__region__path", "entity_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "name", "unit"],
                condition=Q(removed_at__isnull=True),
                name="goods_once_per_entity",
                violation_error_message=_("The entity keeps these goods already."),
            ),
            models.CheckConstraint(name="stock_never_below_nothing", condition=Q(quantity__gte=0)),
        ]

    def __str__(self):
        return self.name

    def why_two(self, other):
        if self.entity_id != other.entity_id:
            return [_("They are goods of two entities.")]
        return [_("They are counted in different units.")] if self.unit != other.unit else []

    def take_over(self, double):
        self.quantity += double.quantity
        double.quantity = 0
        for item in (self, double):
            item.save(update_fields=["quantity"])


@journal.tracked()
class StockMovement(Entry):
    """Goods booked in or out. A wrong booking is put right by another one."""

    region_path = "item__entity__region__path"
    duties = (Duty.CHARITY,)

    item = models.ForeignKey(
        StockItem, models.CASCADE, related_name="movements", verbose_name=_("goods in stock")
    )
    kind = models.CharField(_("in or out"), max_length=15, choices=MovementKind)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    happened_on = models.DateField(_("day"), validators=[not_in_the_future])
    donation = models.ForeignKey(
        Donation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stock_movements",
        verbose_name=_("from the donation"),
    )
    purpose = models.CharField(_("what for"), max_length=200, blank=True)
    households = models.PositiveIntegerField(_("households served"), null=True, blank=True)
    handler = models.CharField(_("handled by"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("booking of goods")
        verbose_name_plural = _("bookings of goods")
        ordering = ["item_id", "-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="stock_movement_above_nothing", condition=Q(quantity__gt=0)),
        ]

    def __str__(self):
        return f"{self.happened_on} {self.get_kind_display()} {self.quantity}"

    @property
    def effect(self):
        """What it adds to the stock, or takes away."""
        return self.quantity if self.kind in INWARD else -self.quantity
