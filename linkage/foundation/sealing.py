"""Sealing anew: after a change of key or cipher every sealed value is brought to today's form.

One job walks all columns by primary key, a chunk a transaction. A row somebody is just writing is passed
by and met again in the next round, so nobody waits for the walk and the walk overwrites nobody. Row
history notes each change with the cause "rotation": what is stored did change, what it says did not.
"""

import time

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import jobs, journal
from .errors import NotNow
from .fields import EncryptedTextField, Unreadable, head, seal, unseal
from .models import Job

KIND = "rotate_keys"
CHUNK = 1_000
ROUNDS = 60
PAUSE = 5  # seconds until a row that was being written is tried again


class OtherKeys(Exception):
    """This worker seals otherwise than whoever started the job: it has not been restarted yet."""


class StillShut(Exception):
    """Some values open with none of the keys. No key may be taken away now."""


def sealed_models():
    """Every model with sealed columns of its own, and these. Journals have none: they keep hashes."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        fields = [field for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if fields and model._meta.managed and not model._meta.proxy:
            found.append((model, fields))
    return sorted(found, key=lambda entry: entry[0]._meta.label_lower)


def census():
    """What stands in the columns: ``(place, cipher:key, rows, is it today's form)``."""
    for model, fields in sealed_models():
        for field in fields:
            column, table = _quoted(field.column), _quoted(model._meta.db_table)
            form = rf"substring({column} from '^[0-9]+:[0-9a-f]+:')"  # never a part of the value itself
            sql = f"SELECT {form}, count(*) FROM {table} WHERE {column} <> '' GROUP BY 1 ORDER BY 1"
            for found, rows in _fetch(sql, []):
                yield field.place, (found or "?").rstrip(":"), rows, found == head()


@transaction.atomic
def start(*, by=None):
    """Queue the walk; one at a time."""
    job = Job.objects.open().filter(kind=KIND).first()
    if job is not None:
        raise NotNow(_("This is under way already: job %(number)s.") % {"number": job.pk})
    return jobs.start(KIND, by=by, title=_("Seal personal data anew"), arguments={"head": head()})


def seal_anew(job):
    """The work of the job; goes on from its checkpoint after a fall."""
    if job.arguments["head"] != head():
        raise OtherKeys(f"restart this worker: it seals as {head()}, asked for was {job.arguments['head']}")
    if job.total is None:
        jobs.advance(job, total=_outdated())
    with journal.acting(cause="rotation"):
        for again in range(1, ROUNDS + 1):
            _walk(job)
            shut, *some = job.checkpoint.get("shut", [0])
            left = _outdated()
            if left <= shut:
                break
            jobs.advance(job, checkpoint={"round": again})
            time.sleep(PAUSE)
    if left:
        raise StillShut(f"{left} rows keep an old form; {shut} open with none of the keys: {', '.join(some)}")


def _walk(job):
    """One round over all tables, from where the checkpoint stands."""
    begun = job.checkpoint.get("model", "")
    for model, fields in sealed_models():
        label = model._meta.label_lower
        if label < begun:
            continue
        after = job.checkpoint.get("after") if label == begun else None
        shut = job.checkpoint.get("shut", [0])
        while True:
            with transaction.atomic():
                rows = _chunk(model, fields, after)
                if not rows:
                    break
                failed = _write(model, fields, rows)
                after = rows[-1][0]
                shut = [shut[0] + len(failed), *[*shut[1:], *(f"{label} {pk}" for pk in failed)][:20]]
                jobs.advance(
                    job,
                    done=job.done + len(rows) - len(failed),
                    checkpoint={"model": label, "after": after, "shut": shut},
                )


def _chunk(model, fields, after):
    """The next rows in an old form, locked: key and sealed texts. Rows under another's lock are left out."""
    pk = _quoted(model._meta.pk.column)
    columns = ", ".join([pk, *(_quoted(field.column) for field in fields)])
    condition, parameters = _is_outdated(fields)
    if after is not None:
        condition, parameters = f"({condition}) AND {pk} > %s", [*parameters, after]
    return _fetch(
        f"SELECT {columns} FROM {_quoted(model._meta.db_table)} WHERE {condition}"
        f" ORDER BY {pk} LIMIT {CHUNK} FOR NO KEY UPDATE SKIP LOCKED",
        parameters,
    )


def _write(model, fields, rows):
    """Put today's form of these rows in place; the keys of rows where something does not open."""
    today = head()
    written, failed = [], []
    for pk, *sealed in rows:
        anew = []
        for field, old in zip(fields, sealed, strict=True):
            try:
                fresh = not old or old.startswith(today)
                anew.append(None if fresh else seal(unseal(old, field.place), field.place))
            except Unreadable:
                anew.append(None)
                failed.append(pk)
        if any(anew):
            written.append((pk, *anew))
    if written:
        places = [_quoted(field.column) for field in fields]
        assigned = ", ".join(f"{place} = coalesce(anew.c{n}, held.{place})" for n, place in enumerate(places))
        key = model._meta.pk
        arrays = [f"%s::{key.rel_db_type(connection)}[]", *("%s::text[]" for _field in fields)]
        names = ["pk", *(f"c{n}" for n in range(len(fields)))]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_quoted(model._meta.db_table)} held SET {assigned}"
                f" FROM unnest({', '.join(arrays)}) AS anew({', '.join(names)})"
                f" WHERE held.{_quoted(key.column)} = anew.pk",
                [list(column) for column in zip(*written, strict=True)],
            )
    return list(dict.fromkeys(failed))


def _outdated():
    """How many rows hold something in an old form."""
    total = 0
    for model, fields in sealed_models():
        condition, parameters = _is_outdated(fields)
        sql = f"SELECT count(*) FROM {_quoted(model._meta.db_table)} WHERE {condition}"
        total += _fetch(sql, parameters)[0][0]
    return total


def _is_outdated(fields):
    columns = [_quoted(field.column) for field in fields]
    condition = " OR ".join(f"{column} <> '' AND NOT starts_with({column}, %s)" for column in columns)
    return condition, [head()] * len(columns)


def _quoted(name):
    return connection.ops.quote_name(name)


def _fetch(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
