"""Counting what a request asks of the database: statements, not the marks of transactions."""

import re
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Project

MARKS = re.compile(r"(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)\b")


@contextmanager
def at_most(limit):
    """Fails with the statements when a stretch asks more often than ``limit``; yields their list."""
    asked = []
    with CaptureQueriesContext(connection) as captured:
        yield asked
    asked += [query["sql"] for query in captured.captured_queries if not MARKS.match(query["sql"])]
    assert len(asked) <= limit, f"{len(asked)} queries, at most {limit}:\n" + "\n".join(asked)


def crowd(project, many):
    """So many projects beside this one, at the same place and step; a list cannot tell them from it."""
    Project.objects.bulk_create(
        _twin(project, title=f"项目 {number:02}", number=f"{project.number}-{number}")
        for number in range(1, many)
    )


def _twin(project, **values):
    twin = Project.objects.get(pk=project.pk)
    twin.pk = twin.hearing = twin.assembly = twin.notice = None
    for name, value in values.items():
        setattr(twin, name, value)
    return twin
