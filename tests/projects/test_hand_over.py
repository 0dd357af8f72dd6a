"""Work never sits with a person who is gone: deputies, roles that end, and who decides what for whom."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from communities.offices import services as offices
from communities.offices.models import Post
from projects.models import Decision, Project
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db


def at_county(world, **given):
    return factories.agree(factories.submitted(world, **given), world)


def stand_in(world, who, holder, by=None):
    """``who`` stands in for ``holder`` from today on; both work in one office."""
    day = timezone.localdate()
    return offices.name_deputy(
        world.people[holder].posts.get(),
        world.people[who],
        by=world.fresh(by or holder),
        starts_on=day,
        ends_on=day + timedelta(days=7),
        reason="leave",
    )


@pytest.fixture
def clerk(world):
    person = factories.person("county_clerk", "王芳", world.offices["620102"], Post.Role.CLERK)
    world.people["county_clerk"] = person
    return person


def waiting(world, who):
    return set(Project.objects.waiting_for(world.fresh(who)))


def agrees(world, project, who):
    return chain.decide(Project.objects.get(pk=project.pk), "approve", by=world.fresh(who), opinion="同意")


def page(world, who, project):
    client = Client()
    client.force_login(world.people[who])
    return client.get(f"/projects/{project.pk}/")


def test_a_deputy_decides_and_the_decision_names_both(world, clerk):
    project = at_county(world)
    assert waiting(world, "county_clerk") == set()
    stand_in(world, "county_clerk", "county")
    assert waiting(world, "county_clerk") == {project}
    assert "您代张文静办理" in page(world, "county_clerk", project).content.decode()

    decision = agrees(world, project, "county_clerk")
    assert (decision.by, decision.on_behalf_of) == (clerk, world.people["county"])
    assert decision.signature == decision.leader == "王芳（代张文静）"
    assert project.events.last().by_name == "王芳（代张文静）"
    assert "王芳（代张文静）" in page(world, "community", project).content.decode()
    assert set(Project.objects.decided_by(world.fresh("county"))) == {project}


def test_who_decides_for_the_office_anyway_signs_alone(world):
    project = at_county(world)
    stand_in(world, "county_leader", "county")
    decision = agrees(world, project, "county_leader")
    assert (decision.on_behalf_of, decision.signature) == (None, "李国华")


def test_after_the_last_day_the_deputy_decides_nothing_and_what_was_decided_stays(world, clerk):
    first, second = at_county(world, title="一"), at_county(world, title="二")
    deputy = stand_in(world, "county_clerk", "county")
    agrees(world, first, "county_clerk")
    type(deputy).objects.update(
        starts_on=timezone.localdate() - timedelta(days=2), ends_on=timezone.localdate() - timedelta(days=1)
    )
    assert waiting(world, "county_clerk") == set()
    with pytest.raises(PermissionDenied):
        agrees(world, second, "county_clerk")
    assert Decision.objects.get(project=first, step="county_review").signature == "王芳（代张文静）"


# Nobody decides two steps of one project, neither in person nor through a deputy


def moves_up(world, who, code="6201"):
    """The same person now also reviews one level above."""
    Post.objects.create(user=world.people[who], office=world.offices[code], role=Post.Role.REVIEWER)


def test_whose_deputy_decided_at_the_county_does_not_decide_at_the_city(world, clerk):
    project = at_county(world)
    stand_in(world, "county_clerk", "county")
    agrees(world, project, "county_clerk")
    moves_up(world, "county")
    assert project not in waiting(world, "county")
    with pytest.raises(PermissionDenied):
        agrees(world, project, "county")


def test_a_deputy_who_decided_at_the_county_does_not_decide_at_the_city(world, clerk):
    project = at_county(world)
    stand_in(world, "county_clerk", "county")
    agrees(world, project, "county_clerk")
    moves_up(world, "county_clerk")
    assert project not in waiting(world, "county_clerk")
    with pytest.raises(PermissionDenied):
        agrees(world, project, "county_clerk")


def test_nobody_stands_in_for_who_has_decided_another_step(world):
    """The county's reviewer decided; as the city's reviewer they name a deputy: not for this project."""
    project = at_county(world)
    agrees(world, project, "county")
    moves_up(world, "county")
    factories.person("city_clerk", "刘洋", world.offices["6201"], Post.Role.CLERK)
    helper = world.people["city_clerk"] = offices.accounts.User.objects.get(username="city_clerk")
    day = timezone.localdate()
    post = world.people["county"].posts.get(office=world.offices["6201"])
    offices.name_deputy(post, helper, by=world.fresh("county"), starts_on=day, ends_on=day, reason="leave")
    assert project not in waiting(world, "city_clerk")
    with pytest.raises(PermissionDenied):
        agrees(world, project, "city_clerk")
    assert "张文静" in page(world, "city_clerk", project).content.decode()


def test_who_filed_an_application_decides_it_neither_in_person_nor_for_a_colleague(world, clerk):
    project = at_county(world)
    Project.objects.filter(pk=project.pk).update(created_by=clerk)
    stand_in(world, "county_clerk", "county")
    assert waiting(world, "county_clerk") == set()
    with pytest.raises(PermissionDenied):
        agrees(world, project, "county_clerk")


def test_a_colleague_in_whom_nothing_hinders_stands_in_although_another_post_does(world, clerk):
    """Two posts stood in for: the one whose holder had a hand in it does not count, the other does."""
    project = at_county(world)
    stand_in(world, "county_clerk", "county")
    stand_in(world, "county_clerk", "county_leader")
    Project.objects.filter(pk=project.pk).update(created_by=world.people["county"])
    assert waiting(world, "county_clerk") == {project}
    assert agrees(world, project, "county_clerk").on_behalf_of == world.people["county_leader"]


# Pitfalls others fell into (LESSONS §8)


def test_approver_removed_mid_case(world):
    """The only reviewer of a street goes: the item stays with the office and waits for who comes next."""
    project = factories.submitted(world)
    offices.dismiss(world.people["street"].posts.get(), by=world.fresh("county_admin"))
    assert waiting(world, "street") == set()
    project.refresh_from_db()
    assert (project.status, project.acting_office) == ("in_review", world.offices["620102020"])
    offices.appoint(
        world.people["street_clerk"], world.offices["620102020"], "reviewer", by=world.fresh("county_admin")
    )
    assert waiting(world, "street_clerk") == {project}
    agrees(world, project, "street_clerk")


def test_role_revoked_acts_at_once(world):
    project = at_county(world)
    county = world.fresh("county")
    assert Project.objects.waiting_for(county).count() == 1  # what this request had learned
    offices.dismiss(world.people["county"].posts.get(), by=world.fresh("county_admin"))
    with pytest.raises(PermissionDenied):
        chain.decide(project, "approve", by=county, opinion="同意")
    assert page(world, "county", project).status_code == 404


@pytest.mark.parametrize("who", ["own post", "deputy", "heir"])
def test_approver_can_read_the_case(world, clerk, who):
    """Who may decide may always read what they decide, with its files and its printed form."""
    project = at_county(world)
    reader = "county"
    if who == "deputy":
        reader = "county_clerk"
        stand_in(world, reader, "county")
    if who == "heir":
        reader = "yuzhong"
        keeper = factories.person("city_admin", "市管理员", world.offices["6201"], Post.Role.ADMINISTRATOR)
        offices.hand_over(world.offices["620102"], world.offices["620123"], by=keeper)
    assert waiting(world, reader) == {project}
    assert set(Project.objects.visible_to(world.fresh(reader)).waiting_for(world.fresh(reader))) == {project}
    client = Client()
    client.force_login(world.people[reader])
    assert client.get(f"/projects/{project.pk}/").status_code == 200
    assert client.get(f"/projects/{project.pk}/form.docx").status_code == 200
    attachment = project.attachments.first()
    assert attachment in type(attachment).objects.visible_to(world.fresh(reader))


def test_withdraw_clears_every_inbox(world, clerk):
    project = factories.submitted(world)
    stand_in(world, "street_clerk", "street")
    offices.appoint(
        world.people["street_clerk"], world.offices["620102020"], "leader", by=world.fresh("county_admin")
    )
    readers = ["street", "street_clerk"]
    assert all(waiting(world, who) == {project} for who in readers)
    filing.withdraw(project, by=world.fresh("community"))
    assert all(waiting(world, who) == set() for who in [*readers, "county", "city", "province"])
