"""A question that every request asks: its SQL is worked out once in a process, not once a request.

Of a question with joins and subqueries Django needs longer to write the SQL than the database to answer it.
"""

import copy

from django.db import connections
from django.utils.functional import cached_property


class Prepared:
    """A queryset asked over and over, of which nothing but some parameters change.

    ``build(**marks)`` makes the queryset; a mark is a value of the parameter's type that stands nowhere
    else in it. Called with the values in place of the marks it answers a list, read anew each time.
    """

    def __init__(self, build, **marks):
        self._build = build
        self._marks = marks

    def __call__(self, **values):
        queryset, compiler, sql, params = self._compiled
        found = {mark: values[name] for name, mark in self._marks.items()}
        filled = tuple(found.get(param, param) for param in params)
        compiler = copy.copy(compiler)
        compiler.connection = connections[queryset.db]  # of this thread
        compiler.as_sql = lambda *args, **kwargs: (sql, filled)
        asked = queryset.all()
        asked.query.get_compiler = lambda *args, **kwargs: compiler
        return list(asked)

    @cached_property
    def _compiled(self):
        queryset = self._build(**self._marks)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        missing = [name for name, mark in self._marks.items() if mark not in params]
        if missing:
            raise ValueError(f"these marks do not reach the SQL: {missing}")
        return queryset, compiler, sql, params
