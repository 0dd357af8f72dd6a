"""Activities of volunteers: who organises what, where, when, and with which precautions."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from communities.models.region import characters
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.ledger import EntryQuerySet, Mergeable, live
from organizations.codes import HandlingTier
from organizations.models import SocialOrganization
from socialwork.volunteers.codes import ActivityField, ActivityKind, ActivitySeries

from .team import VolunteerTeam


def span_of(start, end):
    """2026-03-05 09:00—11:30, in the time of the place."""
    start, end = timezone.localtime(start), timezone.localtime(end)
    last = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}—{last}"


class VolunteerActivityQuerySet(EntryQuerySet):
    def at_risk(self):
        """Bodily risk without insurance (志愿服务条例 17), or skill needed and nobody trained (16)."""
        return self.filter(Q(bodily_risk=True, insured=False) | Q(training_needed=True, trained=False))


@journal.tracked()
class VolunteerActivity(Mergeable):
    """An activity volunteers serve in (WH-3.4.2a, WH-3.4.2b, HB-3.3). Who organises it records it."""

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(
        Region, models.PROTECT, related_name="volunteer_activities", verbose_name=_("place")
    )
    title = models.CharField(_("title of the activity"), max_length=100, db_collation="C")
    kind = models.CharField(
        _("kind of activity"), max_length=12, choices=ActivityKind, default=ActivityKind.SERVICE
    )
    fields = CodesField(_("fields"), ActivityField, blank=False)
    series = models.CharField(_("series"), max_length=20, choices=ActivitySeries, blank=True)
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_activities",
        verbose_name=_("organised by the organisation"),
    )
    team = models.ForeignKey(
        VolunteerTeam,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("by the team"),
        help_text=_("Without organisation and team it is the committee of the place that organises."),
    )
    venue = models.CharField(_("venue"), max_length=100)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    wanted = models.PositiveSmallIntegerField(_("volunteers wanted"), null=True, blank=True)
    bodily_risk = models.BooleanField(
        _("bodily risk possible"), default=False, help_text=_("Then volunteers are insured before it begins.")
    )
    insured = models.BooleanField(_("volunteers are insured"), default=False)
    training_needed = models.BooleanField(_("special skill needed"), default=False)
    trained = models.BooleanField(_("volunteers were trained"), default=False)

    objects = live(VolunteerActivityQuerySet)
    everything = VolunteerActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer activity")
        verbose_name_plural = _("volunteer activities")
        ordering = ["region__path", "pk"]
        constraints = [
            models.CheckConstraint(
                name="volunteeractivity_ends_after_it_begins",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end does not lie after the beginning."),
            ),
            models.CheckConstraint(name="volunteeractivity_has_a_field", condition=~Q(fields=[])),
        ]
        indexes = [
            GinIndex(characters(F("title")), name="volunteeractivity_title"),
            models.Index(fields=["region", "-starts_at"], name="volunteeractivity_by_place"),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d} {self.title}"

    @property
    def span(self):
        return span_of(self.starts_at, self.ends_at)

    @property
    def organiser(self):
        return self.organization or self.team or self.region

    def clean(self):
        super().clean()
        team = self.team if self.team_id else None
        if team and self.organization_id and team.organization_id not in (None, self.organization_id):
            raise ValidationError({"team": _("This team belongs to another organisation.")})

    def warnings(self, on=None):
        found = []
        if self.bodily_risk and not self.insured:
            found.append(gettext("Bodily risk is possible and nobody is insured 〔志愿服务条例 17〕."))
        if self.training_needed and not self.trained:
            found.append(gettext("Special skill is needed and nobody was trained 〔志愿服务条例 16〕."))
        if self.organization_id and self.organization.tier == HandlingTier.GUIDED:
            found.append(
                gettext(
                    "The organisation is neither registered nor filed: let the committee of the place "
                    "organise the activity and vouch for the records 〔民政部令67号〕."
                )
            )
        return found

    def why_two(self, other):
        """A verified record does not change any more, nor what it was a service of."""
        if other.records.filter(verified_at__isnull=False).exists():
            return [_("Services of “%s” are verified and stay with it: let this one stay.") % other]
        return []
