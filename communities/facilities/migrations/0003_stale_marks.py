"""A station changes the figures of its place, of the communities on its list and of its facility."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

STATION = ("region_id", "kind", "facility_id", "valid_from", "valid_to", "removed_at")
FACILITY = ("region_id", "is_comprehensive", "valid_from", "valid_to", "removed_at")

PLACES_OF_STATIONS = """SELECT region_id FROM changed
    UNION SELECT l.community_id FROM changed c JOIN facilities_stationcommunity l ON l.station_id = c.id
    UNION SELECT f.region_id FROM changed c JOIN facilities_servicefacility f ON f.id = c.facility_id"""


class Migration(migrations.Migration):
    dependencies = [("facilities", "0002_indexes"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger("facilities_station", "place", PLACES_OF_STATIONS, columns=STATION),
        stale_trigger("facilities_station", "facility", "SELECT facility_id FROM changed", columns=STATION),
        stale_trigger(
            "facilities_stationcommunity",
            "place",
            "SELECT community_id FROM changed",
            columns=("station_id", "community_id", "valid_from", "valid_to", "removed_at"),
        ),
        stale_trigger(
            "facilities_servicefacility", "place", "SELECT region_id FROM changed", columns=FACILITY
        ),
        stale_trigger("facilities_servicefacility", "facility", "SELECT id FROM changed", columns=FACILITY),
    ]
