"""Several questions about one moment: what is written between them is not seen.

A file that is read in many statements while figures are swapped in would show half of the old and half of
the new. Inside, the database answers as of the first question (REPEATABLE READ), and nothing can be written.
"""

from contextlib import contextmanager
from functools import wraps

from django.db import connection, transaction

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
LONGEST_PAUSE = "SET LOCAL idle_in_transaction_session_timeout = '5min'"  # while a file is written


@contextmanager
def one_moment(seen=None):
    """``seen``: the name of a moment that another connection holds.

    Where a transaction is open already it is an error; only the one a test runs in is let pass.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(durable=True):
        if is_outermost:
            look = "; SET TRANSACTION SNAPSHOT %s" if seen else ""
            with connection.cursor() as cursor:
                cursor.execute(f"{ONE_MOMENT}{look}; {LONGEST_PAUSE}", [seen] if seen else None)
        yield


def of_one_moment(door):
    """Decorates a view that only reads: all it asks is of one moment."""

    @wraps(door)
    def at_one_moment(*args, **kwargs):
        with one_moment():
            return door(*args, **kwargs)

    return at_one_moment


def each_of_one_moment(batches):
    """The same batches, all read as of now, while whoever takes them writes between two of them.

    A second connection holds the moment; each batch is read in a transaction of its own that looks at it.
    """
    if connection.in_atomic_block:  # of a test: there is nothing to be held
        yield from batches
        return
    holder, batches = connection.copy(), iter(batches)
    try:
        moment = _hold(holder)
        while True:
            with one_moment(moment):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch
    finally:
        holder.close()


def _hold(holder):
    """The name of a moment that lasts as long as the transaction of this connection."""
    holder.set_autocommit(False)
    with holder.cursor() as cursor:
        cursor.execute(f"{ONE_MOMENT}; SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        return cursor.fetchone()[0]
