"""The rows the tests of the registers stand on: of every register one, and every text of it marked."""

import pytest
from django.db import models

from linkage.foundation.fields import EncryptedTextField
from tests.registers.rows import MAKERS, Rows, registers

pytestmark = pytest.mark.django_db

MARK = "CNR-620102020001-kept"


def test_every_register_has_a_maker():
    assert sorted(model._meta.label_lower for model in registers()) == sorted(MAKERS)


def test_a_row_of_every_register_is_made_and_speaks_the_mark(world):
    rows = Rows(world.xingfuli, MARK)
    silent = []
    for model, row in rows.all().items():
        assert model.objects.filter(pk=row.pk).exists(), model
        texts = [value for value in row.__dict__.values() if isinstance(value, str)]
        if not any(MARK.lower() in value.lower() for value in texts) and any(
            map(_is_typed, model._meta.local_fields)
        ):
            silent.append(model._meta.label)
    assert silent == ["socialwork.RelatedMajor"]  # one list for the whole country


def test_rows_of_one_place_lean_on_those_of_another(world):
    """What an organisation runs elsewhere, whom a person serves elsewhere: the other place keeps it."""
    near, far = Rows(world.xingfuli, MARK), Rows(world.fukang, "CNR-620902001001-kept")
    near.all(), far.all()
    found = set(far.leaning_on(near))
    assert len(found) > 30
    assert found > {
        "organizations.operatingcontract.organization",
        "charity.charityentity.organization",
        "socialwork.postholding.worker",
        "volunteers.servicerecord.volunteer",
        "volunteers.volunteer.person",
    }


def _is_typed(field):
    plain = isinstance(field, (models.CharField, models.TextField)) and not field.choices
    return plain and field.editable and not isinstance(field, EncryptedTextField) and field.name != "doc_no"


def test_two_places_share_no_number_and_no_row(world):
    near, far = Rows(world.xingfuli, MARK), Rows(world.fukang, "CNR-620902001001-kept")
    one, other = near.all(), far.all()
    assert {row.pk for model, row in one.items() if row.pk == other[model].pk} == set()
    assert not set(near.numbers) & set(far.numbers)
    for number in near.numbers + far.numbers:
        assert len(number) in (11, 18)
