"""What goes wrong in other systems of this kind (LESSONS §8) and concerns the chain, each by its name.

Elsewhere by their names: unit merged while a case is pending in test_tree.py; role revoked, approver removed
in test_hand_over.py; reminders after a return with the reminders; two rounds open at once in test_scoring.py;
the same two at once, truly at once, in tests/races/test_decisions.py.
"""

import pytest
from django.test import Client
from django.urls import reverse

from communities.offices.models import User
from linkage.foundation.errors import NotNow
from projects.documents import record
from projects.models import Project, Status
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db


def reload(project):
    return Project.objects.get(pk=project.pk)


def inboxes(project):
    """Everybody on whose list of things to do this application stands."""
    return {
        person.username
        for person in User.objects.all()
        if Project.objects.waiting_for(person).filter(pk=project.pk).exists()
        or Project.objects.to_file_by(person).filter(pk=project.pk).exists()
    }


def test_withdraw_clears_every_inbox(world):
    project = factories.submitted(world)
    assert inboxes(project) == {"street"}
    filing.withdraw(project, by=world.people["community"])
    assert inboxes(project) == set()


def test_a_return_clears_the_inbox_it_came_from_and_fills_the_one_it_goes_to(world):
    project = factories.agree(factories.submitted(world), world)
    assert inboxes(project) == {"county", "county_leader"}
    chain.decide(project, "return", by=world.people["county"], opinion="请修改。", return_to="street_review")
    assert inboxes(project) == {"street"}
    chain.decide(reload(project), "return", by=world.people["street"], opinion="请修改。")
    assert inboxes(project) == {"community"}


def test_approver_can_read_the_case(world):
    """Whoever may decide may read: the page, the printed form, the files, the comparison, over REST."""
    project = factories.submitted(world)
    seen = 0
    while reload(project).status == Status.IN_REVIEW:
        for name in inboxes(project):
            reader = Client()
            reader.force_login(User.objects.get(username=name))
            for page in ("detail", "form"):
                assert reader.get(reverse(f"projects:{page}", args=[project.pk])).status_code == 200, name
            assert reader.get(f"/api/v1/projects/{project.pk}/").status_code == 200
            seen += 1
        project = factories.agree(project, world)
    assert seen >= 4


def test_workflow_edited_while_cases_run(world):
    """A new version of a pack, with a step less, other words, other days: a running file keeps its route."""
    project = factories.submitted(world)
    before = [(stop.key, stop.verb, stop.days, stop.signs) for stop in project.route_steps]
    world.programme.steps.filter(key="county_review").delete()
    world.programme.steps.filter(key="city_review").update(verb="终核", days=1, signs=["title"])
    world.programme.after_return = "changed_only"
    world.programme.save()

    chain.decide(reload(project), "return", by=world.people["street"], opinion="请修改。")
    project = filing.submit(reload(project), by=world.people["community"])
    assert [(stop.key, stop.verb, stop.days, stop.signs) for stop in reload(project).route_steps] == before
    while project.status == Status.IN_REVIEW:
        project = factories.agree(project, world)
    assert set(project.decisions_in(2)) == {key for key, *_rest in before}


def test_two_approvers_click_together(world):
    """Both saw the same page: one decides, the other is told who was first, and nothing is decided twice."""
    project = factories.agree(factories.submitted(world), world)
    seen = {"step": project.step, "round": project.round}
    chain.decide(project, "approve", by=world.people["county"], opinion="同意。", **seen)
    with pytest.raises(NotNow, match="张文静"):
        chain.decide(project, "return", by=world.people["county_leader"], opinion="请修改。", **seen)
    assert reload(project).step == "city_review"


def test_two_approvers_click_together_on_a_file_that_went_back_and_came_again(world):
    """A page from before a return decides nothing in the round after it, though the step is the same."""
    project = factories.agree(factories.submitted(world), world)
    old = {"step": project.step, "round": project.round}
    chain.decide(project, "return", by=world.people["county"], opinion="请修改。", return_to="street_review")
    project = factories.agree(project, world)
    assert (project.step, project.round) == ("county_review", 2)
    with pytest.raises(NotNow, match="张文静"):
        chain.decide(project, "approve", by=world.people["county_leader"], opinion="同意。", **old)


def test_missing_parent_level(world):
    """Said in the record in every round, never a target of a return, and never a hole."""
    project = factories.agree(factories.submitted(world, world.wuyi), world)
    city = world.people["jiayuguan"]
    chain.decide(project, "return", by=city, opinion="请重新初核。", return_to="street_review")
    project = factories.agree(project, world)
    assert project.step == "city_review"
    skipped = project.events.filter(kind="skipped").values_list("round", "step")
    assert set(skipped) == {(1, "county_review"), (2, "county_review")}


def test_or_sign_shows_only_the_actor_as_done(world):
    """Two people of the county may decide; the record names the one who did, and nobody else."""
    project = factories.agree(factories.submitted(world), world)
    chain.decide(project, "approve", by=world.people["county_leader"], opinion="同意上报。")
    said = record.opinions(reload(project))
    county = next(line for line in said if line.office == "城关区民政局")
    assert (county.state, county.by) == ("agreed", "李国华")
    told = " ".join(f"{line.title} {line.note}" for line in record.timeline(reload(project)))
    assert "李国华" in told and "张文静" not in told


def test_unapproved_data_never_silently_hidden_or_shown(world):
    """What is not approved counts as approved nowhere, and stays to be seen by who has to do with it."""
    project = factories.submitted(world)
    resident = Client()
    assert project.title not in resident.get("/public/projects/").content.decode()
    assert not Project.objects.counted().filter(pk=project.pk).exists()
    chain.decide(project, "reject", by=world.people["street"], opinion="不符合试点条件。")
    assert not Project.objects.counted().filter(pk=project.pk).exists()
    for who in ("community", "street", "county", "province"):
        reader = Client()
        reader.force_login(world.people[who])
        text = reader.get(project.get_absolute_url()).content.decode()
        assert "不予通过" in text and "不符合试点条件。" in text
