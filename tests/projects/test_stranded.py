"""滞留项目: what nobody can bring on is found by the administrator, with what is missing and where."""

import pytest
from django.test import Client
from django.utils import timezone

from communities.offices import services as offices
from communities.offices.models import Office, Post
from projects.models import Project
from projects.models.stranded import stranded_under, told_of
from projects.services import chain
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(world):
    """Administers the province."""
    return factories.person("province_admin", "石磊", world.offices["62"], "administrator")


def gone(world, *people):
    for who in people:
        world.people[who].posts.update(ended_at=timezone.now())


def found(user):
    fresh = type(user).objects.get(pk=user.pk)
    return {(row.project.title, row.region.name, row.why) for row in told_of(stranded_under(fresh))}


def test_what_lies_with_nobody_is_told_with_what_is_missing_and_is_gone_once_it_is_mended(world, admin):
    at_county = factories.agree(factories.submitted(world, title="课堂"), world)
    village = factories.submitted(world, world.hekou, title="书屋")
    sent_back = factories.submitted(world, world.wuyi, title="互助站")
    chain.decide(sent_back, "return", by=world.fresh("wuyi_street"), opinion="请补充预算。")
    assert found(admin) == set() and found(world.people["county_admin"]) == set()

    gone(world, "county", "county_leader", "wuyi")
    Office.objects.filter(pk=world.offices["620123100"].pk).update(closed_on=timezone.localdate())
    nobody = ("课堂", "城关区", "该单位目前没有可以审批的人员。")
    assert found(admin) == {
        nobody,
        ("书屋", "城关镇", "该单位已关闭，且没有单位承接。"),
        ("互助站", "五一社区", "已退回申报单位，该单位目前没有可以修改的人员。"),
    }
    assert found(world.people["county_admin"]) == {nobody}, "those under the own place"
    for who in ("community", "province", "city"):
        assert found(world.people[who]) == set()

    heir, other = world.offices["620123"], world.offices["620102"]
    offices.hand_over(world.offices["620123100"], heir, by=admin)
    offices.appoint(world.people["city"], other, Post.Role.REVIEWER, by=admin)
    offices.appoint(world.people["wuyi_street"], world.offices["620201001001"], "clerk", by=admin)
    assert found(admin) == set()
    assert Project.objects.get(pk=at_county.pk).acting_office == other and village.pk


def test_a_step_for_two_needs_two_and_a_leader(world, admin):
    world.programme.steps.filter(key="county_review").update(two_level=True, two_people=True)
    factories.agree(factories.submitted(world, title="课堂"), world)
    assert found(admin) == set()
    gone(world, "county")
    assert [why for *_place, why in found(admin)] == ["本环节须两人办理，该单位只有负责人一人。"]
    factories.person("second", "王芳", world.offices["620102"], Post.Role.CLERK)
    assert found(admin) == set()
    gone(world, "county_leader")
    assert [why for *_place, why in found(admin)] == ["该单位目前没有可以审批的人员。"]
    factories.person("third", "赵敏", world.offices["620102"], Post.Role.REVIEWER)
    assert [why for *_place, why in found(admin)] == ["须由负责人签发，该单位目前没有负责人。"]


def test_where_everybody_had_a_hand_in_it_somebody_else_is_needed(world, admin):
    """The street's reviewer is the county's only one too: nobody decides two steps of one project."""
    project = factories.submitted(world, title="课堂")
    gone(world, "county", "county_leader")
    offices.appoint(world.people["street"], world.offices["620102"], "reviewer", by=admin)
    chain.decide(project, "approve", by=world.fresh("street"), opinion="同意上报。")
    assert [why for *_place, why in found(admin)] == ["可以审批的人员都已参与过该项目的申报或其他环节。"]


def test_the_administrator_comes_to_the_list_from_the_workbench(world, admin):
    project = factories.agree(factories.submitted(world, title="课堂"), world)
    client = Client()
    client.force_login(admin)
    assert "无人办理的项目" not in client.get("/").content.decode()
    assert "没有无人办理的项目" in client.get("/projects/stranded/").content.decode()
    gone(world, "county", "county_leader")
    assert "1 个项目所在单位没有审批人员" in client.get("/").content.decode()
    page = client.get("/projects/stranded/").content.decode()
    assert project.get_absolute_url() in page and "城关区民政局" in page
    assert "/accounts/?q=" in page
