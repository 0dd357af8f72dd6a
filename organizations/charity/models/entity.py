"""Bodies that gather and give: foundations, love supermarkets, mutual-aid associations; and their funds."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.facilities.models import ServiceFacility
from communities.models import Region
from communities.models.region import characters
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from organizations.charity.codes import FOUNDATIONS, CharityEntityKind, CharityInstrument
from organizations.models import SocialOrganization


class CharityEntityQuerySet(EntryQuerySet):
    def of_kind(self, *kinds, on=None):
        return self.on(on).filter(kind__in=kinds)


@journal.tracked()
class CharityEntity(Spanned, Mergeable):
    """慈善载体 (HB-3.2d). Each has its own numbering of receipts."""

    duties = (Duty.CHARITY,)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="charity_entities", verbose_name=_("region")
    )
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    kind = models.CharField(_("kind of entity"), max_length=30, choices=CharityEntityKind)
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="charity_entities",
        verbose_name=_("as social organisation"),
        help_text=_("The foundation or association itself, as it stands in the register of organisations."),
    )
    facility = models.ForeignKey(
        ServiceFacility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="charity_entities",
        verbose_name=_("in the facility"),
        help_text=_("Such as the love supermarket of a community service station."),
    )
    instruments = CodesField(
        _("ways of support"),
        CharityInstrument,
        help_text=_("How its money supports services 〔河北2021 三(四)〕."),
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)
    contact = models.CharField(_("contact of the office"), max_length=50, blank=True)
    office_phone = models.CharField(_("office telephone"), max_length=40, blank=True)

    objects = live(CharityEntityQuerySet)
    everything = CharityEntityQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("charity entity")
        verbose_name_plural = _("charity entities")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(removed_at__isnull=True),
                name="charity_entity_once_per_place",
                violation_error_message=_("An entity of this name is in the register of this place already."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="charity_entity_characters")]

    def __str__(self):
        return self.name

    def warnings(self, on=None):
        found = []
        if self.kind in FOUNDATIONS and self.organization_id is None:
            found.append(gettext("A foundation is a registered organisation: choose it from the register."))
        if self.organization_id and not self.organization.is_charity:
            found.append(gettext("The organisation is not marked as a charitable organisation."))
        return found

    def why_two(self, other):
        """A receipt stays with the body that gave it."""
        if other.donations.fixed().exists():
            return [_("“%s” has given receipts, which do not move: let this one stay.") % other]
        return []


@journal.tracked()
class SpecialFund(Spanned, Mergeable):
    """专项基金, community funds among them (HB-3.4e, HB-4.2d): money kept apart for a purpose."""

    region_path = "entity__region__path"
    duties = (Duty.CHARITY,)

    entity = models.ForeignKey(
        CharityEntity, models.CASCADE, related_name="funds", verbose_name=_("charity entity")
    )
    name = models.CharField(_("name of the fund"), max_length=100, db_collation="C")
    purpose = models.CharField(_("purpose"), max_length=300)
    founder = models.CharField(_("set up by"), max_length=100, blank=True)

    class Meta(Spanned.Meta):
        verbose_name = _("special fund")
        verbose_name_plural = _("special funds")
        ordering = ["entity__region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["entity", "name"],
                condition=Q(removed_at__isnull=True),
                name="special_fund_once_per_entity",
                violation_error_message=_("The entity has a fund of this name already."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def received(self):
        return self.donations.standing().effective().money()

    @property
    def spent(self):
        return self.uses.standing().aggregate(total=Sum("amount"))["total"] or 0

    @property
    def balance(self):
        return self.received - self.spent

    def why_two(self, other):
        """What a receipt says of a fund does not change any more."""
        if self.entity_id != other.entity_id:
            return [_("They are funds of two entities.")]
        if other.donations.fixed().exists():
            return [_("“%s” has given receipts, which do not move: let this one stay.") % other]
        return []


@journal.tracked()
class FundUse(Entry):
    """Money taken from a special fund; the fund never has less than nothing."""

    region_path = "fund__entity__region__path"
    duties = (Duty.CHARITY,)

    fund = models.ForeignKey(SpecialFund, models.CASCADE, related_name="uses", verbose_name=_("special fund"))
    used_on = models.DateField(_("used on"), validators=[not_in_the_future])
    amount = models.DecimalField(
        _("amount (yuan)"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    instrument = models.CharField(_("way of support"), max_length=20, choices=CharityInstrument)
    purpose = models.CharField(_("what for"), max_length=200)
    recipient = models.CharField(
        _("received by"),
        max_length=100,
        blank=True,
        help_text=_("The organisation or the number of households; no names of people helped."),
    )

    class Meta:
        verbose_name = _("use of the fund")
        verbose_name_plural = _("uses of the fund")
        ordering = ["fund_id", "-used_on", "-pk"]
        constraints = [models.CheckConstraint(name="fund_use_above_nothing", condition=Q(amount__gt=0))]

    def __str__(self):
        return f"{self.used_on} {self.purpose}"
