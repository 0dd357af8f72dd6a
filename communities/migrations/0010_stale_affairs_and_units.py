"""Affairs in the lists and resident units that share are counted now: what changes them marks the place."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

ITSELF = "SELECT region_id FROM changed"
OF_AFFAIRS = "SELECT i.region_id FROM changed c JOIN communities_communityaffairitem i ON i.id = c.item_id"


class Migration(migrations.Migration):
    dependencies = [("communities", "0009_places_that_went_on")]

    operations = [
        stale_trigger(
            "communities_communityaffairitem",
            "place",
            ITSELF,
            columns=("region_id", "listed_on", "removed_at"),
        ),
        stale_trigger(
            "communities_affairchange",
            "place",
            OF_AFFAIRS,
            columns=("item_id", "kind", "changed_on", "removed_at"),
        ),
        stale_trigger(
            "communities_residentunit",
            "place",
            ITSELF,
            columns=("region_id", "resources", "valid_from", "valid_to", "removed_at"),
        ),
    ]
