"""Households are counted now: a profile in which they change marks its place."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

COUNTED = ("region_id", "as_of", "residents", "registered_residents", "party_members", "removed_at")


class Migration(migrations.Migration):
    dependencies = [("communities", "0007_places_not_there")]

    operations = [
        stale_trigger(
            "communities_communityprofile",
            "place",
            "SELECT region_id FROM changed",
            columns=(*COUNTED, "households"),
        ),
    ]
