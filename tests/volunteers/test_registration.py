"""Who may be registered, with whose consent, and what is counted of volunteers (DOMAIN §5.5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from communities.people.services import seal_phone
from linkage.foundation.standards import mask_phone
from socialwork.volunteers import rules, services
from socialwork.volunteers.models import Volunteer
from tests.socialwork import makers as workers
from tests.volunteers import makers
from tests.volunteers.makers import identity

GUARDIAN = {
    "guardian_name": "王建国",
    "guardian_phone": "13800000001",
    "guardian_relation": "father",
    "guardian_consent_on": date(2026, 1, 1),
}


def young(region, age, **facts):
    """Somebody of that age on the day of registration, not saved yet."""
    registered = date(2026, 3, 1)
    return Volunteer(
        region=region,
        name="王小明",
        born_on=registered.replace(year=registered.year - age),
        registered_on=registered,
        consented_on=registered,
        **facts,
    )


class TestNumber:
    def test_everybody_gets_a_number_that_says_nothing_of_the_person(self, world, clerk):
        first = makers.volunteer(world.xingfuli, "甲", identity(1))
        other = makers.volunteer(world.xingfuli, "乙", identity(2))
        first.refresh_from_db()
        other.refresh_from_db()
        assert first.number != other.number
        assert first.number.startswith("ZY") and len(first.number) == 12
        assert first.number not in identity(1) and identity(1)[6:14] not in first.number

    def test_a_row_written_by_a_set_gets_one_too(self, world, volunteer):
        twin = Volunteer.objects.get(pk=volunteer.pk)
        twin.pk, twin.region = None, world.tianqing
        twin.number = Volunteer._meta.get_field("number").get_default()
        (made,) = Volunteer.objects.bulk_create([twin])
        made.refresh_from_db()
        assert made.number.startswith("ZY") and made.number != volunteer.number


class TestConsent:
    def test_an_adult_needs_no_guardian(self, world, clerk):
        services.register(young(world.xingfuli, 18), by=clerk, id_number="")

    @pytest.mark.parametrize("missing", list(GUARDIAN))
    def test_a_minor_needs_name_telephone_relation_and_consent_of_a_guardian(self, world, clerk, missing):
        facts = {name: value for name, value in GUARDIAN.items() if name != missing}
        with pytest.raises(ValidationError) as caught:
            services.register(young(world.xingfuli, 17, **facts), by=clerk)
        assert missing in caught.value.message_dict

    def test_with_them_a_minor_is_registered(self, world, clerk):
        made = services.register(young(world.xingfuli, 14, **GUARDIAN), by=clerk)
        assert made.masked("guardian_phone") == mask_phone("13800000001")

    def test_under_fourteen_the_guardian_consents_to_the_data_too(self, world, clerk):
        child = young(world.xingfuli, 13, **GUARDIAN)
        with pytest.raises(ValidationError) as caught:
            services.register(child, by=clerk)
        assert set(caught.value.message_dict) == {"data_consent_on"}
        services.register(young(world.xingfuli, 13, data_consent_on=date(2026, 1, 1), **GUARDIAN), by=clerk)

    @pytest.mark.parametrize("facts", [{}, {"guardian_name": "王建国", "guardian_relation": "father"}])
    def test_the_database_takes_no_minor_without_consent(self, world, facts):
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.volunteer(world.xingfuli, born_on=date(2010, 1, 1), **facts)

    def test_the_database_takes_no_child_without_consent_to_the_data(self, world):
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.volunteer(world.xingfuli, born_on=date(2010, 1, 1), **GUARDIAN)

    def test_the_will_is_declared_first(self, world, clerk):
        late = young(world.xingfuli, 30)
        late.consented_on = late.registered_on + timedelta(days=1)
        with pytest.raises(ValidationError) as caught:
            services.register(late, by=clerk)
        assert "consented_on" in caught.value.message_dict

    def test_the_birthday_is_read_from_the_number_and_must_agree_with_what_was_typed(self, world, clerk):
        made = young(world.xingfuli, 30)
        made.born_on = None
        services.register(made, by=clerk, id_number=identity(5, date(1991, 2, 3)))
        assert made.born_on == date(1991, 2, 3)
        wrong = young(world.tianqing, 30)
        with pytest.raises(ValidationError) as caught:
            services.register(wrong, by=clerk_of(world), id_number=identity(6, date(1991, 2, 3)))
        assert list(caught.value.message_dict) == ["born_on"] and "1991" not in str(caught.value)

    def test_elsewhere_one_registers_nobody(self, world, stranger):
        with pytest.raises(PermissionDenied):
            services.register(young(world.xingfuli, 30), by=stranger)


def clerk_of(world):
    return makers.keeper(world, world.tianqing.code, "天庆专干")


class TestCounting:
    def test_registered_from_the_day_until_the_end(self, world):
        makers.volunteer(world.xingfuli, registered_on=date(2020, 1, 1), ended_on=date(2022, 1, 1))
        registered = lambda day: Volunteer.objects.registered(day).exists()  # noqa: E731
        assert [registered(day) for day in (date(2019, 12, 31), date(2020, 1, 1))] == [False, True]
        assert [registered(day) for day in (date(2021, 12, 31), date(2022, 1, 1))] == [True, False]

    def test_a_human_in_two_communities_is_one_and_in_one_community_stands_once(self, world, volunteer):
        makers.volunteer(world.tianqing, "王秀英", identity(1))
        assert Volunteer.objects.registered().count() == 2
        assert Volunteer.objects.registered().people().count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.volunteer(world.xingfuli, "王秀英", identity(1))

    def test_tags_residents_and_those_who_go_ahead(self, world):
        makers.volunteer(world.xingfuli, "党员", identity(1), tags=["party_member", "retired"])
        makers.volunteer(world.xingfuli, "网格员", identity(2), tags=["grid_worker"], is_resident=False)
        makers.volunteer(world.xingfuli, "学生", identity(3), tags=["student"])
        names = lambda rows: {row.name for row in rows}  # noqa: E731
        assert names(Volunteer.objects.party_members()) == {"党员"}
        assert names(Volunteer.objects.leading()) == {"网格员"}
        assert names(Volunteer.objects.residents()) == {"党员", "学生"}

    def test_volunteers_who_passed_and_registered_are_preferred_for_posts(self, world, volunteer):
        makers.volunteer(world.xingfuli, "没有登记", identity(2))
        for number in (1, 2):
            worker = workers.worker(world.tianqing, "某人", identity(number))
            paper = workers.certificate(worker, passed_on=date(2024, 6, 1))
            if number == 1:
                workers.registered(paper)
        assert list(Volunteer.objects.preferred_for_posts()) == [volunteer]


@pytest.mark.parametrize(
    ("hours", "stars"), [(0, 0), (99.75, 0), (100, 1), (300, 2), (600, 3), (1000, 4), (1499, 4), (1500, 5)]
)
def test_stars_by_hours(hours, stars):
    assert rules.stars(hours) == stars


def test_a_province_may_set_other_steps(settings):
    settings.STAR_HOURS = [50, 200]
    assert rules.stars(60) == 1
    assert rules.star_span(2) == (200, None)


def test_the_telephone_of_a_guardian_is_sealed_in_the_database(world, clerk):
    made = services.register(young(world.xingfuli, 15, **GUARDIAN), by=clerk)
    seal_phone(made, "13900000002")
    made.save()
    stored = Volunteer.objects.filter(pk=made.pk).extra(select={"raw": "guardian_phone"}).values_list("raw")
    assert "13800000001" not in str(stored.get())
    assert Volunteer.objects.get(pk=made.pk).guardian_phone == "13800000001"
