"""Which figures are summed for a set of targets, and where each stands: targets turned into columns of SQL.

Figures that are always zero are not summed, and one that several targets share is summed once.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from linkage.attainment import rules
from linkage.attainment.models import UNIT_TABLES, Plan
from linkage.foundation import measures


@dataclass
class Layout:
    """``at``: four positions of every target code; under ``=key`` one of each measure's plain sum, and
    under ``#key`` how many communities have reported it, where somebody fills it in; under ``=key|other``
    what of it lies where the other one was reported.

    ``columns``: per table ``[(position, SQL)]`` over the rows whose ``conditions`` are named c0, c1 …
    """

    at: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    conditions: dict = field(default_factory=dict)
    width: int = 0

    @property
    def digest(self):
        said = json.dumps([self.at, self.columns, self.conditions], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def total(self, key, sums):
        """The plain sum of a measure."""
        return sums[self.at[f"={key}"][0]]

    def figures(self, code, sums):
        """The four figures of a target out of the sums of a place."""
        return [0 if place is None else sums[place] for place in self.at[code]]


def lay_out(targets, keys=(), supposed=None):
    """The layout for these targets and measures, in their order; the same ones always give the same.

    ``supposed``: ``{target code: SQL}`` put in the place of a measure, for a count that is only thought of.
    """
    layout, known = Layout(), {}
    for table in UNIT_TABLES:
        for key in table.MEASURES:
            if key in keys:
                layout.at[f"={key}"] = [_place(layout, known, table.KIND, f"COALESCE(m.{key}, 0)")]
                measure = measures.get(key)
                if measure is not None and measure.reported:
                    told = f"CASE WHEN m.{key} IS NOT NULL AND m.level = 5 THEN 1 ELSE 0 END"
                    layout.at[f"#{key}"] = [_place(layout, known, table.KIND, told)]
    for above, below in measures.compared():
        if above in keys and below in keys:
            there = f"(m.{below} IS NOT NULL OR m.level < 5)"  # only communities are asked
            told = f"CASE WHEN {there} THEN COALESCE(m.{above}, 0) ELSE 0 END"
            layout.at[f"={above}|{below}"] = [_place(layout, known, measures.get(above).unit, told)]
    for target in targets:
        kind, condition = target.table, rules.condition(target)
        conditions = layout.conditions.setdefault(kind, [])
        if condition not in conditions:
            conditions.append(condition)
        holds = f"c{conditions.index(condition)}"
        layout.at[target.code] = [
            _place(layout, known, kind, f"CASE WHEN {holds} THEN {figure} ELSE 0 END")
            if figure != "0"
            else None
            for figure in rules.pair(target, (supposed or {}).get(target.code, ""))
        ]
    return layout


def _place(layout, known, kind, sql):
    if (kind, sql) not in known:
        known[kind, sql] = layout.width
        layout.columns.setdefault(kind, []).append([layout.width, sql])
        layout.width += 1
    return known[kind, sql]


def keep(layout):
    """The stored plan of this layout."""
    plan, _new = Plan.objects.get_or_create(digest=layout.digest, defaults={"layout": asdict(layout)})
    return plan


def read(plan):
    return Layout(**plan.layout)


def laid_out(rows):
    """``[(row of sums, its layout)]``; layouts never change and are read once."""
    rows = list(rows.select_related("plan").defer("plan__layout"))
    absent = {row.plan_id for row in rows if row.plan.digest not in _layouts}
    for plan in Plan.objects.filter(pk__in=absent) if absent else ():
        if len(_layouts) >= KNOWN:
            _layouts.clear()
        _layouts[plan.digest] = read(plan)
    return [(row, _layouts[row.plan.digest]) for row in rows]


KNOWN = 64
_layouts = {}  # by digest


@dataclass(frozen=True)
class Standing:
    """The sums of one place and how they are laid out; of an edition, as they stood then."""

    layout: Layout
    sums: list
    computed_at: object
    edition: object = None

    def figures(self, code):
        return self.layout.figures(code, self.sums) if code in self.layout.at else None

    def total(self, key):
        return self.layout.total(key, self.sums) if f"={key}" in self.layout.at else None

    def compared(self, above, below):
        """What of a measure lies where another one was reported (``measures.compare``)."""
        return self.total(f"{above}|{below}")

    def reporters(self, key):
        """How many communities have reported this figure; None where none is asked to, or it is not known."""
        at = self.layout.at.get(f"#{key}")
        return self.sums[at[0]] if at else None


def sums_of_units(layout, by, where="TRUE", prefix="", tables=None):
    """SQL: the figures of the units themselves, one row for each value of the column ``by``.

    Columns: the place, then ``s0 … sn`` in the order of the layout. ``where`` speaks of the rows ``m``;
    ``prefix`` of the tables: those that stand, or the staged ones; or ``tables``: what stands for each.
    """
    parts = []
    for table in UNIT_TABLES:
        columns = dict(map(tuple, layout.columns.get(table.KIND, [])))
        if not columns:
            continue
        rows = tables[table.KIND] if tables else f"{prefix}{table._meta.db_table}"
        conditions = "".join(
            f", ({condition}) AS c{number}"
            for number, condition in enumerate(layout.conditions.get(table.KIND, []))
        )
        figures = ", ".join(
            f"SUM({columns[number]})::bigint AS s{number}" if number in columns else f"0::bigint AS s{number}"
            for number in range(layout.width)
        )
        parts.append(
            f"SELECT m.{by} AS place, {figures} FROM"
            f" (SELECT m.*{conditions} FROM {rows} m WHERE {where}) m GROUP BY 1"
        )
    if len(parts) == 1:
        return parts[0]
    total = ", ".join(f"SUM(s{number})::bigint AS s{number}" for number in range(layout.width))
    return f"SELECT place, {total} FROM ({' UNION ALL '.join(parts)}) parts GROUP BY 1"
