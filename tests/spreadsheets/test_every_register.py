"""Over every register: what is exported and imported again changes nothing, and no cell is a formula."""

import io
import tempfile
import zipfile

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from linkage.foundation.ledger import Entry
from linkage.foundation.registers import Register
from linkage.foundation.spreadsheets import describing, files, kinds
from linkage.foundation.spreadsheets.describing import NUMBER
from tests.registers.rows import make
from tests.spreadsheets.makers import book, counts, handed_in, problems

pytestmark = pytest.mark.django_db
SHEETS = [sheet for sheet in describing.every() if sheet.imported and issubclass(sheet.model, Entry)]
each = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.label)
MARK = "=1+1 标记"


def exported(sheet, user):
    """The file of an export of all rows, as bytes."""
    with tempfile.TemporaryFile() as scratch:
        table = files.XLSXTable(scratch, sheet, files.facts(sheet, user))
        rows = sheet.model.objects.visible_to(user)
        for some in files.rows_of(files.View(sheet, user), rows):
            for row in some:
                table.append(row)
        table.close()
        scratch.seek(0)
        return scratch.read()


def test_every_register_of_the_desk_has_its_description():
    desks = {model for model, desk in admin.site._registry.items() if isinstance(desk, Register)}
    assert {sheet.model for sheet in describing.every() if sheet.on_desk} == desks


@each
def test_an_export_imported_again_changes_nothing(world, sheet):
    province = world.people["province"]
    make(sheet.model, world.xingfuli, MARK)
    content = exported(sheet, province)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if "worksheets" in name:
                assert b"<f>" not in archive.read(name)
    taken = handed_in(sheet.label, SimpleUploadedFile("导出.xlsx", content), by=province)
    assert taken.state == "checked", (taken.state, taken.reason, taken.head)
    rows = sheet.model.objects.visible_to(province).count()
    assert counts(taken) == {"same": rows}, problems(taken)
    assert not taken.head["unknown"]


@each
def test_without_system_numbers_rows_are_found_by_what_they_are_known_by(world, sheet):
    province = world.people["province"]
    row = make(sheet.model, world.xingfuli, "标记")
    content = load_workbook(io.BytesIO(exported(sheet, province)))
    lines = [list(line) for line in content.active.iter_rows(values_only=True)]
    head = lines[2]
    gone = {head.index(sheet.by_name[NUMBER].label)}
    sealed = {
        head.index(column.label): column for column in sheet.columns if isinstance(column.kind, kinds.Sealed)
    }
    for line in lines[3:]:
        for place, column in sealed.items():
            if line[place] and "*" in line[place]:
                line[place] = str(sheet.value_of(row, column))
    table = [[cell for place, cell in enumerate(line) if place not in gone] for line in lines]
    taken = handed_in(sheet.label, book(table), by=province)
    wrong = problems(taken)
    assert taken.state == "checked" and "wrong" not in counts(taken), (taken.state, taken.reason, wrong)
    assert counts(taken) == {"same": len(lines) - 3}, [
        (one.values, one.before) for one in taken.staged.exclude(outcome="same")
    ]


def test_every_register_has_a_template_that_opens(world):
    for sheet in SHEETS:
        with files.template(sheet, world.people["county"]) as file:
            opened = load_workbook(file)
        first = opened.worksheets[0]
        assert first.title == str(sheet.title)[:31]
        head = [cell.value for cell in first[3]]
        assert head == [column.label for column in sheet.columns if column.name != NUMBER]
