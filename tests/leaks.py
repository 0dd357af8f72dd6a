"""Where personal numbers could lie open: every column of every table, Redis, the log, answers, files.

``seeded()`` are numbers that occur nowhere else. Let them pass through the doors of the site, then ask
``scan_database``, ``scan_redis``, ``scan_text``, ``scan_folder``: each names the places where one is found,
plain or thinly disguised (hex, base64, full width, with blanks), and nothing of the number itself.
"""

import base64
import io
import json
import logging
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from stdnum.cn import ric

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Seeds:
    """Valid numbers of nobody. Iterating gives all of them."""

    identities: tuple = ("620102198706054175", "620123199111193025", "110101201502036184")
    phones: tuple = ("13877770231", "15966660232", "18855550233")

    def __iter__(self):
        return iter(self.identities + self.phones)


def seeded():
    return Seeds()


@lru_cache(maxsize=4096)
def disguises(value):
    """The ways in which a number may lie open, by name."""
    core = value[:17] if len(value) == 18 else value  # whichever way the last X is written
    groups = (core[:6], core[6:14], core[14:]) if len(core) == 17 else (core[:3], core[3:7], core[7:])
    found = {
        "plain": core,
        "with blanks": " ".join(groups),
        "with dashes": "-".join(groups),
        "full width": core.translate(FULL_WIDTH),
        "escaped": json.dumps(core.translate(FULL_WIDTH))[1:-1],
        "hex": core.encode().hex(),
    }
    return found | {f"base64 at {shift}": text for shift, text in enumerate(_base64(core.encode()))}


def _base64(raw):
    """The letters that stay the same wherever ``raw`` begins within what is encoded."""
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + raw).decode().rstrip("=")
        known = text[-(-shift * 8 // 6) :]
        yield known if (shift + len(raw)) * 8 % 6 == 0 else known[:-1]


def scan_text(text, values, place="text"):
    """Findings in a text or in bytes."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return [
        f"{place}: {value[:3]}… {name}"
        for value in values
        for name, form in disguises(value).items()
        if form in text
    ]


def scan_database(values):
    """Findings in any row of any table, whatever the type of the column; sessions are unpacked."""
    values = list(values)
    forms = [form.replace("\\", r"\\") for value in values for form in disguises(value).values()]
    patterns = [f"%{form}%" for form in forms]
    found = []
    with connection.cursor() as cursor:
        for table, columns in _tables(cursor).items():
            texts = [f"{connection.ops.quote_name(column)}::text" for column in columns]
            suspect = " OR ".join(f"{text} LIKE ANY(%s)" for text in texts)
            cursor.execute(f"SELECT {', '.join(texts)} FROM {table} WHERE {suspect}", [patterns] * len(texts))
            for row in cursor:
                for column, text in zip(columns, row, strict=True):
                    found += scan_text(text or "", values, f"{table}.{column}")
        cursor.execute("SELECT session_data FROM django_session")
        for (data,) in cursor.fetchall():
            found += scan_text(json.dumps(SessionStore().decode(data)), values, "django_session")
    return sorted(set(found))


def _tables(cursor):
    """Every table of ours with its columns."""
    cursor.execute(
        "SELECT c.oid::regclass::text, array_agg(attname::text ORDER BY attnum) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid"
        " WHERE relkind IN ('r', 'm', 'p') AND attnum > 0 AND NOT attisdropped"
        " AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') GROUP BY 1 ORDER BY 1"
    )
    return dict(cursor.fetchall())


def scan_redis(values, url=None):
    """Findings in any key of the queue and its contents."""
    found = []
    for key, text in _keys(url or settings.REDIS_URL):
        found += scan_text(text, values, f"redis {key}")
    return sorted(set(found))


def _keys(url):
    """``(key, everything it holds, as a text)`` of a queue."""
    client = redis.Redis.from_url(url)
    readers = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        b"hash": client.hgetall,
        b"stream": client.xrange,
    }
    with client:
        for key in client.scan_iter(count=1000):
            kind = client.type(key)
            if kind != b"none":
                yield key.decode(errors="replace"), str((key, readers[kind](key)))


def scan_folder(folder, values):
    """Findings in the files of a folder: logs, mails, results; office files are unpacked."""
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if data.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(data)) as parts:
                    data = b"\n".join(parts.read(name) for name in parts.namelist())
            found += scan_text(data, values, path.name)
    return found


@contextmanager
def log_lines():
    """What the handler of the site writes meanwhile."""
    (handler,) = [one for one in logging.getLogger("django").handlers if one.name == "stdout"]
    stream = handler.setStream(io.StringIO())
    try:
        yield handler.stream
    finally:
        handler.setStream(stream)


# What a whole run leaves: any number of a person, whoever made it up

# A mobile number or an identity number that stands alone: not within a hash, an address or a longer number.
ALONE = r"(?<![0-9A-Za-z+/=_.-])({})(?![0-9A-Za-z+/=_-])"
MOBILE = "1[3-9][0-9]{9}"
IDENTITY = "[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]"
OPEN = re.compile(ALONE.format(f"{MOBILE}|{IDENTITY}"))


def open_numbers(text):
    """Numbers of people that lie open in a text, shortened; an identity number if its check sign fits."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    found = {one for one in OPEN.findall(text) if len(one) == 11 or ric.is_valid(one)}
    return sorted(f"{one[:3]}… of {len(one)} signs" for one in found)


def scan_rows():
    """Findings in any row of any table, in one question to the database: fit to be asked after every test.

    Columns of numbers, days and keys are left out: a sum of 13,800,000,000 is no telephone.
    """
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        if name not in _questions:
            cursor.execute(TEXTS)
            _questions[name] = " UNION ALL ".join(
                f"SELECT '{table}', {text} FROM {table} AS r WHERE {text} ~ %(pattern)s"
                for table, text in cursor.fetchall()
            )
        cursor.execute(_questions[name], {"pattern": ALONE.format(f"{MOBILE}|{IDENTITY}")})
        rows = cursor.fetchall()
    return sorted({f"{table}: {number}" for table, text in rows for number in open_numbers(text)})


_questions = {}
TEXTS = """
SELECT c.oid::regclass::text,
       'concat_ws('' ''' || string_agg(', r.' || quote_ident(attname) || '::text', '' ORDER BY attnum) || ')'
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid
JOIN pg_type t ON t.oid = atttypid LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE relkind IN ('r', 'm', 'p') AND attnum > 0 AND NOT attisdropped
  AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND coalesce(e.typcategory, t.typcategory) NOT IN ('N', 'D', 'B', 'T', 'R')
GROUP BY c.oid ORDER BY 1
"""


def scan_keys(url=None):
    """Findings in the queue: every key with its contents."""
    found = []
    for key, text in _keys(url or settings.REDIS_URL):
        found += [f"redis {key}: {number}" for number in open_numbers(text)]
    return found


def scan_files(folder):
    """Findings in logs, mails and results under a folder; larger files by their first 20 MB."""
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            with path.open("rb") as source:
                found += [f"{path.name}: {number}" for number in open_numbers(source.read(20_000_000))]
    return found
