"""Social workers by place, each person once; professionals among staff; posts; organisations."""

from datetime import date

from linkage.foundation import keeping
from organizations.models import HostedAgency
from socialwork.models import Assignment, PostTotal
from tests.measures.figures import days_ago, figures, here, marked
from tests.socialwork.makers import (
    assigned,
    certificate,
    educated,
    employed,
    holding,
    identity,
    keeper,
    major,
    organization,
    post,
    staff,
    worker,
    years_ago,
)


def certified(region, name, number, **facts):
    row = worker(region, name, identity(number))
    certificate(row, **facts)
    return row


# Who counts where


def test_a_worker_counts_in_the_home_community_and_else_where_the_entry_is_kept(world):
    county = world.region("620102")
    with marked():
        somebody = certified(county, "甲", 1)
    assert figures("sw_professionals") == {county.pk: 1} == figures("sw_certified")
    with marked():
        assigned(somebody, world.xingfuli)
    assert figures("sw_professionals") == {world.xingfuli.pk: 1} == figures("sw_certified")
    with marked():
        Assignment.objects.update(valid_to=days_ago(1))
    assert figures("sw_professionals") == {county.pk: 1}
    assert figures("sw_professionals", days_ago(1)) == {world.xingfuli.pk: 1}


def test_a_person_kept_by_two_places_counts_in_the_newest_home(world):
    first, second = certified(world.region("620102"), "甲", 1), certified(world.region("6202"), "甲", 1)
    assigned(first, world.xingfuli, valid_from=date(2020, 1, 1))
    assert figures("sw_certified") == {world.xingfuli.pk: 1}
    with marked():
        assigned(second, world.wuyi, valid_from=date(2021, 1, 1))
    assert figures("sw_certified") == {world.wuyi.pk: 1} == figures("sw_professionals")
    assert figures("sw_workers") == {world.wuyi.pk: 1}
    with marked():
        second.left_on = days_ago(1)
        second.save()
    assert figures("sw_certified") == {world.xingfuli.pk: 1} == figures("sw_workers")


def test_an_education_makes_a_professional_and_a_certificate_a_certified_one(world):
    place = world.region("620102")
    certified(place, "持证", 1)
    educated(worker(place, "学历", identity(2)))
    educated(worker(place, "会计", identity(3)), "会计学", related=False)
    certified(place, "撤销", 4, withdrawn_on=days_ago(1))
    certified(place, "新近", 5, passed_on=days_ago(-1))
    worker(place, "未持证", identity(6))
    left = certified(place, "离职", 7)
    left.left_on = days_ago(1)
    left.save()
    assert figures("sw_professionals") == {place.pk: 2}
    assert figures("sw_certified") == {place.pk: 1}
    assert figures("sw_certified", days_ago(2)) == {place.pk: 3}
    with marked():
        row = major()
        row.dropped_on = days_ago(1)
        row.save()
    assert figures("sw_professionals") == {place.pk: 1}


def test_a_removed_certificate_counts_no_more(world):
    row = certified(world.xingfuli, "甲", 1)
    by = keeper(world, "620102020001", "xf_social")
    with marked():
        keeping.remove(row.certificates.get(), by=by, reason="录入错误")
    assert figures("sw_certified") == {} == figures("sw_professionals")


# Workers of a community


def test_social_workers_of_a_community_are_professionals_full_time_at_home(world):
    county = world.region("620102")
    assigned(certified(county, "全职", 1), world.xingfuli)
    assigned(certified(county, "兼职", 2), world.xingfuli, kind="part_time")
    shared = certified(county, "两地", 3)
    assigned(shared, world.xingfuli)
    assigned(shared, world.tianqing, is_home=False)
    assigned(worker(county, "未持证", identity(4)), world.xingfuli)
    assigned(certified(county, "期满", 5), world.xingfuli, valid_to=days_ago(1))
    assert figures("sw_workers") == {world.xingfuli.pk: 2}
    with marked():
        Assignment.objects.filter(kind="part_time").update(kind="full_time")
    assert figures("sw_workers") == {world.xingfuli.pk: 3}
    assert here("sw_workers", world.xingfuli, days_ago(1)) == 4


# Staff


def test_professionals_among_staff_must_be_staff_and_their_papers_may_lie_anywhere(world):
    staff(world.xingfuli, "甲", identity(1), valid_from=date(2015, 1, 1))
    staff(world.xingfuli, "乙", identity(2), roles=("service_staff",), valid_from=date(2015, 1, 1))
    staff(world.xingfuli, "丙", identity(3))
    certified(world.xingfuli, "非工作人员", 4)
    with marked():
        certified(world.region("6202"), "甲", 1, passed_on=years_ago(3))
    educated(worker(world.region("6202"), "乙", identity(2)))
    assert figures("staff_professional") == {world.xingfuli.pk: 1} == figures("staff_certified")
    assert figures("management_staff_professional") == {world.xingfuli.pk: 2}
    assert figures("management_staff_professional_before") == {world.xingfuli.pk: 2}
    educated_now = educated(worker(world.region("6202"), "丙", identity(3)), graduated_on=days_ago(30))
    assert figures("staff_professional") == {world.xingfuli.pk: 2}
    assert figures("staff_professional_before") == {world.xingfuli.pk: 1}
    with marked():
        educated_now.related_major = None
        educated_now.save()
    assert figures("staff_professional") == {world.xingfuli.pk: 1}


# Organisations with social work


def test_an_organisation_has_social_work_by_its_people_or_by_an_agency(world):
    place, county = world.xingfuli, world.region("620102")
    agency = organization(county, "社工中心", "registered", subtypes=["sw_agency"])
    names = ("有社工", "接纳机构", "两样都有", "没有", "已注销")
    own = {name: organization(place, name) for name in names}
    certified(county, "甲", 1)
    employed(own["有社工"], "甲", identity(1), "part_time")
    employed(own["没有"], "乙", identity(2))
    employed(own["没有"], "甲", identity(1), valid_to=days_ago(1))
    employed(agency, "甲", identity(1))
    with marked():
        HostedAgency.objects.create(organization=own["接纳机构"], agency=agency)
    HostedAgency.objects.create(organization=own["两样都有"], agency=agency)
    employed(own["两样都有"], "甲", identity(1))
    employed(own["已注销"], "甲", identity(1))
    own["已注销"].status = "cancelled"
    own["已注销"].save()
    assert figures("orgs_with_social_work") == {place.pk: 3}
    kinds, agency.subtypes = agency.subtypes, []
    with marked():
        agency.save()
    assert figures("orgs_with_social_work") == {place.pk: 2}, "what it receives is no agency any more"
    agency.subtypes = kinds
    with marked():
        agency.save()
    with marked():
        agency.status = "revoked"
        agency.save()
    assert figures("orgs_with_social_work") == {place.pk: 2}
    with marked():
        certificate(worker(county, "乙", identity(2)))
    assert figures("orgs_with_social_work") == {place.pk: 3}


# Posts


def test_posts_count_held_or_vacant_where_they_are_meant_for(world):
    county = world.region("620102")
    somebody = worker(county, "甲", identity(1))
    held = post(world.xingfuli)
    post(world.xingfuli)
    post(county)
    post(world.xingfuli, abolished_on=days_ago(0))
    post(world.xingfuli, established_on=days_ago(-1))
    with marked():
        row = holding(held, somebody)
    assert figures("sw_posts") == {world.xingfuli.pk: 2, county.pk: 1}
    assert figures("sw_posts_filled") == {world.xingfuli.pk: 1}
    with marked():
        row.valid_to = days_ago(1)
        row.save()
    assert figures("sw_posts_filled") == {}
    assert here("sw_posts", world.xingfuli, days_ago(1)) == 3


def test_the_share_of_posts_is_asked_of_agencies_and_of_those_that_mainly_do_social_work(world):
    place = world.region("620102")
    agency = organization(place, "社工中心", "registered", subtypes=["sw_agency"])
    mainly = organization(place, "助残中心", subtypes=["mainly_social_work"])
    other = organization(world.xingfuli, "邻里互助会")

    def total(owner, number, as_of, **facts):
        return PostTotal.objects.create(organization=owner, total=number, as_of=as_of, source="报表", **facts)

    total(agency, 9, days_ago(400))
    with marked():
        total(agency, 10, days_ago(40))
    total(other, 10, days_ago(40))
    with marked():
        post(place, organization=agency)
    post(place, organization=agency, abolished_on=days_ago(1))
    post(world.xingfuli, organization=other)
    total(mainly, 4, days_ago(40))
    post(place, organization=mainly)
    assert figures("agency_posts") == {agency.pk: 10, mainly.pk: 4}
    assert figures("agency_posts", days_ago(41)) == {agency.pk: 9}
    assert figures("agency_sw_posts") == {agency.pk: 1, mainly.pk: 1}
    with marked():
        agency.subtypes = []
        agency.save()
    assert figures("agency_posts") == {mainly.pk: 4}
    assert figures("agency_sw_posts") == {mainly.pk: 1}
