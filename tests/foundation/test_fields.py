"""Personal data is sealed at rest and opens only in its own place."""

import os
import subprocess
import sys
import time

import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
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


SEALED_BY_AES_AND_THE_KEY_FIRST = "1:b735fe4f:/tiB+M5K4uQbTFHYT+LbzSbq84aHsOcW+mOFuQjc0ztTcZDOy5vg"


def test_sm4_seals_as_the_published_example_says():
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    sm4 = fields.SM4("any")
    sm4._key = algorithms.SM4(key)
    nonce = bytes.fromhex("00001234567800000000ABCD")
    place = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    text = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    sealed = sm4.seal(nonce, text, place)
    assert sealed[:16].hex().upper() == "17F399F08C67D5EE19D0DC9969C4BB7D"
    assert sealed[-16:].hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"
    assert sm4.open(nonce, sealed, place) == text


def test_sm4_seals_unless_the_deployment_says_aes(maya, settings):
    assert stored(maya).startswith("2:")
    settings.DATA_CIPHER = "aes"
    User.objects.get().save()
    assert stored(maya).startswith("1:"), "an outdated cipher is replaced when the row is saved"
    assert User.objects.get().phone == "13800001234"


def test_what_was_sealed_before_sm4_still_opens_beside_it(settings):
    settings.DATA_KEYS = ["second", "first"]
    assert fields.unseal(SEALED_BY_AES_AND_THE_KEY_FIRST, "offices.user.phone") == "13800001234"
    assert fields.unseal(fields.seal("x", "a.b.c"), "a.b.c") == "x"


def test_the_same_number_never_looks_the_same():
    assert len({fields.seal("620102199001011234", "a.b.c") for _ in range(100)}) == 100


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


@pytest.mark.parametrize("cipher", ["sm4", "aes"])
def test_a_sealed_value_moved_to_another_column_or_altered_does_not_open(settings, cipher):
    settings.DATA_CIPHER = cipher
    sealed = fields.seal("13800001234", "offices.user.phone")
    assert fields.unseal(sealed, "offices.user.phone") == "13800001234"
    mark, name, body = sealed.split(":")
    other = {"1": "2", "2": "1"}[mark]
    wrong = [
        (sealed, "people.person.phone"),
        (f"{other}:{name}:{body}", "offices.user.phone"),
        (f"3:{name}:{body}", "offices.user.phone"),
        (f"{mark}:{name}:", "offices.user.phone"),
        (f"{mark}:{name}:{body[:16]}", "offices.user.phone"),
        (f"{mark}:{name}:not base64", "offices.user.phone"),
        ("plain", "offices.user.phone"),
    ]
    flips = [place for place in range(len(body)) if body[place] not in "A="]
    wrong += [(f"{mark}:{name}:{body[:i]}A{body[i + 1 :]}", "offices.user.phone") for i in flips]
    for value, place in wrong:
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


def test_equality_search_uses_a_keyed_hash_that_no_rotation_touches(settings):
    settings.HASH_KEY = "first"
    known = "b030c416bc2d82ffa0b1afb4d70713f41fb78cec282ca5088a77f1738f8b6e65"
    assert fields.keyed_hash("620102199001011234") == known
    assert fields.keyed_hash("620102199001011235") != known
    settings.DATA_KEYS, settings.DATA_CIPHER = ["new"], "aes"
    assert fields.keyed_hash("620102199001011234") == known
    settings.HASH_KEY = "new"
    assert fields.keyed_hash("620102199001011234") != known


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"LINKAGE_DATA_KEYS": "new,old"}, "LINKAGE_HASH_KEY"),
        ({"LINKAGE_CIPHER": "rot13"}, "LINKAGE_CIPHER"),
        ({"LINKAGE_DATA_KEYS": "new,old", "LINKAGE_HASH_KEY": "old"}, ""),
        ({"LINKAGE_DATA_KEYS": "old"}, ""),
    ],
)
def test_the_site_does_not_start_where_hashes_would_change_unnoticed(environment, said):
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("LINKAGE_", "DJANGO_"))
    }
    site = {"DATABASE_URL": "postgres://x@y/z", "REDIS_URL": "redis://x", "LINKAGE_SECRET_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "-c", "from linkage import settings; print(settings.HASH_KEY)"],
        env={**plain, **site, "LINKAGE_DATA_KEYS": "old", **environment},
        capture_output=True,
        text=True,
    )
    assert said in done.stderr
    assert (done.stdout.strip() == "old") == (not said)


@pytest.mark.long
@pytest.mark.parametrize("cipher", ["sm4", "aes"])
def test_a_million_numbers_are_sealed_and_opened_in_minutes(settings, cipher):
    settings.DATA_CIPHER = cipher
    begun = time.perf_counter()
    for number in range(50_000):
        fields.unseal(fields.seal(f"62010219900101{number:04}", "a.b.c"), "a.b.c")
    micro = (time.perf_counter() - begun) / 50_000 * 1e6
    assert micro < 120, f"{micro:.0f} µs for sealing and opening one"
