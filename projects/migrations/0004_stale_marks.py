"""Whatever changes what is counted of a project marks it, and its pilot community, as stale."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

COUNTED = ("status", "region_id", "track_id", "programme_id", "granted_amount", "approved_on")


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_project_history"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger("projects_project", "project", "SELECT id FROM changed", columns=COUNTED),
        stale_trigger(
            "projects_project",
            "pilot_community",
            "SELECT p.id FROM changed c JOIN projects_pilotcommunity p"
            " ON p.programme_id = c.programme_id AND p.region_id = c.region_id",
            columns=COUNTED,
        ),
        stale_trigger("projects_pilotcommunity", "pilot_community", "SELECT id FROM changed"),
    ]
