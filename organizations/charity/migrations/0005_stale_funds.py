"""A source of money with a cap is a unit of its own (HB-T06)."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

COUNTED = ("region_id", "year", "total", "purchased", "removed_at")


class Migration(migrations.Migration):
    dependencies = [("charity", "0004_searched_columns")]

    operations = [
        stale_trigger("charity_cappedspending", "fund", "SELECT id FROM changed", columns=COUNTED),
    ]
