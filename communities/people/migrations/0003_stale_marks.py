"""Community staff count once, at one community: a row marks every community where its person is staff."""

from django.db import migrations

from linkage.foundation.stale import stale_trigger

WHEREVER_STAFF = """SELECT region_id FROM changed
    UNION SELECT s.region_id FROM changed c JOIN people_communitystaff s ON s.person_id = c.person_id"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_roles_in_a_community"), ("foundation", "0001_initial")]

    operations = [
        stale_trigger(
            "people_communitystaff",
            "place",
            WHEREVER_STAFF,
            columns=(
                "region_id",
                "person_id",
                "roles",
                "counts_as_staff",
                "valid_from",
                "valid_to",
                "removed_at",
            ),
        )
    ]
