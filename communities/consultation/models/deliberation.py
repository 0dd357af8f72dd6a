"""党组织研究: what the party organisation of the place said before the assembly decided."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.consultation.models.day import not_in_the_future
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.texts import too_long


@journal.tracked()
class PartyDeliberation(models.Model):
    """One meeting of a party organisation that studied a matter and said whether it may go on."""

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="party_deliberations", verbose_name=_("community")
    )
    organisation = models.CharField(_("party organisation"), max_length=100)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100)
    host = models.CharField(_("chaired by"), max_length=50)
    entitled = models.PositiveIntegerField(_("members entitled"))
    present = models.PositiveIntegerField(_("members present"))
    opinion = models.TextField(_("opinion of the study"), max_length=2000)
    agreed = models.BooleanField(_("agreed to put it to the assembly"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="party_deliberations_recorded",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("study by the party organisation")
        verbose_name_plural = _("studies by party organisations")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="party_deliberation_present_are_entitled",
                condition=Q(present__gt=0) & Q(present__lte=F("entitled")),
            ),
        ]

    def __str__(self):
        return f"{self.held_on} {self.organisation}"

    def clean(self):
        wrong = too_long(self) | not_in_the_future(self.held_on)
        if self.present == 0:
            wrong["present"] = _("Nobody was present.")
        elif None not in (self.present, self.entitled) and self.present > self.entitled:
            wrong["present"] = _("%(present)s present, but only %(entitled)s entitled.") % {
                "present": self.present,
                "entitled": self.entitled,
            }
        if wrong:
            raise ValidationError(wrong)
