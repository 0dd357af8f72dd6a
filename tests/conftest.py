"""What every test stands on."""

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

from tests import database, factories


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    with django_db_blocker.unblock():
        database.ensure_roles()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, made by the owner; from here on every connection has the rights of the site."""
    with django_db_blocker.unblock():
        connection.close()
    connection_created.connect(database.become_app)
    yield
    connection_created.disconnect(database.become_app)
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(scope="session", autouse=True)
def _owner_empties_tables():
    """Only the owner may TRUNCATE, so it cleans up after tests that commit."""
    plain = TransactionTestCase._fixture_teardown

    def teardown(case):
        with database.as_owner():
            plain(case)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = plain


@pytest.fixture
def world(db):
    """The story world of ``tests/factories.py``."""
    return factories.build()


def pytest_make_parametrize_id(config, val, argname):
    """Bytes are no name for a case: some carry the time of day, and every worker must see one list."""
    return argname if isinstance(val, bytes) else None
