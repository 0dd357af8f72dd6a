"""Gifts, funds, their uses and the entities are counted now: whatever changes them marks the entity's place."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

OF_ENTITIES = "SELECT e.region_id FROM changed c JOIN charity_charityentity e ON e.id = c.entity_id"
OF_FUNDS = """SELECT e.region_id FROM changed c JOIN charity_specialfund f ON f.id = c.fund_id
    JOIN charity_charityentity e ON e.id = f.entity_id"""


class Migration(migrations.Migration):
    dependencies = [("charity", "0002_stale_marks")]

    operations = [
        stale_trigger(
            "charity_charityentity",
            "place",
            "SELECT region_id FROM changed",
            columns=("region_id", "valid_from", "valid_to", "removed_at"),
        ),
        stale_trigger(
            "charity_specialfund",
            "place",
            OF_ENTITIES,
            columns=("entity_id", "valid_from", "valid_to", "removed_at"),
        ),
        stale_trigger(
            "charity_donation",
            "place",
            OF_ENTITIES,
            columns=("entity_id", "kind", "amount", "received_on", "reverses_id", "removed_at"),
        ),
        stale_trigger(
            "charity_funduse",
            "place",
            OF_FUNDS,
            columns=("fund_id", "used_on", "amount", "removed_at"),
        ),
    ]
