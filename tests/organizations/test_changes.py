"""Tiers and status change by verbs only, with a day, a reason and a row each."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkage.foundation.errors import NotNow
from organizations import services
from organizations.models import SocialOrganization, StatusChange, TierMove
from tests.organizations.conftest import credit_code, filed, guided, registered

DAY = date(2018, 5, 4)


def move(organization, to, by, **facts):
    facts = {"happened_on": DAY, "reason": "符合条件", **facts}
    return services.move_tier(organization, to, by=by, **facts)


def fresh(organization):
    return SocialOrganization.everything.get(pk=organization.pk)


class TestTiers:
    def test_from_the_roster_to_the_filing_of_the_street_and_to_registration(self, world, clerk):
        choir = guided(world.xingfuli)
        move(choir, "filed", clerk, filing_number="雁南备〔2018〕3号", filed_on=DAY)
        choir = fresh(choir)
        assert (choir.tier, choir.filing_street.name) == ("filed", "雁南街道")

        code = credit_code()
        move(
            choir,
            "registered",
            clerk,
            happened_on=date(2020, 1, 2),
            uscc=code,
            legal_form="service_institution",
            registered_on=date(2020, 1, 2),
        )
        choir = fresh(choir)
        assert (choir.tier, choir.uscc, choir.filing_number) == ("registered", code, "")
        steps = [(step.from_tier, step.to_tier, step.former_number) for step in choir.tier_moves.all()]
        assert steps == [("guided", "filed", ""), ("filed", "registered", "雁南备〔2018〕3号")]
        assert {step.by for step in choir.tier_moves.all()} == {clerk}

    def test_back_to_the_roster_when_the_filing_is_cancelled(self, world, clerk):
        club = filed(world.xingfuli, filed_on=date(2016, 1, 1))
        number = club.filing_number
        step = move(club, "guided", clerk, reason="备案注销")
        club = fresh(club)
        assert (club.tier, club.filing_number, club.filing_street) == ("guided", "", None)
        assert step.former_number == number

    def test_what_the_new_tier_needs_is_asked_for_all_at_once(self, world, clerk):
        choir = guided(world.xingfuli)
        with pytest.raises(ValidationError) as told:
            move(choir, "registered", clerk)
        assert set(told.value.message_dict) >= {"uscc", "legal_form"}
        with pytest.raises(ValidationError) as told:
            move(choir, "registered", clerk, uscc=credit_code("51"), legal_form="service_institution")
        assert set(told.value.message_dict) == {"uscc"}
        with pytest.raises(ValidationError) as told:
            move(choir, "filed", clerk)
        assert set(told.value.message_dict) == {"filing_number"}
        assert fresh(choir).tier == "guided"
        assert not TierMove.objects.exists()

    def test_a_day_to_come_or_before_the_last_step_and_no_reason_are_refused_together(self, world, clerk):
        club = filed(world.xingfuli)
        move(club, "guided", clerk)
        tomorrow = timezone.localdate() + timedelta(days=1)
        for day in (DAY - timedelta(days=1), tomorrow, None):
            with pytest.raises(ValidationError) as told:
                move(club, "filed", clerk, happened_on=day, reason=" ", filing_number="雁南备〔2019〕1号")
            assert set(told.value.message_dict) == {"happened_on", "reason"}

    def test_nobody_from_elsewhere_and_no_observer_moves_it(self, world):
        choir = guided(world.xingfuli)
        for who in ("stranger", "village", "observer", "county_admin"):
            with pytest.raises(PermissionDenied):
                move(choir, "filed", world.people[who], filing_number="1")

    def test_the_same_tier_again_and_an_organisation_that_is_gone(self, world, clerk):
        choir = guided(world.xingfuli)
        with pytest.raises(NotNow):
            move(choir, "guided", clerk)
        services.change_status(choir, "cancelled", by=clerk, happened_on=DAY, reason="自行解散")
        with pytest.raises(NotNow):
            move(choir, "filed", clerk, filing_number="1")

    def test_what_is_at_home_in_a_street_does_not_come_to_the_roster_of_a_community(self, world):
        club = filed(world.region("620102020"))
        with pytest.raises(ValidationError) as told:
            move(club, "guided", world.people["street"])
        assert set(told.value.message_dict) == {"region"}


class TestStatus:
    def test_a_status_changes_with_its_reason(self, world, clerk):
        choir = guided(world.xingfuli)
        services.change_status(choir, "abnormal", by=clerk, happened_on=DAY, reason="一年无活动")
        services.change_status(
            choir,
            "cancelled",
            by=clerk,
            happened_on=date(2019, 1, 1),
            reason="清理",
            doc_no="城民发〔2019〕1号",
        )
        assert fresh(choir).status == "cancelled"
        assert list(StatusChange.objects.values_list("from_status", "to_status", "reason")) == [
            ("active", "abnormal", "一年无活动"),
            ("abnormal", "cancelled", "清理"),
        ]

    def test_what_does_not_follow_is_refused(self, world, clerk):
        choir = guided(world.xingfuli)
        for wrong in ("active", "preparing"):
            with pytest.raises(NotNow):
                services.change_status(choir, wrong, by=clerk, happened_on=DAY, reason="测试")
        with pytest.raises(ValidationError):
            services.change_status(choir, "gone", by=clerk, happened_on=DAY, reason="测试")

    def test_what_was_being_prepared_needs_its_code_before_it_works(self, world, clerk):
        office = registered(world.xingfuli, uscc="", status="preparing", registered_on=None)
        with pytest.raises(ValidationError) as told:
            services.change_status(office, "active", by=clerk, happened_on=DAY, reason="取得登记证书")
        assert set(told.value.message_dict) == {"uscc"}

    def test_days_past_are_read_as_they_were(self, world, clerk):
        choir = guided(world.xingfuli)
        move(choir, "filed", clerk, filing_number="雁南备〔2018〕3号", filed_on=DAY)
        services.change_status(choir, "cancelled", by=clerk, happened_on=date(2020, 1, 1), reason="解散")
        asked = SocialOrganization.objects
        assert asked.guided(date(2018, 5, 3)).count() == 1
        assert asked.filed(date(2018, 5, 3)).count() == 0
        assert asked.filed(DAY).count() == 1
        assert asked.filed(date(2019, 12, 31)).count() == 1
        assert asked.existing(date(2020, 1, 1)).count() == 0
        assert asked.existing(date(2015, 2, 28)).count() == 0
        assert asked.existing().count() == 0


class TestWhatMayNeverBe:
    @pytest.mark.parametrize(
        "facts",
        [
            {"uscc": ""},
            {"legal_form": ""},
            {"uscc": "51" + credit_code()[2:]},
            {"direct_registration": True, "supervisory_unit": "城关区民政局"},
            {"public_fundraising": True},
            {"initial_funds": -1},
            {"tier": "filed"},
        ],
    )
    def test_the_database_refuses_it(self, world, facts):
        with pytest.raises(IntegrityError), transaction.atomic():
            registered(world.xingfuli, **facts)

    def test_a_code_and_a_filing_number_of_a_street_stand_once(self, world):
        first = registered(world.xingfuli)
        with pytest.raises(IntegrityError), transaction.atomic():
            registered(world.fukang, uscc=first.uscc)
        club = filed(world.xingfuli)
        with pytest.raises(IntegrityError), transaction.atomic():
            filed(world.tianqing, filing_number=club.filing_number)
        filed(world.hekou, filing_number=club.filing_number)

    def test_codes_are_told_how_they_are_wrong(self, world):
        office = registered(world.xingfuli)
        office.uscc = " " + office.uscc.lower()[:-1] + "!"
        with pytest.raises(ValidationError) as told:
            office.full_clean()
        assert "uscc" in told.value.message_dict
        club = filed(world.xingfuli, uscc="")
        club.full_clean()
