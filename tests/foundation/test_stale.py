"""Whatever changes a counted table leaves marks, and each mark is taken once."""

import pytest
from django.db import connection, transaction

from linkage.foundation import stale
from linkage.foundation.models import StaleMark
from tests import database


@pytest.fixture
def fees(db):
    """A small counted table with its triggers."""
    operation = stale.stale_trigger(
        "fees", "community", "SELECT community FROM changed", columns=["community", "amount"]
    )
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE fees (id int PRIMARY KEY, community int, amount int, note text)")
        cursor.execute(operation.sql)
        cursor.execute("GRANT ALL ON fees TO linkage_app")
    return operation


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return stale.take("community")


def test_insert_update_and_delete_mark_the_units_before_and_after(fees):
    assert run("INSERT INTO fees VALUES (1, 10, 5), (2, 10, 5), (3, 20, 5)") == ["10", "20"]
    assert run("UPDATE fees SET amount = 6 WHERE id = 1") == ["10"]
    assert run("UPDATE fees SET community = 30 WHERE id = 1") == ["10", "30"]
    assert run("DELETE FROM fees WHERE community = 20") == ["20"]


def test_a_change_of_what_is_not_counted_marks_nothing(fees):
    run("INSERT INTO fees VALUES (1, 10, 5), (2, NULL, 5)")
    assert run("UPDATE fees SET note = 'x'") == []
    assert run("UPDATE fees SET amount = 5") == []


def test_the_operation_can_be_undone(fees):
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute(fees.reverse_sql)
    assert run("INSERT INTO fees VALUES (1, 10, 5)") == []


def test_long_names_stay_within_the_limit_of_postgresql_and_apart():
    names = {stale._name("t" * 60, "kind", event) for event in stale.EVENTS}
    assert len(names) == 3
    assert all(len(name) <= 63 for name in names)


@pytest.mark.django_db(transaction=True)
def test_marks_taken_in_a_transaction_that_fails_are_still_there():
    stale.mark("community", [1, 2, 1])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert stale.take("community") == ["1", "2"]
        raise ZeroDivisionError
    with transaction.atomic():
        assert stale.take("community", limit=1) == ["1"]
    assert list(StaleMark.objects.values_list("unit_id", flat=True)) == ["2", "1"]
    assert stale.waiting("community")
    assert not stale.waiting("organisation")


@pytest.mark.django_db(transaction=True)
def test_marks_cannot_be_taken_without_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        stale.take("community")
