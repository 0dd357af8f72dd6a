"""Personal data is sealed at rest and opens only in its own place."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F

from communities.offices.models import User
from linkage.foundation import fields


def stored(user):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM offices_user WHERE id = %s", [user.pk])
        return cursor.fetchone()[0]


@pytest.fixture
def maya(db):
    return User.objects.create(username="maya", phone="13800001234")


def test_the_database_never_sees_the_value(maya):
    assert "13800001234" not in stored(maya)
    assert User.objects.get().phone == "13800001234"


def test_saving_an_unchanged_value_changes_nothing(maya):
    before = stored(maya)
    User.objects.get().save()
    assert stored(maya) == before
    maya.save()
    assert stored(maya) != before, "a fresh value is sealed with a fresh nonce"


def test_a_new_key_writes_and_the_old_one_still_reads(maya, settings):
    settings.DATA_KEYS = ["new", *settings.DATA_KEYS]
    user = User.objects.get()
    assert user.phone == "13800001234"
    before = stored(user)
    user.save()
    assert stored(user).split(":")[1] != before.split(":")[1]
    settings.DATA_KEYS = ["new"]
    assert User.objects.get().phone == "13800001234"


def test_without_its_key_a_value_stays_shut(maya, settings):
    settings.DATA_KEYS = ["another"]
    with pytest.raises(fields.Unreadable):
        User.objects.get()


def test_a_sealed_value_moved_to_another_column_or_altered_does_not_open():
    sealed = fields.seal("x", "offices.user.phone")
    assert fields.unseal(sealed, "offices.user.phone") == "x"
    for value, place in [
        (sealed, "people.person.phone"),
        (sealed[:-4] + "AAAA", "offices.user.phone"),
        ("plain", "offices.user.phone"),
    ]:
        with pytest.raises(fields.Unreadable):
            fields.unseal(value, place)


@pytest.mark.parametrize("lookup", ["phone", "phone__startswith", "phone__regex", "phone__in", "phone__gt"])
def test_no_value_can_be_asked_for(db, lookup):
    with pytest.raises(FieldError):
        list(User.objects.filter(**{lookup: "1"}))
    with pytest.raises(FieldError):
        list(User.objects.filter(**{lookup: F("username")}))


def test_only_emptiness_can_be_asked(maya):
    blank = User.objects.create(username="blank")
    assert list(User.objects.filter(phone="")) == [blank]
    assert list(User.objects.exclude(phone="")) == [maya]
    assert list(User.objects.filter(phone__isnull=True)) == []


def test_equality_search_uses_a_keyed_hash(settings):
    first = fields.keyed_hash("620102199001011234")
    assert first == fields.keyed_hash("620102199001011234") != fields.keyed_hash("620102199001011235")
    settings.DATA_KEYS = ["new", *settings.DATA_KEYS]
    assert fields.keyed_hash("620102199001011234") == first, "a new key does not break the search"
    settings.DATA_KEYS = ["new"]
    assert fields.keyed_hash("620102199001011234") != first
