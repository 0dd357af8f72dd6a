"""What ties an organisation to others: the communities it serves, its members, the agencies it hosts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.codes import Duty
from communities.models import Level, Region
from linkage.foundation import journal
from linkage.foundation.ledger import Entry, EntryQuerySet, Spanned, live
from organizations.codes import OrgSubtype
from organizations.models.organization import SocialOrganization
from organizations.models.spans import never_twice_at_a_time


class OfOrganization(Entry):
    """A part of an organisation, kept by who keeps the organisation."""

    region_path = "organization__region__path"
    duties = (Duty.ORGANIZATION,)

    class Meta:
        abstract = True


@journal.tracked()
class ServedCommunity(Spanned, OfOrganization):
    """A community the organisation works in or, of a federation, covers (GS-2.2a, CQ-2.2.2g)."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="served",
        verbose_name=_("social organisation"),
    )
    community = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="serving_organizations",
        verbose_name=_("community"),
        limit_choices_to={"level": Level.COMMUNITY},
    )

    class Meta(Spanned.Meta):
        verbose_name = _("community served")
        verbose_name_plural = _("communities served")
        ordering = ["organization_id", "community__path"]
        constraints = [
            *Spanned.Meta.constraints,
            never_twice_at_a_time(
                "organization_serves_once_at_a_time",
                "organization",
                "community",
                message=_("This community is on the list for these days already."),
            ),
        ]

    def __str__(self):
        return str(self.community)

    def clean(self):
        if self.community_id and not self.community.is_community:
            raise ValidationError({"community": _("Choose a community.")})


@journal.tracked()
class HubMember(Spanned, OfOrganization):
    """A member of a hub organisation or federation (CQ-2.2.2g, HB-3.2f)."""

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="members",
        verbose_name=_("hub organisation"),
    )
    member = models.ForeignKey(
        SocialOrganization, models.PROTECT, related_name="memberships", verbose_name=_("member")
    )

    class Meta(Spanned.Meta):
        verbose_name = _("member organisation")
        verbose_name_plural = _("member organisations")
        ordering = ["organization_id", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.CheckConstraint(
                name="hub_is_not_its_own_member",
                condition=~Q(organization=F("member")),
                violation_error_message=_("An organisation is not a member of itself."),
            ),
            never_twice_at_a_time(
                "hub_member_once_at_a_time",
                "organization",
                "member",
                message=_("This organisation is on the list for these days already."),
            ),
        ]

    def __str__(self):
        return str(self.member)


class HostedQuerySet(EntryQuerySet):
    def at_work(self, on=None):
        """Hosted on that day, both at work themselves, and the hosted one (still) a social-work agency."""
        hosts, agencies = SocialOrganization.objects.existing(on), SocialOrganization.objects.agencies(on)
        return self.on(on).filter(organization__in=hosts, agency__in=agencies)


@journal.tracked()
class HostedAgency(Spanned, OfOrganization):
    """A community organisation receives a social-work agency for services (GS-2.2c).

    The agency may be kept anywhere: it is named by its credit code.
    """

    organization = models.ForeignKey(
        SocialOrganization,
        models.CASCADE,
        related_name="hosted_agencies",
        verbose_name=_("social organisation"),
    )
    agency = models.ForeignKey(
        SocialOrganization, models.PROTECT, related_name="hosts", verbose_name=_("social-work agency")
    )
    services = models.CharField(_("services carried out"), max_length=200, blank=True)

    objects = live(HostedQuerySet)
    everything = HostedQuerySet.as_manager()

    class Meta(Spanned.Meta):
        verbose_name = _("agency hosted for services")
        verbose_name_plural = _("agencies hosted for services")
        ordering = ["organization_id", "pk"]
        constraints = [
            *Spanned.Meta.constraints,
            models.CheckConstraint(
                name="organization_does_not_host_itself",
                condition=~Q(organization=F("agency")),
                violation_error_message=_("An organisation does not host itself."),
            ),
            never_twice_at_a_time(
                "agency_hosted_once_at_a_time",
                "organization",
                "agency",
                message=_("This agency is on the list for these days already."),
            ),
        ]

    def __str__(self):
        return str(self.agency)

    def clean(self):
        if self.agency_id is None:
            return
        if self.agency_id == self.organization_id:
            raise ValidationError({"agency": _("An organisation does not host itself.")})
        if OrgSubtype.SW_AGENCY not in self.agency.subtypes:
            raise ValidationError(
                {"agency": _("This organisation is not marked as a social-work agency in the register.")}
            )
