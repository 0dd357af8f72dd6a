"""申请 → 入驻 → 评估 → 出壳: in order, and never more inside than there are places. Who runs the base."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from communities.facilities.models import ServiceFacility
from linkage.foundation.errors import NotNow
from organizations import services
from organizations.models import IncubationBase, IncubationCase, OperatingContract
from tests.organizations.conftest import agency, guided, registered

DAY = date(2024, 3, 1)


@pytest.fixture
def base(world):
    return IncubationBase.objects.create(region=world.region("620102020"), name="孵化基地", capacity=1)


@pytest.fixture
def officer(world):
    return world.people["street"]


def applied(base, organization, on=date(2024, 1, 5)):
    case = IncubationCase(base=base, organization=organization, applied_on=on)
    case.full_clean()
    case.save()
    return case


def test_the_whole_way_from_application_to_graduation(world, base, officer):
    case = applied(base, guided(world.xingfuli))
    services.admit(case, by=officer, happened_on=DAY)
    with pytest.raises(NotNow):
        services.graduate(case, by=officer, happened_on=date(2025, 3, 1), reason="成熟")
    services.assess(case, by=officer, happened_on=date(2024, 9, 1), result="continue", score=70)
    with pytest.raises(NotNow):
        services.graduate(case, by=officer, happened_on=date(2025, 3, 1), reason="成熟")
    services.assess(case, by=officer, happened_on=date(2025, 1, 1), result="ready", score=90)
    services.graduate(case, by=officer, happened_on=date(2025, 3, 1), reason="达到登记条件")
    case.refresh_from_db()
    assert (case.status, case.admitted_on, case.ended_on) == ("graduated", DAY, date(2025, 3, 1))
    assert IncubationCase.objects.graduated(date(2025, 1, 1), date(2025, 12, 31)).count() == 1
    assert IncubationCase.objects.graduated(date(2026, 1, 1)).count() == 0


def test_a_full_base_admits_nobody_until_somebody_leaves(world, base, officer):
    first = applied(base, guided(world.xingfuli, "甲"))
    second = applied(base, guided(world.tianqing, "乙"))
    services.admit(first, by=officer, happened_on=DAY)
    with pytest.raises(NotNow):
        services.admit(second, by=officer, happened_on=DAY)
    services.leave(first, by=officer, happened_on=DAY, reason="解散")
    services.admit(second, by=officer, happened_on=DAY)
    assert base.inside.count() == 1
    assert IncubationBase.objects.with_occupancy().get().occupied == 1


def test_a_base_does_not_become_smaller_than_what_is_inside(world, base, officer):
    base.capacity = 2
    base.save()
    for name in ("甲", "乙"):
        services.admit(applied(base, guided(world.xingfuli, name)), by=officer, happened_on=DAY)
    base.capacity = 1
    with pytest.raises(ValidationError):
        base.full_clean()


def test_steps_are_taken_once_in_order_and_on_days_that_follow(world, base, officer):
    case = applied(base, guided(world.xingfuli))
    with pytest.raises(ValidationError) as told:
        services.admit(case, by=officer, happened_on=date(2024, 1, 4))
    assert set(told.value.message_dict) == {"happened_on"}
    with pytest.raises(NotNow):
        services.assess(case, by=officer, happened_on=DAY, result="ready")
    services.decline(case, by=officer, happened_on=DAY, reason="材料不全")
    for step in (services.admit, services.decline):
        facts = {} if step is services.admit else {"reason": "再次"}
        with pytest.raises(NotNow):
            step(case, by=officer, happened_on=DAY, **facts)


def test_an_organisation_applies_at_one_base_at_a_time(world, base, officer):
    choir = guided(world.xingfuli)
    case = applied(base, choir)
    other = IncubationBase.objects.create(region=world.region("620102"), name="区级基地", capacity=5)
    with pytest.raises(ValidationError):
        applied(other, choir)
    services.decline(case, by=officer, happened_on=DAY, reason="名额已满")
    applied(other, choir)


def test_nobody_from_elsewhere_takes_a_step(world, base):
    case = applied(base, guided(world.xingfuli))
    for who in ("stranger", "community", "observer"):
        with pytest.raises(PermissionDenied):
            services.admit(case, by=world.people[who], happened_on=DAY)


def test_bases_that_may_be_one_are_found(world, base, client):
    other = IncubationBase.objects.create(region=world.xingfuli, name=base.name, capacity=2)
    IncubationBase.objects.create(region=world.wuyi, name=base.name, capacity=2)
    client.force_login(world.people["county"])
    page = client.get("/admin/organizations/incubationbase/doubles/")
    found = [{one, another} for one, another, _reasons in page.context["found"]]
    assert found == [{base, other}]


class TestContracts:
    @pytest.fixture
    def facility(self, world):
        return ServiceFacility.objects.create(region=world.xingfuli, name="服务站", kind="comprehensive")

    def contract(self, organization, **facts):
        facts = {"mode": "government_and_society", "valid_from": date(2024, 1, 1), **facts}
        return OperatingContract(organization=organization, **facts)

    def test_it_is_kept_where_the_thing_lies_whoever_the_operator_is(self, world, facility):
        row = self.contract(agency(world.region("620902")), facility=facility)
        row.full_clean()
        row.save()
        assert row.place == world.xingfuli
        assert OperatingContract.objects.visible_to(world.people["community"]).count() == 1
        assert OperatingContract.objects.visible_to(world.people["stranger"]).count() == 0

    def test_two_operators_never_hold_the_same_facility_on_a_day(self, world, facility):
        self.contract(agency(world.xingfuli), facility=facility, valid_to=date(2024, 12, 31)).save()
        other = registered(world.xingfuli)
        late = self.contract(other, facility=facility, valid_from=date(2024, 12, 31))
        with pytest.raises(ValidationError):
            late.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            late.save()
        late.valid_from = date(2025, 1, 1)
        late.full_clean()
        late.save()

    def test_one_thing_a_beginning_and_no_direct_operation(self, world, facility, base):
        for wrong in (
            {},
            {"facility": facility, "base": base},
            {"facility": facility, "valid_from": None},
            {"facility": facility, "mode": "direct"},
        ):
            with pytest.raises(ValidationError):
                self.contract(agency(world.xingfuli), **wrong).full_clean()

    def test_bases_run_by_hubs_and_agencies_are_found(self, world, base, facility):
        """HB-3.2g."""
        self.contract(agency(world.xingfuli), base=base).save()
        self.contract(registered(world.xingfuli), facility=facility).save()
        found = OperatingContract.objects.by_hubs_or_agencies()
        assert [row.base for row in found] == [base]
