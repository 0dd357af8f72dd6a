"""The two database roles in tests: linkage_owner makes and empties the database, tests run as linkage_app."""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection

APP = "linkage_app"


def ensure_roles():
    """Make the roles where the tests run as a superuser; elsewhere they are there already."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN ('linkage_owner', 'linkage_app')")
        for role in {"linkage_owner", APP} - {name for (name,) in cursor.fetchall()}:
            cursor.execute(
                f"DO $$ BEGIN CREATE ROLE {role} LOGIN; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            )


def become_app(connection, **kwargs):
    """What a fresh connection does first: take the rights and the time limits of the site."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP}")
        for name, limit in settings.APP_LIMITS.items():
            cursor.execute(f"SET {name} = %s", [limit])


@contextmanager
def as_owner():
    """A stretch of a test with the rights of the owner."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APP}")
