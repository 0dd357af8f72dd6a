"""A pilot community is one itself, beside counting for its area; a pilot area concerns all below it."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

NAMED = """SELECT a.region_id FROM changed c JOIN projects_pilotarea a ON a.id = c.area_id
    UNION SELECT region_id FROM changed"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_stale_places"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger(
            "projects_pilotcommunity", "place", NAMED, columns=("area_id", "region_id", "designated_on")
        ),
        stale_trigger(
            "projects_pilotarea",
            "tree",
            "SELECT min(id) FROM changed",
            columns=("region_id", "programme_id"),
        ),
    ]
