"""The requirement table speaks of code and tests that exist, and of every id once."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ID = re.compile(r"(?:CQ|GS|YZ|HB|WH)-(?:[TB]?\d+[a-z]?(?:\.\d+)*[a-z]?|A\.\d+)|§\d+\.\d+")
QUOTED = re.compile(r"`([^`]+)`")
LATER = re.compile(r"\b(issues? \d+|later)\b")


def rows():
    """(id, what it asks for, where, test) of every line of the tables with four columns."""
    for line in (ROOT / "docs/requirements.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("| ") else []
        if len(cells) == 4 and cells[0] != "id":
            yield cells


ROWS = list(rows())


@cache
def names_in(path):
    """What a module defines: functions, classes, their methods as ``Class.method``, names it sets."""
    found = set()
    for node in ast.parse((ROOT / path).read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def exists(address):
    path, _colons, name = address.partition("::")
    return (ROOT / path).is_file() and (not name or name in names_in(path))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_the_row_names_exists(row):
    mark, asks, where, shown = row
    assert ID.fullmatch(mark) and asks
    places = [found for found in QUOTED.findall(where) if "/" in found]
    tests = QUOTED.findall(shown)
    assert [place for place in places if not exists(place)] == []
    assert [test for test in tests if "::test_" not in test.replace(".test_", "::test_")] == []
    assert [test for test in tests if not exists(test)] == []
    # Done rows name code and a test; the others say who brings them.
    if places:
        assert tests, f"{mark} names code and no test"
    else:
        assert LATER.search(where), f"{mark} names neither code nor an issue"
    if "partly" in where:
        assert places, f"{mark} is done in part and names no code"


def test_every_id_stands_once():
    text = (ROOT / "docs/requirements.md").read_text()
    listed = [found for line in text.splitlines() if line.startswith("| ") for found in first_cell_ids(line)]
    assert len(ROWS) > 80
    assert sorted(listed) == sorted(set(listed))


def first_cell_ids(line):
    return ID.findall(line.strip("|").split("|")[0])
