"""Bring the tree of a data file into the database: one COPY, then set by set."""

import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from communities.models import Level, Region
from communities.services.divisions import EDITION

TREE_LOCK = "communities.tree"

STAGE = """
CREATE TEMP TABLE region_stage (
    code text COLLATE "C", name text COLLATE "C", level smallint, parent text COLLATE "C",
    path text COLLATE "C", kind text, committee text, body_name text
) ON COMMIT DROP;
CREATE TEMP TABLE region_load (
    id bigint, fresh boolean, kept boolean, LIKE region_stage
) ON COMMIT DROP;
"""

# Kept: a decision (rename, move, merge, split, opening) has written about it since; the file has not
# the last word any more. Ids are drawn in path order, so a subtree lies together on disk.
MATCH = """
INSERT INTO region_load
SELECT coalesce(r.id, nextval(pg_get_serial_sequence('communities_region', 'id'))),
       r.id IS NULL, r.id IS NOT NULL AND p.id IS NULL, s.*
FROM region_stage s
LEFT JOIN communities_region r ON r.code = s.code
LEFT JOIN communities_regionplacement p
       ON p.region_id = r.id AND lower_inf(p.valid) AND upper_inf(p.valid)
ORDER BY s.path
"""

MOVED_BY_DECISION = """
SELECT l.path, r.path FROM region_load l JOIN communities_region r USING (id)
WHERE l.kept AND l.path <> r.path ORDER BY length(l.path), l.path LIMIT 1
"""

FOLLOW = """
UPDATE region_load SET path = %(now)s || substr(path, length(%(file)s) + 1)
WHERE path >= %(file)s AND path < %(file)s || '~'
"""

WITH_PARENT = """
region_load l
LEFT JOIN region_load p ON p.code = l.parent AND p.level < 5
LEFT JOIN communities_region d ON d.code = l.parent AND p.id IS NULL
"""

ADD = f"""
INSERT INTO communities_region (id, code, name, level, parent_id, path, kind, committee, body_name)
SELECT l.id, l.code, l.name, l.level, coalesce(p.id, d.id), l.path, l.kind, l.committee, l.body_name
FROM {WITH_PARENT} WHERE l.fresh
"""  # noqa: S608

PLACE = """
INSERT INTO communities_regionplacement (region_id, parent_id, path, name, kind, valid, basis)
SELECT r.id, r.parent_id, r.path, r.name, r.kind, daterange(NULL, NULL), %s
FROM region_load l JOIN communities_region r USING (id) WHERE l.fresh
"""

CORRECT = f"""
UPDATE communities_region r
SET name = l.name, level = l.level, parent_id = coalesce(p.id, d.id), path = l.path,
    kind = l.kind, committee = l.committee, body_name = l.body_name
FROM {WITH_PARENT}
WHERE r.id = l.id AND NOT l.fresh AND NOT l.kept
  AND (r.name, r.level, r.parent_id, r.path, r.kind, r.committee, r.body_name)
      IS DISTINCT FROM
      (l.name, l.level, coalesce(p.id, d.id), l.path, l.kind, l.committee, l.body_name)
RETURNING r.id
"""  # noqa: S608

CORRECT_PLACEMENTS = """
UPDATE communities_regionplacement s
SET name = r.name, parent_id = r.parent_id, path = r.path, kind = r.kind, basis = %s
FROM communities_region r
WHERE s.region_id = r.id AND r.id = ANY(%s)
  AND (s.name, s.parent_id, s.path, s.kind) IS DISTINCT FROM (r.name, r.parent_id, r.path, r.kind)
"""

LEFT_BEHIND = """
SELECT r.code FROM communities_region r JOIN communities_region p ON p.id = r.parent_id
WHERE p.id = ANY(%s) AND r.closed_on IS NULL AND r.path <> p.path || r.code || '/' LIMIT 5
"""


@dataclass
class Loaded:
    """What a load has done."""

    levels: dict
    added: int
    changed: int
    kept: int


def lock_tree():
    """One writer of the tree at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [TREE_LOCK])


class _Lines(io.TextIOBase):
    """Places as the text that COPY reads, a piece at a time, each with its path worked out."""

    def __init__(self, places, paths):
        self.paths = paths
        self.orphans = []
        self.problem = None  # COPY would hide what went wrong while it was reading
        self.lines = self._readable(places)
        self.rest = ""

    def _readable(self, places):
        try:
            yield from map(self._line, places)
        except (ValueError, OSError) as problem:
            self.problem = problem

    def _line(self, place):
        above = self.paths.get(place.parent) if place.parent else ""
        if above is None:
            self.orphans.append(place)
            above = ""
        path = f"{above}{place.code}/"
        if place.level < Level.COMMUNITY:
            self.paths[place.code] = path
        name = place.name.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
        cells = [
            place.code,
            name,
            str(place.level),
            place.parent or "\\N",
            path,
            place.kind,
            place.committee,
            place.body_name,
        ]
        return "\t".join(cells) + "\n"

    def read(self, size=-1):
        pieces, length = [self.rest], len(self.rest)
        while size < 0 or length < size:
            line = next(self.lines, None)
            if line is None:
                break
            pieces.append(line)
            length += len(line)
        text = "".join(pieces)
        cut = len(text) if size < 0 else size
        self.rest = text[cut:]
        return text[:cut]


@transaction.atomic
def load(places, *, basis=EDITION):
    """Add what is new, correct what only the file has spoken of, keep what a decision has changed."""
    lock_tree()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(STAGE)
        _stage(cursor, places)
        cursor.execute(MATCH)
        cursor.execute("ANALYZE region_load")
        _follow_decisions(cursor)
        cursor.execute(ADD)
        added = cursor.rowcount
        if added:
            cursor.execute(PLACE, [basis])
        changed = _correct(cursor, basis)
        cursor.execute("SELECT count(*) FROM region_load WHERE kept")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT level, count(*) FROM region_load GROUP BY level ORDER BY level")
        levels = {Level(level): count for level, count in cursor.fetchall()}
        cursor.execute("DROP TABLE region_stage, region_load")
        if added or changed:
            cursor.execute("ANALYZE communities_region")
            cursor.execute("ANALYZE communities_regionplacement")
    return Loaded(levels, added, changed, kept)


def _stage(cursor, places):
    known = dict(Region.objects.filter(level__lt=Level.COMMUNITY).values_list("code", "path"))
    lines = _Lines(places, known)
    cursor.copy_expert("COPY region_stage FROM STDIN", lines, 1 << 20)
    if lines.problem:
        raise lines.problem
    if lines.orphans:
        raise ValidationError(
            [
                _("%(code)s belongs to %(parent)s, which is neither in the file nor in the tree.")
                % {"code": place.code, "parent": place.parent}
                for place in lines.orphans[:20]
            ]
        )
    cursor.execute("SELECT code FROM region_stage GROUP BY code HAVING count(*) > 1 LIMIT 5")
    if twice := [code for (code,) in cursor.fetchall()]:
        raise ValidationError(_("These codes stand in the file twice: %s") % ", ".join(twice))
    cursor.execute("ANALYZE region_stage")


def _follow_decisions(cursor):
    """What the file hangs under a place that a decision has moved goes with that place."""
    while True:
        cursor.execute(MOVED_BY_DECISION)
        found = cursor.fetchone()
        if found is None:
            return
        cursor.execute(FOLLOW, {"file": found[0], "now": found[1]})


def _correct(cursor, basis):
    cursor.execute(CORRECT)
    changed = [pk for (pk,) in cursor.fetchall()]
    if changed:
        cursor.execute(CORRECT_PLACEMENTS, [basis, changed])
        cursor.execute(LEFT_BEHIND, [changed])
        if behind := [code for (code,) in cursor.fetchall()]:
            raise ValidationError(
                _("The file moves a place whose parts were changed by decision: %s. Use the verb instead.")
                % ", ".join(behind)
            )
    return len(changed)
