"""居民听证: one meeting at which residents were heard."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.consultation.models.day import not_in_the_future
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.texts import too_long


@journal.tracked()
class Hearing(models.Model):
    """居民听证: one meeting at which residents were heard."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="hearings", verbose_name=_("community"))
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=100)
    host = models.CharField(_("chaired by"), max_length=50)
    attendance = models.PositiveIntegerField(_("people present"))
    attendees = models.CharField(_("who was present"), max_length=300)
    minutes = models.TextField(_("minutes"), max_length=5000)
    opinions = models.TextField(_("main opinions"), max_length=2000, blank=True)
    result = models.TextField(_("outcome"), max_length=1000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="hearings_recorded",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="hearing_was_attended", condition=Q(attendance__gt=0)),
        ]

    def __str__(self):
        return f"{self.held_on} {self.place}"

    def clean(self):
        wrong = too_long(self) | not_in_the_future(self.held_on)
        if self.attendance == 0:
            wrong["attendance"] = _("A hearing needs at least one resident.")
        if wrong:
            raise ValidationError(wrong)
