"""Service records: recorded by one, verified by another, then fixed; reversed with a reason (DOMAIN §5.5)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from linkage.foundation import keeping
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent
from socialwork.volunteers import services
from socialwork.volunteers.models import ServiceRecord, ServiceReversal, Volunteer, VolunteerHours
from tests.volunteers import makers
from tests.volunteers.makers import at, identity


def hours_of(volunteer):
    return Volunteer.objects.select_related("total").get(pk=volunteer.pk).hours


def refused(caught):
    error = caught.value
    return set(error.message_dict) if hasattr(error, "error_dict") else {"__all__"}


class TestRecording:
    def test_it_says_who_recorded_it_and_counts_nothing_yet(self, volunteer, clerk):
        entry = makers.record(volunteer, clerk)
        assert entry.recorded_by == clerk and entry.state == "unverified"
        assert hours_of(volunteer) == 0

    def test_elsewhere_one_records_nothing(self, volunteer, stranger):
        with pytest.raises(PermissionDenied):
            makers.record(volunteer, stranger)

    @pytest.mark.parametrize(
        ("facts", "where"),
        [
            ({"ended_at": at(9)}, "__all__"),
            ({"ended_at": at(8)}, "__all__"),
            ({"hours": 25, "ended_at": at(10, date(2026, 3, 6))}, "__all__"),
            ({"hours": 2.25, "ended_at": at(11)}, "__all__"),
            ({"hours": 1.1}, "hours"),
            ({"hours": 0}, "__all__"),
            ({"start": timezone.now() - timedelta(hours=1), "hours": 2}, "ended_at"),
            ({"start": at(9, date(2019, 12, 31))}, "volunteer"),
            ({"content": ""}, "content"),
            ({"venue": ""}, "venue"),
        ],
        ids=[
            "no time at all",
            "ends before it begins",
            "more than a day",
            "more hours than time",
            "no quarter",
            "no hours",
            "in the future",
            "before the registration",
            "nothing done",
            "nowhere",
        ],
    )
    def test_what_cannot_be_is_refused(self, volunteer, clerk, facts, where):
        with pytest.raises(ValidationError) as caught:
            makers.record(volunteer, clerk, **facts)
        assert where in refused(caught)
        assert not ServiceRecord.objects.exists()

    @pytest.mark.parametrize(
        ("begin", "minute", "hours", "possible"),
        [(9, 0, 2, False), (10, 45, 1, False), (8, 0, 1.25, False), (11, 0, 1, True), (8, 0, 1, True)],
    )
    def test_two_records_of_one_volunteer_do_not_overlap(
        self, volunteer, clerk, begin, minute, hours, possible
    ):
        makers.record(volunteer, clerk)  # 9 to 11
        if possible:
            makers.record(volunteer, clerk, start=at(begin, minute=minute), hours=hours)
        else:
            with pytest.raises(ValidationError):
                makers.record(volunteer, clerk, start=at(begin, minute=minute), hours=hours)

    def test_the_database_refuses_an_overlap_whoever_writes(self, volunteer, clerk):
        entry = makers.record(volunteer, clerk)
        twin = ServiceRecord.objects.get(pk=entry.pk)
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceRecord.objects.bulk_create([twin])

    def test_so_a_day_has_at_most_twenty_four_hours(self, volunteer, clerk):
        makers.record(volunteer, clerk, start=at(0), hours=24)
        with pytest.raises(ValidationError):
            makers.record(volunteer, clerk, start=at(23, minute=45), hours=0.25)
        makers.record(volunteer, clerk, start=at(0, date(2026, 3, 6)), hours=0.25)

    def test_one_human_does_not_serve_in_two_communities_at_once(self, world, volunteer, clerk):
        makers.record(volunteer, clerk)
        again = makers.volunteer(world.tianqing, "王秀英", identity(1))
        other = makers.keeper(world, world.tianqing.code, "天庆专干")
        with pytest.raises(ValidationError) as caught:
            makers.record(again, other, start=at(10))
        assert "started_at" in refused(caught)
        makers.record(again, other, start=at(11))

    def test_within_an_activity_half_an_hour_more_or_less(self, world, volunteer, clerk):
        activity = makers.activity(world.xingfuli)  # 9 to 11
        facts = {"activity": activity, "content": "", "venue": ""}
        with pytest.raises(ValidationError) as caught:
            makers.record(volunteer, clerk, start=at(8, minute=15), **facts)
        assert "09:00" in str(caught.value)
        entry = makers.record(volunteer, clerk, start=at(8, minute=30), hours=3, **facts)
        assert (entry.content, entry.venue) == (activity.title, activity.venue)

    def test_the_tolerance_is_a_setting(self, settings, world, volunteer, clerk):
        settings.SERVICE_TOLERANCE = timedelta(0)
        with pytest.raises(ValidationError):
            makers.record(volunteer, clerk, start=at(8, minute=30), activity=makers.activity(world.xingfuli))


class TestVerifying:
    def test_a_second_person_verifies_and_only_then_it_counts(self, volunteer, clerk, second):
        entry = makers.record(volunteer, clerk, hours=2.5)
        services.verify(entry, by=second)
        entry.refresh_from_db()
        assert (entry.verified_by, entry.state) == (second, "verified")
        assert hours_of(volunteer) == Decimal("2.50")
        assert AuditEvent.objects.filter(kind="service_verified", by=second, target_id=str(entry.pk)).exists()

    def test_nobody_verifies_what_they_recorded(self, volunteer, clerk):
        entry = makers.record(volunteer, clerk)
        with pytest.raises(ValidationError):
            services.verify(entry, by=clerk)
        assert hours_of(volunteer) == 0

    def test_nor_can_the_database_be_told_so(self, volunteer, clerk):
        entry = makers.record(volunteer, clerk)
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceRecord.objects.filter(pk=entry.pk).update(verified_by=clerk, verified_at=timezone.now())

    def test_who_corrects_a_record_vouches_for_it_and_cannot_verify_it(self, volunteer, clerk, second):
        entry = makers.record(volunteer, clerk)
        entry.hours = Decimal("1.5")
        services.amend(entry, by=second)
        with pytest.raises(ValidationError):
            services.verify(entry, by=second)
        services.verify(entry, by=clerk)
        assert hours_of(volunteer) == Decimal("1.50")

    def test_a_stranger_verifies_nothing(self, volunteer, clerk, stranger):
        with pytest.raises(PermissionDenied):
            services.verify(makers.record(volunteer, clerk), by=stranger)

    def test_twice_is_told_who_was_first(self, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        with pytest.raises(NotNow, match="街道专干"):
            services.verify(entry, by=second)

    def test_a_removed_record_is_not_verified(self, volunteer, clerk, second):
        entry = makers.record(volunteer, clerk)
        keeping.remove(entry, by=clerk, reason="录错了")
        with pytest.raises(NotNow):
            services.verify(entry, by=second)


class TestFixed:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("hours", Decimal("1.00")),
            ("started_at", at(8)),
            ("content", "别的"),
            ("verified_at", None),
            ("removed_at", timezone.now()),
        ],
    )
    def test_nothing_of_a_verified_record_changes_whoever_writes(
        self, volunteer, clerk, second, column, value
    ):
        entry = makers.verified(volunteer, clerk, second)
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceRecord.everything.filter(pk=entry.pk).update(**{column: value})

    def test_it_is_neither_amended_nor_removed(self, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        with pytest.raises(NotNow):
            services.amend(entry, by=clerk)
        with pytest.raises(ValidationError):
            keeping.remove(entry, by=clerk, reason="录错了")
        assert hours_of(volunteer) == 2

    def test_a_volunteer_with_records_is_not_removed(self, volunteer, clerk, second):
        makers.verified(volunteer, clerk, second)
        with pytest.raises(ValidationError):
            keeping.remove(volunteer, by=clerk, reason="搬走了")


class TestReversing:
    def test_it_stays_with_its_reason_and_counts_no_more(self, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        services.reverse(entry, by=clerk, reason="志愿者未到场")
        entry.refresh_from_db()
        assert entry.state == "reversed" and entry.reversal.reason == "志愿者未到场"
        assert hours_of(volunteer) == 0
        assert ServiceRecord.objects.filter(pk=entry.pk).exists()
        event = AuditEvent.objects.get(kind="service_reversed")
        assert event.facts == {"reason": "志愿者未到场"}

    def test_its_time_is_free_for_the_right_record(self, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        services.reverse(entry, by=second, reason="时长有误")
        entry.refresh_from_db()
        right = makers.record(volunteer, clerk, hours=1, corrects=entry)
        services.verify(right, by=second)
        assert hours_of(volunteer) == 1

    def test_in_place_of_what_stands_nothing_is_recorded(self, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        with pytest.raises(ValidationError) as caught:
            makers.record(volunteer, clerk, start=at(14), corrects=entry)
        assert "corrects" in refused(caught)

    @pytest.mark.parametrize("reason", ["", " ", "x", "字" * 201, "a\0b"])
    def test_without_a_reason_nothing_happens(self, volunteer, clerk, second, reason):
        entry = makers.verified(volunteer, clerk, second)
        with pytest.raises(ValidationError):
            services.reverse(entry, by=clerk, reason=reason)
        assert hours_of(volunteer) == 2 and not ServiceReversal.objects.exists()

    def test_only_what_is_verified_and_only_once(self, volunteer, clerk, second):
        entry = makers.record(volunteer, clerk)
        with pytest.raises(NotNow):
            services.reverse(entry, by=clerk, reason="录错了")
        services.verify(entry, by=second)
        services.reverse(entry, by=clerk, reason="录错了")
        with pytest.raises(NotNow):
            services.reverse(entry, by=clerk, reason="再来一次")
        assert hours_of(volunteer) == 0

    def test_a_reversal_is_for_good(self, volunteer, clerk, second):
        entry = makers.verified(volunteer, clerk, second)
        services.reverse(entry, by=clerk, reason="录错了")
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceRecord.objects.filter(pk=entry.pk).update(reversed_at=None)

    def test_a_stranger_reverses_nothing(self, volunteer, clerk, second, stranger):
        with pytest.raises(PermissionDenied):
            services.reverse(makers.verified(volunteer, clerk, second), by=stranger, reason="录错了")


class TestSums:
    def test_the_kept_sum_is_the_sum_of_what_counts_after_any_mixture(self, world, volunteer, clerk, second):
        other = makers.volunteer(world.xingfuli, "李建军", identity(2))
        made = [
            makers.record(who, clerk, start=at(9, date(2026, 3, day)), hours=day / 4)
            for who in (volunteer, other)
            for day in range(4, 12)
        ]
        for number, entry in enumerate(made):
            if number % 4 != 3:
                services.verify(entry, by=second)
            if number % 4 == 1:
                services.reverse(entry, by=second, reason="冲销测试")
            if number % 4 == 3:
                keeping.remove(entry, by=clerk, reason="移出测试")
        for who in (volunteer, other):
            counted = ServiceRecord.objects.verified().filter(volunteer=who)
            total = VolunteerHours.objects.get(volunteer=who)
            assert total.hours == counted.hours() > 0
            assert total.records == counted.count()

    def test_one_statement_over_many_rows_is_summed_as_well(self, world, volunteer, clerk, second):
        rows = [
            ServiceRecord(
                volunteer=volunteer,
                region=world.xingfuli,
                content="巡逻",
                venue="社区",
                started_at=at(9, date(2026, 1, day)),
                ended_at=at(11, date(2026, 1, day)),
                hours=2,
                recorded_by=clerk,
                verified_by=second,
                verified_at=timezone.now(),
            )
            for day in range(1, 29)
        ]
        ServiceRecord.objects.bulk_create(rows)
        assert hours_of(volunteer) == 56
        assert list(Volunteer.objects.of_stars(0)) == [volunteer]

    def test_stars_are_asked_by_the_kept_sum(self, world, volunteer, clerk, second):
        for day in range(1, 6):
            makers.verified(volunteer, clerk, second, start=at(0, date(2026, 1, day)), hours=20)
        idle = makers.volunteer(world.xingfuli, "李建军", identity(2))
        assert list(Volunteer.objects.of_stars(1)) == [volunteer]
        assert list(Volunteer.objects.of_stars(0)) == [idle]
        assert not Volunteer.objects.of_stars(5).exists()

    def test_merged_volunteers_have_the_hours_of_both(self, world, volunteer, clerk, second):
        again = makers.volunteer(world.tianqing, "王秀英", identity(1))
        makers.verified(volunteer, clerk, second)
        makers.verified(again, second, makers.keeper(world, "620102", "县专干"), start=at(14))
        keeping.merge(volunteer, again, by=second, reason="同一个人")
        assert hours_of(volunteer) == 4
        assert VolunteerHours.objects.get(volunteer=again).hours == 0

    def test_days_are_those_of_the_place_not_of_greenwich(self, volunteer, clerk):
        makers.record(volunteer, clerk, start=at(1, date(2026, 3, 5)))
        assert ServiceRecord.objects.between(date(2026, 3, 5), date(2026, 3, 5)).exists()
        assert not ServiceRecord.objects.between(date(2026, 3, 4), date(2026, 3, 4)).exists()


class TestCertificates:
    def certify(self, volunteer, by, **facts):
        words = {"responsible": "何秀兰", "handler": "赵立新", "contact": "0931-5550127"}
        days = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
        return services.certify(volunteer, by=by, **{**words, **days, **facts})

    def test_it_says_what_was_verified_by_content_with_times_and_hours(self, volunteer, clerk, second):
        makers.verified(volunteer, clerk, second)
        makers.verified(volunteer, clerk, second, start=at(9, date(2026, 3, 6)), hours=1.5)
        makers.verified(volunteer, clerk, second, start=at(14), hours=1, content="巡逻")
        makers.record(volunteer, clerk, start=at(18), hours=1)
        issued = self.certify(volunteer, clerk)
        issued.refresh_from_db()
        assert issued.number.startswith("ZM") and issued.hours == Decimal("4.50")
        lines = {(line["content"], line["times"], line["hours"]) for line in issued.services}
        assert lines == {("为独居老人送餐", 2, "3.5"), ("巡逻", 1, "1")}
        assert issued.issuer == "幸福里社区居民委员会"
        event = AuditEvent.objects.get(kind="service_certified")
        assert event.facts["certificate"] == issued.number

    def test_without_verified_services_there_is_nothing_to_certify(self, volunteer, clerk):
        makers.record(volunteer, clerk)
        with pytest.raises(ValidationError):
            self.certify(volunteer, clerk)

    def test_who_did_not_record_does_not_certify(self, world, volunteer, clerk, second, stranger):
        makers.verified(volunteer, clerk, second)
        with pytest.raises(PermissionDenied):
            self.certify(volunteer, stranger)

    def test_it_does_not_change_afterwards(self, volunteer, clerk, second):
        makers.verified(volunteer, clerk, second)
        issued = self.certify(volunteer, clerk)
        table = issued._meta.db_table
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(f"UPDATE {table} SET hours = 1000")
