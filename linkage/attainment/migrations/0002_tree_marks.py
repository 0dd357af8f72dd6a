"""A region that hangs elsewhere makes the sums above its old and its new place suspect."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger


class Migration(migrations.Migration):
    dependencies = [
        ("attainment", "0001_targets_and_sums"),
        ("foundation", "0001_initial"),
        ("communities", "0001_initial"),
    ]

    operations = [
        stale_trigger("communities_region", "tree", "SELECT min(id) FROM changed", columns=("path",)),
    ]
