"""The rights of ``linkage_app``, the role that runs the site: all rows, but journals only grow."""

import logging

from django.apps import apps
from django.db import connections, transaction

APP = "linkage_app"
READ_ONLY = ["django_migrations"]

log = logging.getLogger(__name__)


def journals():
    """The tables of all journals: what the role of the site may read and add to, nothing more."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and getattr(model, "append_only", False)
    )


def owns_tables(connection):
    """May this connection grant rights on the tables: is it their owner, or a superuser?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR EXISTS ("
            " SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename = 'foundation_auditevent'"
            " AND pg_has_role(current_user, tableowner, 'USAGE'))"
        )
        return cursor.fetchone()[0]


def ensure_app_role(connection):
    """Make the role where it is missing and this connection may; tell whether it is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [APP])
        if cursor.fetchone()[0]:
            return True
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(
            f"DO $$ BEGIN CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        return True


def grant(connection):
    """Give the role of the site its rights, exactly; repeatable."""
    quote = connection.ops.quote_name
    present = set(connection.introspection.table_names())
    added_to = ", ".join(quote(table) for table in journals() if table in present)
    read = ", ".join(quote(table) for table in READ_ONLY if table in present)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}")
        if added_to:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {added_to} FROM {APP}")
        if read:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {read} FROM {APP}")


def grant_after_migrate(sender, using, **kwargs):
    connection = connections[using]
    if connection.vendor != "postgresql" or not owns_tables(connection):
        return
    if ensure_app_role(connection):
        grant(connection)
    else:
        log.warning("The role %s does not exist and may not be made here: create it, then migrate.", APP)
