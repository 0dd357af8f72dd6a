"""A fingerprint of every table, to see that nothing was changed."""

from django.db import connection

# Who was refused, how long a session lasts: the site keeps these while it only reads.
KEPT_WHILE_READING = {"django_session", "foundation_auditevent"}


REGISTERS = ("people_", "facilities_", "organizations_", "charity_", "socialwork_", "volunteers_")


def everything(tables=None):
    """Table → (rows, hash of all of them); of some tables only, where they are named."""
    with connection.cursor() as cursor:
        tables = tables or sorted(set(connection.introspection.table_names(cursor)) - KEPT_WHILE_READING)
        whole = "md5(string_agg(row::text, chr(10) ORDER BY row::text))"
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', count(*), {whole} FROM \"{name}\" AS row" for name in tables
            )
        )
        return {name: (rows, fingerprint) for name, rows, fingerprint in cursor.fetchall()}


def changed(before):
    """The tables that are no longer as they were."""
    after = everything(before)
    return sorted(name for name, fingerprint in before.items() if fingerprint != after[name])


def beside_the_registers():
    """Everything but the tables of the registers, for doors that have nothing to do with them."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - KEPT_WHILE_READING
    return everything(sorted(name for name in names if not name.startswith(REGISTERS)))
