"""Who is counted as what (DOMAIN §2.2): one little world in which every figure differs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from socialwork import measures
from tests.socialwork import makers
from tests.socialwork.makers import identity, years_ago


class Cast:
    """Thirteen entries of social workers and those around them; who is what stands in the names."""

    def __init__(self, world):
        today = timezone.localdate()
        here = self.here = world.xingfuli
        place = world.regions["620102"]
        people = {}

        def enter(name):
            number = identity(len(people) + 1)
            people[name] = (makers.worker(place, name, number), number)
            return people[name][0]

        # Six with a certificate: four registered, one whose registration has ended, one never registered.
        for number in range(1, 7):
            paper = makers.certificate(enter(f"持证{number}"), passed_on=years_ago(6))
            if number <= 4:
                makers.registered(paper)
        ended = people["持证5"][0].certificates.get()
        makers.registered(ended, starts_on=years_ago(4))

        # Two more by education, one whose major is another, one whose certificate was withdrawn.
        makers.educated(enter("学历1"))
        makers.educated(enter("学历2"), "心理学")
        makers.educated(enter("会计学历"), "会计学", related=False)
        makers.certificate(enter("被撤销"), passed_on=years_ago(6), withdrawn_on=years_ago(1))

        # Social workers without any of it, one of them in a post; and one who has left.
        for name in ("未持证1", "未持证2", "在岗未持证"):
            enter(name)
        gone = enter("已离职")
        makers.certificate(gone, passed_on=years_ago(6))
        gone.left_on = today - timedelta(days=30)
        gone.save()

        # At work for the community: two professionals full time, one part time, one without papers.
        worker = lambda name: people[name][0]  # noqa: E731
        makers.assigned(worker("持证1"), here)
        makers.assigned(worker("学历1"), here)
        makers.assigned(worker("持证5"), here, kind="part_time")
        makers.assigned(worker("未持证1"), here)
        makers.assigned(gone, here)
        makers.assigned(worker("持证6"), world.tianqing)
        makers.holding(makers.post(here), worker("在岗未持证"))

        # At organisations: a registered agency, and one the community guides.
        agency = self.agency = makers.organization(world.regions["620102"], tier="registered")
        guided = makers.organization(here, "邻里互助会")
        for name, kind in (
            ("持证2", "full_time"),
            ("持证3", "part_time"),
            ("持证4", "part_time"),
            ("持证1", "part_time"),
            ("学历2", "full_time"),
            ("未持证2", "full_time"),
        ):
            makers.employed(agency, name, people[name][1], kind)
        for number in range(6):
            makers.employed(agency, f"行政{number}", identity(100 + number))
        for number in range(3):
            makers.employed(guided, f"会员{number}", identity(200 + number))

        # Community staff: seven, one of them a professional.
        for number in range(6):
            makers.staff(here, f"委员{number}", identity(300 + number))
        makers.staff(here, "学历1", people["学历1"][1])

        # The same human entered by another county too, certificate and assignment and all.
        again = makers.worker(world.regions["6202"], "持证1", people["持证1"][1])
        makers.certificate(again, number=worker("持证1").certificates.get().number, passed_on=years_ago(6))
        makers.assigned(again, world.wuyi)
        self.again, self.first = again, worker("持证1")


@pytest.fixture
def cast(world):
    return Cast(world)


def figures(cast, on=None):
    return {
        "sw_certified": measures.sw_certified(on).count(),
        "sw_certified, registration valid": measures.sw_certified(on, registered=True).count(),
        "sw_professional": measures.sw_professional(on).count(),
        "sw_worker": measures.sw_worker(cast.here, on).count(),
        "sw_worker with part time": measures.sw_worker(cast.here, on, part_time=True).count(),
        "sw_fulltime_or_parttime": measures.sw_fulltime_or_parttime(cast.agency, on).count(),
        "sw_employee": measures.sw_employee(on).count(),
        "community_staff": measures.community_staff(on).count(),
        "professional_staff": measures.professional_staff(on).count(),
        "certified_staff": measures.certified_staff(on).count(),
        "org_staff_fulltime": measures.org_staff_fulltime(on).count(),
        "org_employees": measures.org_employees(on).count(),
        "org_employees, full time": measures.org_employees(on, full_time=True).count(),
    }


def test_every_head_count_has_its_own_figure(cast):
    expected = {
        "sw_certified": 6,
        "sw_certified, registration valid": 4,
        "sw_professional": 8,
        "sw_worker": 2,
        "sw_worker with part time": 3,
        "sw_fulltime_or_parttime": 5,
        "sw_employee": 11,
        "community_staff": 7,
        "professional_staff": 1,
        "certified_staff": 0,
        "org_staff_fulltime": 9,
        "org_employees": 15,
        "org_employees, full time": 12,
    }
    assert len(set(expected.values())) == len(expected)  # so that confusing any two of them is seen
    assert figures(cast) == expected


def test_before_anything_was_passed_or_begun_nobody_counts(cast):
    long_ago = years_ago(20)
    told = figures(cast, long_ago)
    assert {name for name, number in told.items() if name.startswith("sw_") and number} == {
        "sw_employee",  # employments without a first day have always been
    }


def test_who_has_left_counted_until_then(cast):
    before = timezone.localdate() - timedelta(days=31)
    assert measures.sw_certified(before).count() == 7
    assert measures.sw_worker(cast.here, before).count() == 3


def test_the_withdrawn_certificate_counted_until_then(cast):
    assert measures.sw_certified(years_ago(1) - timedelta(days=1)).filter(name="被撤销").exists()
    assert not measures.sw_certified(years_ago(1)).filter(name="被撤销").exists()


def test_a_person_entered_in_two_places_is_one(cast):
    assert cast.again.person_id == cast.first.person_id
    assert measures.sw_certified().filter(pk=cast.first.person_id).count() == 1
    assert measures.sw_worker(cast.here).filter(pk=cast.first.person_id).count() == 1


def test_a_place_counts_whom_it_keeps_and_believes_the_papers_seen_elsewhere(cast, world):
    cast.again.certificates.get().__class__.objects.filter(worker=cast.again).update(
        removed_at=timezone.now()
    )
    within = world.regions["6202"]
    assert measures.sw_certified(within=within).count() == 1
    assert measures.sw_certified(within=world.regions["620902"]).count() == 0


def test_of_a_street_the_workers_of_its_communities_count_once(cast, world):
    makers.assigned(cast.first, world.tianqing, is_home=False)
    street = world.xingfuli.parent
    names = set(measures.sw_worker(street).values_list("name", flat=True))
    assert names == {"持证1", "学历1", "持证6"}
    assert measures.sw_worker(street).count() == 3


def test_certified_staff_are_those_of_both_registers(cast, world):
    makers.staff(cast.here, "持证2", identity(2))
    assert measures.certified_staff().get().name == "持证2"
    assert measures.certified_staff(within=world.wuyi).count() == 0
