"""What every test stands on."""

import gc
import logging

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.template import Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered

from tests import copies, database, factories, leaks

worlds = copies.Copies(factories.build)


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
    TransactionTestCase._fixture_teardown = guarded(plain)
    yield
    TransactionTestCase._fixture_teardown = plain


def guarded(plain):
    """A teardown that first looks whether numbers of people lie open in what was committed."""

    def teardown(case):
        found = leaks.scan_rows()
        with database.as_owner():
            plain(case)
        assert found == [], "numbers of people lie open in what this test has committed"

    return teardown


@pytest.fixture(scope="session", autouse=True)
def _nothing_lies_open_at_the_end(tmp_path_factory):
    """After the last test of a worker: its log as the site writes it, the queue, kept files and mails."""
    (plain,) = [one for one in logging.getLogger("django").handlers if one.name == "stdout"]
    written = tmp_path_factory.mktemp("log") / "site.log"
    beside = logging.FileHandler(written, encoding="utf-8")
    beside.setFormatter(plain.formatter)
    for masks in plain.filters:
        beside.addFilter(masks)
    loggers = [one for one in (logging.root, *_loggers()) if plain in one.handlers]
    for one in loggers:
        one.addHandler(beside)
    yield
    for one in loggers:
        one.removeHandler(beside)
    beside.close()
    found = [*leaks.scan_files(written.parent), *leaks.scan_keys()]
    for folder in (settings.FILES, getattr(settings, "EMAIL_FILE_PATH", None)):
        if folder:
            found += leaks.scan_files(folder)
    assert found == [], "numbers of people lie open in what the whole run has left"


@pytest.fixture(scope="session", autouse=True)
def _only_pages_are_told_of(django_test_environment):
    """``answer.context`` is what the page itself was given. Django tells of every template drawn within it
    as well, some hundred for a page of the admin, each with a copy of what it was given."""
    plain = Template._render
    Template._render = _rendered
    yield
    Template._render = plain


def _rendered(template, context):
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


def _loggers():
    known = logging.root.manager.loggerDict.values()
    return [one for one in known if isinstance(one, logging.Logger)]


@pytest.fixture
def world(db, request):
    """The story world of ``tests/factories.py``, built anew only where its ids must be other ones."""
    return factories.build() if "large_ids" in request.fixturenames else worlds.one()


def pytest_collection_finish(session):
    """What is there by now stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(config, val, argname):
    """Bytes are no name for a case: some carry the time of day, and every worker must see one list."""
    return argname if isinstance(val, bytes) else None
