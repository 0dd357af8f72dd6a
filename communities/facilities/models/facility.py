"""Service facilities (社区综合服务设施 and the like): where they lie, how they came about, what for."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.facilities.codes import (
    STREET_FACILITIES,
    UPPER_FACILITIES,
    Acquisition,
    FacilityFunction,
    FacilityKind,
    OperationMode,
)
from communities.models import Level, Region
from communities.models.region import characters
from linkage.foundation.choices import CodesField
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import EntryQuerySet, Mergeable, Spanned, live


class FacilityQuerySet(EntryQuerySet):
    def comprehensive(self):
        """What counts as a comprehensive service facility (HB-T05, CQ-T09)."""
        return self.filter(is_comprehensive=True)

    def hosting(self, kinds, on=None):
        """The facilities in which a station of one of these kinds works that day (HB-2.4, CQ-2.2.3e)."""
        station = self.model._meta.get_field("stations").related_model
        return self.filter(Exists(station.objects.on(on).filter(facility=OuterRef("pk"), kind__in=kinds)))


@tracked()
class ServiceFacility(Spanned, Mergeable):
    """A house or some rooms of it that serve residents (CQ-2.2.1c, HB-3.2a, WH-3.1.2a, YZ-2.1b, YZ-2.1d).

    Who runs it by contract is said by the organisations. Every part of the office keeps facilities:
    bases of organisations, stations of social work and love supermarkets all lie in them.
    """

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="facilities",
        verbose_name=_("region"),
        help_text=_("The community, or the street or township for what serves all of it."),
    )
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    kind = models.CharField(_("kind of facility"), max_length=30, choices=FacilityKind)
    is_comprehensive = models.BooleanField(
        _("comprehensive service facility"),
        default=False,
        help_text=_(
            "Counts where coverage is asked of comprehensive facilities; those of that kind always do."
        ),
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)
    area_m2 = models.DecimalField(
        _("floor area in m²"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    acquisition = models.CharField(_("how it was acquired"), max_length=20, choices=Acquisition, blank=True)
    operation = models.CharField(_("mode of operation"), max_length=30, choices=OperationMode, blank=True)
    functions = CodesField(_("functions"), FacilityFunction)
    residents_covered = models.PositiveIntegerField(
        _("residents served"), null=True, blank=True, help_text=_("How many residents it is meant for.")
    )
    valid_from = models.DateField(_("in use from"), null=True, blank=True)
    valid_to = models.DateField(_("in use to"), null=True, blank=True)
    note = models.TextField(_("remark"), blank=True, max_length=500)

    objects = live(FacilityQuerySet)
    everything = FacilityQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("service facility")
        verbose_name_plural = _("service facilities")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(removed_at__isnull=True),
                name="facility_once_per_place",
                violation_error_message=_(
                    "A facility of this name is in the register of this place already."
                ),
            ),
            models.CheckConstraint(
                name="facility_of_that_kind_is_comprehensive",
                condition=~Q(kind=FacilityKind.COMPREHENSIVE) | Q(is_comprehensive=True),
                violation_error_message=_("A facility of this kind is a comprehensive one."),
            ),
            models.CheckConstraint(
                name="facility_area_not_negative", condition=Q(area_m2__isnull=True) | Q(area_m2__gte=0)
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="facility_name_characters")]

    def __str__(self):
        return self.name

    def clean(self):
        self.is_comprehensive = self.is_comprehensive or self.kind == FacilityKind.COMPREHENSIVE
        if self.region_id and (problem := self._misplaced()):
            raise ValidationError({"region": problem})

    def _misplaced(self):
        level = self.region.level
        if self.kind in STREET_FACILITIES:
            return level != Level.STREET and _("A facility of this kind lies at a street or township.")
        lowest = Level.CITY if self.kind in UPPER_FACILITIES else Level.STREET
        return level < lowest and _("Choose the community, or the street or township.")

    def save(self, *args, **kwargs):
        self.is_comprehensive = self.is_comprehensive or self.kind == FacilityKind.COMPREHENSIVE
        super().save(*args, **kwargs)
