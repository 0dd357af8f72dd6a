"""Organisations revoked or cancelled in a year are counted now, by the changes of their status."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

HOME = """SELECT o.region_id FROM changed c
    JOIN organizations_socialorganization o ON o.id = c.organization_id"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_stale_marks")]

    operations = [
        stale_trigger(
            "organizations_statuschange",
            "place",
            HOME,
            columns=("organization_id", "happened_on", "from_status", "to_status", "removed_at"),
        ),
    ]
