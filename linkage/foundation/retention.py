"""How long journals are kept (TRUST §4.13): a year unless the deployment says more or less, never under 180.

Journals are the audit events and the row history. Submissions, decisions and other records that only grow
are business files, not journals; nothing here touches them.
"""

import pghistory.models
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from . import journal, roles
from .models import AuditEvent

FLOOR = 180  # days, 网络安全法 art. 21: six months at least
CHUNK = 10_000


class TooYoung(ValueError):
    """Asked to forget what has to be kept."""


def journals():
    """Every journal, with the column that says when: audit events and the history of each tracked model."""
    histories = [
        model
        for model in apps.get_models()
        if issubclass(model, pghistory.models.Event) and model._meta.managed and not model._meta.proxy
    ]
    histories.sort(key=lambda model: model._meta.db_table)
    return [(AuditEvent, "at"), *((model, "pgh_created_at") for model in histories)]


def purge(days):
    """Forget what is older than so many days; tells ``{table: rows}``. Only the owner of the tables may.

    In chunks with a transaction each: whoever stops it has purged a part, and the next run does the rest.
    What was forgotten is itself an audit event.
    """
    if days < FLOOR:
        raise TooYoung(f"Journals are kept for at least {FLOOR} days.")
    if not roles.owns_tables(connection):
        raise PermissionDenied("Only the owner of the tables may purge journals (LINKAGE_ROLE=owner).")
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - make_interval(days => %s)", [days])
        (until,) = cursor.fetchone()
    gone = {}
    for model, moment in journals():
        if rows := _purge(model, moment, until):
            gone[model._meta.db_table] = rows
    journal.record("journals.purged", facts={"days": days, "until": until, "rows": gone})
    return gone


def _purge(model, moment, until):
    table, key, at = (
        connection.ops.quote_name(name)
        for name in (model._meta.db_table, model._meta.pk.column, model._meta.get_field(moment).column)
    )
    # By key, so that no chunk reads again what an earlier one has passed.
    sql = (
        f"WITH gone AS (DELETE FROM {table} WHERE {key} IN"
        f" (SELECT {key} FROM {table} WHERE {key} > %s AND {at} < %s ORDER BY {key} LIMIT {CHUNK})"
        f" RETURNING {key})"
        f" SELECT count(*), max({key}) FROM gone"
    )
    total = last = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [last, until])
            rows, last = cursor.fetchone()
        if not rows:
            return total
        total += rows
