"""Documents of purchase and cultivation are counted now, place by place."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_papers")]

    operations = [
        stale_trigger(
            "organizations_supportpolicy",
            "place",
            "SELECT region_id FROM changed",
            columns=("region_id", "paper", "valid_from", "valid_to", "removed_at"),
        ),
    ]
