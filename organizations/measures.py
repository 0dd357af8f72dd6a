"""What can be counted of social organisations, of who works there, and of the communities they cover."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.measures import at_open_places, counted, each, once
from communities.models import Level, Region
from linkage.foundation.measures import PEOPLE, PIECES, Measure, register
from organizations import rules
from organizations.codes import OrgStatus, OrgSubtype, PolicyPaper
from organizations.models import (
    Employment,
    ServedCommunity,
    SocialOrganization,
    StatusChange,
    SupportPolicy,
)

ENDED = (OrgStatus.REVOKED, OrgStatus.CANCELLED)
FEDERATIONS = (OrgSubtype.CSO_FEDERATION,)


def community_organizations(on):
    """Community organisations at work, each at home in a community there is that day."""
    organizations = SocialOrganization.objects.community_organizations(on)
    return at_open_places(organizations.filter(region__level=Level.COMMUNITY), on)


def _registered(on):
    return at_open_places(SocialOrganization.objects.registered(on), on)


def _ended(on):
    """The changes by which organisations were revoked or cancelled in the year, the last one of each."""
    ending = StatusChange.objects.filter(
        happened_on__range=(date(on.year, 1, 1), on),
        to_status__in=ENDED,
        organization__removed_at__isnull=True,
    ).exclude(from_status__in=ENDED)
    later = ending.filter(organization=OuterRef("organization"), pk__gt=OuterRef("pk"))
    return at_open_places(ending.filter(~Exists(later.order_by())), on, "organization__region")


# Who works there


def _employed(rows, on):
    """Each person once, at the home place of the employer entered last."""
    return once(at_open_places(rows, on, "organization__region"), "valid_from")


def _employees(on):
    return _employed(Employment.objects.org_employees(on), on)


def _staff_fulltime(on):
    return _employed(Employment.objects.org_staff_fulltime(on), on)


# Which communities are covered


def _covered(subtypes, served):
    """The communities that have such an organisation or, if ``served``, are on the list of one."""

    def naming(on, organizations):
        return ServedCommunity.objects.on(on).filter(organization__in=organizations.values("pk")).order_by()

    def covered(on, places=None):
        organizations = SocialOrganization.objects.existing(on).of_type(*subtypes).order_by()
        own, named = organizations, naming(on, organizations)
        if places is not None:
            own, named = own.filter(region__in=places), named.filter(community__in=places)
        found = own.values("region")
        if served:
            found = found.union(named.values("community"), all=True)
        return each(Region.objects.communities().open_on(on).filter(pk__in=found))

    def behind(on, unit):
        organizations = SocialOrganization.objects.existing(on).of_type(*subtypes).order_by()
        there = Q(region=unit)
        if served:
            there |= Q(pk__in=naming(on, organizations).filter(community=unit).values("organization"))
        return organizations.filter(there)

    return {"rows": covered, "near": covered, "behind": behind}


def _sw_association(on):
    places = Region.objects.open_on(on).filter(level__in=[Level.CITY, Level.COUNTY])
    return each(places.filter(Exists(_associations(on).order_by().filter(region=OuterRef("pk")))))


def _associations(on):
    return SocialOrganization.objects.registered(on).of_type(OrgSubtype.SW_ASSOCIATION)


# Documents that settle purchase and cultivation, one by one


def _places_with(paper):
    """Counties, cities and provinces with such a document in force, one each."""

    def rows(on):
        there = SupportPolicy.objects.places_with(paper, on).order_by().values("pk")
        return each(Region.objects.open_on(on).filter(pk__in=there))

    def behind(on, unit):
        return SupportPolicy.objects.on(on).filter(paper=paper, region=unit)

    return {"rows": rows, "behind": behind}


MEASURES = [
    register(
        Measure(
            "community_orgs",
            _("community social organisations"),
            unit="place",
            basis="CQ-T01, WH-T03",
            **counted(community_organizations),
            counted_in=PIECES,
            definition=_(
                "Community social organisations at work, registered, filed or guided by the community; "
                "each counts once, in its home community."
            ),
        )
    ),
    register(
        Measure(
            "registered_orgs",
            _("registered social organisations"),
            unit="place",
            basis="GS-T08",
            **counted(_registered),
            counted_in=PIECES,
            definition=_("Registered social organisations at work, at their home place of any level."),
        )
    ),
    register(
        Measure(
            "orgs_ended",
            _("social organisations revoked or cancelled this year"),
            unit="place",
            basis="YZ-2.2e, YZ-B06",
            **counted(_ended, "organization__region"),
            counted_in=PIECES,
            yearly=True,
            definition=_(
                "Social organisations whose status became revoked or cancelled in the calendar year, by that "
                "day; each once, at its home place."
            ),
        )
    ),
    register(
        Measure(
            "org_employees",
            _("people employed at social organisations"),
            unit="place",
            basis="GS-T09",
            **counted(_employees, "organization__region"),
            counted_in=PEOPLE,
            definition=_(
                "Everybody employed at social organisations at work, full or part time; each person once, "
                "at the home place of the employer entered last."
            ),
        )
    ),
    register(
        Measure(
            "org_staff_fulltime",
            _("full-time staff of registered social organisations"),
            unit="place",
            basis="HB-T03",
            **counted(_staff_fulltime, "organization__region"),
            counted_in=PEOPLE,
            definition=_(
                "People employed full time at registered social organisations at work; each person once, "
                "at the home place of the employer entered last."
            ),
        )
    ),
    register(
        Measure(
            "federation_served",
            _("communities covered by a federation of community organisations"),
            unit="place",
            basis="GS-T02a",
            **_covered(FEDERATIONS, True),
            counted_in=PIECES,
            definition=_("Communities with a federation of community organisations at work, or on its list."),
        )
    ),
    register(
        Measure(
            "hub_own",
            _("communities with a hub organisation"),
            unit="place",
            basis="HB-T02",
            **_covered(rules.HUBS, False),
            counted_in=PIECES,
            definition=_(
                "Communities that are the home of a hub organisation at work; federations are hubs too."
            ),
        )
    ),
    register(
        Measure(
            "hub_served",
            _("communities covered by a hub organisation"),
            unit="place",
            basis="HB-T02",
            **_covered(rules.HUBS, True),
            counted_in=PIECES,
            definition=_(
                "Communities with a hub organisation at work, or on its list; federations are hubs too."
            ),
        )
    ),
    register(
        Measure(
            "sw_association",
            _("cities and counties with a social work association"),
            unit="place",
            basis="GS-T10",
            rows=_sw_association,
            behind=lambda on, unit: _associations(on).filter(region=unit),
            counted_in=PIECES,
            definition=_(
                "Cities and counties at whose own level a registered social work association is at work."
            ),
        )
    ),
    register(
        Measure(
            "purchase_rules_issued",
            _("places with rules for purchasing services of organisations"),
            unit="place",
            basis="GS-4.2g",
            **_places_with(PolicyPaper.PURCHASE_RULES),
            counted_in=PIECES,
            definition=_(
                "Provinces, cities and counties with a document of their own in force that day by which "
                "services of social organisations are purchased, with its number."
            ),
        )
    ),
    register(
        Measure(
            "cultivation_issued",
            _("places with a policy to foster community organisations"),
            unit="place",
            basis="GS-4.2g",
            **_places_with(PolicyPaper.CULTIVATION),
            counted_in=PIECES,
            definition=_(
                "Provinces, cities and counties with a document of their own in force that day by which "
                "community organisations are fostered, with its number."
            ),
        )
    ),
]
