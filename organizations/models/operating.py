"""Who runs what: contracts over facilities, stations and incubation bases (CQ-2.2.1d, HB-3.2g)."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.facilities.codes import OperationMode
from communities.facilities.models import ServiceFacility, Station
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Spanned, live
from organizations import rules
from organizations.codes import OrgSubtype
from organizations.models.incubation import IncubationBase
from organizations.models.organization import SocialOrganization
from organizations.models.spans import never_twice_at_a_time

OBJECTS = ("facility", "station", "base")


class ContractQuerySet(EntryQuerySet):
    def by_hubs_or_agencies(self, on=None):
        """Bases and platforms run by hub organisations or social-work agencies (HB-3.2g)."""
        able = SocialOrganization.objects.existing(on).of_type(OrgSubtype.SW_AGENCY, *rules.HUBS)
        return self.on(on).filter(organization__in=able)

    def ends_soon(self, on=None, within=rules.CONTRACT_NOTICE):
        on = on or timezone.localdate()
        return self.on(on).filter(valid_to__lte=on + within)

    def ended_unfollowed(self, on=None):
        """Over, nobody has run the thing since, and the thing is still there."""
        on = on or timezone.localdate()
        later = self.model.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")))
        found = Q(pk__in=[])
        for thing in OBJECTS:
            found |= (
                Q(**{f"{thing}__removed_at__isnull": True, f"{thing}__isnull": False})
                & (Q(**{f"{thing}__valid_to__isnull": True}) | Q(**{f"{thing}__valid_to__gte": on}))
                & ~Exists(later.filter(**{thing: OuterRef(thing)}))
            )
        return self.filter(found, valid_to__lt=on)

    def unlike_the_facility(self, on=None):
        """In force, and the facility is entered with another mode of operation than the contract says."""
        said = self.on(on).filter(facility__isnull=False, facility__removed_at__isnull=True)
        return said.exclude(facility__operation="").exclude(facility__operation=F("mode"))


@journal.tracked()
class OperatingContract(Spanned, Entry):
    """An organisation runs a facility, a station or a base from a day to a day.

    Kept where the thing lies. The operator may be kept anywhere: it is named by its credit code.
    """

    duties = (Duty.ORGANIZATION, Duty.COMMUNITY, Duty.SOCIAL_WORK)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="operating_contracts",
        verbose_name=_("region"),
        editable=False,
    )
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        related_name="operating_contracts",
        verbose_name=_("operator"),
    )
    facility = models.ForeignKey(
        ServiceFacility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("facility"),
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("station")
    )
    base = models.ForeignKey(
        IncubationBase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("incubation base"),
    )
    mode = models.CharField(_("mode of operation"), max_length=30, choices=OperationMode)
    number = models.CharField(_("number of the contract"), max_length=60, blank=True)
    amount = models.DecimalField(
        _("amount a year (yuan)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    objects = live(ContractQuerySet)
    everything = ContractQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("operating contract")
        verbose_name_plural = _("operating contracts")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.CheckConstraint(
                name="contract_over_one_thing",
                condition=Q(facility__isnull=False, station__isnull=True, base__isnull=True)
                | Q(facility__isnull=True, station__isnull=False, base__isnull=True)
                | Q(facility__isnull=True, station__isnull=True, base__isnull=False),
                violation_error_message=_("Choose one of facility, station and incubation base."),
            ),
            models.CheckConstraint(name="contract_begins", condition=Q(valid_from__isnull=False)),
            models.CheckConstraint(
                name="contract_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            *(
                never_twice_at_a_time(
                    f"{thing}_one_operator_at_a_time",
                    thing,
                    message=_("In these days somebody else runs it by contract."),
                    condition=Q(**{f"{thing}__isnull": False}),
                )
                for thing in OBJECTS
            ),
        ]
        indexes = [models.Index(fields=["number"], condition=~Q(number=""), name="operating_contract_number")]

    def __str__(self):
        return f"{self.organization} · {self.thing}"

    @property
    def thing(self):
        """What is run."""
        return self.facility or self.station or self.base

    def warnings(self, on=None):
        """Where the facility is entered with another mode of operation; both stand on their pages."""
        said = self.facility.operation if self.facility_id else ""
        if not said or said == self.mode or not self.holds_on(on or timezone.localdate()):
            return []
        text = gettext("The facility is entered as run by “%s”: correct one of the two.")
        return [text % self.facility.get_operation_display()]

    def clean(self):
        problems = {}
        chosen = [name for name in OBJECTS if getattr(self, f"{name}_id")]
        if len(chosen) != 1:
            problems["facility"] = _("Choose one of facility, station and incubation base.")
        else:
            self.region = self.thing.region
        if self.valid_from is None:
            problems["valid_from"] = _("Say from which day.")
        if self.mode == OperationMode.DIRECT:
            problems["mode"] = _("What the government runs itself has no contract with an organisation.")
        if problems:
            raise ValidationError(problems)

    def save(self, *args, **kwargs):
        if self.region_id is None:
            self.region = self.thing.region
        super().save(*args, **kwargs)
