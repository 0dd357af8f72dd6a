"""A place that opens or closes changes where people count, as one that moves does."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger


class Migration(migrations.Migration):
    dependencies = [("attainment", "0005_engine"), ("communities", "0005_stale_marks")]

    operations = [
        stale_trigger(
            "communities_region",
            "tree",
            "SELECT min(id) FROM changed",
            columns=("path", "kind", "opened_on", "closed_on"),
        ),
    ]
