"""A local plan that is handed in or sent back changes the figures of its pilot area.

And of a place that is named as a pilot, or no more, the rows of the units in it say so too.
"""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

NAMED = ("area_id", "region_id", "designated_on")
THERE = "SELECT u.id FROM changed c JOIN {table} u ON u.region_id = c.region_id"
UNITS = (
    ("organisation", "organizations_socialorganization"),
    ("facility", "facilities_servicefacility"),
    ("project", "projects_project"),
)


class Migration(migrations.Migration):
    dependencies = [("projects", "0023_scoring_of_a_programme_and_reports")]

    operations = [
        stale_trigger(
            "projects_pilotplan",
            "place",
            "SELECT a.region_id FROM changed c JOIN projects_pilotarea a ON a.id = c.area_id",
            columns=("area_id", "state", "handed_in_at", "answered_at"),
        ),
        *(
            stale_trigger("projects_pilotcommunity", kind, THERE.format(table=table), columns=NAMED)
            for kind, table in UNITS
        ),
    ]
