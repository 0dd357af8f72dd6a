"""Certificates, their registration and continuing education (DOMAIN §5.4), rule by rule."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkage.foundation import keeping
from socialwork import rules
from socialwork.models import (
    Certificate,
    CertificateRegistration,
    ContinuingEducation,
    RelatedMajor,
    SocialWorker,
)
from tests.socialwork import makers
from tests.socialwork.makers import identity

TODAY = timezone.localdate


@pytest.fixture
def worker(world):
    return makers.worker(world.xingfuli, "马晓燕", identity(1))


def ending_in(worker, days):
    """A registration of the worker's certificate that ends so many days from now."""
    paper = makers.certificate(worker, passed_on=date(2015, 6, 1))
    return makers.registered(paper, starts_on=rules.years_after(TODAY() + timedelta(days=days), -3))


class TestNumbers:
    def test_a_number_stands_once_in_a_worker_and_never_under_two_people(self, world, worker):
        makers.certificate(worker, number="2016062001")
        other = makers.worker(world.tianqing, "李建军", identity(2))
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.certificate(worker, number="2016062001")
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.certificate(other, number="2016062001")

    def test_the_same_person_in_two_places_may_show_it_in_both(self, world, worker):
        makers.certificate(worker, number="2016062001")
        again = makers.worker(world.wuyi, "马晓燕", identity(1))
        makers.certificate(again, number="2016062001")
        assert Certificate.objects.filter(person=worker.person).count() == 2

    def test_the_form_says_it_in_words(self, world, worker):
        makers.certificate(worker, number="2016062001")
        other = makers.worker(world.tianqing, "李建军", identity(2))
        double = Certificate(worker=other, level="senior", number=" 20160 62001", passed_on=date(2020, 1, 1))
        with pytest.raises(ValidationError) as caught:
            double.clean()
        assert "number" in caught.value.message_dict

    def test_who_turns_out_to_be_another_person_takes_the_certificates_along(self, worker):
        paper = makers.certificate(worker)
        settled = makers.settle(worker, id_number=identity(9))
        settled.save()
        paper.refresh_from_db()
        assert paper.person == settled.person


class TestLevels:
    def test_of_several_certificates_the_highest_counts(self, worker):
        makers.certificate(worker, "assistant", date(2012, 6, 1))
        makers.certificate(worker, "intermediate", date(2018, 6, 1))
        assert worker.highest_certificate().level == "intermediate"
        assert worker.highest_certificate(date(2015, 1, 1)).level == "assistant"
        assert SocialWorker.objects.with_qualification().get(pk=worker.pk).level == "intermediate"


class TestRegistration:
    def test_it_lasts_three_years_and_the_database_says_until_when(self, worker):
        made = makers.registered(makers.certificate(worker), starts_on=date(2024, 2, 29))
        made.refresh_from_db()
        assert made.ends_on == date(2027, 2, 28) == made.ends

    @pytest.mark.parametrize(("days", "status"), [(91, "valid"), (90, "due"), (0, "due"), (-1, "expired")])
    def test_its_status_turns_ninety_days_before_the_end_and_after_it(self, worker, days, status):
        registration = ending_in(worker, days)
        assert registration.status() == status
        for asked in ("valid", "due", "expired"):
            found = SocialWorker.objects.whose_registration_is(asked).filter(pk=worker.pk).exists()
            assert found is (asked == status)

    def test_the_newest_of_two_registrations_counts(self, worker):
        paper = makers.certificate(worker, passed_on=date(2015, 6, 1))
        makers.registered(paper, starts_on=date(2016, 1, 1))
        makers.registered(paper, starts_on=TODAY() - timedelta(days=10))
        assert SocialWorker.objects.whose_registration_is("valid").get() == worker
        assert not SocialWorker.objects.whose_registration_is("expired").exists()

    def test_periods_of_one_certificate_do_not_overlap_but_may_meet(self, worker):
        paper = makers.certificate(worker, passed_on=date(2015, 6, 1))
        makers.registered(paper, starts_on=date(2016, 1, 1))
        makers.registered(paper, starts_on=date(2019, 1, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.registered(paper, starts_on=date(2021, 12, 31))

    def test_it_is_of_the_same_person_and_not_before_passing(self, world, worker):
        paper = makers.certificate(worker, passed_on=date(2020, 6, 1))
        other = makers.worker(world.tianqing, "李建军", identity(2))
        early = CertificateRegistration(worker=worker, certificate=paper, starts_on=date(2020, 5, 31))
        with pytest.raises(ValidationError) as caught:
            early.clean()
        assert "starts_on" in caught.value.message_dict
        foreign = CertificateRegistration(worker=other, certificate=paper, starts_on=date(2021, 1, 1))
        with pytest.raises(ValidationError) as caught:
            foreign.clean()
        assert "certificate" in caught.value.message_dict

    def test_an_ended_registration_is_remarked_and_the_qualification_stays(self, worker):
        ending_in(worker, -1)
        assert "44号" in worker.warnings()[0]
        assert worker.highest_certificate() is not None

    def test_ninety_days_before_the_end_it_is_remarked_with_the_days_left(self, worker):
        ending_in(worker, 90)
        assert any("90" in text and "44号" in text for text in worker.warnings())

    def test_long_before_the_end_nothing_is_remarked(self, worker):
        ending_in(worker, 400)
        assert worker.warnings() == []

    def test_who_has_not_registered_within_a_year_of_passing_is_reminded(self, worker):
        makers.certificate(worker, passed_on=date(2024, 6, 1))
        assert worker.warnings(date(2025, 6, 1)) == []
        assert "2024-06-01" in worker.warnings(date(2025, 6, 2))[0]


class TestContinuingEducation:
    def hours(self, worker, hours, day):
        return ContinuingEducation.objects.create(
            worker=worker, hours=Decimal(hours), held_on=day, topic="个案工作", organiser="省社工协会"
        )

    @pytest.mark.parametrize(("level", "wanted"), [("assistant", 72), ("intermediate", 90), ("senior", 90)])
    def test_each_level_has_its_hours_in_a_period(self, worker, level, wanted):
        paper = makers.certificate(worker, level, date(2015, 6, 1))
        registration = makers.registered(paper, starts_on=TODAY() - timedelta(days=900))
        self.hours(worker, wanted - 1, TODAY() - timedelta(days=30))
        assert [text for text in worker.warnings() if "123号" in text and str(wanted) in text]
        self.hours(worker, 1, registration.starts_on)
        assert [text for text in worker.warnings() if "123号" in text] == []

    def test_hours_before_the_period_do_not_count(self, worker):
        registration = ending_in(worker, 30)
        self.hours(worker, 72, registration.starts_on - timedelta(days=1))
        assert [text for text in worker.warnings() if "123号" in text]

    def test_a_social_work_degree_counts_ninety_hours_once(self, worker):
        registration = ending_in(worker, 30)
        first, last = registration.starts_on, TODAY()
        makers.educated(worker, graduated_on=TODAY() - timedelta(days=200))
        makers.educated(worker, "心理学", graduated_on=TODAY() - timedelta(days=100))
        assert worker.education_hours(first, last) == 90
        assert [text for text in worker.warnings() if "123号" in text] == []


class TestMajors:
    def test_the_list_came_with_its_source(self, db):
        makers.major()
        assert all(major.source for major in RelatedMajor.objects.all())

    def test_a_major_dropped_from_the_list_counts_until_then(self, worker):
        lines = makers.educated(worker, "民政管理")
        lines.related_major.dropped_on = date(2026, 1, 1)
        lines.related_major.save()
        related = type(lines).objects.related
        assert related(date(2025, 12, 31)).exists()
        assert not related(date(2026, 1, 1)).exists()

    def test_a_diploma_that_says_the_very_name_is_matched_by_itself(self, worker):
        wanted = makers.major("社会保障")
        line = makers.educated(worker, "社会保障", related=False)
        line.clean()
        assert line.related_major == wanted

    def test_only_the_province_keeps_the_list(self, world):
        makers.major()
        province = makers.keeper(world, "62", "省社工处")
        county = makers.keeper(world, "620102", "县社工科")
        assert RelatedMajor.objects.kept_by(province).exists()
        assert not RelatedMajor.objects.kept_by(county).exists()
        assert RelatedMajor.objects.visible_to(county).exists()


def test_two_entries_of_one_worker_become_one_with_the_registrations_of_both(world):
    street = makers.keeper(world, "620102020", "街道社工专干")
    kept = makers.worker(world.xingfuli, "马晓燕", identity(1))
    double = makers.worker(world.tianqing, "马晓燕", identity(1))
    for worker, year in ((kept, 2018), (double, 2024)):
        paper = makers.certificate(worker, number="2016062001", passed_on=date(2016, 6, 20))
        makers.registered(paper, starts_on=date(year, 1, 1))
    keeping.merge(kept, double, by=street, reason="同一个人")
    paper = kept.certificates.get()
    assert {row.starts_on.year for row in paper.registrations.all()} == {2018, 2024}
    assert {row.worker for row in paper.registrations.all()} == {kept}
