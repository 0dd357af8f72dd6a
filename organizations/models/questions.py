"""What is asked of all social organisations, by name. ``on`` is a day; without one, today."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from linkage.foundation.counting import number_of
from linkage.foundation.ledger import EntryQuerySet
from organizations import rules
from organizations.codes import (
    WITH_SHARE_OF_POSTS,
    EmploymentKind,
    HandlingTier,
    InspectionKind,
    OrgSubtype,
)


class SocialOrganizationQuerySet(EntryQuerySet):
    def _part(self, name):
        """The standing rows of a part, each to be met with the organisation it belongs to."""
        return self.model._meta.get_field(name).related_model.objects.filter(organization=OuterRef("pk"))

    def _as_of(self, on, field, changes):
        """``field`` as it stood on a day: what the first later change found, or what stands now."""
        later = self._part(changes).filter(happened_on__gt=on).order_by("happened_on", "pk")
        before = Subquery(later.values(f"from_{field}")[:1])
        return self.alias(**{f"{field}_then": Coalesce(before, F(field))})

    @staticmethod
    def _is_now(on):
        """Nothing is entered as of a later day: from today on, what stands is what stands."""
        return on is None or on >= timezone.localdate()

    # Which there are

    def existing(self, on=None):
        """Those at work that day: founded by then, and neither being prepared nor revoked nor cancelled."""
        if self._is_now(on):
            return self.filter(status__in=rules.WORKING)
        return (
            self._as_of(on, "status", "status_changes")
            .filter(Q(established_on__isnull=True) | Q(established_on__lte=on))
            .filter(status_then__in=rules.WORKING)
        )

    def of_tier(self, tier, on=None):
        """Of this tier that day; nothing is registered or filed before its day of registration or filing."""
        if self._is_now(on):
            return self.filter(tier=tier)
        found = self._as_of(on, "tier", "tier_moves").filter(tier_then=tier)
        if tier == HandlingTier.REGISTERED:
            return found.filter(Q(registered_on__isnull=True) | Q(registered_on__lte=on))
        if tier == HandlingTier.FILED:
            return found.filter(Q(filed_on__isnull=True) | Q(filed_on__lte=on) | ~Q(tier=tier))
        return found

    def registered(self, on=None):
        return self.existing(on).of_tier(HandlingTier.REGISTERED, on)

    def filed(self, on=None):
        return self.existing(on).of_tier(HandlingTier.FILED, on)

    def guided(self, on=None):
        return self.existing(on).of_tier(HandlingTier.GUIDED, on)

    def community_organizations(self, on=None):
        """社区社会组织 of all three tiers (CQ-1.3a, WH-2.1)."""
        return self.existing(on).filter(is_community_org=True)

    def at_home_in(self, community):
        return self.filter(region=community)

    def serving(self, community, on=None):
        """At home in the community, or with it on the list of those they serve."""
        named = self._part("served").on(on).filter(community=community)
        return self.existing(on).filter(Q(region=community) | Exists(named))

    # What they are

    def registered_directly(self, on=None):
        """直接登记: without a competent supervisory unit (GS-4.2a, CQ-2.2.2b, CQ-2.2.2j)."""
        return self.registered(on).filter(direct_registration=True)

    def founded_by_streets(self, on=None):
        """街道（镇）创建的社区社会工作服务机构 (WH-3.3.3a)."""
        return self.existing(on).filter(founded_by_street__isnull=False)

    def of_type(self, *subtypes):
        return self.filter(subtypes__overlap=list(subtypes))

    def agencies(self, on=None):
        """民办社会工作服务机构 (CQ-2.2.2j)."""
        return self.existing(on).of_type(OrgSubtype.SW_AGENCY)

    def held_to_the_share(self, on=None):
        """Agencies, and organisations that mainly do social work: 70 % of their posts are (CQ-2.2.3h)."""
        return self.existing(on).of_type(*WITH_SHARE_OF_POSTS)

    def hubs(self, on=None):
        """Hub organisations, federations included (HB-2.2, HB-3.2f)."""
        return self.existing(on).of_type(*rules.HUBS)

    def charities(self, on=None):
        """Recognised as charitable organisations (HB-3.2e)."""
        found = self.existing(on).filter(is_charity=True)
        if on is None:
            return found
        return found.filter(Q(charity_since__isnull=True) | Q(charity_since__lte=on))

    def in_common_category(self, common):
        return self.filter(Exists(self._part("categories").filter(category__common=common)))

    def with_common_categories(self):
        """``common_categories``: the codes of ``CommonCategory`` it stands in, each once, of every scheme."""
        named = self._part("categories").order_by("category__common").values("category__common").distinct()
        return self.annotate(common_categories=ArraySubquery(named))

    def hosting_agencies(self, on=None):
        """接纳民办社工机构从事社会服务 (GS-2.2c); those with social workers of their own: socialwork."""
        return self.existing(on).filter(Exists(self._part("hosted_agencies").at_work(on)))

    def rated(self, on=None, at_least=None):
        """With a rating in force; a higher grade sorts behind a lower one."""
        ratings = self._part("ratings").valid(on)
        if at_least:
            ratings = ratings.filter(grade__gte=at_least)
        return self.existing(on).filter(Exists(ratings))

    def with_staff(self, on=None):
        """``full_time`` and ``part_time``: the people employed that day; nobody twice at one organisation."""
        counts = {}
        for kind in EmploymentKind:
            counts[kind.value] = number_of(self._part("employments").on(on).filter(kind=kind))
        return self.annotate(**counts)

    # What is missing

    def should_build_party(self, on=None):
        """With three Party members or more (党章 30)."""
        return self.existing(on).filter(party_members__gte=rules.PARTY_MEMBERS)

    def party_gap(self, on=None):
        """应建未建 (CQ-2.2.2h, HB-3.1c)."""
        return self.should_build_party(on).exclude(Exists(self._part("party_organizations").on(on)))

    def without_party_clause(self, on=None):
        """Registered, and Party building does not stand in the charter (HB-3.1c)."""
        return self.registered(on).filter(charter_party_clause=False)

    def filing_ended(self, on=None):
        """Filed, and the filing has run out (WH-3.2.1b)."""
        return self.filed(on).filter(filing_valid_to__lt=on or timezone.localdate())

    def filing_ends_soon(self, on=None, within=rules.FILING_NOTICE):
        on = on or timezone.localdate()
        return self.filed(on).filter(filing_valid_to__gte=on, filing_valid_to__lte=on + within)

    def filing_to_renew(self, on=None):
        """The filing has run out or does so soon."""
        return self.filing_ended(on) | self.filing_ends_soon(on)

    def not_inspected(self, year):
        """Registered before that year ended, and without a result of its inspection or report."""
        results = self._part("inspections").filter(year=year, kind__in=InspectionKind.values)
        return (
            self.registered()
            .filter(Q(registered_on__isnull=True) | Q(registered_on__year__lte=year))
            .exclude(Exists(results))
        )

    def rating_ended(self, on=None):
        """Was rated once, and no rating is in force."""
        return self.existing(on).filter(
            Exists(self._part("ratings")), ~Exists(self._part("ratings").valid(on))
        )

    def rating_ends_soon(self, on=None, within=timedelta(days=90)):
        on = on or timezone.localdate()
        return self.existing(on).filter(
            Exists(self._part("ratings").valid(on).filter(valid_to__lte=on + within))
        )
