"""张榜公示: what hangs on the wall for some days."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Region
from linkage.foundation import journal
from linkage.foundation.scope import ScopedQuerySet
from linkage.foundation.texts import too_long
from linkage.foundation.workdays import Calendar

OFFICE_PHONE = RegexValidator(
    r"^(?=(?:.*\d){7})[\d\s()（）+\-转]+\Z",
    _("Give the telephone with its area code, for example 0931-5550127."),
)


class PublicNoticeQuerySet(ScopedQuerySet):
    def published(self):
        """What anybody may read: published, and not taken down."""
        return self.filter(published_at__isnull=False, closed_at__isnull=True)

    def open_on(self, on):
        return self.published().filter(starts_on__lte=on, ends_on__gte=on)

    def upcoming(self, on):
        return self.published().filter(starts_on__gt=on)

    def ended(self, on):
        return self.published().filter(ends_on__lt=on)


@journal.tracked()
class PublicNotice(models.Model):
    """张榜公示: a text shown to everybody for some days, with telephones to call.

    A draft has no days yet. ``starts_on`` and ``ends_on`` both count: seven days from the 18th end on
    the 24th.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="notices", verbose_name=_("community"))
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("text of the notice"), max_length=5000)
    place = models.CharField(_("where it is posted"), max_length=200)
    contact_name = models.CharField(_("contact"), max_length=50)
    contact_phone = models.CharField(_("office telephone"), max_length=40, validators=[OFFICE_PHONE])
    supervisor = models.CharField(_("who answers objections"), max_length=100, blank=True)
    supervise_phone = models.CharField(_("supervision telephone"), max_length=40, validators=[OFFICE_PHONE])
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    posted_reason = models.CharField(_("why the first day lies in the past"), max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notices_drafted",
        verbose_name=_("drafted by"),
    )
    drafted_at = models.DateTimeField(_("drafted at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices_published",
        verbose_name=_("published by"),
    )
    closed_at = models.DateTimeField(_("taken down at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices_closed",
        verbose_name=_("taken down by"),
    )
    closed_reason = models.CharField(_("why it was taken down"), max_length=200, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_it_starts",
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="notice_is_published_with_days_and_a_person",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="notice_is_taken_down_with_a_reason",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-ends_on", "-id"], name="notice_by_end", condition=Q(published_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if wrong := too_long(self):
            raise ValidationError(wrong)

    @property
    def is_published(self):
        return self.published_at is not None and self.closed_at is None

    def is_open(self, on=None):
        """May people object on this day?"""
        on = on or timezone.localdate()
        return self.is_published and self.starts_on <= on <= self.ends_on

    def has_run_its_time(self, on=None):
        """Is the last day over?"""
        return self.is_published and (on or timezone.localdate()) > self.ends_on

    def days(self, on=None):
        """Which day of how many: ``(3, 7)``. Before the first day 0, after the last the total."""
        total = (self.ends_on - self.starts_on).days + 1
        passed = ((on or timezone.localdate()) - self.starts_on).days + 1
        return min(max(passed, 0), total), total

    def working_days(self):
        """How many working days it hangs, by the calendar as it is entered now."""
        return Calendar().between(self.starts_on - timedelta(1), self.ends_on)

    @staticmethod
    def last_day(first, days, *, in_working_days=False):
        """The day on which so many days end, the first one counted where it is of the kind that counts."""
        if in_working_days:
            return Calendar().after(first - timedelta(1), days)
        return first + timedelta(days=days - 1)
