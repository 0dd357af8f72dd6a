"""What only the database can say of all rows of a table together: twice, taken already, not possible.

The staged rows are laid out once as rows of the register (``jsonb_populate_record``: typed by the database
itself, over the row they change), and the constraints of the model are asked of them in a few statements,
with the sentences the forms use.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models
from django.db.models.sql import Query
from django.utils.translation import gettext as _

from . import rows

TYPED = "lk_typed"
LINES = "lk_line", "lk_target"


def lay_out(cursor, sheet_import, model):
    """A temporary table of the good rows as they would stand, with their line and the row they change."""
    table = connection.ops.quote_name(model._meta.db_table)
    pk = connection.ops.quote_name(model._meta.pk.column)
    cursor.execute(f"DROP TABLE IF EXISTS {TYPED}")
    start = f"CASE WHEN s.target IS NULL THEN {rows.made_new(model)} ELSE t END"
    cursor.execute(
        f"CREATE TEMPORARY TABLE {TYPED} ON COMMIT DROP AS"
        " SELECT s.number AS lk_line, s.target AS lk_target, r.*"
        f" FROM foundation_stagedrow s LEFT JOIN {table} t ON t.{pk} = s.target,"
        f" LATERAL jsonb_populate_record({start}, s.values) r"
        " WHERE s.sheet_import_id = %s AND s.outcome IN ('new', 'changed')",
        [rows.blank(model), sheet_import.pk],
    )
    asked = {"lk_line", "lk_target"}  # statistics of what the rules below ask for, not of fifty columns
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            asked |= {model._meta.get_field(name).column for name in constraint.fields}
    cursor.execute(f"ANALYZE {TYPED} ({', '.join(map(connection.ops.quote_name, sorted(asked)))})")


def hold(check):
    """Mark as wrong what breaks a rule together with another row, of the table or of the register."""
    sheet_import, model = check.sheet_import, check.model
    with connection.cursor() as cursor:
        _twice(cursor, sheet_import)
        lay_out(cursor, sheet_import, model)
        for constraint in _broken(cursor, model):
            _refuse(cursor, sheet_import, _breaking(model, constraint), _words(constraint))
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                _together(cursor, check, *_unique(model, constraint))
            elif isinstance(constraint, ExclusionConstraint):
                _together(cursor, check, *_excluding(model, constraint))


def _twice(cursor, sheet_import):
    """One thing on several rows: the first of them counts, the others are told which."""
    cursor.execute("SET LOCAL enable_nestloop = off")  # of rows just copied in there are no statistics
    for column in ("target::text", "nullif(key, '')"):
        cursor.execute(
            f"""UPDATE foundation_stagedrow s SET outcome = 'wrong',
                problems = coalesce(s.problems, '[]') || jsonb_build_array(jsonb_build_array(NULL,
                    format(%s, first.number)))
            FROM (SELECT number AS this, min(number) OVER (PARTITION BY {column}) AS number
                  FROM foundation_stagedrow
                  WHERE sheet_import_id = %s AND outcome <> 'wrong' AND {column} IS NOT NULL) first
            WHERE s.sheet_import_id = %s AND s.number = first.this AND first.this > first.number""",
            [_("The same as row %s: one thing, one row."), sheet_import.pk, sheet_import.pk],
        )
    cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")


def _words(constraint):
    words = str(constraint.get_violation_error_message())
    if constraint.violation_error_message == constraint.default_violation_error_message:
        return _("This row cannot be as it stands (%s).") % constraint.name
    return words


def _refuse(cursor, sheet_import, breaking, words):
    """``breaking``: a SELECT of lines."""
    sql, params = breaking
    cursor.execute(
        "UPDATE foundation_stagedrow SET outcome = 'wrong', problems = coalesce(problems, '[]') ||"
        " jsonb_build_array(jsonb_build_array(NULL, %s::text))"
        f" WHERE sheet_import_id = %s AND number IN ({sql})",
        [words, sheet_import.pk, *params],
    )


def _broken(cursor, model):
    """The check constraints that any row breaks, asked of all rows at once."""
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    if not checks:
        return []
    asked = ", ".join(f"bool_or(({_check_of(model, one)}) IS FALSE)" for one in checks)
    cursor.execute(f"SELECT {asked} FROM {TYPED}", [])
    return [one for one, is_broken in zip(checks, cursor.fetchone(), strict=True) if is_broken]


def _breaking(model, constraint):
    return f"SELECT lk_line FROM {TYPED} WHERE ({_check_of(model, constraint)}) IS FALSE", []


def _check_of(model, constraint):
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        return constraint._get_check_sql(model, editor).replace("%", "%%")


def _condition(model, condition):
    if condition is None:
        return "TRUE"
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        query = Query(model=model, alias_cols=False)
        where = query.build_where(condition)
        sql, params = where.as_sql(query.get_compiler(connection=connection), connection)
        return sql % tuple(editor.quote_value(one) for one in params)


def _unique(model, constraint):
    columns = [connection.ops.quote_name(model._meta.get_field(name).column) for name in constraint.fields]
    parts = [(column, "=") for column in columns]
    return _condition(model, constraint.condition), parts, _words(constraint)


def _excluding(model, constraint):
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        query = Query(model=model, alias_cols=False)
        compiler = query.get_compiler(connection=connection)
        parts = []
        for expression, operator in constraint.expressions:
            expression = models.F(expression) if isinstance(expression, str) else expression
            sql, params = compiler.compile(expression.resolve_expression(query=query))
            parts.append((sql % tuple(editor.quote_value(one) for one in params), operator))
    return _condition(model, constraint.condition), parts, _words(constraint)


def _together(cursor, check, condition, parts, words):
    """Rows that clash with one that stands, wherever it is kept, or with an earlier row of the table."""
    model = check.model
    table = connection.ops.quote_name(model._meta.db_table)
    pk = connection.ops.quote_name(model._meta.pk.column)
    named = ", ".join(f"{sql} AS lk_{n}" for n, (sql, _operator) in enumerate(parts)).replace("%", "%%")
    meets = " AND ".join(f"o.lk_{n} {operator} n.lk_{n}" for n, (_sql, operator) in enumerate(parts))
    condition = condition.replace("%", "%%")
    mine = f"SELECT lk_line, lk_target, {named} FROM {TYPED} WHERE {condition}"
    standing = (
        f"SELECT {pk} AS lk_key, {named} FROM {table} WHERE ({condition})"
        f" AND NOT EXISTS (SELECT FROM {TYPED} x WHERE x.lk_target = {table}.{pk})"
    )
    sheet_import = check.sheet_import
    _refuse(
        cursor,
        sheet_import,
        (f"SELECT n.lk_line FROM ({mine}) n JOIN ({standing}) o ON {meets}", []),
        words,
    )
    _refuse(
        cursor,
        sheet_import,
        (f"SELECT n.lk_line FROM ({mine}) n JOIN ({mine}) o ON {meets} AND o.lk_line < n.lk_line", []),
        words,
    )
