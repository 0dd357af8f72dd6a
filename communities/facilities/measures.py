"""What can be counted of facilities and stations, and of the communities that have or are served by them.

Coverage has two readings (DOMAIN §2.4): ``own`` counts what lies in the community, ``served`` also the
stations elsewhere whose list names the community.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.facilities.codes import VOLUNTEER_STATIONS, StationKind
from communities.facilities.models import ServiceFacility, Station, StationCommunity
from communities.measures import at_open_places, each, themselves
from communities.models import Level, Region
from linkage.foundation.measures import PIECES, Measure, register

STUDIOS = (StationKind.SW_STUDIO,)
ORG_CENTERS = (StationKind.ORG_CENTER,)


def _communities(kinds, served):
    """The communities that have a station of these kinds or, if ``served``, are on the list of one."""

    def covered(on, places=None):
        stations = Station.objects.of_kind(*kinds)
        return each(stations.communities(on, served=served, among=places).open_on(on))

    def behind(on, unit):
        there = Q(region=unit)
        if served:
            named = StationCommunity.objects.on(on).order_by().filter(community=unit)
            there |= Q(pk__in=named.values("station"))
        return Station.objects.of_kind(*kinds).on(on).filter(there)

    return {"rows": covered, "near": covered, "behind": behind}


def _at_places(places, found):
    """The places at which there is one of these rows, as a measure."""
    return {
        "rows": lambda on: each(
            places(on).filter(Exists(found(on).order_by().filter(region=OuterRef("pk"))))
        ),
        "behind": lambda on, unit: found(on).filter(region=unit),
    }


def _open_streets(on):
    return Region.objects.open_on(on).filter(level=Level.STREET)


def _open_communities(on):
    return Region.objects.communities().open_on(on)


def _street_stations(on):
    return Station.objects.of_kind(StationKind.SW_STATION).on(on)


def _comprehensive(on):
    return ServiceFacility.objects.comprehensive().on(on)


def _with_studio(on):
    return _comprehensive(on).hosting(STUDIOS, on)


def _with_volunteer_station(on):
    return _comprehensive(on).hosting(VOLUNTEER_STATIONS, on)


MEASURES = [
    register(
        Measure(
            "studio_own",
            _("communities with a social work studio"),
            unit="place",
            basis="GS-T11, CQ-T05",
            **_communities(STUDIOS, False),
            counted_in=PIECES,
            definition=_("Communities in which a social work studio (station) of their own works that day."),
        )
    ),
    register(
        Measure(
            "studio_served",
            _("communities served by a social work studio"),
            unit="place",
            basis="GS-T02b, WH-T05b",
            **_communities(STUDIOS, True),
            counted_in=PIECES,
            definition=_("Communities with a social work studio, or named on the list of another one."),
        )
    ),
    register(
        Measure(
            "studio_in_facility",
            _("communities with a social work studio in their comprehensive facility"),
            unit="place",
            basis="CQ-T09",
            **_at_places(_open_communities, _with_studio),
            counted_in=PIECES,
            definition=_("Communities in whose comprehensive service facility a social work studio works."),
        )
    ),
    register(
        Measure(
            "comprehensive_facility",
            _("communities with a comprehensive service facility"),
            unit="place",
            basis="CQ-T09",
            **_at_places(_open_communities, _comprehensive),
            counted_in=PIECES,
            definition=_("Communities with a comprehensive service facility of their own in use that day."),
        )
    ),
    register(
        Measure(
            "org_center_served",
            _("communities served by a centre of community organisations"),
            unit="place",
            basis="WH-T05a",
            **_communities(ORG_CENTERS, True),
            counted_in=PIECES,
            definition=_(
                "Communities with a service centre (station) of community organisations, or named on the "
                "list of another one."
            ),
        )
    ),
    register(
        Measure(
            "volunteer_station_served",
            _("communities served by a volunteer station"),
            unit="place",
            basis="WH-T05c",
            **_communities(tuple(sorted(VOLUNTEER_STATIONS)), True),
            counted_in=PIECES,
            definition=_(
                "Communities with a community volunteer station, a Lei Feng station or a civilisation "
                "practice station, or named on the list of another one."
            ),
        )
    ),
    register(
        Measure(
            "street_station",
            _("streets and townships with a social work station"),
            unit="place",
            basis="HB-T01",
            **_at_places(_open_streets, _street_stations),
            counted_in=PIECES,
            definition=_("Streets and townships in which a social work station works that day."),
        )
    ),
    register(
        Measure(
            "comprehensive_facilities",
            _("comprehensive service facilities"),
            unit="facility",
            basis="HB-T05",
            **themselves(lambda on: at_open_places(_comprehensive(on), on)),
            counted_in=PIECES,
            definition=_("Comprehensive service facilities in use that day, at any place."),
        )
    ),
    register(
        Measure(
            "with_volunteer_station",
            _("comprehensive service facilities with a volunteer station"),
            unit="facility",
            basis="HB-T05",
            **themselves(lambda on: at_open_places(_with_volunteer_station(on), on)),
            counted_in=PIECES,
            definition=_(
                "Comprehensive service facilities in which a community volunteer station, a Lei Feng "
                "station or a civilisation practice station works that day."
            ),
        )
    ),
    register(
        Measure(
            "with_studio",
            _("comprehensive service facilities with a social work studio"),
            unit="facility",
            basis="CQ-T09",
            **themselves(lambda on: at_open_places(_with_studio(on), on)),
            counted_in=PIECES,
            definition=_("Comprehensive service facilities in which a social work studio works that day."),
        )
    ),
]
