"""Many rows at once: COPY of what Python makes up, INSERT … SELECT of what the database can make up itself.

Every choice follows from the seed: in SQL by a hash of it, a name and the row's own key, in Python by a
generator for each place. So the same seed gives the same ledger, and a place is told alike whatever is
told beside it. Constraints, row history and all other triggers work as for any writer.
"""

import io
import random
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zlib import crc32

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

from linkage.foundation.fields import seal

BLOCK = 5_000  # ids drawn from a sequence at a time
STEP = 100_000  # rows one INSERT … SELECT begins from

SETTINGS = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "work_mem": "64MB",
    # Of tables just filled there are no statistics, and these two kinds of plan bet on them.
    "enable_nestloop": "off",
    "enable_bitmapscan": "off",
}

UNSAFE = re.compile(r"[\\\t\r\n]")
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\r": r"\r", "\n": r"\n"})
WRITTEN = {
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    float: str,
    Decimal: str,
    str: lambda value: value.translate(ESCAPED) if UNSAFE.search(value) else value,
    date: date.isoformat,
    datetime: datetime.isoformat,
    list: lambda value: "{" + ",".join(value) + "}",
    dict: lambda value: "{" + ",".join(f'"{key}":{number}' for key, number in value.items()) + "}",
}


@dataclass(slots=True)
class Span:
    """New rows of a table, from their first id to their last; empty where the last comes first."""

    first: int
    last: int


class Ids:
    """The primary keys of the new rows of one table, from its sequence, one after the other."""

    def __init__(self, model):
        self.sequence = f"pg_get_serial_sequence('\"{model._meta.db_table}\"', '{model._meta.pk.column}')"
        self.rest = []
        self.first, self.last = 1, 0

    def __next__(self):
        if not self.rest:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT nextval({self.sequence}) FROM generate_series(1, {BLOCK})")
                self.rest = [key for (key,) in cursor.fetchall()][::-1]
        key = self.rest.pop()
        if not self.last:
            self.first = key
        self.last = key
        return key


class Table:
    """New rows of one model: made up in Python, written by COPY, numbered beforehand.

    ``columns`` are told of every row; of all others the model's default is written.
    """

    def __init__(self, loading, model, *columns):
        self.loading, self.model = loading, model
        self.ids = Ids(model)
        fields = {field.name: field for field in model._meta.local_concrete_fields}
        told = [fields.pop(name) for name in columns]
        others = {field: _default(field) for field in _written(fields.values())}
        others = {field: value for field, value in others.items() if value is not None}
        names = [model._meta.pk, *told, *others]
        self.columns = ", ".join(f'"{field.column}"' for field in names)
        self.suffix = "".join("\t" + WRITTEN[type(value)](value) for value in others.values()) + "\n"
        self.lines = []

    def add(self, *values):
        """Put a row in line; answers its id."""
        key = next(self.ids)
        text = "\t".join([WRITTEN[type(value)](value) for value in values])
        self.lines.append(f"{key}\t{text}{self.suffix}")
        return key

    def seal(self, field):
        """What seals a value for this column; '' stays ''."""
        place = self.model._meta.get_field(field).place
        return lambda text: seal(text, place) if text else ""

    def write(self):
        if not self.lines:
            return
        with self.loading.timed(self.model, len(self.lines)), connection.cursor() as cursor:
            rows = io.StringIO("".join(self.lines))
            cursor.copy_expert(f'COPY "{self.model._meta.db_table}" ({self.columns}) FROM STDIN', rows)
        self.lines = []


def _written(fields):
    return [field for field in fields if not field.primary_key and not field.generated]


def _default(field):
    """The value a row gets where nothing is said; None where the column may be left out."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    value = field.get_default()
    if isinstance(value, DatabaseDefault):
        return None  # the database fills it in
    return value.value if isinstance(value, models.Choices) else value


class Loading:
    """One load: its seed, its day, its tables, and how long each of them took."""

    def __init__(self, seed, today):
        self.seed, self.today = seed, today
        self.tables = []
        self.spent = {}  # model: [rows, seconds]

    @contextmanager
    def unhurried(self):
        """No time limits, references checked with each statement instead of all at the end, calm plans."""
        before = {name: self.rows(f"SELECT current_setting('{name}')")[0][0] for name in SETTINGS}
        for name, value in SETTINGS.items():
            self.run(f"SET LOCAL {name} = '{value}'")
        self.run("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        self.run("SET CONSTRAINTS ALL DEFERRED")
        for name, value in before.items():
            self.run(f"SET LOCAL {name} = '{value}'")

    def chances(self, name):
        """What Python draws from, one for each place, so that a place is told alike beside any others."""
        return random.Random(f"{self.seed}/{name}")  # noqa: S311 (reproducible, not secret)

    def table(self, model, *columns):
        found = Table(self, model, *columns)
        self.tables.append(found)
        return found

    def write(self, *, at_least=1):
        """COPY the rows in line, table after table: those first that others point to."""
        if sum(len(table.lines) for table in self.tables) >= at_least:
            for table in self.tables:
                table.write()

    @contextmanager
    def timed(self, model, rows=0):
        took = self.spent.setdefault(model, [0, 0.0])
        started = time.perf_counter()
        yield took
        took[0] += rows
        took[1] += time.perf_counter() - started

    def run(self, sql, **values):
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.rowcount

    def make(self, name, select, *, index, **values):
        """A temporary table for the sets to come."""
        self.run(f"DROP TABLE IF EXISTS {name}")
        self.run(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}", **values)
        self.run(f"CREATE UNIQUE INDEX ON {name} ({index})")
        self.run(f"ANALYZE {name}")

    def rows(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def fill(self, model, source, /, *, over=None, **columns):
        """INSERT … SELECT: for each row of ``source`` (the text behind FROM), ``columns`` as SQL.

        ``over``: the ids of the rows it begins from; the source has ``{ids}`` for the condition on their
        column ``id``, and is gone through a stretch at a time. Answers the ids of the new rows.
        """
        fields = {field.name: field for field in model._meta.local_concrete_fields}
        values = {fields.pop(name).column: sql for name, sql in columns.items()}
        for field in _written(fields.values()):
            if (value := _default(field)) is not None:
                values[field.column] = self.literal(field, value)
        names = ", ".join(f'"{column}"' for column in values)
        select = f"SELECT {', '.join(values.values())} FROM {source}"
        with self.timed(model) as took:
            table, pk = f'"{model._meta.db_table}"', f'"{model._meta.pk.column}"'
            ((before,),) = self.rows(f"SELECT coalesce(max({pk}), 0) FROM {table}")
            for stretch in self._stretches(over):
                took[0] += self.run(f"INSERT INTO {table} ({names}) {select.replace('{ids}', stretch)}")
            new = f"SELECT coalesce(min({pk}), 1), coalesce(max({pk}), 0) FROM {table} WHERE {pk} > {before}"
            return Span(*self.rows(new)[0])

    def _stretches(self, ids):
        if ids is None:
            return [""]
        starts = range(ids.first, ids.last + 1, STEP)
        return [f"id BETWEEN {start} AND {min(start + STEP - 1, ids.last)}" for start in starts]

    @staticmethod
    def literal(field, value):
        with connection.cursor() as cursor:
            prepared = field.get_db_prep_save(value, connection)
            return f"{cursor.mogrify('%s', [prepared]).decode()}::{field.db_type(connection)}"

    # Choices by hash, as SQL. ``k`` is the key of the row at hand, a bigint.

    def salt(self, name):
        return crc32(f"{self.seed}/{name}".encode())

    def draw(self, name, below, key="k"):
        """A whole number from 0 up to ``below`` (a number, or SQL of one)."""
        return f"mod(hashint8extended({key}, {self.salt(name)}) & 9223372036854775807, {below})::int"

    def between(self, name, least, most, key="k"):
        return f"({least} + {self.draw(name, most - least + 1, key)})"

    def chance(self, name, percent, key="k"):
        return f"({self.draw(name, 1000, key)} < {int(percent * 10)})"

    def pick(self, name, words, key="k"):
        """One of some texts; one that stands twice is drawn twice as often."""
        return f"({texts(words)})[1 + {self.draw(name, len(words), key)}]"

    def some(self, name, words, least, most, key="k"):
        """A few of some texts, in their order, as an array: neighbours in a ring, begun by chance."""
        count, start = (
            self.between(f"{name} count", least, most, key),
            self.draw(f"{name} start", len(words), key),
        )
        return (
            f"(SELECT array_agg(word::varchar ORDER BY place) FROM unnest({texts(words)})"
            f" WITH ORDINALITY AS ring (word, place)"
            f" WHERE mod(place - 1 - {start} + {len(words)}, {len(words)}) < {count})"
        )

    def day(self, name, earliest, latest=0, key="k"):
        """A day so many to so many days ago."""
        return f"({self.on} - {self.between(name, latest, earliest, key)})"

    @property
    def on(self):
        return f"DATE '{self.today:%Y-%m-%d}'"

    def ago(self, days):
        return self.today - timedelta(days=days)


def texts(words):
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]::text[]"
