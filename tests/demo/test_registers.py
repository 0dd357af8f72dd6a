"""The made-up registers: every row as the forms would accept it, of nobody, the same by the same seed."""

import random
from datetime import date

import pytest
from django.db import connection, transaction
from django.utils import timezone

from communities.models import Level, Region
from communities.people.models import CommunityStaff, Person
from linkage.demo import registers
from linkage.demo.registers import humans, sets
from linkage.foundation.fields import EncryptedTextField, keyed_hash
from linkage.foundation.standards import read_identity_number, validate_phone, validate_uscc
from organizations.codes import HandlingTier
from organizations.models import SocialOrganization
from socialwork.models import SocialWorker
from socialwork.volunteers.models import ServiceRecord, Volunteer
from tests.demo.tree import province

ROWS = 200  # of each model are looked at
SEED = 11


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        place = province()
        loading = registers.load(place, seed=SEED, scale=1)
        loading.province = place
        yield loading
        transaction.set_rollback(True)


def some_of(model, most=ROWS):
    keys = list(model._default_manager.values_list("pk", flat=True))
    chosen = random.Random(SEED).sample(keys, min(most, len(keys)))
    return model._default_manager.filter(pk__in=chosen)


def test_every_row_is_one_the_forms_would_accept(loaded):
    wrong = []
    for model in loaded.spent:
        for row in some_of(model):
            try:
                row.full_clean()
            except Exception as error:
                wrong.append(f"{model._meta.label} {row.pk} {row}: {error}")
    assert not wrong, "\n".join(wrong[:40])


def test_every_register_gets_rows(loaded):
    empty = {model.__name__ for model, (rows, _seconds) in loaded.spent.items() if not rows}
    assert empty <= {"Penalty", "RegionTag"}  # two in a hundred organisations, one in four counties


def test_the_time_and_the_rows_of_each_table_are_told(loaded):
    assert loaded.spent[Volunteer][0] == Volunteer.objects.count()
    assert loaded.spent[ServiceRecord][0] == ServiceRecord.objects.count()


def test_the_registers_are_as_full_as_those_of_a_province(loaded):
    communities = Region.objects.communities().count()
    per_community = {
        model: model.objects.filter(region__level=Level.COMMUNITY).count() / communities
        for model in (SocialOrganization, SocialWorker, Volunteer)
    }
    assert per_community[SocialOrganization] == pytest.approx(5.5, abs=1)
    assert per_community[SocialWorker] == pytest.approx(2, abs=0.4)
    assert per_community[Volunteer] == pytest.approx(
        21, abs=5
    )  # of which half the communities are urban here
    assert ServiceRecord.objects.count() / Volunteer.objects.count() == pytest.approx(3, abs=0.2)


def test_organisations_stand_in_three_tiers(loaded):
    at_home = SocialOrganization.objects.filter(region__level=Level.COMMUNITY)
    share = {tier: at_home.filter(tier=tier).count() / at_home.count() for tier in HandlingTier}
    assert share[HandlingTier.REGISTERED] == pytest.approx(0.10, abs=0.05)
    assert share[HandlingTier.FILED] == pytest.approx(0.35, abs=0.1)
    assert share[HandlingTier.GUIDED] == pytest.approx(0.55, abs=0.1)


def test_organisations_stand_above_the_communities_too(loaded):
    levels = set(SocialOrganization.objects.values_list("region__level", flat=True))
    assert levels == {Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY}


def test_people_have_right_numbers_that_are_nobodys(loaded):
    found = set()
    for person in Person.objects.all():
        identity = read_identity_number(person.id_number)
        assert identity.birth_date == person.birth_date
        assert identity.sex == person.sex
        assert person.id_number[14:17] in ("996", "997", "998", "999")  # kept for people over a hundred
        assert identity.birth_date > timezone.localdate().replace(year=timezone.localdate().year - 90)
        found.add(person.id_number)
    assert len(found) == Person.objects.count()


def test_telephones_are_right_found_by_hash_and_nobodys(loaded):
    for row in some_of(CommunityStaff, 50):
        validate_phone(row.phone)
        assert row.phone[:3] in humans.BLOCKS
        assert row.phone_hash == keyed_hash(f"phone:{row.phone}")


def test_credit_codes_are_right_and_each_of_one_organisation(loaded):
    codes = list(SocialOrganization.objects.exclude(uscc="").values_list("uscc", flat=True))
    for code in codes:
        validate_uscc(code)
    assert len(set(codes)) == len(codes)


def test_a_day_taken_in_a_division_is_passed_by():
    numbers = humans.Numbers()
    born = date(1985, 3, 7).toordinal()
    given = [numbers.of("620102", born, True) for _again in range(3)]
    assert [number[14:17] for number, _day in given] == ["997", "999", "997"]
    assert given[2][1] == date(1985, 3, 8)
    assert numbers.of("620123", born, True)[1] == date(1985, 3, 7)


def test_nobody_verifies_what_they_have_recorded(loaded):
    verified = ServiceRecord.objects.filter(verified_at__isnull=False)
    assert verified.exists()
    for record in verified.select_related("recorded_by", "verified_by")[:50]:
        assert record.recorded_by != record.verified_by
        assert record.verified_by.posts.filter(office__region__children=record.region).exists()


def test_the_triggers_have_worked(loaded):
    assert (
        Volunteer._meta.get_field("history")
        .related_model.objects.filter(pgh_obj_id__in=Volunteer.objects.values("pk"))
        .count()
        == Volunteer.objects.count()
    )
    counted = ServiceRecord.objects.verified()
    assert Volunteer.objects.filter(pk__in=counted.values("volunteer"), total=None).count() == 0


def test_the_transaction_gets_its_limits_back(loaded):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_nestloop'), current_setting('work_mem')")
        assert cursor.fetchone() == ("on", "4MB")


# The same seed, the same ledger


def fingerprint(loading):
    """Every value of every new row; keys of new rows as their place in the row, sealed values left out."""
    places = {}
    for model in loading.spent:
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
        places[model] = {key: place for place, key in enumerate(keys)}
    told = {}
    for model in loading.spent:
        names = [
            field.attname
            for field in model._meta.local_concrete_fields
            if not isinstance(field, EncryptedTextField)
            and field.attname not in ("number", "date_joined", "password")
        ]
        new = {
            field.attname: places[field.related_model]
            for field in model._meta.local_concrete_fields
            if field.is_relation and field.related_model in places
        } | {model._meta.pk.attname: places[model]}
        told[model] = [
            tuple(
                new[name].get(value) if name in new else value for name, value in zip(names, row, strict=True)
            )
            for row in model._default_manager.order_by("pk").values_list(*names)
        ]
    return told


def told_with(place, **how):
    with transaction.atomic():
        found = fingerprint(registers.load(place, **{"seed": SEED, "scale": 0.3, **how}))
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_ledger_and_another_one_another():
    place = province()
    once = told_with(place)
    again = told_with(place)
    for model, rows in once.items():
        assert rows == again[model], model
    other = told_with(place, seed=SEED + 1)
    assert other[Volunteer] != once[Volunteer]
    assert other[SocialOrganization] != once[SocialOrganization]


@pytest.mark.django_db
def test_a_share_of_the_communities_and_always_those_named():
    place = province()
    named = list(Region.objects.filter(code__in=["620102030003", "620201002005"]))
    registers.load(place, seed=SEED, scale=0, always=named)
    assert set(Region.objects.filter(volunteers__isnull=False)) == set(named)
    above = set(Region.objects.filter(organizations__isnull=False).exclude(level=Level.COMMUNITY))
    assert above == {region for one in named for region in one.ancestors} - set(
        Region.objects.filter(level=Level.STREET, organizations=None)
    )


@pytest.mark.django_db
def test_a_name_is_short_without_what_makes_it_an_office():
    place = province()
    registers.load(place, seed=SEED, scale=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, label FROM demo_place")
        labels = dict(cursor.fetchall())
    assert labels["620102020001"] == "幸福里社区"
    assert labels["620123100200"] == "河口村"
    assert labels["620102030001"] == "林庄1社区"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "\\N"),
        (True, "t"),
        (["a", "b"], "{a,b}"),
        ([], "{}"),
        ({}, "{}"),
        ("a\tb\\c\n", r"a\tb\\c\n"),
        ("幸福里社区", "幸福里社区"),
        ({"disabled": 3}, '{"disabled":3}'),
        (date(2026, 1, 5), "2026-01-05"),
    ],
)
def test_values_are_written_as_copy_reads_them(value, written):
    assert sets.WRITTEN[type(value)](value) == written
