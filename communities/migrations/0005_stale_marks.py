"""Whatever changes what is counted of a place out of these registers marks the place as stale.

A place that opens, closes or becomes another kind counts otherwise itself; the sums above it are the
business of the marks of the tree.
"""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

ITSELF = "SELECT region_id FROM changed"


class Migration(migrations.Migration):
    dependencies = [("communities", "0004_registers"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger(
            "communities_region",
            "place",
            "SELECT id FROM changed",
            columns=("level", "kind", "committee", "opened_on", "closed_on"),
        ),
        stale_trigger(
            "communities_communityprofile",
            "place",
            ITSELF,
            columns=(
                "region_id",
                "as_of",
                "residents",
                "registered_residents",
                "party_members",
                "removed_at",
            ),
        ),
        stale_trigger(
            "communities_committeeelection",
            "place",
            ITSELF,
            columns=("region_id", "held_on", "is_by_election", "method", "removed_at"),
        ),
        stale_trigger(
            "communities_powerdutylist",
            "place",
            ITSELF,
            columns=("region_id", "kind", "issued_on", "repealed_on", "removed_at"),
        ),
    ]
