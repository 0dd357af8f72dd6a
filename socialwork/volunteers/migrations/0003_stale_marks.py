"""A volunteer, and a service, changes the figures of every community where the person is a volunteer."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

WHEREVER_REGISTERED = """SELECT region_id FROM changed
    UNION SELECT v.region_id FROM changed c JOIN volunteers_volunteer v ON v.person_id = c.person_id"""

WHEREVER_LIVING = """SELECT v.region_id FROM changed c
    JOIN volunteers_volunteer served ON served.id = c.volunteer_id
    JOIN volunteers_volunteer v ON v.person_id = served.person_id"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0002_ended_and_reversed"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger(
            "volunteers_volunteer",
            "place",
            WHEREVER_REGISTERED,
            columns=(
                "region_id",
                "person_id",
                "is_resident",
                "tags",
                "registered_on",
                "ended_on",
                "removed_at",
            ),
        ),
        stale_trigger(
            "volunteers_servicerecord",
            "place",
            WHEREVER_LIVING,
            columns=("volunteer_id", "started_at", "verified_at", "reversed_at", "removed_at"),
        ),
    ]
