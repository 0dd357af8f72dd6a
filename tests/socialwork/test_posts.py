"""Posts and who holds them, assignments and homes, the 70 % rule, allowances."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.facilities.models import Station
from linkage.foundation.registers import beside
from socialwork.models import (
    AllowancePayment,
    AllowanceStandard,
    Assignment,
    Conversion,
    ElectedOffice,
    ExamEntry,
    PostTotal,
    ProfessionalResource,
    RecruitmentPosting,
    SocialWorkPost,
    post_share,
)
from tests.socialwork import makers
from tests.socialwork.makers import identity


@pytest.fixture
def worker(world):
    return makers.worker(world.xingfuli, "马晓燕", identity(1))


class TestPosts:
    def test_a_post_counts_whether_held_or_vacant(self, world, worker):
        held, vacant = makers.post(world.xingfuli), makers.post(world.xingfuli, "青少年社工岗")
        makers.holding(held, worker)
        posts = SocialWorkPost.objects.within(world.xingfuli)
        assert posts.on().count() == 2
        assert list(posts.held()) == [held]
        assert list(posts.vacant()) == [vacant]
        assert posts.with_incumbent().get(pk=held.pk).incumbent == "马晓燕"

    def test_on_an_earlier_day_the_post_was_vacant_and_before_that_not_there(self, world, worker):
        post = makers.post(world.xingfuli, established_on=date(2019, 1, 1))
        makers.holding(post, worker, valid_from=date(2020, 1, 1), valid_to=date(2021, 12, 31))
        assert SocialWorkPost.objects.vacant(date(2019, 6, 1)).exists()
        assert SocialWorkPost.objects.held(date(2021, 12, 31)).exists()
        assert not SocialWorkPost.objects.held(date(2022, 1, 1)).exists()
        assert not SocialWorkPost.objects.on(date(2018, 12, 31)).exists()

    def test_nobody_sits_in_a_post_beside_another_one(self, world, worker):
        post = makers.post(world.xingfuli)
        other = makers.worker(world.xingfuli, "李建军", identity(2))
        makers.holding(post, worker, valid_to=date(2021, 12, 31))
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.holding(post, other, valid_from=date(2021, 12, 31))
        makers.holding(post, other, valid_from=date(2022, 1, 1))

    def test_a_post_is_at_one_place_only(self, world):
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.post(
                world.xingfuli,
                organization=makers.organization(world.xingfuli),
                station=_station(world.xingfuli),
            )

    def test_a_station_elsewhere_cannot_have_the_post(self, world):
        post = makers.post(world.xingfuli)
        post.station = _station(world.wuyi)
        with pytest.raises(ValidationError) as caught:
            post.clean()
        assert "station" in caught.value.message_dict

    def test_posts_newly_made_in_a_year_are_counted(self, world):
        makers.post(world.xingfuli, established_on=date(2026, 3, 1))
        makers.post(world.xingfuli, established_on=date(2025, 12, 31))
        assert SocialWorkPost.objects.established_in(2026).count() == 1


def _station(region):
    return Station.objects.create(region=region, name="社会工作室", kind="sw_studio")


class TestShare:
    @pytest.fixture
    def agency(self, world):
        return makers.organization(world.xingfuli, subtypes=["sw_agency"])

    def total(self, agency, total, as_of=date(2026, 1, 1)):
        return PostTotal.objects.create(organization=agency, total=total, as_of=as_of, source="年报")

    def test_without_a_number_of_posts_the_share_is_not_known(self, agency):
        assert post_share(agency) is None

    @pytest.mark.parametrize(("posts", "total", "short"), [(7, 10, False), (6, 10, True), (2, 3, True)])
    def test_seventy_percent_is_compared_exactly(self, world, agency, posts, total, short):
        for number in range(posts):
            makers.post(world.xingfuli, f"岗位{number}", organization=agency)
        row = self.total(agency, total)
        assert post_share(agency) == Fraction(posts, total)
        assert PostTotal.objects.short_of_the_share().exists() is short
        assert bool([text for text in row.warnings() if "70%" in text]) is short

    def test_so_is_an_organisation_that_mainly_does_social_work_and_its_own_page_says_it(self, world):
        row = makers.organization(world.xingfuli, "助残中心", subtypes=["mainly_social_work"])
        self.total(row, 2)
        makers.post(world.xingfuli, organization=row)
        assert PostTotal.objects.short_of_the_share().get().organization == row
        keeper = makers.keeper(world, world.xingfuli.code, "社区专干")
        assert [text for text in beside.remarks_of(row, keeper) if "70%" in text]
        makers.post(world.xingfuli, "岗位二", organization=row)
        assert not [text for text in beside.remarks_of(row, keeper) if "70%" in text]

    def test_the_rule_is_for_agencies_only(self, world):
        other = makers.organization(world.xingfuli, "邻里互助会")
        assert self.total(other, 3).warnings() == []
        assert not PostTotal.objects.short_of_the_share().exists()

    def test_the_latest_number_of_the_day_counts(self, world, agency):
        makers.post(world.xingfuli, organization=agency, established_on=date(2020, 1, 1))
        self.total(agency, 1, date(2024, 1, 1))
        self.total(agency, 2, date(2026, 1, 1))
        assert post_share(agency, date(2025, 12, 31)) == 1
        assert post_share(agency, date(2026, 1, 1)) == Fraction(1, 2)

    def test_more_social_work_posts_than_posts_are_remarked(self, world, agency):
        for number in range(2):
            makers.post(world.xingfuli, f"岗位{number}", organization=agency)
        assert self.total(agency, 1).warnings()


class TestAssignments:
    def test_one_home_at_a_time_and_several_communities(self, world, worker):
        makers.assigned(worker, world.xingfuli)
        makers.assigned(worker, world.tianqing, is_home=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            makers.assigned(worker, world.hekou)

    def test_the_next_home_begins_when_the_last_has_ended(self, world, worker):
        makers.assigned(worker, world.xingfuli, valid_to=date(2023, 12, 31))
        makers.assigned(worker, world.tianqing, valid_from=date(2024, 1, 1))
        homes = lambda day: [row.region for row in Assignment.objects.homes(day)]  # noqa: E731
        assert homes(date(2023, 12, 31)) == [world.xingfuli]
        assert homes(date(2024, 1, 1)) == [world.tianqing]

    def test_a_person_kept_by_two_places_has_one_home_in_sums(self, world, worker):
        makers.assigned(worker, world.xingfuli, valid_from=date(2020, 1, 1))
        again = makers.worker(world.wuyi, "马晓燕", identity(1))
        makers.assigned(again, world.wuyi, valid_from=date(2022, 1, 1))
        assert [row.region for row in Assignment.objects.homes()] == [world.wuyi]
        assert [row.region for row in Assignment.objects.homes(date(2021, 1, 1))] == [world.xingfuli]

    def test_who_works_for_a_street_is_not_assigned_to_it(self, world, worker):
        with pytest.raises(ValidationError):
            Assignment(worker=worker, region=world.xingfuli.parent).clean()


class TestAllowances:
    @pytest.fixture
    def standard(self, world):
        return AllowanceStandard.objects.create(
            region=world.regions["620102"],
            level="assistant",
            monthly=Decimal(200),
            basis="城民发〔2020〕5号",
            valid_from=date(2020, 1, 1),
        )

    def paid(self, worker, amount, last=date(2026, 3, 31)):
        return AllowancePayment.objects.create(
            worker=worker,
            level="assistant",
            first_day=date(2026, 1, 1),
            last_day=last,
            amount=amount,
            paid_on=date(2026, 4, 1),
        )

    def test_what_agrees_with_the_standard_is_not_remarked(self, worker, standard):
        makers.certificate(worker, passed_on=date(2020, 1, 1))
        assert self.paid(worker, Decimal(600)).warnings() == []

    def test_another_amount_and_a_level_without_certificate_are_remarked(self, worker, standard):
        found = self.paid(worker, Decimal(500)).warnings()
        assert len(found) == 2 and "城民发〔2020〕5号" in found[1]

    def test_no_month_is_paid_twice(self, worker):
        self.paid(worker, Decimal(600))
        with pytest.raises(IntegrityError), transaction.atomic():
            self.paid(worker, Decimal(600), last=date(2026, 1, 31))

    def test_one_standard_a_level_at_a_time(self, world, standard):
        with pytest.raises(IntegrityError), transaction.atomic():
            AllowanceStandard.objects.create(
                region=standard.region,
                level="assistant",
                monthly=1,
                basis="另文",
                valid_from=date(2026, 1, 1),
            )


def test_a_posting_says_whom_it_prefers(world):
    posting = RecruitmentPosting.objects.create(
        region=world.xingfuli,
        title="招聘社工",
        employer="街道办事处",
        openings=2,
        preferences=["volunteer"],
        opened_on=date(2026, 11, 1),
        closes_on=date(2026, 11, 30),
    )
    assert RecruitmentPosting.objects.preferring("volunteer").get() == posting
    assert not RecruitmentPosting.objects.preferring("graduate").exists()
    assert RecruitmentPosting.objects.open(date(2026, 11, 30)).exists()
    assert not RecruitmentPosting.objects.open(date(2026, 12, 1)).exists()


def test_professionals_are_found_by_their_craft(world):
    for name, professions in {"郑律师": ["lawyer"], "吴老师": ["teacher", "counsellor"]}.items():
        makers.role(ProfessionalResource, name, region=world.xingfuli, professions=professions)
    found = lambda *crafts: {row.name for row in ProfessionalResource.objects.of(*crafts)}  # noqa: E731
    assert found("lawyer") == {"郑律师"}
    assert found("counsellor", "medical") == {"吴老师"}


def test_an_elected_office_has_body_place_and_term(world):
    worker = makers.worker(world.xingfuli, "马晓燕", identity(1))
    facts = {"worker": worker, "region": world.xingfuli, "body": "committee", "position": "副主任"}
    ElectedOffice.objects.create(**facts, valid_from=date(2021, 3, 1), valid_to=date(2026, 2, 28))
    assert ElectedOffice.objects.on(date(2026, 2, 28)).exists()
    assert not ElectedOffice.objects.on(date(2026, 3, 1)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ElectedOffice.objects.create(**facts, valid_from=date(2026, 1, 1))
    with pytest.raises(ValidationError):
        ElectedOffice(**{**facts, "region": world.xingfuli.parent}).clean()


def test_one_enters_once_a_year_for_each_level(world):
    worker = makers.worker(world.xingfuli, "马晓燕", identity(1))
    ExamEntry.objects.create(worker=worker, year=2026, level="assistant", result="passed")
    ExamEntry.objects.create(worker=worker, year=2026, level="intermediate")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExamEntry.objects.create(worker=worker, year=2026, level="assistant")


def test_a_conversion_speaks_of_one_person(world):
    worker = makers.worker(world.xingfuli, "马晓燕", identity(1))
    conversion = Conversion(
        worker=worker, former_position="社区工作者", way="exam", converted_on=date(2025, 1, 1)
    )
    conversion.staff = makers.staff(world.xingfuli, "马晓燕", identity(1))
    conversion.clean()
    conversion.staff = makers.staff(world.xingfuli, "李建军", identity(2))
    with pytest.raises(ValidationError) as caught:
        conversion.clean()
    assert "staff" in caught.value.message_dict
