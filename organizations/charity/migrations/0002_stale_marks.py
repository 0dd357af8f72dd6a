"""Money that is planned or spent changes the figures of the place whose money it is."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

ITSELF = "SELECT region_id FROM changed"


class Migration(migrations.Migration):
    dependencies = [("charity", "0001_initial"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger(
            "charity_fundbudget",
            "place",
            ITSELF,
            columns=("region_id", "year", "source", "purpose", "amount", "adopted_on", "removed_at"),
        ),
        stale_trigger(
            "charity_cappedspending",
            "place",
            ITSELF,
            columns=("region_id", "year", "total", "purchased", "removed_at"),
        ),
    ]
