"""One period of a return, opened by an office for its whole territory."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from communities.models import Level, Region
from communities.offices.models import Office
from linkage.attainment.models import Edition
from linkage.foundation.journal import tracked
from linkage.policy.models import IssuedQuerySet
from linkage.reports import codes

LEAD = timedelta(days=3)  # each level has so long to check and sum up what the level below sent


class CollectionQuerySet(IssuedQuerySet):
    """Known at, above and under the place whose office opened it."""


@tracked()
class Collection(models.Model):
    """A period: ``said`` holds the template as it was that day, ``edition`` the figures of the last day."""

    template = models.CharField(lazy("return"), max_length=40)
    said = models.JSONField(editable=False)
    year = models.PositiveSmallIntegerField(lazy("year"))
    number = models.PositiveSmallIntegerField(lazy("quarter"), default=1)
    as_of = models.DateField(lazy("as of"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=lazy("region"))
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=lazy("opened by the office")
    )
    lowest = models.PositiveSmallIntegerField(lazy("filled in from"), choices=Level)
    due_on = models.DateField(lazy("due on"))
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=lazy("opened by")
    )
    opened_at = models.DateTimeField(lazy("opened at"), default=timezone.now)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("period of a return")
        verbose_name_plural = lazy("periods of returns")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "year", "number", "region"], name="collection_once_a_period"
            ),
            models.CheckConstraint(name="collection_due_after_it_ends", condition=Q(due_on__gt=F("as_of"))),
            models.CheckConstraint(name="collection_number_of_a_quarter", condition=Q(number__range=(1, 4))),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:collection", args=[self.pk])

    @cached_property
    def form(self):
        """The template as it was kept."""
        return codes.again(self.said)

    @property
    def title(self):
        return f"{self.region.name}{self.form.title} {self.period}"

    @property
    def period(self):
        return period_name(self.form.every, self.year, self.number)

    def due_for(self, level):
        """The last day in time for a unit of this level: those below have earlier days."""
        return self.due_on - LEAD * max(level - self.region.level - 1, 0)

    @property
    def before(self):
        """The period before, as ``(year, number)``."""
        if self.form.every == codes.YEAR:
            return self.year - 1, 1
        return (self.year, self.number - 1) if self.number > 1 else (self.year - 1, 4)

    @property
    def year_before(self):
        return self.year - 1, self.number


def period_name(every, year, number):
    if every == codes.YEAR:
        return _("year %(year)s") % {"year": year}
    return _("%(year)s, %(quarter)s") % {"year": year, "quarter": dict(codes.QUARTERS)[number]}


def last_day(every, year, number):
    if every == codes.YEAR:
        return date(year, 12, 31)
    return date(year + number // 4, number % 4 * 3 + 1, 1) - timedelta(days=1)
