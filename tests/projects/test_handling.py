"""Inside an office: 转办, 委派, 两级办理; and 抄送 to the offices of the route."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from communities.offices import services as offices
from communities.offices.models import Post
from linkage.foundation.errors import NotNow
from projects.models import Copy, Decision, Handling, Project, RouteStep
from projects.services import chain, copies, handling
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(world):
    world.people["county_clerk"] = factories.person(
        "county_clerk", "王芳", world.offices["620102"], Post.Role.CLERK
    )
    return world.people["county_clerk"]


def at_county(world, **given):
    return factories.agree(factories.submitted(world, **given), world)


@pytest.fixture
def in_two_levels(world):
    """The county proposes and signs."""
    world.programme.steps.filter(key="county_review").update(two_level=True)


def fresh(project):
    return Project.objects.get(pk=project.pk)


def waiting(world, who):
    return set(Project.objects.waiting_for(world.fresh(who)))


def in_hand(world, who):
    return set(Project.objects.in_hand_of(world.fresh(who)))


def decides(world, project, who, verdict="approve", **given):
    return chain.decide(fresh(project), verdict, by=world.fresh(who), **{"opinion": "同意上报。", **given})


def assigns(world, project, by, to, kind="transfer"):
    return handling.assign(fresh(project), world.people[to], kind, by=world.fresh(by), note="请办理")


def proposes(world, project, who, verdict="approve", opinion="拟同意上报。"):
    return handling.propose(fresh(project), verdict, by=world.fresh(who), opinion=opinion)


# 转办 and 委派


def test_what_is_passed_on_lies_with_the_colleague_and_the_office_still_answers(world):
    project = at_county(world)
    assigns(world, project, "county", "county_leader")
    assert in_hand(world, "county_leader") == {project}
    assert in_hand(world, "county") == set()
    assert waiting(world, "county") == waiting(world, "county_leader") == {project}
    decides(world, project, "county_leader")
    assert in_hand(world, "county_leader") == set()


def test_a_colleague_who_is_asked_proposes_and_it_comes_back(world, clerk):
    project = at_county(world)
    assigns(world, project, "county", "county_clerk", "delegate")
    assert in_hand(world, "county_clerk") == {project} and waiting(world, "county_clerk") == set()
    proposes(world, project, "county_clerk", opinion="材料齐全，拟同意。")
    assert in_hand(world, "county_clerk") == set()
    page = browser(world, "county").get(f"/projects/{project.pk}/").content.decode()
    assert "材料齐全，拟同意。" in page and "王芳 拟办：同意" in page
    with pytest.raises(PermissionDenied):
        decides(world, project, "county_clerk")
    assert decides(world, project, "county").by_name == "张文静"


def test_work_never_sits_with_a_person_who_is_gone(world, clerk, in_two_levels):
    """Given to a clerk whose post then ends: it is again to be proposed by whoever works there."""
    project = at_county(world)
    assigns(world, project, "county", "county_clerk", "delegate")
    assert in_hand(world, "county") == set()
    offices.dismiss(clerk.posts.get(), by=world.fresh("county_admin"))
    assert in_hand(world, "county_clerk") == set()
    assert in_hand(world, "county") == {project}
    proposes(world, project, "county")
    assert waiting(world, "county_leader") == {project}


@pytest.mark.parametrize("who", ["city", "street", "county_admin", "county", "stranger"])
def test_it_is_given_only_to_a_colleague_who_works_in_the_office(world, who):
    project = at_county(world)
    with pytest.raises(ValidationError):
        assigns(world, project, "county", who)


def test_to_decide_it_is_passed_on_only_to_who_may(world, clerk):
    project = at_county(world)
    with pytest.raises(ValidationError):
        assigns(world, project, "county", "county_clerk", "transfer")
    for who in ("city", "county_clerk", "community", "observer"):
        with pytest.raises(PermissionDenied):
            assigns(world, project, who, "county_leader")


def test_what_passed_in_the_office_is_kept_and_begins_anew_in_the_next_round(world, clerk):
    project = at_county(world)
    assigns(world, project, "county", "county_clerk", "delegate")
    decides(world, project, "county", "return", opinion="请补充")
    project = factories.filing.submit(fresh(project), by=world.fresh("community"))
    project = factories.agree(project, world)
    assert in_hand(world, "county_clerk") == set()
    assert Handling.objects.count() == 1


# 两级办理


def test_in_two_levels_one_proposes_another_signs_and_one_decision_names_both(world, clerk, in_two_levels):
    project = at_county(world)
    assert waiting(world, "county_leader") == waiting(world, "county") == set()
    assert in_hand(world, "county_clerk") == in_hand(world, "county") == {project}
    for who in ("county_leader", "county", "county_clerk"):
        with pytest.raises(PermissionDenied):
            decides(world, project, who)
    proposes(world, project, "county_clerk")
    assert waiting(world, "county_leader") == {project}
    assert waiting(world, "county") == in_hand(world, "county_clerk") == set()
    with pytest.raises(PermissionDenied):
        decides(world, project, "county")

    decision = decides(world, project, "county_leader", opinion="同意，请市局审核。")
    assert (decision.handler, decision.leader) == ("王芳", "李国华")
    assert Decision.objects.filter(project=project, step="county_review").count() == 1


def test_the_leader_sends_a_proposal_back_to_who_made_it(world, clerk, in_two_levels):
    project = at_county(world)
    proposes(world, project, "county_clerk")
    handling.send_back(fresh(project), by=world.fresh("county_leader"), note="请核实预算")
    assert waiting(world, "county_leader") == set()
    assert in_hand(world, "county_clerk") == {project} and in_hand(world, "county") == set()
    with pytest.raises(PermissionDenied):
        proposes(world, project, "county")
    proposes(world, project, "county_clerk", opinion="预算已核实，拟同意。")
    assert waiting(world, "county_leader") == {project}


def test_nobody_signs_their_own_proposal(world, clerk, in_two_levels):
    project = at_county(world)
    proposes(world, project, "county_leader")
    assert waiting(world, "county_leader") == set()
    with pytest.raises(PermissionDenied):
        decides(world, project, "county_leader")
    stand_in = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate(), "reason": "leave"}
    offices.name_deputy(
        world.people["county_leader"].posts.get(), clerk, by=world.fresh("county_leader"), **stand_in
    )
    with pytest.raises(PermissionDenied):  # nor does a deputy sign what the holder proposed
        decides(world, project, "county_clerk")


def test_a_reviewer_who_stands_in_for_the_leader_signs_for_the_leader(world, clerk, in_two_levels):
    project = at_county(world)
    proposes(world, project, "county_clerk")
    stand_in = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate(), "reason": "leave"}
    post = world.people["county_leader"].posts.get()
    offices.name_deputy(post, world.people["county"], by=world.fresh("county_leader"), **stand_in)
    assert waiting(world, "county") == {project}
    assert decides(world, project, "county").signature == "张文静（代李国华）"


def test_a_later_pack_does_not_move_a_running_project(world, clerk):
    project = at_county(world)
    world.programme.steps.filter(key="county_review").update(two_level=True)
    assert not RouteStep.objects.filter(project=project, two_level=True).exists()
    decides(world, project, "county")


def test_or_sign_shows_only_the_actor_as_done(world):
    """Two may decide; one does: the other's inbox is cleared, only the actor has it among what is done."""
    project = at_county(world)
    assert waiting(world, "county") == waiting(world, "county_leader") == {project}
    decides(world, project, "county_leader")
    assert waiting(world, "county") == waiting(world, "county_leader") == set()
    assert set(Project.objects.decided_by(world.fresh("county_leader"))) == {project}
    assert set(Project.objects.decided_by(world.fresh("county"))) == set()


@pytest.fixture
def alone(world):
    """The leader of the county's bureau is the only one who works there."""
    world.people["county"].posts.update(ended_at=timezone.now())


def test_a_leader_who_is_alone_in_the_office_does_both_and_the_record_says_so(world, in_two_levels, alone):
    project = at_county(world)
    assert waiting(world, "county_leader") == {project} and in_hand(world, "county_leader") == set()
    client = browser(world, "county_leader")
    page = client.get(f"/projects/{project.pk}/").content.decode()
    assert "由您一并经办和签发" in page and "呈负责人" not in page and 'id="decide"' in page

    decision = decides(world, project, "county_leader")
    assert (decision.handler, decision.leader) == ("李国华", "李国华")
    assert "城关区民政局审核由一人经办并签发" in client.get(f"/projects/{project.pk}/").content.decode()
    decides(world, project, "city")
    assert fresh(project).events.filter(kind="by_one").count() == 1


def test_a_colleague_who_had_a_hand_in_it_is_as_good_as_none(world, in_two_levels, alone):
    """The clerk typed it for the community; so the leader is alone with this one, not with the next."""
    offices.appoint(
        world.people["community"], world.offices["620102"], "clerk", by=world.fresh("county_admin")
    )
    factories.person("neighbour", "邻居", world.offices["620102020002"], Post.Role.CLERK)
    project, other = at_county(world), at_county(world, community=world.tianqing)
    assert waiting(world, "county_leader") == {project}
    assert decides(world, project, "county_leader").handler == "李国华"
    with pytest.raises(PermissionDenied):
        decides(world, other, "county_leader")


def test_what_is_always_for_two_waits_and_the_page_says_to_whom_to_turn(world, alone):
    world.programme.steps.filter(key="county_review").update(two_level=True, two_people=True)
    project = at_county(world)
    assert waiting(world, "county_leader") == set()
    with pytest.raises(PermissionDenied):
        decides(world, project, "county_leader")
    page = browser(world, "county_leader").get(f"/projects/{project.pk}/").content.decode()
    assert "本环节须由两人办理" in page and "城关区民政局管理员（李晓梅）" in page
    factories.person("second", "王芳", world.offices["620102"], Post.Role.CLERK)
    page = browser(world, "county_leader").get(f"/projects/{project.pk}/").content.decode()
    assert "本环节须由两人办理" not in page


def test_a_deputy_is_never_proposer_and_signer_in_one(world, clerk, in_two_levels, alone):
    project = at_county(world)
    stand_in = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate(), "reason": "leave"}
    post = world.people["county_leader"].posts.get()
    offices.name_deputy(post, clerk, by=world.fresh("county_leader"), **stand_in)
    assert waiting(world, "county_clerk") == set() and in_hand(world, "county_clerk") == {project}
    with pytest.raises(PermissionDenied):
        decides(world, project, "county_clerk")


# 抄送


def test_the_street_sees_a_return_made_above(world):
    project = factories.agree(at_county(world), world)
    decides(world, project, "city", "return", opinion="请补充公示照片")
    told = Copy.objects.all()
    assert {copy.office.name for copy in told} == {"雁南街道办事处", "城关区民政局"}
    for who in ("street", "street_clerk", "county"):
        assert set(Project.objects.copied_to(world.fresh(who))) == {project}
        assert "请补充公示照片" in browser(world, who).get("/tasks/?box=copies").content.decode()
    for who in ("community", "city", "province", "stranger"):
        assert set(Project.objects.copied_to(world.fresh(who))) == set()


def test_a_copy_is_read_by_each_for_oneself(world):
    project = at_county(world)
    decides(world, project, "county", "return", opinion="请补充")
    copy = Copy.objects.get()
    client = browser(world, "street")
    assert client.post(f"/copies/{copy.pk}/seen/").status_code == 302
    assert client.post(f"/copies/{copy.pk}/seen/").status_code == 302
    assert not Project.objects.copied_to(world.fresh("street")).exists()
    assert Project.objects.copied_to(world.fresh("street_clerk")).exists()
    assert browser(world, "city").post(f"/copies/{copy.pk}/seen/").status_code == 404


def test_a_copy_goes_only_to_other_offices_of_the_route(world):
    project = at_county(world)
    copies.send(project, [world.offices["6201"]], by=world.fresh("county"), note="先行告知")
    assert set(Project.objects.copied_to(world.fresh("city"))) == {project}
    for wrong in (["620902"], ["620102"], []):
        with pytest.raises(ValidationError):
            copies.send(project, [world.offices[code] for code in wrong], by=world.fresh("county"))
    with pytest.raises(PermissionDenied):
        copies.send(project, [world.offices["6201"]], by=world.fresh("community"))


# On the page


def browser(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def test_the_forms_of_the_page_pass_on_propose_and_send_back(world, clerk, in_two_levels):
    project = at_county(world)
    screen = {"step": "county_review", "round": 1}
    url = f"/projects/{project.pk}/"
    assert "呈负责人" in browser(world, "county_clerk").get(url).content.decode()
    asked = {**screen, "kind": "delegate", "to": clerk.pk, "note": "请拟办"}
    assert browser(world, "county").post(f"{url}assign/", asked).status_code == 302
    assert "呈负责人" not in browser(world, "county").get(url).content.decode()
    word = {**screen, "verdict": "approve", "opinion": "拟同意上报。"}
    assert browser(world, "county_clerk").post(f"{url}propose/", word).status_code == 302
    page = browser(world, "county_leader").get(url).content.decode()
    assert "拟同意上报。" in page and "退经办人" in page
    back = {**screen, "note": "请核实"}
    assert browser(world, "county_leader").post(f"{url}send-back/", back).status_code == 302
    assert [one.kind for one in Handling.objects.order_by("pk")] == ["delegate", "propose", "send_back"]
    for who in ("city", "street", "community"):
        assert browser(world, who).post(f"{url}propose/", word).status_code == 403
        assert "请核实" not in browser(world, who).get(url).content.decode()
    assert browser(world, "stranger").post(f"{url}propose/", word).status_code == 404


def test_a_form_that_is_refused_comes_back_with_its_words_and_the_error_at_its_field(
    world, clerk, in_two_levels
):
    project = at_county(world)
    screen = {"step": "county_review", "round": 1}
    url = f"/projects/{project.pk}/"
    long = "已电话核实预算依据，" * 60

    def sent(who, deed, **words):
        answer = browser(world, who).post(f"{url}{deed}/", {**screen, **words})
        assert answer.status_code == 422, deed
        return answer.context["sent_back"], answer.content.decode()

    form, page = sent("county_clerk", "propose", verdict="return", opinion=long)
    assert form.errors.keys() == {"opinion"} and long.strip() in page
    assert 'href="#propose_opinion"' in page and 'value="return" id="propose_verdict_1" checked' in page
    form, page = sent("county_clerk", "propose", verdict="approve", opinion=" ")
    assert form.errors.keys() == {"opinion"}
    form, page = sent("county", "assign", kind="transfer", to=clerk.pk, note="请尽快办理")
    assert form.errors.keys() == {"to"} and "请尽快办理" in page, "a clerk may not decide"
    form, page = sent("street", "copies", note="请知悉并配合核实")
    assert form.errors.keys() == {"offices"} and "请知悉并配合核实" in page
    assert not Handling.objects.exists() and not Copy.objects.exists()

    proposes(world, project, "county_clerk")
    form, page = sent("county_leader", "send-back", note="核" * 201)
    assert form.errors.keys() == {"note"} and "核" * 201 in page
    assert 'lk-earlier" open' in page, "the form is unfolded"
    client = browser(world, "county_clerk")  # nobody may send a form that the page does not offer
    assert client.post(f"{url}send-back/", {**screen, "note": ""}).status_code == 403


def test_who_comes_too_late_is_told_so(world, clerk, in_two_levels):
    project = at_county(world)
    proposes(world, project, "county_clerk")
    decides(world, project, "county_leader")
    with pytest.raises(NotNow):
        handling.propose(
            project, "approve", by=world.fresh("county"), opinion="x", step="county_review", round=1
        )
