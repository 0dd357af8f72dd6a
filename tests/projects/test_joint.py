"""会签: sections of one office say their word, one decision closes the step."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from communities.offices import services as offices
from communities.offices.models import Post
from linkage.foundation.errors import NotNow
from projects.models import Decision, Opinion, Project
from projects.services import chain, joint
from tests import factories

pytestmark = pytest.mark.django_db
SECTIONS = ["财务科", "社会工作科"]


@pytest.fixture
def sections(world):
    """Two clerks of the county's bureau, each of a section."""
    county = world.offices["620102"]
    for username, name, section in (("finance", "钱进", "财务科"), ("social", "林静", "社会工作科")):
        world.people[username] = factories.person(username, name, county, Post.Role.CLERK)
        Post.objects.filter(user=world.people[username]).update(section=section)


def at_county(world, need="all"):
    world.programme.steps.filter(key="county_review").update(joint_sections=SECTIONS, joint_need=need)
    return factories.agree(factories.submitted(world), world)


def says(world, project, who, section, agrees=True, text="无异议。"):
    now = Project.objects.get(pk=project.pk)
    return joint.give(now, section, by=world.fresh(who), agrees=agrees, text=text)


def decides(world, project, verdict="approve"):
    now = Project.objects.get(pk=project.pk)
    return chain.decide(now, verdict, by=world.fresh("county"), opinion="同意上报。")


def in_hand(world, who):
    return set(Project.objects.in_hand_of(world.fresh(who)))


def test_all_sections_say_their_word_before_the_office_agrees(world, sections):
    project = at_county(world)
    assert in_hand(world, "finance") == in_hand(world, "social") == {project}
    with pytest.raises(NotNow, match="财务科、社会工作科"):
        decides(world, project)
    says(world, project, "finance", "财务科")
    assert in_hand(world, "finance") == set() and in_hand(world, "social") == {project}
    with pytest.raises(NotNow, match="社会工作科"):
        decides(world, project)
    says(world, project, "social", "社会工作科", agrees=False, text="建议核减预算。")
    decides(world, project)
    assert Decision.objects.filter(project=project, step="county_review").count() == 1
    assert Opinion.objects.filter(project=project).count() == 2


def test_where_any_is_enough_the_others_are_not_asked_any_more(world, sections):
    """Or-sign: the word of one clears the to-do of the other, and only who spoke is shown."""
    project = at_county(world, need="any")
    assert in_hand(world, "finance") == in_hand(world, "social") == {project}
    says(world, project, "social", "社会工作科")
    assert in_hand(world, "finance") == in_hand(world, "social") == set()
    with pytest.raises(PermissionDenied):
        says(world, project, "finance", "财务科")
    decides(world, project)
    assert [opinion.by_name for opinion in Opinion.objects.all()] == ["林静"]


def test_a_return_waits_for_no_section(world, sections):
    project = at_county(world)
    decides(world, project, "return")
    assert Project.objects.get(pk=project.pk).status == "returned"


def test_only_who_works_in_the_section_speaks_for_it_and_only_once(world, sections):
    project = at_county(world)
    for who, section in (
        ("finance", "社会工作科"),
        ("county", "财务科"),
        ("city", "财务科"),
        ("street", "财务科"),
    ):
        with pytest.raises(PermissionDenied):
            says(world, project, who, section)
    with pytest.raises(ValidationError):
        says(world, project, "finance", "财务科", text=" ")
    says(world, project, "finance", "财务科")
    with pytest.raises(PermissionDenied):
        says(world, project, "finance", "财务科")
    offices.dismiss(world.people["social"].posts.get(), by=world.fresh("county_admin"))
    with pytest.raises(PermissionDenied):
        says(world, project, "social", "社会工作科")


def test_on_the_page_a_section_gives_its_opinion(world, sections):
    project = at_county(world)
    client = Client()
    client.force_login(world.people["finance"])
    assert "尚缺：财务科、社会工作科" in client.get(f"/projects/{project.pk}/").content.decode()
    word = {"step": "county_review", "round": 1, "section": "财务科", "agrees": "1", "text": "资金来源属实。"}
    refused = client.post(f"/projects/{project.pk}/sections/", {**word, "text": "资" * 501})
    waits = Client()
    waits.force_login(world.people["county"])
    page = waits.get(f"/projects/{project.pk}/").content.decode()
    assert "会签尚缺：财务科、社会工作科，齐后方可同意。" in page and 'value="approve" disabled' in page
    assert refused.status_code == 422 and "资" * 501 in refused.content.decode()
    assert refused.context["sent_back"].errors.keys() == {"text"} and not Opinion.objects.exists()
    assert client.post(f"/projects/{project.pk}/sections/", word).status_code == 302
    assert "资金来源属实。" in client.get(f"/projects/{project.pk}/").content.decode()
    assert Opinion.objects.get().section == "财务科"
