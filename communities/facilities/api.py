"""Service facilities and stations over REST."""

from communities.facilities.models import ServiceFacility, Station
from linkage.foundation.register_api import viewset

ServiceFacilityViewSet = viewset(
    ServiceFacility,
    about="Service facilities: where they lie, how they came about, what for.",
    fields=[
        *("region", "name", "kind", "is_comprehensive", "address", "area_m2", "acquisition", "operation"),
        *("functions", "residents_covered", "valid_from", "valid_to"),
    ],
    filters=["kind", "is_comprehensive", "acquisition", "operation", "functions"],
)

StationViewSet = viewset(
    Station,
    about="Stations of social work, of organisations and of volunteers.",
    fields=["region", "name", "kind", "facility", "room", "address", "area_m2", "valid_from", "valid_to"],
    filters=["kind", "facility"],
)
