"""The words of 汇总表: which tables there are, read from the shipped files. A new table is an entry there."""

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.attainment.codes import EVERY_MEASURE
from linkage.foundation import measures

SHIPPED = Path(__file__).parent / "shipped"
OWN = "own"  # the table of measures one has chosen oneself
COUNT = "communities"  # how many there are: what is missing is told against it
MOST_CHOSEN = 20
QUARTER, YEAR = EVERY = ("quarter", "year")
QUARTERS = [
    (1, gettext_lazy("first quarter")),
    (2, gettext_lazy("second quarter")),
    (3, gettext_lazy("third quarter")),
    (4, gettext_lazy("fourth quarter")),
]


@dataclass(frozen=True)
class Column:
    """A measure, or the ratio of two, ``times`` so much; always taken of sums, never of other ratios."""

    name: str
    group: str = ""
    measure: str = ""
    share: tuple = ()
    times: int = 1
    unit: str = ""

    @property
    def keys(self):
        return self.share or (self.measure,)


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    columns: tuple

    @property
    def keys(self):
        """The measures it takes, each once, and the number of communities."""
        return list(dict.fromkeys([COUNT, *(key for column in self.columns for key in column.keys)]))


def compare():
    """Have what the ratios need summed along: what lies where the divisor was reported."""
    for column in (column for table in _tables.values() for column in table.columns if column.share):
        above, below = (measures.get(key) for key in column.share)
        if above and below and below.reported and not above.reported and above.unit == below.unit:
            measures.compare(above.key, below.key)


# 季报, 年报


@dataclass(frozen=True)
class Template:
    """A periodic return: which tables it is made of, and from which change on a figure is to be explained."""

    key: str
    title: str
    every: str
    version: str
    tables: tuple
    explain_over: int = 20  # percent against the last period
    explain_from: int = 10  # and at least so many

    @property
    def columns(self):
        return [column for table in self.tables for column in table.columns]

    @property
    def keys(self):
        """The measures it takes, each once."""
        return list(dict.fromkeys([COUNT, *(key for table in self.tables for key in table.keys)]))

    def said(self):
        """The whole of it as data, to be kept with a period: a later version moves nothing that runs."""
        return asdict(self)


def templates():
    return _templates


def again(said):
    """The template that was kept."""
    tables = tuple(
        Table(
            one["key"],
            one["title"],
            tuple(Column(**row | {"share": tuple(row["share"])}) for row in one["columns"]),
        )
        for one in said["tables"]
    )
    return Template(**said | {"tables": tables})


def read_templates(said, known):
    found = {}
    for one in said.get("return", ()):
        missing = [key for key in one["tables"] if key not in known]
        if missing or one["every"] not in EVERY or one["key"] in found:
            raise Malformed(f"{one['key']}: no such tables {missing}, or no such period, or there twice")
        found[one["key"]] = Template(**one | {"tables": tuple(known[key] for key in one["tables"])})
    return found


class Malformed(ValueError):
    """A shipped file says what cannot be; it names the table and the column."""


def tables():
    return _tables


def table(key):
    return _tables.get(key)


def of_measures(keys):
    """The table of these measures, in the order of the registers."""
    columns = [
        Column(str(measure.name), group, measure=measure.key)
        for group, found in by_register()
        for measure in found
        if measure.key in keys
    ]
    return Table(OWN, "", tuple(columns))


def by_register():
    """``[(register, [measures])]``: everything that can be counted today."""
    told = [(name, [m for key in keys if (m := measures.get(key))]) for name, keys in _registers]
    named = {key for _name, keys in _registers for key in keys}
    others = [measure for measure in measures.registered() if measure.key not in named]
    return [(name, found) for name, found in [*told, (_("Others"), others)] if found]


def read(said):
    """``{key: Table}`` out of a parsed file."""
    found = {}
    for one in said.get("table", ()):
        if one["key"] in found or one["key"] == OWN:
            raise Malformed(f"{one['key']}: there are two of them")
        columns = tuple(_column(one["key"], **row) for row in one["column"])
        found[one["key"]] = Table(one["key"], one["title"], columns)
    return found


def _column(table, *, name, group="", measure="", share=(), times=1, unit=""):
    column = Column(name, group, measure, tuple(share), times, unit)
    if bool(measure) == bool(share) or len(share) not in (0, 2):
        raise Malformed(f"{table}, {name}: a measure or a share of two")
    unknown = [key for key in column.keys if key not in EVERY_MEASURE]
    if unknown:
        raise Malformed(f"{table}, {name}: {unknown} are no measures of the platform")
    if share and not unit:
        raise Malformed(f"{table}, {name}: a ratio says its unit")
    return column


def _file(name):
    with open(SHIPPED / name, "rb") as file:
        return tomllib.load(file)


_said = _file("tables.toml")
_tables = read(_said)
_registers = [(one["name"], one["measures"]) for one in _said["register"]]
_templates = read_templates(_file("returns.toml"), _tables)
