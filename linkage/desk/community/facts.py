"""What the registers say of one community on a day: everything that is a number or one line, in one query.

The numbers are told to whoever sees the place, as on 指标; records are listed within one's rights elsewhere.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from communities.codes import ElectionMethod, RegionTagKind
from communities.facilities.models import OpenedResource, ServiceFacility
from communities.models import CommitteeElection, CommunityProfile, RegionTag, ResidentUnit
from linkage.foundation import measures
from organizations.charity.codes import DonationKind
from organizations.charity.models import CharityEntity, Donation, FundUse
from organizations.codes import HandlingTier
from organizations.measures import community_organizations
from projects.models import PilotCommunity
from socialwork.models import Certificate, SocialWorkPost
from socialwork.models.worker import by_level
from socialwork.volunteers.models import ServiceRecord, VolunteerTeam

SHORT = {
    ElectionMethod.DIRECT: _("direct"),
    ElectionMethod.HOUSEHOLDS: _("by households"),
    ElectionMethod.GROUPS: _("by groups of residents"),
}
SHOWN = 5  # rows of a list; the register has them all
PROFILE = (
    "households",
    "residents",
    "registered_residents",
    "infants",
    "children",
    "elderly",
    "aged_65",
    "aged_80",
    "source",
)


class Number(Subquery):
    """How many rows there are."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows):
        super().__init__(rows.order_by().values("pk"))


def total(rows, column, by):
    """The sum of a column over rows that all lie in one place; None without any row."""
    return Subquery(rows.order_by().values(by).annotate(total=Sum(column)).values("total"))


@dataclass(frozen=True)
class Profile:
    """The newest figures of the community that somebody handed in; None where they left one out."""

    households: int
    residents: int
    registered_residents: int | None
    infants: int | None
    children: int | None
    elderly: int | None
    aged_65: int | None
    aged_80: int | None
    source: str
    as_of: date
    area_km2: Decimal | None


@dataclass(frozen=True)
class Election:
    pk: int
    held_on: date
    method: str
    term_to: date

    @property
    def word(self):
        return SHORT[ElectionMethod(self.method)]


@dataclass(frozen=True)
class Facts:
    """``levels``: ``{professional level: people}``; ``tags``: ``[(word, name of the tagged place)]``;
    ``pilots``: ``[(year of the programme's document, its title)]``. Money in yuan, None without any record.
    ``vacant``, ``opened``: the first posts nobody holds and the first things one may use, as dicts, those
    whose registers this person reads.
    """

    profile: Profile | None
    election: Election | None
    tags: list
    pilots: list
    levels: dict
    registered: int
    filed: int
    guided: int
    facilities: int
    facilities_measured: int  # those whose floor area is known
    facility_m2: Decimal | None
    teams: int
    hours: Decimal | None
    entities: int
    donations: int
    donated: Decimal | None
    spent: Decimal | None
    units: int
    venues: int
    vacant: list
    opened: list


def facts_of(user, place, today):
    """``Facts`` of this community on that day, for this reader."""
    first = today.replace(month=1, day=1)
    facilities = ServiceFacility.objects.comprehensive().on(today).filter(region=place.pk)
    organizations = community_organizations(today).filter(region=place.pk)
    served = ServiceRecord.objects.verified().between(first, today).filter(region=place.pk)
    given = Donation.objects.effective(today).filter(entity__region=place.pk, received_on__gte=first)
    money = given.filter(kind=DonationKind.MONEY)
    used = FundUse.objects.filter(fund__entity__region=place.pk, used_on__range=(first, today))
    asked = dict(
        profile=_profile(place, today),
        election=_election(place, today),
        tags=_tags(place, today),
        pilots=_pilots(place),
        levels=_levels(place, today),
        registered=Number(organizations.of_tier(HandlingTier.REGISTERED)),
        filed=Number(organizations.of_tier(HandlingTier.FILED)),
        guided=Number(organizations.of_tier(HandlingTier.GUIDED)),
        facilities=Number(facilities),
        facilities_measured=Number(facilities.filter(area_m2__isnull=False)),
        facility_m2=total(facilities, "area_m2", "region"),
        teams=Number(VolunteerTeam.objects.on(today).filter(region=place.pk)),
        hours=total(served, "hours", "region"),
        entities=Number(CharityEntity.objects.on(today).filter(region=place.pk)),
        donations=Number(given),
        donated=total(money, "amount", "entity__region"),
        spent=total(used, "amount", "fund__entity__region"),
        units=Number(ResidentUnit.objects.on(today).filter(region=place.pk)),
        venues=Number(OpenedResource.objects.on(today).filter(facility__region=place.pk)),
        vacant=_vacant(user, place, today),
        opened=_opened(user, place, today),
    )
    told = {name: user.asides.put(f"its_{name}", one) for name, one in asked.items()}
    row = {name: read() for name, read in told.items()}
    profile, election = row.pop("profile"), row.pop("election")
    tags, pilots, levels = row.pop("tags"), row.pop("pilots"), row.pop("levels")
    return Facts(
        profile=Profile(**_typed(profile, days=["as_of"], decimals=["area_km2"])) if profile else None,
        election=Election(**_typed(election, days=["held_on", "term_to"])) if election else None,
        tags=[(RegionTagKind(tag["kind"]).label, tag["place"]) for tag in tags],
        pilots=[(pilot["year"], pilot["title"]) for pilot in pilots],
        levels={level["level"]: level["people"] for level in levels},
        **row,
    )


def _profile(place, today):
    rows = CommunityProfile.objects.filter(region=place.pk, as_of__lte=today).order_by("-as_of")
    told = JSONObject(as_of="as_of", area_km2="area_km2", **{name: name for name in PROFILE})
    return Subquery(rows.values(told=told)[:1])


def _election(place, today):
    """The last re-election of the committee; a by-election is none."""
    rows = CommitteeElection.objects.filter(region=place.pk, is_by_election=False, held_on__lte=today)
    told = JSONObject(pk="pk", held_on="held_on", method="method", term_to="term_to")
    return Subquery(rows.order_by("-held_on").values(told=told)[:1])


def _tags(place, today):
    """老少边穷: what is said of the place itself and of those above it."""
    rows = RegionTag.objects.covering(place, today).order_by("region__path", "pk")
    return ArraySubquery(rows.values(told=JSONObject(kind="kind", place="region__name")))


def _pilots(place):
    rows = PilotCommunity.objects.filter(region=place.pk).order_by("designated_on")
    told = JSONObject(year="programme__document__year", title="programme__document__title")
    return ArraySubquery(rows.values(told=told))


def _levels(place, today):
    """Certified social workers who count here, by their highest certificate: each person once."""
    workers = measures.get("sw_certified").rows_behind(today, place.pk).order_by()
    highest = Certificate.objects.held(today).filter(person=OuterRef("person")).order_by(by_level())
    rows = workers.annotate(highest=Subquery(highest.values("level")[:1])).values("highest")
    counted = rows.annotate(people=Count("pk"))
    return ArraySubquery(counted.values(told=JSONObject(level=F("highest"), people=F("people"))))


def _vacant(user, place, today):
    posts = SocialWorkPost.objects.visible_to(user).vacant(today).filter(region=place.pk)
    seat = Coalesce("organization__name", "facility__name", "station__name", "region__name")
    told = JSONObject(name="name", seat=seat, since="established_on")
    return ArraySubquery(posts.order_by("established_on", "pk").values(told=told)[:SHOWN])


def _opened(user, place, today):
    rows = OpenedResource.objects.visible_to(user).on(today).filter(facility__region=place.pk)
    told = JSONObject(name="name", facility="facility__name", capacity="capacity", hours="hours")
    return ArraySubquery(rows.order_by("pk").values(told=told)[:SHOWN])


def _typed(row, days=(), decimals=()):
    """A row told as JSON, with its days and decimals as such again."""
    for name in days:
        row[name] = date.fromisoformat(row[name])
    for name in decimals:
        row[name] = None if row[name] is None else Decimal(str(row[name]))
    return row
