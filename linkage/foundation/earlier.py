"""Questions of an earlier day, asked of the rows where they stood then.

A row names the place where it stands now. Over the tables a question reads their rows are laid with the
place of that day, where some were handed on since (``former``). Whoever asks has not to think of it, and of
today nothing changes.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

JOIN = (
    " LEFT JOIN (SELECT DISTINCT ON (entry) entry, place FROM {former}"
    " WHERE until > %s AND register = %s AND field = %s ORDER BY entry, id) {f} ON {f}.entry = t.{key}"
)


def as_they_stood(rows, on):
    """The same question of a day before today; of today it is the question itself."""
    if on >= timezone.localdate():
        return rows
    laid_over = _laid_over(on)
    if laid_over is None:
        return rows
    rows = rows.all()
    rows.query = rows.query.chain(_Then)
    rows.query.laid_over = laid_over
    return rows


@dataclass(frozen=True)
class AsTheyStood:
    """A question whose first argument is the day, asked of the rows where they stood."""

    asked: object

    def __call__(self, on, *more):
        return as_they_stood(self.asked(on, *more), on)


def _laid_over(on):
    """Each table of which rows have gone on since, under its own name, as it was: SQL and parameters.

    Of a row that went on several times the place it left first after that day is the one of that day.
    """
    former = apps.get_model("foundation", "FormerPlace")
    gone = former.objects.filter(until__gt=on).order_by("register", "field")
    fields = {}
    for register, field in gone.values_list("register", "field").distinct():
        fields.setdefault(apps.get_model(register), []).append(field)
    if not fields:
        return None
    tables, params = [], []
    for model, names in fields.items():
        columns = {
            column.column: f"t.{_quoted(column.column)}" for column in model._meta.local_concrete_fields
        }
        joins = ""
        for number, name in enumerate(names):
            column = model._meta.get_field(name).column
            columns[column] = f"COALESCE(f{number}.place, t.{_quoted(column)}) AS {_quoted(column)}"
            joins += JOIN.format(
                f=f"f{number}", former=former._meta.db_table, key=_quoted(model._meta.pk.column)
            )
            params += [on, model._meta.label_lower, name]
        table = _quoted(model._meta.db_table)
        tables.append(
            f"{table} AS NOT MATERIALIZED (SELECT {', '.join(columns.values())} FROM {table} t{joins})"
        )
    return f"WITH {', '.join(tables)} ", tuple(params)


def _quoted(name):
    return connection.ops.quote_name(name)


class _Compiler(SQLCompiler):
    """A name given by WITH goes before that of a table, also in every question within."""

    def as_sql(self, *args, **kwargs):
        sql, params = super().as_sql(*args, **kwargs)
        laid_over, before = self.query.laid_over
        return f"{laid_over}{sql}", (*before, *params)


class _Then(Query):
    def get_compiler(self, using=None, connection=None, elide_empty=True):
        plain = super().get_compiler(using, connection, elide_empty)
        return _Compiler(self, plain.connection, plain.using, elide_empty)
