"""What can be counted of places from their own registers, and how every count of places is taken."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from communities.codes import ElectionMethod
from communities.models import (
    CommitteeElection,
    CommunityAffairItem,
    CommunityKind,
    CommunityProfile,
    Level,
    PowerDutyList,
    Region,
    ResidentUnit,
)
from linkage.foundation.measures import HOUSEHOLDS, PEOPLE, PIECES, Measure, register

LONG_AGO = date.min


def a_year_before(day):
    """The same day of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def at_open_places(rows, on, place="region"):
    """The rows whose place is there on that day: of an abolished one nothing counts any more.

    Asked by those that are not there: they are few and found by an index, and a join with all places costs
    more than the count.
    """
    gone = Region.objects.filter(Q(opened_on__gt=on) | Q(closed_on__lte=on)).order_by().values("pk")
    return rows.exclude(**{f"{place}__in": gone})


def once(rows, newest, who="person"):
    """Of the rows of one person the newest: people count once, at one place.

    ``newest`` is a day; a row without it is older than all others, and the later entered one decides.
    """
    rows = rows.alias(newest=Coalesce(newest, Value(LONG_AGO)))
    newer = rows.filter(**{who: OuterRef(who)}).filter(
        Q(newest__gt=OuterRef("newest")) | Q(newest=OuterRef("newest"), pk__gt=OuterRef("pk"))
    )
    return rows.filter(~Exists(newer.order_by()))


def per_place(rows, place="region", value=None):
    """One row a place: how many of these rows lie there, or another sum of them."""
    return rows.order_by().values(unit=F(place)).annotate(value=value or Count("pk"))


def counted(found, at="region", value=None):
    """How a measure is taken that counts rows of a register: so many a place, and which ones those are."""
    return {
        "rows": lambda on: per_place(found(on), at, value),
        "behind": lambda on, unit: found(on).filter(**{at: unit}),
    }


def themselves(found, value=None):
    """How a measure is taken whose unit is the row itself: each counts one, or so much."""
    return {
        "rows": lambda on: found(on).order_by().values(unit=F("pk"), value=value or Value(1)),
        "behind": lambda on, unit: found(on).filter(pk=unit),
    }


def each(places):
    """These places count one each."""
    return places.order_by().values(unit=F("pk"), value=Value(1))


# Figures of the profile: somebody fills them in, and what nobody has filled in is not known


def _newest_profiles(on):
    """The newest profile of each community that is not of a later day."""
    known = CommunityProfile.objects.filter(as_of__lte=on)
    newer = known.filter(region=OuterRef("region"), as_of__gt=OuterRef("as_of"))
    return at_open_places(known.filter(~Exists(newer.order_by())), on)


def _profile(figure):
    return {
        "rows": lambda on: _newest_profiles(on).order_by().values(unit=F("region"), value=F(figure)),
        "behind": lambda on, unit: _newest_profiles(on).filter(region=unit),
    }


# The places themselves


def _communities(on):
    return Region.objects.open_on(on).communities()


def _urban_communities(on):
    return _communities(on).filter(kind=CommunityKind.URBAN)


# Elections and papers


def _last_of_each(held, on):
    """The last one of each residents' committee."""
    held = held.of_residents_committees().filter(region__level=Level.COMMUNITY)
    later = held.filter(region=OuterRef("region"), held_on__gt=OuterRef("held_on"))
    return at_open_places(held.filter(~Exists(later.order_by())), on)


def _elections(on):
    """The re-election by which each residents' committee came into office, if it was one of the term."""
    return _last_of_each(CommitteeElection.objects.within_a_term(on), on)


def _elections_of_2017(on):
    """The round that GS-4.1a speaks of."""
    return _last_of_each(CommitteeElection.objects.of_round(2017, on), on)


def _direct(found):
    return lambda on: found(on).filter(method=ElectionMethod.DIRECT)


def _lists_issued(on):
    counties = Region.objects.open_on(on).filter(level=Level.COUNTY)
    return each(counties.filter(pk__in=PowerDutyList.objects.places_with_both(on).order_by().values("pk")))


def _affairs(on):
    return at_open_places(CommunityAffairItem.objects.in_list(on), on)


# Who is at home there


def _units_sharing(on):
    return at_open_places(ResidentUnit.objects.on(on).exclude(resources=[]), on)


MEASURES = [
    register(
        Measure(
            "communities",
            _("communities and villages"),
            unit="place",
            basis="GS-4.1b",
            **themselves(_communities),
            counted_in=PIECES,
            definition=_("Communities and villages that are there on that day."),
        )
    ),
    register(
        Measure(
            "urban_communities",
            _("urban communities"),
            unit="place",
            basis="GS-4.1b",
            **themselves(_urban_communities),
            counted_in=PIECES,
            definition=_("Of the communities there on that day, those that are urban by their kind."),
        )
    ),
    register(
        Measure(
            "households",
            _("resident households"),
            unit="place",
            basis="GS-3.1",
            **_profile("households"),
            counted_in=HOUSEHOLDS,
            definition=_("Households by the newest community profile that is not of a later day."),
            reported=True,
        )
    ),
    register(
        Measure(
            "residents",
            _("usual residents"),
            unit="place",
            basis="GS-3.1, DOMAIN §2.4",
            **_profile("residents"),
            counted_in=PEOPLE,
            definition=_("Usual residents by the newest community profile that is not of a later day."),
            reported=True,
        )
    ),
    register(
        Measure(
            "registered_residents",
            _("registered residents"),
            unit="place",
            basis="GS-T08",
            **_profile("registered_residents"),
            counted_in=PEOPLE,
            definition=_("Registered residents by the newest community profile that is not of a later day."),
            reported=True,
        )
    ),
    register(
        Measure(
            "party_members",
            _("party members of communities"),
            unit="place",
            basis="WH-T08",
            **_profile("party_members"),
            counted_in=PEOPLE,
            definition=_(
                "Members of the party organisations of the community by the newest community profile."
            ),
            reported=True,
        )
    ),
    register(
        Measure(
            "elections_held",
            _("residents' committees in office by a re-election"),
            unit="place",
            basis="GS-4.1a",
            **counted(_elections),
            counted_in=PIECES,
            definition=_(
                "Residents' committees whose last re-election by that day is of its year or of the years "
                "of a term before; by-elections and villagers' committees are not among them."
            ),
        )
    ),
    register(
        Measure(
            "elections_direct",
            _("residents' committees in office by direct election"),
            unit="place",
            basis="GS-4.1a",
            **counted(_direct(_elections)),
            counted_in=PIECES,
            definition=_(
                "Of these residents' committees, those whose last re-election was by everybody entitled, one "
                "person one vote; elections by households or representatives are indirect."
            ),
        )
    ),
    register(
        Measure(
            "elections_2017",
            _("residents' committees re-elected in 2017"),
            unit="place",
            basis="GS-T06",
            **counted(_elections_of_2017),
            counted_in=PIECES,
            definition=_(
                "Residents' committees that held their re-election in 2017, by that day; by-elections and "
                "villagers' committees are not among them."
            ),
        )
    ),
    register(
        Measure(
            "elections_2017_direct",
            _("residents' committees re-elected directly in 2017"),
            unit="place",
            basis="GS-T06",
            **counted(_direct(_elections_of_2017)),
            counted_in=PIECES,
            definition=_(
                "Of the residents' committees re-elected in 2017, those elected by everybody entitled, one "
                "person one vote."
            ),
        )
    ),
    register(
        Measure(
            "lists_issued",
            _("counties that have issued both lists"),
            unit="place",
            basis="GS-T07",
            rows=_lists_issued,
            behind=lambda on, unit: PowerDutyList.objects.in_force(on).filter(region=unit),
            counted_in=PIECES,
            definition=_(
                "Counties in which the list of powers of street offices and the list of duties of "
                "committees are in force that day, in one document or in two."
            ),
        )
    ),
    register(
        Measure(
            "affairs_listed",
            _("public affairs communities undertake by list"),
            unit="place",
            basis="CQ-2.2.1b, YZ-B01",
            **counted(_affairs),
            counted_in=PIECES,
            definition=_(
                "Affairs in the lists of what communities undertake that day, at the city, county or street "
                "whose list it is."
            ),
        )
    ),
    register(
        Measure(
            "units_sharing",
            _("resident units that share resources"),
            unit="place",
            basis="CQ-2.1.5, HB-4.2d",
            **counted(_units_sharing),
            counted_in=PIECES,
            definition=_(
                "Offices, schools, enterprises and other units with their seat in the community that have "
                "named at least one resource they can give."
            ),
        )
    ),
]
