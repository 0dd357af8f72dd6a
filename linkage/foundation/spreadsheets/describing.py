"""What the table of a register looks like: said once, used by template, import, export and preview.

A register's description derives from ``Sheet``; most of it is read off the model. ``register(Sheet)`` makes
it known. A row of a table is one row of the register; what a register keeps in several tables of its own
(the lines of its form) has a description each.
"""

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linkage.foundation.fields import keyed_hash
from linkage.foundation.ledger import Entry, Spanned, keeping_posts, reading_posts
from linkage.foundation.registers.filters import region_model

from . import cells, kinds

NUMBER = "@number"  # the column of the system number
SKIPPED = {"removed_at", "removed_by", "removed_reason", "merged_into"}
_known = {}


@dataclass
class Column:
    """One column: ``name`` is the field of the model it is read into, ``label`` its heading."""

    name: str
    label: str
    kind: kinds.Kind
    required: bool = False
    help: str = ""
    example: str = ""
    aliases: tuple = ()
    field: models.Field = None
    attname: str = ""

    @property
    def is_number(self):
        """Whether it is the system number."""
        return self.name == NUMBER

    @property
    def names(self):
        return {cells.folded(one) for one in (self.label, *self.aliases)}


@dataclass
class Line:
    """One row of a table on its way through the check."""

    number: int
    cells: list
    said: tuple = ()  # what each of its cells says, by the readers of the check
    plain: dict = field(default_factory=dict)  # {name of plain column: value}
    given: dict = field(default_factory=dict)  # {name of column: value}, of all columns
    typed: dict = field(default_factory=dict)  # {name of column: cell} of what is read later
    cleared: list = field(default_factory=list)  # names of columns that are to be emptied
    refused: list = field(default_factory=list)  # problems of values that were read, but may not stand
    problems: list = field(default_factory=list)  # [(name of column or None, sentence)]
    old: object = None
    new: object = None
    start: tuple = None  # the values of the new row before anything but its plain columns was put
    parts: dict = None  # what it may be known by
    key: str = ""
    beside: dict = None

    def refuse(self, name, error):
        sentences = error.messages if hasattr(error, "messages") else [str(error)]
        self.problems += [(name, sentence) for sentence in sentences]


class Sheet:
    """``keys``: what a row is known by, tried in order; each the names of fields that together are unique.

    ``known_by``: fields by which other tables name a row of this register, the shown one first.
    ``leave_out``: fields no table says. ``further``: ``{name: Column}`` that no field tells.
    ``once``: columns said when the row is entered and changed only by a step of its own.
    ``related``: rows that ``clean`` of the model reads. ``own``: fields that ``put`` or ``shows`` of the
    description deals with otherwise than any other.
    """

    model = None
    keys = ()
    known_by = ()
    leave_out = ()
    order = ()
    once = ()
    aliases = {}
    examples = {}
    helps = {}
    labels = {}
    synonyms = {}  # {field: {word: code}}
    needed = ()  # required though the model could do without
    free = ()  # worked out by the model where the table does not say it
    related = ()
    own = ()
    about = ""
    imported = True  # some registers are only read: their rows come from deeds, not from tables
    nav = "registers"  # which entry of the navigation its pages lie under
    on_desk = True  # the data desk keeps a list of it; others say themselves what is ``listed`` and where

    def __init__(self):
        self.label = self.model._meta.label_lower
        self.title = self.model._meta.verbose_name_plural
        self.columns = self._columns()
        self.by_name = {column.name: column for column in self.columns}
        self.is_spanned = issubclass(self.model, Spanned)
        root = self.model.region_path.split("__")[0]
        self.root = self.model._meta.get_field(root) if root != "path" else None

    def _columns(self):
        found = [*self.first_columns()]
        for one in self.model._meta.local_fields:
            if one.name in SKIPPED or one.name in self.leave_out or not one.editable or one.primary_key:
                continue
            kind = self.kind_of(one)
            if kind is not None:
                found.append(self.column(one, kind))
        found += self.last_columns()
        rank = {name: place for place, name in enumerate(self.order)}
        found.sort(key=lambda column: rank.get(column.name, len(rank)))
        found.append(
            Column(
                NUMBER,
                str(_("System number")),
                kinds.Number(least=1, most=2**63 - 1),
                help=_("Given by the platform in exports; leave it empty for new rows."),
                aliases=("系统编号", "ID", "记录编号"),
            )
        )
        labels = [cells.folded(column.label) for column in found]
        if doubled := {label for label in labels if labels.count(label) > 1}:
            raise ImproperlyConfigured(f"{self.label}: two columns are called {doubled}")
        return found

    def first_columns(self):
        return []

    def last_columns(self):
        return []

    def kind_of(self, one):
        if isinstance(one, models.ForeignKey):
            return self._kind_of_row(one)
        return kinds.of(one, self.model)

    def _kind_of_row(self, one):
        kept = one.name == self.model.region_path.split("__")[0]
        target = one.related_model
        if target is region_model(self.model):
            level = (one.get_limit_choices_to() or {}).get("level")
            levels = [level] if level is not None else (one.get_limit_choices_to() or {}).get("level__in")
            return kinds.Place(levels, kept=kept)
        if issubclass(target, Entry):
            return kinds.Ref(target, known_by(target), kept=kept)
        return None

    def column(self, one, kind, **said):
        if one.name in self.synonyms:
            kind.synonyms = self.synonyms[one.name]
        required = not one.blank and not one.has_default() and one.db_default is models.NOT_PROVIDED
        if isinstance(one, models.BooleanField):
            required = False
        return Column(
            **{
                "name": one.name,
                "label": str(self.labels.get(one.name, one.verbose_name)),
                "kind": kind,
                "required": (required or one.name in self.needed) and one.name not in self.free,
                "help": self.helps.get(one.name, one.help_text),
                "example": self.examples.get(one.name, ""),
                "aliases": tuple(self.aliases.get(one.name, ())),
                "field": one,
                "attname": one.attname,
                **said,
            }
        )

    def is_plain(self, column):
        """Whether the column is a field that is read, put and shown as its kind says, and nothing else."""
        return column.field is not None and not column.kind.lazy and column.name not in self.own

    # What a register may add

    def prepare(self, check, lines):
        """Before the rows are looked for: what is asked for many rows at once."""

    def key_parts(self, line):
        """``{field: value}`` by which a row may be known."""
        return line.given

    def span_of(self, line):
        """Of what holds from a day on: that day, for one thing may be entered once for each of its spans."""
        return line.given.get("valid_from") if self.is_spanned else None

    def choose(self, line, rows):
        """Which of the rows known by the same is meant; None where it is another one, still to be entered."""
        if not rows or not self.is_spanned:
            return rows[0] if rows else None
        begins = line.given.get("valid_from")
        for row in rows:
            if (begins is None and row.valid_to is None) or (begins is not None and row.valid_from == begins):
                return row
        standing = [
            row for row in rows if row.valid_to is None or (begins is not None and row.valid_to >= begins)
        ]
        if standing:
            return standing[-1]
        return rows[-1] if begins is None else None

    def key_of(self, row, name):
        """What a row of the register says in a field it is known by."""
        return row_value(row, name)

    def find_more(self, check, lines):
        """Rows that no key of fields finds."""

    def put(self, check, line, name, value):
        """Set a value on the row; sealed ones take their hash along."""
        column = self.by_name[name]
        if isinstance(column.kind, (kinds.Place, kinds.Ref)):
            setattr(line.new, column.attname, value and value.pk)
            line.new._state.fields_cache[column.field.name] = value
        elif isinstance(column.kind, kinds.Sealed) and f"{column.attname}_hash" in check.blank:
            setattr(line.new, column.attname, value)
            setattr(line.new, f"{column.attname}_hash", keyed_hash(f"phone:{value}") if value else "")
        else:
            setattr(line.new, column.attname, value)

    def settle(self, check, line):
        """After all values are put, before the model judges: what follows from them."""

    def judge(self, check, line):
        """What the model cannot know: a change that a table may not make. ``{column: sentence}``."""
        return {}

    def before_apply(self, cursor, sheet_import, by):
        """In the transaction of the import, before its rows are written."""

    def after_apply(self, cursor, sheet_import, by):
        """In the same transaction, when they are."""

    def write(self, cursor, sheet_import, by):
        """Write the good rows by verbs; ``{"new": …, "changed": …}``. None: the import writes them itself."""
        return None

    # Whose it is, and where its list is

    def keepers(self, user):
        """The posts by which this person writes rows."""
        return keeping_posts(user, self.model.duties)

    def readers(self, user):
        return reading_posts(user, self.model.duties)

    def listed(self, user, query):
        """The rows of the list; of a register on the data desk the desk says it."""
        raise NotImplementedError

    def list_url(self, query=None):
        """Where the list is, with what was chosen there."""
        address = reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")
        return f"{address}?{urlencode(query)}" if query else address

    def after_import(self, sheet_import):
        """What is to be done next, once the rows stand: ``[(label, address)]``."""
        return []

    def value_of(self, row, column):
        """What the row says in this column; None or empty where nothing."""
        return getattr(row, column.name if column.name != NUMBER else "pk")

    def shows(self, check, row, column):
        """The cell of an export or preview."""
        if column.name == NUMBER:
            return row.pk
        value = self.value_of(row, column)
        if value is None or value == "" or value == []:
            return None
        if isinstance(column.kind, kinds.Place):
            return check.places.shown(value)
        if isinstance(column.kind, kinds.Ref):
            return shown_ref(value)
        if isinstance(column.kind, kinds.Sealed) and getattr(check, "full", False):
            return column.kind.opened(value)
        return column.kind.show(value)


def row_value(row, name):
    """The value of a field, or of one of the row it points at (``person__id_hash``)."""
    first, _sep, rest = name.partition("__")
    if rest:
        return row_value(getattr(row, first), rest)
    return getattr(row, row._meta.get_field(first).attname)


def key_value(value):
    return value.pk if isinstance(value, models.Model) else value


def digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]


def register(sheet):
    """``@register`` over a description."""
    _known[sheet.model] = sheet
    return sheet


_made = {}


def of(model):
    """The description of a model, or None."""
    if model not in _made:
        found = _known.get(model)
        _made[model] = found() if found else None
    return _made[model]


def named(label):
    """The description of a register by its name in an address; None where there is none."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return of(model)


def known_by(model):
    found = _known.get(model)
    if found is not None and found.known_by:
        return tuple(found.known_by)
    for name in ("name", "title"):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return (name,)
    return ()


def shown_ref(row):
    names = known_by(type(row))
    return str(getattr(row, names[0])) if names else str(row)


def every():
    return [of(model) for model in _known]
