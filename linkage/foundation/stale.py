"""Which units must be counted again: marks left by triggers on the counted tables."""

import hashlib

from django.db import connection, migrations, transaction

from .models import StaleMark

EVENTS = {
    "INSERT": ("REFERENCING NEW TABLE AS new_rows", "SELECT * FROM new_rows"),
    "DELETE": ("REFERENCING OLD TABLE AS old_rows", "SELECT * FROM old_rows"),
    "UPDATE": (
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows",
    ),
}
MOVED = (
    "SELECT old_rows.* FROM old_rows JOIN new_rows USING ({key}) WHERE {differs}"
    " UNION ALL SELECT new_rows.* FROM old_rows JOIN new_rows USING ({key}) WHERE {differs}"
)


def stale_trigger(table, kind, sql, *, columns=(), key="id"):
    """A migration operation: whatever changes in ``table`` marks units of ``kind`` as stale.

    ``sql`` is a SELECT of one column, the units, over ``changed``: the inserted and deleted rows and,
    of an update, the rows before and after. With ``columns`` only updates of those columns count.
    """
    forward, backward = [], []
    for event, (referencing, changed) in EVENTS.items():
        if event == "UPDATE" and columns:
            old = ", ".join(f'old_rows."{column}"' for column in columns)
            new = ", ".join(f'new_rows."{column}"' for column in columns)
            changed = MOVED.format(key=key, differs=f"ROW({old}) IS DISTINCT FROM ROW({new})")
        name = _name(table, kind, event)
        forward.append(
            f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $stale$ BEGIN
            WITH changed AS ({changed})
            INSERT INTO foundation_stalemark (kind, unit_id)
            SELECT DISTINCT '{kind}', unit::text FROM ({sql}) AS stale (unit) WHERE unit IS NOT NULL;
            RETURN NULL; END $stale$;
            CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} {referencing}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();"""  # noqa: S608 (text of our own migrations)
        )
        backward.append(f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}();")
    return migrations.RunSQL("\n".join(forward), "\n".join(backward))


def _name(table, kind, event):
    name = f"stale_{kind}_{table}_{event.lower()}"
    if len(name) > 63:
        name = f"{name[:54]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return name


def mark(kind, units):
    """Mark units by hand (the midnight job: dated facts that turn today)."""
    StaleMark.objects.bulk_create([StaleMark(kind=kind, unit_id=str(unit)) for unit in units], 1000)


def waiting(*kinds):
    """Whether units of one of these kinds wait to be counted."""
    return marks(*kinds).exists()


def marks(*kinds):
    return StaleMark.objects.filter(kind__in=kinds)


def take(kind, limit=1000):
    """Claim the oldest marks and tell their units, each once. They are gone when the caller commits.

    Exactly the claimed rows are deleted, so a mark that arrives meanwhile is kept for the next round.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("stale.take belongs into the transaction that counts")
    with connection.cursor() as cursor:
        cursor.execute(
            # Materialized: a plain subquery may be asked again for each row and claim others each time.
            "WITH oldest AS MATERIALIZED (SELECT id FROM foundation_stalemark"
            " WHERE kind = %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM foundation_stalemark AS mark USING oldest WHERE mark.id = oldest.id"
            " RETURNING mark.id, mark.unit_id",
            [kind, limit],
        )
        return list(dict.fromkeys(unit for _id, unit in sorted(cursor.fetchall())))
