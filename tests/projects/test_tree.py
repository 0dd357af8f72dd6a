"""The tree moves while files are on the way: each change has one answer, and the record says it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from communities import services as places
from communities.offices import services as offices
from communities.offices.models import Office, Post
from linkage.foundation.errors import NotNow
from projects.models import Arrival, Project, ProjectEvent, Status
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db
BASIS = "甘民发〔2016〕120号"


def reload(project):
    return Project.objects.get(pk=project.pk)


def waiting(world, who):
    return list(Project.objects.waiting_for(world.fresh(who)))


@pytest.fixture
def root(world):
    """Administers the province: places and offices are its."""
    factories.person("root", "石磊", world.offices["62"], "administrator")
    world.people["root"] = factories.User.objects.get(username="root")
    return world.people["root"]


def hand_over(world, code, heir, root):
    office = offices.hand_over(world.offices[code], world.offices[heir], by=root)
    world.offices[code] = office
    return office


def told(project, kind):
    return [(event.step, event.office_name, event.title) for event in project.events.filter(kind=kind)]


# An office ends


def test_a_street_office_that_is_taken_over_is_decided_for_by_its_heir_at_once(world, root):
    project = factories.submitted(world)
    neighbour = factories.person("next_street", "魏红", world.offices["620102021"], "reviewer")
    arrived = Arrival.objects.get(project=project)

    hand_over(world, "620102020", "620102021", root)

    assert waiting(world, "street") == []
    assert list(Project.objects.waiting_for(neighbour)) == [project]
    assert project in Project.objects.visible_to(neighbour)
    with pytest.raises(PermissionDenied):
        chain.decide(reload(project), "approve", by=world.fresh("street"), opinion="同意。")
    assert told(project, ProjectEvent.Kind.TAKEN_OVER) == [
        ("street_review", "酒泉路街道办事处", "街道(乡镇)初核")
    ]
    assert reload(project).step_since == arrived.at, "the clock goes on"
    anew = Arrival.objects.filter(project=project).last()
    assert (anew.office, anew.days) == (world.offices["620102021"], arrived.days), (
        "with the days that are left"
    )
    decision = chain.decide(reload(project), "approve", by=neighbour, opinion="同意上报。")
    assert decision.office_name == "酒泉路街道办事处"
    assert reload(project).step == "county_review"


def test_what_an_office_signed_keeps_its_name(world, root):
    project = factories.agree(factories.submitted(world), world)
    hand_over(world, "620102020", "620102021", root)
    offices.rename_office(world.offices["620102021"], "酒泉路街道联合办事处", by=root)
    assert reload(project).decisions.get().office_name == "雁南街道办事处"
    assert told(project, ProjectEvent.Kind.TAKEN_OVER) == [], "its stop lies behind"


def test_stops_still_to_come_are_noted_and_go_to_the_heir_whom_the_file_reaches(world, root):
    project = factories.submitted(world)
    hand_over(world, "620102", "6201", root)
    assert told(project, ProjectEvent.Kind.TAKEN_OVER) == [
        ("county_review", "兰州市民政局", "县级民政部门审核")
    ]
    project = factories.agree(project, world)
    assert waiting(world, "city") == [project]
    chain.decide(reload(project), "approve", by=world.fresh("city"), opinion="同意上报。")
    assert reload(project).step == "city_review"
    assert waiting(world, "city") == [], "two levels are two people, even in one office"
    second = factories.person("city_second", "方敏", world.offices["6201"], "leader")
    chain.decide(reload(project), "approve", by=second, opinion="经复核，同意。")
    assert reload(project).step == "province_approval"


def test_an_office_taken_over_twice_leads_to_the_last_one(world, root):
    project = factories.submitted(world)
    hand_over(world, "620102020", "620102021", root)
    hand_over(world, "620102021", "620102", root)
    assert [row[1] for row in told(project, ProjectEvent.Kind.TAKEN_OVER)] == [
        "酒泉路街道办事处",
        "城关区民政局",
    ]
    assert waiting(world, "county") == [project]


def test_a_return_reaches_the_heir_of_the_office_that_signed(world, root):
    project = factories.agree(factories.agree(factories.submitted(world), world), world)
    neighbour = factories.person("next_street", "魏红", world.offices["620102021"], "reviewer")
    hand_over(world, "620102020", "620102021", root)
    city = world.fresh("city")
    chain.decide(reload(project), "return", by=city, opinion="请重新初核。", return_to="street_review")
    assert list(Project.objects.waiting_for(neighbour)) == [project]


def test_an_office_with_files_is_not_closed_without_a_successor_and_they_are_named(world, root):
    project = factories.submitted(world)
    for code in ("620102020", "620102", "62", "620102020001"):
        with pytest.raises(ValidationError) as problems:
            offices.close_office(world.offices[code], by=root)
        assert f"{project.number} {project.title}" in problems.value.messages
    filing.withdraw(project, by=world.people["community"])
    offices.close_office(world.offices["620102020"], by=root)
    assert not Post.objects.current().filter(office=world.offices["620102020"]).exists()
    with pytest.raises(NotNow):
        offices.close_office(world.offices["620102020"], by=root)


def test_an_office_that_is_gone_all_the_same_is_seen_and_can_be_given_a_successor(world, root):
    project = factories.submitted(world)
    Office.objects.filter(pk=world.offices["620102020"].pk).update(closed_on=timezone.localdate())
    reader = Client()
    reader.force_login(root)
    assert "雁南街道办事处已撤销" in reader.get(project.get_absolute_url()).content.decode()
    hand_over(world, "620102020", "620102021", root)
    neighbour = factories.person("next_street", "魏红", world.offices["620102021"], "reviewer")
    assert list(Project.objects.waiting_for(neighbour)) == [project]
    assert "已撤销" not in reader.get(project.get_absolute_url()).content.decode()
    with pytest.raises(NotNow):
        offices.hand_over(world.offices["620102020"], world.offices["620102"], by=root)


def test_a_new_application_is_routed_to_the_heir(world, root):
    hand_over(world, "620102", "6201", root)
    project = factories.submitted(world)
    assert [stop.office.name for stop in project.route_steps] == [
        "雁南街道办事处",
        "兰州市民政局",
        "兰州市民政局",
        "甘肃省民政厅",
    ]


def test_a_post_that_ended_leaves_the_work_with_the_office(world):
    project = factories.agree(factories.submitted(world), world)
    offices.dismiss(Post.objects.get(user=world.people["county"]), by=world.people["county_admin"])
    assert waiting(world, "county") == []
    assert waiting(world, "county_leader") == [project]
    assert told(project, ProjectEvent.Kind.TAKEN_OVER) == []


# A place changes


def test_a_place_that_was_renamed_keeps_its_name_on_what_was_handed_in(world, root):
    project = factories.submitted(world)
    places.rename(world.xingfuli, "幸福家园社区", on=timezone.localdate(), basis=BASIS, by=root)
    assert reload(project).head["community"] == "幸福里社区"
    assert told(project, ProjectEvent.Kind.PLACE)[0][2] == "幸福里社区更名为幸福家园社区"
    event = project.events.get(kind=ProjectEvent.Kind.PLACE)
    assert BASIS in event.text
    assert factories.agree(project, world).step == "county_review"


def test_a_community_that_was_moved_keeps_its_route_and_its_offices_see_it(world, root):
    project = factories.submitted(world)
    places.move(world.xingfuli, world.regions["620102021"], on=timezone.localdate(), basis=BASIS, by=root)
    assert waiting(world, "street") == [project]
    assert project in Project.objects.visible_to(world.fresh("street"))
    newly = factories.person("next_street", "魏红", world.offices["620102021"], "reviewer")
    assert project in Project.objects.visible_to(newly), "the street it belongs to now reads along"
    assert not Project.objects.waiting_for(newly).exists()
    assert told(project, ProjectEvent.Kind.PLACE)[0][2] == "幸福里社区改隶酒泉路街道"
    assert factories.agree(project, world).step == "county_review"
    fresh = factories.submitted(world, world.xingfuli, title="银龄互助站")
    assert fresh.route_steps[0].office.name == "酒泉路街道办事处"


def test_a_street_that_was_moved_takes_its_files_along_the_old_route(world, root):
    project = factories.submitted(world)
    places.move(
        world.regions["620102020"], world.regions["620123"], on=timezone.localdate(), basis=BASIS, by=root
    )
    project = factories.agree(project, world)
    assert waiting(world, "county") == [project]
    assert waiting(world, "yuzhong") == []
    assert told(project, ProjectEvent.Kind.PLACE)[0][2] == "雁南街道改隶榆中县"


def test_unit_merged_while_a_case_is_pending(world, root):
    """The application stays that of the place that handed it in; the office that went on files for it."""
    project = factories.submitted(world)
    today = timezone.localdate()
    places.merge([world.xingfuli], into=world.tianqing, on=today, basis=BASIS, by=root)
    assert told(project, ProjectEvent.Kind.PLACE)[0][2] == "幸福里社区并入天庆嘉园社区"
    clerk = factories.person("tianqing", "吴芳", world.offices["620102020002"], "clerk")
    assert project not in Project.objects.visible_to(clerk)

    hand_over(world, "620102020001", "620102020002", root)

    assert told(project, ProjectEvent.Kind.TAKEN_OVER) == [("", "天庆嘉园社区居民委员会", "申报单位")]
    clerk = factories.User.objects.get(pk=clerk.pk)
    assert project in Project.objects.visible_to(clerk)
    chain.decide(reload(project), "return", by=world.fresh("street"), opinion="请修改服务计划。")
    assert list(Project.objects.returned_to(clerk)) == [project]
    assert not Project.objects.returned_to(world.fresh("community")).exists()
    filing.save_draft(reload(project), by=clerk, fields={"service_plan": "周一至周六开放驿站。"})
    project = filing.submit(reload(project), by=clerk)
    assert (project.status, project.head["community"]) == (Status.IN_REVIEW, "幸福里社区")
    page = Client()
    page.force_login(clerk)
    assert page.get(project.get_absolute_url()).status_code == 200


def test_what_a_merged_place_had_not_handed_in_yet_is_put_forward_anew(world, root):
    draft = factories.draft(world)
    places.merge([world.xingfuli], into=world.tianqing, on=timezone.localdate(), basis=BASIS, by=root)
    with pytest.raises(ValidationError) as problems:
        filing.submit(draft, by=world.people["community"])
    assert list(problems.value.message_dict) == ["eligibility"]
    with pytest.raises(ValidationError):
        filing.start(world.programme, reload(draft).region, by=world.people["community"], title="新项目")


def test_a_place_that_was_split_goes_on_with_the_office_that_took_it_over(world, root):
    project = factories.submitted(world)
    on = timezone.localdate()
    parts = [places.Part("幸福里东社区"), places.Part("幸福里西社区")]
    east, _west = places.split(world.xingfuli, parts, on=on, basis=BASIS, by=root)
    assert told(project, ProjectEvent.Kind.PLACE)[0][2] == "幸福里社区分设为幸福里东社区、幸福里西社区"
    heir = offices.open_office(east, by=root)
    clerk = factories.person("east", "吴芳", heir, "clerk")
    offices.hand_over(world.offices["620102020001"], heir, by=root)
    clerk = factories.User.objects.get(pk=clerk.pk)
    filing.withdraw(reload(project), by=clerk, reason="区划调整")
    assert reload(project).status == Status.WITHDRAWN


def test_a_change_of_a_coming_day_is_noted_with_its_day(world, root):
    project = factories.submitted(world)
    day = timezone.localdate() + timedelta(days=40)
    places.move(world.xingfuli, world.regions["620102021"], on=day, basis=BASIS, by=root)
    assert f"{day.month}月{day.day}日" in project.events.get(kind=ProjectEvent.Kind.PLACE).text


def test_what_has_ended_is_not_written_to(world, root):
    project = factories.approved(world)
    before = project.events.count()
    places.rename(world.xingfuli, "幸福家园社区", on=timezone.localdate(), basis=BASIS, by=root)
    hand_over(world, "620102", "6201", root)
    assert reload(project).events.count() == before
    assert date.fromisoformat(project.latest_submission.snapshot["start_date"])


def test_the_administrator_is_told_beforehand_what_lies_there(world, root):
    project = factories.submitted(world)
    page = Client()
    page.force_login(root)
    office = world.offices["620102020"]
    asked = {"on": timezone.localdate().isoformat()}
    shown = page.post(f"/admin/offices/office/{office.pk}/close/", asked)
    assert project.title in shown.content.decode()
    refused = page.post(f"/admin/offices/office/{office.pk}/close/", {**asked, "sure": "1"})
    assert refused.status_code == 422
    assert Office.objects.get(pk=office.pk).closed_on is None
    asked["heir"] = world.offices["620102021"].pk
    shown = page.post(f"/admin/offices/office/{office.pk}/hand_over/", asked)
    assert "1 件" in shown.content.decode()
