"""Units that have their seat in a community (驻区单位) and what they can give."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty, OfferedResource, ResidentUnitKind
from linkage.foundation.choices import CodesField
from linkage.foundation.fields import EncryptedTextField
from linkage.foundation.journal import tracked
from linkage.foundation.ledger import EntryQuerySet, Mergeable, Spanned, live
from linkage.foundation.standards import mask_phone

from .region import Level, Region, characters


class UnitQuerySet(EntryQuerySet):
    def offering(self, resource, on=None):
        """The units that can give this (CQ-2.1.5)."""
        return self.on(on).filter(resources__contains=[resource])


@tracked()
class ResidentUnit(Spanned, Mergeable):
    """An office, school, enterprise or owners' committee in a community (CQ-2.1.5, HB-3.1f)."""

    duties = (Duty.COMMUNITY, Duty.CHARITY)
    sealed = {"phone": mask_phone}

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="resident_units",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )
    name = models.CharField(_("name"), max_length=100, db_collation="C")
    kind = models.CharField(_("kind of unit"), max_length=20, choices=ResidentUnitKind)
    resources = CodesField(_("resources it can give"), OfferedResource)
    offer = models.CharField(
        _("what exactly"), max_length=300, blank=True, help_text=_("Such as: meeting room for 80, weekends.")
    )
    contact = models.CharField(_("contact person"), max_length=50, blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False, db_collation="C")

    objects = live(UnitQuerySet)
    everything = UnitQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("resident unit")
        verbose_name_plural = _("resident units")
        ordering = ["region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(removed_at__isnull=True),
                name="resident_unit_once_per_community",
                violation_error_message=_("The community has a unit of this name already."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="resident_unit_name_characters")]

    def __str__(self):
        return self.name

    def clean(self):
        if self.region_id and not self.region.is_community:
            raise ValidationError({"region": _("Choose a community.")})
