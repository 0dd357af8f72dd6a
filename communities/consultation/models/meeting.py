"""会议公告: an open meeting told to everybody beforehand, with day, place and what it is about."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.consultation.models.notice import OFFICE_PHONE
from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.texts import too_long


class AnnouncementQuerySet(ScopedQuerySet):
    def standing(self):
        """Not called off."""
        return self.filter(cancelled_at__isnull=True)

    def coming(self, on):
        return self.standing().filter(held_on__gte=on)


@journal.tracked()
class Announcement(models.Model):
    """What the public is told of one meeting to come. It is not mended, only called off and written anew."""

    class Kind(models.TextChoices):
        HEARING = "hearing", _("residents' hearing")
        ASSEMBLY = "assembly_review", _("assembly of residents or villagers")

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="announcements", verbose_name=_("community")
    )
    kind = models.CharField(_("meeting"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=150)
    held_on = models.DateField(_("to be held on"))
    starts_at = models.TimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=200)
    agenda = models.TextField(_("agenda"), max_length=2000)
    attend = models.CharField(_("who may come and speak"), max_length=200)
    contact_name = models.CharField(_("contact"), max_length=50)
    contact_phone = models.CharField(_("office telephone"), max_length=40, validators=[OFFICE_PHONE])
    announced_at = models.DateTimeField(_("announced at"), default=timezone.now)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="meetings_announced",
        verbose_name=_("announced by"),
    )
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings_called_off",
        verbose_name=_("called off by"),
    )
    cancelled_reason = models.CharField(_("why it was called off"), max_length=200, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement of a meeting")
        verbose_name_plural = _("announcements of meetings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="announcement_is_called_off_with_a_reason",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_reason="")
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["held_on", "id"], name="announcement_coming", condition=Q(cancelled_at__isnull=True)
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def announced_on(self):
        return timezone.localdate(self.announced_at)

    @property
    def days_ahead(self):
        """Calendar days between the day of the announcement and the meeting."""
        return (self.held_on - self.announced_on).days

    def clean(self):
        if wrong := too_long(self):
            raise ValidationError(wrong)
