"""A community that is named as a pilot changes the figures of the pilot area that has named it."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_what_is_counted"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger(
            "projects_pilotcommunity",
            "place",
            "SELECT a.region_id FROM changed c JOIN projects_pilotarea a ON a.id = c.area_id",
            columns=("area_id", "region_id", "designated_on"),
        ),
        stale_trigger("projects_pilotarea", "place", "SELECT region_id FROM changed", columns=("region_id",)),
    ]
