"""An organisation changes the figures of its place, of whom it covers and hosts, and of its people's places.

People employed at several organisations count at one of them: where it ends, another one begins to count.
Changes of status and moves between tiers need no marks of their own: they change the organisation too, and
only figures of days gone by read them.
"""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

ORGANIZATION = (
    "region_id",
    "tier",
    "status",
    "subtypes",
    "is_community_org",
    "established_on",
    "registered_on",
    "filed_on",
    "removed_at",
)

AROUND = """SELECT region_id FROM changed
    UNION SELECT s.community_id FROM changed c JOIN organizations_servedcommunity s ON s.organization_id = c.id
    UNION SELECT host.region_id FROM changed c
        JOIN organizations_hostedagency h ON h.agency_id = c.id
        JOIN organizations_socialorganization host ON host.id = h.organization_id
    UNION SELECT o.region_id FROM changed c
        JOIN organizations_employment e ON e.organization_id = c.id
        JOIN organizations_employment other ON other.person_id = e.person_id AND other.id <> e.id
        JOIN organizations_socialorganization o ON o.id = other.organization_id"""

WHEREVER_EMPLOYED = """SELECT o.region_id FROM changed c
        JOIN organizations_socialorganization o ON o.id = c.organization_id
    UNION SELECT o.region_id FROM changed c
        JOIN organizations_employment e ON e.person_id = c.person_id
        JOIN organizations_socialorganization o ON o.id = e.organization_id"""

HOSTS = """SELECT o.region_id FROM changed c
    JOIN organizations_socialorganization o ON o.id = c.organization_id"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_registers"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger("organizations_socialorganization", "place", AROUND, columns=ORGANIZATION),
        stale_trigger(
            "organizations_socialorganization",
            "organisation",
            "SELECT id FROM changed",
            columns=ORGANIZATION,
        ),
        stale_trigger(
            "organizations_servedcommunity",
            "place",
            "SELECT community_id FROM changed",
            columns=("organization_id", "community_id", "valid_from", "valid_to", "removed_at"),
        ),
        stale_trigger(
            "organizations_hostedagency",
            "place",
            HOSTS,
            columns=("organization_id", "agency_id", "valid_from", "valid_to", "removed_at"),
        ),
        stale_trigger(
            "organizations_employment",
            "place",
            WHEREVER_EMPLOYED,
            columns=("organization_id", "person_id", "kind", "valid_from", "valid_to", "removed_at"),
        ),
    ]
