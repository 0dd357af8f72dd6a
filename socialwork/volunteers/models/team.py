"""Teams of volunteers and who belongs to them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Region
from communities.models.region import characters
from linkage.foundation import journal
from linkage.foundation.choices import CodesField
from linkage.foundation.ledger import Entry, EntryQuerySet, Mergeable, Spanned, live, not_in_the_future
from organizations.models import SocialOrganization
from socialwork.models.post import days_of
from socialwork.volunteers.codes import ActivityField, TeamRole

from .volunteer import Volunteer


class VolunteerTeamQuerySet(EntryQuerySet):
    def on(self, day=None):
        day = day or timezone.localdate()
        return self.filter(Q(founded_on__isnull=True) | Q(founded_on__lte=day)).filter(
            Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=day)
        )

    def with_members(self, on=None):
        """Each with how many belong to it on that day (``members``)."""
        theirs = (
            TeamMembership.objects.on(on)
            .filter(team=models.OuterRef("pk"))
            .order_by()
            .values("team")
            .annotate(number=models.Count("volunteer", distinct=True))
        )
        return self.annotate(members=models.functions.Coalesce(models.Subquery(theirs.values("number")), 0))


@journal.tracked()
class VolunteerTeam(Mergeable):
    """A team of volunteers, of a place or of a social organisation."""

    duties = (Duty.SOCIAL_WORK,)

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="volunteer_teams",
        verbose_name=_("place"),
        help_text=_("The community, or the street or county for a team of a wider circle."),
    )
    name = models.CharField(_("name of the team"), max_length=60, db_collation="C")
    organization = models.ForeignKey(
        SocialOrganization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_teams",
        verbose_name=_("organisation of the team"),
        help_text=_("The volunteer organisation of the register, where the team is one of it."),
    )
    leader = models.ForeignKey(
        Volunteer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teams_led",
        verbose_name=_("leader of the team"),
    )
    fields = CodesField(_("fields"), ActivityField)
    founded_on = models.DateField(_("founded on"), null=True, blank=True, validators=[not_in_the_future])
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True, validators=[not_in_the_future])

    objects = live(VolunteerTeamQuerySet)
    everything = VolunteerTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer team")
        verbose_name_plural = _("volunteer teams")
        ordering = ["region__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=Q(removed_at__isnull=True),
                name="volunteerteam_once_per_place",
                violation_error_message=_("A team of this name is in the register of this place already."),
            ),
            models.CheckConstraint(
                name="volunteerteam_dissolved_after_founded",
                condition=Q(founded_on__isnull=True)
                | Q(dissolved_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [GinIndex(characters(F("name")), name="volunteerteam_name_characters")]

    def __str__(self):
        return self.name


@journal.tracked()
class TeamMembership(Spanned, Entry):
    """Who belongs to a team, from when to when."""

    region_path = "team__region__path"
    duties = (Duty.SOCIAL_WORK,)

    team = models.ForeignKey(
        VolunteerTeam, models.CASCADE, related_name="memberships", verbose_name=_("volunteer team")
    )
    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="memberships", verbose_name=_("volunteer")
    )
    role = models.CharField(_("role in the team"), max_length=10, choices=TeamRole, default=TeamRole.MEMBER)

    class Meta(Spanned.Meta):
        verbose_name = _("membership of a team")
        verbose_name_plural = _("memberships of teams")
        ordering = ["team__region__path", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            ExclusionConstraint(
                name="teammembership_once_at_a_time",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("volunteer", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This volunteer belongs to this team in these days already."),
            ),
        ]

    def __str__(self):
        return f"{self.team} · {self.volunteer}"

    def clean(self):
        super().clean()
        first = self.volunteer.registered_on if self.volunteer_id else None
        if self.valid_from and first and self.valid_from < first:
            raise ValidationError({"valid_from": _("Before the registration as a volunteer on %s.") % first})
