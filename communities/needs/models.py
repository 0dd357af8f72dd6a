"""What residents said they need, gathered one by one in 筹划征集."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import NeedMethod, ServiceGroup
from communities.models import Region
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.texts import too_long

from .codes import FIELDS


class NeedItemQuerySet(ScopedQuerySet):
    def of(self, region):
        """The needs of one community, the latest first."""
        return self.filter(region=region)


class NeedItem(models.Model):
    """One need: whose, in which field, how it was gathered and when."""

    TITLE_LIMIT = 100
    DESCRIPTION_LIMIT = 800

    region = models.ForeignKey(Region, models.PROTECT, related_name="needs", verbose_name=_("community"))
    title = models.CharField(_("need"), max_length=TITLE_LIMIT)
    description = models.TextField(_("details"), max_length=DESCRIPTION_LIMIT, blank=True)
    group = models.CharField(_("who needs it"), max_length=40, choices=ServiceGroup)
    field = models.CharField(_("field of need"), max_length=40, choices=FIELDS)
    method = models.CharField(_("how it was gathered"), max_length=40, choices=NeedMethod)
    people = models.PositiveIntegerField(_("people concerned"), null=True, blank=True)
    collected_on = models.DateField(_("gathered on"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="needs_entered",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    objects = NeedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-collected_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="need_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="need_concerns_somebody", condition=Q(people__isnull=True) | Q(people__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["region", "-collected_on"], name="need_by_community")]

    def __str__(self):
        return self.title

    def clean(self):
        wrong = too_long(self)
        if isinstance(self.collected_on, date) and self.collected_on > timezone.localdate():
            wrong["collected_on"] = _("This day is still to come.")
        if self.people == 0:
            wrong["people"] = _("Leave it empty, or give at least 1.")
        if wrong:
            raise ValidationError(wrong)
