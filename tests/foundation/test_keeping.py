"""Rows of the registers: removed with a reason, restored, merged with both histories, revealed on record."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from communities.codes import Duty
from communities.offices.models import Post
from communities.people import services
from communities.people.models import CommunityStaff, Person
from linkage.foundation import history, keeping
from linkage.foundation.errors import NotNow, TooOften
from linkage.foundation.models import AuditEvent

NUMBER = "11010519491231002X"
OTHER = "360426199101010071"


@pytest.fixture
def clerk(world):
    return world.people["community"]


@pytest.fixture
def person(world):
    return services.attach(region=world.xingfuli, name="王秀英", id_number=NUMBER)


def staff(world, person, **facts):
    facts = {"region": world.xingfuli, "name": person.name, "roles": ["full_time_worker"], **facts}
    return CommunityStaff.objects.create(person=person, **facts)


class TestRemoving:
    def test_a_row_goes_with_a_reason_and_comes_back(self, clerk, person):
        keeping.remove(person, by=clerk, reason="重复录入")
        assert not Person.objects.filter(pk=person.pk).exists()
        gone = Person.everything.get(pk=person.pk)
        assert (gone.removed_by, gone.removed_reason) == (clerk, "重复录入")
        keeping.restore(gone, by=clerk)
        assert Person.objects.filter(pk=person.pk).exists()

    @pytest.mark.parametrize("reason", ["", " ", "错", "长" * 201, "a\0b"])
    def test_without_a_reason_nothing_goes(self, clerk, person, reason):
        with pytest.raises(ValidationError) as told:
            keeping.remove(person, by=clerk, reason=reason)
        assert "reason" in told.value.message_dict
        assert Person.objects.filter(pk=person.pk).exists()

    def test_what_others_lean_on_stays_and_they_are_named(self, world, clerk, person):
        staff(world, person, name="王秀英（居委会）")
        with pytest.raises(ValidationError) as told:
            keeping.remove(person, by=clerk, reason="重复录入")
        assert "王秀英（居委会）" in str(told.value)

    def test_a_removed_row_no_longer_stands_in_the_way(self, world, clerk, person):
        keeping.remove(staff(world, person), by=clerk, reason="录错社区")
        keeping.remove(person, by=clerk, reason="录错社区")

    def test_nobody_from_elsewhere_removes_it_and_not_twice(self, world, clerk, person):
        with pytest.raises(PermissionDenied):
            keeping.remove(person, by=world.people["stranger_community"], reason="重复录入")
        with pytest.raises(PermissionDenied):
            keeping.remove(person, by=world.people["observer"], reason="重复录入")
        keeping.remove(person, by=clerk, reason="重复录入")
        with pytest.raises(NotNow):
            keeping.remove(person, by=clerk, reason="重复录入")

    def test_a_number_entered_anew_meanwhile_keeps_the_old_row_out(self, world, clerk, person):
        keeping.remove(person, by=clerk, reason="重复录入")
        services.attach(region=world.xingfuli, name="王秀英", id_number=NUMBER)
        with pytest.raises(ValidationError):
            keeping.restore(Person.everything.get(pk=person.pk), by=clerk)

    def test_a_register_row_is_never_deleted(self, person):
        with pytest.raises(TypeError):
            person.delete()
        with pytest.raises(TypeError):
            Person.objects.all().delete()


class TestMerging:
    def test_everything_hangs_on_the_kept_one_and_both_histories_stay(self, world, clerk, person):
        double = services.attach(region=world.xingfuli, name="王秀英")
        row = staff(world, double)
        keeping.merge(person, double, by=clerk, reason="同一人")
        row.refresh_from_db()
        assert row.person == person
        gone = Person.everything.get(pk=double.pk)
        assert gone.merged_into == person and gone.removed_reason == "同一人"
        assert {change.deed for change in history.of(gone)} and {change.deed for change in history.of(person)}
        assert AuditEvent.objects.get(kind="merged").target_id == str(person.pk)

    def test_what_only_the_double_knows_is_taken_over(self, world, clerk, person):
        nameless = services.attach(region=world.xingfuli, name="王秀英")
        keeping.merge(nameless, person, by=clerk, reason="同一人")
        nameless.refresh_from_db()
        assert (nameless.birth_date, nameless.id_number) == (person.birth_date, NUMBER)

    def test_two_resident_numbers_are_two_people(self, world, clerk, person):
        other = services.attach(region=world.xingfuli, name="王秀英", id_number=OTHER)
        with pytest.raises(ValidationError):
            keeping.merge(person, other, by=clerk, reason="同名同姓")
        assert Person.objects.filter(pk=other.pk).exists()

    def test_both_must_be_ones_own(self, world, clerk, person):
        far = services.attach(region=world.region("620902001001"), name="王秀英")
        with pytest.raises(PermissionDenied):
            keeping.merge(person, far, by=clerk, reason="同一人")
        assert Person.objects.filter(pk=far.pk).exists()

    def test_a_merged_row_is_not_restored(self, world, clerk, person):
        double = services.attach(region=world.xingfuli, name="王秀英")
        keeping.merge(person, double, by=clerk, reason="同一人")
        with pytest.raises(NotNow):
            keeping.restore(Person.everything.get(pk=double.pk), by=clerk)


class TestRevealing:
    def test_a_number_is_told_with_a_reason_and_written_down(self, clerk, person):
        assert keeping.reveal(person, "id_number", by=clerk, reason="核对津贴") == NUMBER
        event = AuditEvent.objects.get(kind="revealed")
        assert (event.by, event.target_id) == (clerk, str(person.pk))
        assert event.facts == {"field": "id_number", "reason": "核对津贴"}

    def test_the_thirty_first_in_an_hour_is_refused_and_the_refusal_written_down(self, clerk, person):
        for _turn in range(30):
            keeping.reveal(person, "id_number", by=clerk, reason="核对津贴")
        with pytest.raises(TooOften):
            keeping.reveal(person, "id_number", by=clerk, reason="核对津贴")
        assert AuditEvent.objects.filter(kind="revealed").count() == 30
        assert AuditEvent.objects.filter(kind="reveal_refused").count() == 1

    def test_an_hour_later_it_is_told_again(self, clerk, person, time_machine):
        for _turn in range(30):
            keeping.reveal(person, "id_number", by=clerk, reason="核对津贴")
        time_machine.move_to(timezone.now() + timedelta(minutes=61))
        assert keeping.reveal(person, "id_number", by=clerk, reason="核对津贴") == NUMBER

    def test_who_only_looks_and_who_sits_elsewhere_learns_nothing(self, world, person):
        for name in ("observer", "stranger_community"):
            with pytest.raises(PermissionDenied):
                keeping.reveal(person, "id_number", by=world.people[name], reason="核对津贴")

    def test_a_field_that_is_not_sealed_is_not_revealed(self, clerk, person):
        with pytest.raises(PermissionDenied):
            keeping.reveal(person, "id_hash", by=clerk, reason="核对津贴")


class TestPeople:
    def test_the_same_number_is_the_same_person_wherever_it_is_entered(self, world, person):
        far = services.attach(region=world.region("620902001001"), name="别名", id_number=NUMBER.lower())
        assert far == person
        person.refresh_from_db()
        assert person.name == "王秀英", "who enters a number changes nothing of what is known"

    def test_birth_and_sex_follow_from_the_number(self, person):
        assert (str(person.birth_date), person.sex) == ("1949-12-31", "female")

    def test_a_wrong_number_is_refused(self, world):
        with pytest.raises(ValidationError):
            services.attach(region=world.xingfuli, name="张三", id_number="110105194912310021")


class TestDuties:
    def test_a_post_of_another_duty_neither_sees_nor_writes(self, world, person):
        row = staff(world, person)
        clerk = world.people["community"]
        Post.objects.filter(user=clerk).update(duty=Duty.CHARITY)
        clerk.ask_posts_anew()
        assert not CommunityStaff.objects.visible_to(clerk).exists()
        assert not row.is_kept_by(clerk)
        Post.objects.filter(user=clerk).update(duty=Duty.COMMUNITY)
        clerk.ask_posts_anew()
        assert CommunityStaff.objects.visible_to(clerk).get() == row
        assert row.is_kept_by(clerk)
