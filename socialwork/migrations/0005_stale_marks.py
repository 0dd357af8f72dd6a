"""What somebody is, certified or educated, changes the figures of every place where the person counts.

That is where the person is community staff, a social worker, assigned, or employed at an organisation.
"""

from django.db import migrations

from linkage.foundation.stale import stale_trigger


def wherever(people):
    """The places where these people count; ``people`` selects ``person_id``."""
    return f"""WITH them AS ({people})
    SELECT s.region_id FROM them JOIN people_communitystaff s USING (person_id)
    UNION SELECT w.region_id FROM them JOIN socialwork_socialworker w USING (person_id)
    UNION SELECT a.region_id FROM them JOIN socialwork_socialworker w USING (person_id)
        JOIN socialwork_assignment a ON a.worker_id = w.id
    UNION SELECT o.region_id FROM them JOIN organizations_employment e USING (person_id)
        JOIN organizations_socialorganization o ON o.id = e.organization_id"""  # noqa: S608


PEOPLE = "SELECT DISTINCT person_id FROM changed"
OF_WORKERS = """SELECT DISTINCT w.person_id FROM changed c
    JOIN socialwork_socialworker w ON w.id = c.worker_id"""
OF_MAJORS = """SELECT DISTINCT w.person_id FROM changed c
    JOIN socialwork_education e ON e.related_major_id = c.id
    JOIN socialwork_socialworker w ON w.id = e.worker_id"""
ITSELF = " UNION SELECT region_id FROM changed"

SPAN = ("valid_from", "valid_to", "removed_at")
POST = ("region_id", "organization_id", "established_on", "abolished_on", "removed_at")


class Migration(migrations.Migration):
    dependencies = [
        ("socialwork", "0004_certificates_found_double"),
        ("people", "0002_roles_in_a_community"),
        ("organizations", "0002_registers"),
        ("foundation", "0001_initial"),
    ]

    operations = [
        stale_trigger(
            "socialwork_socialworker",
            "place",
            wherever(PEOPLE) + ITSELF,
            columns=("region_id", "person_id", "started_on", "left_on", "removed_at"),
        ),
        stale_trigger(
            "socialwork_certificate",
            "place",
            wherever(PEOPLE),
            columns=("person_id", "passed_on", "withdrawn_on", "removed_at"),
        ),
        stale_trigger(
            "socialwork_education",
            "place",
            wherever(OF_WORKERS),
            columns=("worker_id", "related_major_id", "graduated_on", "removed_at"),
        ),
        stale_trigger(
            "socialwork_relatedmajor", "place", wherever(OF_MAJORS), columns=("dropped_on", "removed_at")
        ),
        stale_trigger(
            "socialwork_assignment",
            "place",
            wherever(OF_WORKERS) + ITSELF,
            columns=("worker_id", "region_id", "kind", "is_home", *SPAN),
        ),
        stale_trigger("socialwork_socialworkpost", "place", "SELECT region_id FROM changed", columns=POST),
        stale_trigger(
            "socialwork_socialworkpost", "organisation", "SELECT organization_id FROM changed", columns=POST
        ),
        stale_trigger(
            "socialwork_postholding",
            "place",
            "SELECT p.region_id FROM changed c JOIN socialwork_socialworkpost p ON p.id = c.post_id",
            columns=("post_id", *SPAN),
        ),
        stale_trigger(
            "socialwork_posttotal",
            "organisation",
            "SELECT organization_id FROM changed",
            columns=("organization_id", "as_of", "total", "removed_at"),
        ),
    ]
