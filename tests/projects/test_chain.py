"""The chain walked: who decides when, and what the record says afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Project, ProjectEvent, Status, posting, story
from projects.services import chain, filing, programme
from tests import factories

pytestmark = pytest.mark.django_db


def reload(project):
    return Project.objects.get(pk=project.pk)


def test_four_approvals_in_order_approve_a_project(world):
    project = factories.submitted(world)
    keys = [stop.key for stop in project.route_steps]
    assert keys == ["street_review", "county_review", "city_review", "province_approval"]

    for key in keys:
        project = reload(project)
        assert (project.status, project.step) == (Status.IN_REVIEW, key)
        project = factories.agree(project, world)

    assert project.status == Status.APPROVED
    assert project.step == "tendering"
    assert project.granted_amount == Decimal(45000)
    assert project.approval_doc_no == "甘民发〔2016〕98号"
    assert project.number == "GS2016-6201-0001"
    assert [decision.verdict for decision in project.decisions.all()] == ["approve"] * 4


@pytest.mark.parametrize(
    ("place", "offices"),
    [
        ("wuyi", ["雄关街道办事处", None, "嘉峪关市民政局", "甘肃省民政厅"]),
        ("xiyuan", ["中川镇人民政府", None, "兰州新区社会保障局", "甘肃省民政厅"]),
    ],
)
def test_a_missing_level_is_skipped_and_said_so(world, place, offices):
    project = factories.submitted(world, getattr(world, place))
    assert [stop.office and stop.office.name for stop in project.route_steps] == offices

    project = factories.agree(project, world)

    assert project.step == "city_review"
    skipped = project.events.get(kind=ProjectEvent.Kind.SKIPPED)
    assert skipped.step == "county_review"
    stage = next(stage for stage in story(project) if stage.key == "county_review")
    assert stage.state == "skipped"


def test_outside_the_phase_nothing_is_decided_until_the_province_extends_it(world):
    project = factories.submitted(world)
    late = timezone.now() + timedelta(days=45)
    with time_machine.travel(late):
        with pytest.raises(NotNow, match="第二阶段") as refused:
            factories.agree(project, world)
        phase = world.programme.phase("file")
        assert f"{phase.ends:%Y-%m-%d}" in str(refused.value)
        assert reload(project).step == "street_review"
        until, province = timezone.localdate() + timedelta(days=10), world.people["province"]
        programme.extend_phase(phase, until, doc_no="甘民发〔2016〕120号", reason="灾后顺延", by=province)
        assert factories.agree(project, world).step == "county_review"


def test_a_place_without_an_office_refuses_submission_and_is_named(world):
    project = factories.draft(world)
    office = world.offices["620102"]
    office.closed_on = timezone.localdate()
    office.save()

    with pytest.raises(ValidationError) as problems:
        filing.submit(project, by=world.people["community"])

    assert "甘肃省 › 兰州市 › 城关区" in problems.value.message_dict["route"][0]
    assert reload(project).status == Status.DRAFT


def test_an_office_that_was_taken_over_is_answered_for_by_its_heir(world):
    project = factories.agree(factories.submitted(world), world)
    old = world.offices["620102"]
    heir = world.offices["6201"]
    old.closed_on, old.successor = timezone.localdate(), heir
    old.save()

    city = world.fresh("city")
    assert project in Project.objects.waiting_for(city)
    decision = chain.decide(project, "approve", by=city, opinion="经审核，同意上报。")

    assert decision.office_name == "兰州市民政局"


def test_nobody_decides_two_steps_of_one_project(world):
    project = factories.agree(factories.submitted(world), world)
    street = world.people["street"]
    factories.Post.objects.create(user=street, office=world.offices["620102"], role="reviewer")
    street = world.fresh("street")

    assert project not in Project.objects.waiting_for(street)
    with pytest.raises(PermissionDenied):
        chain.decide(project, "approve", by=street, opinion="同意")


def test_the_applicant_never_decides(world):
    clerk = world.people["community"]
    factories.Post.objects.create(user=clerk, office=world.offices["620102020"], role="reviewer")
    project = factories.submitted(world, by=clerk)
    clerk = world.fresh("community")

    with pytest.raises(PermissionDenied):
        chain.decide(project, "approve", by=clerk, opinion="同意")


def test_a_superuser_without_a_post_decides_nothing(world):
    project = factories.submitted(world)
    root = factories.User.objects.create(username="root", is_superuser=True, is_staff=True)

    with pytest.raises(PermissionDenied):
        chain.decide(project, "approve", by=root, opinion="同意")
    assert not Project.objects.visible_to(root).exists()


def test_inbox_and_rule_agree(world):
    project = factories.agree(factories.submitted(world), world)
    for person in factories.User.objects.all():
        listed = Project.objects.waiting_for(person).filter(pk=project.pk).exists()
        assert rules.can_decide(person, project) is listed, person


def test_a_second_reviewer_is_told_who_was_first(world):
    project = factories.submitted(world)
    project = factories.agree(project, world)
    chain.decide(project, "approve", by=world.people["county"], opinion="同意", step="county_review", round=1)

    with pytest.raises(NotNow, match="张文静"):
        chain.decide(
            project, "reject", by=world.people["county_leader"], opinion="x", step="county_review", round=1
        )
    assert project.decisions.filter(step="county_review").count() == 1


def test_a_return_needs_a_reason_and_opens_a_new_round(world):
    project = factories.submitted(world)
    street = world.people["street"]
    with pytest.raises(ValidationError):
        chain.decide(project, "return", by=street, opinion="  ")

    marks = [{"field": "needs_analysis", "note": "补充人数依据"}]
    chain.decide(project, "return", by=street, opinion="请补充服务对象人数依据。", marks=marks)

    project = reload(project)
    assert (project.status, project.step, project.round) == (Status.RETURNED, "submission", 2)
    filing.save_draft(project, by=world.people["community"], fields={"needs_analysis": "入户走访 318 户。"})
    project = filing.submit(reload(project), by=world.people["community"])
    assert project.step == "street_review"
    assert [submission.round for submission in project.submissions.all()] == [1, 2]
    project = factories.agree(reload(project), world)
    assert project.step == "county_review"


def test_a_rejection_ends_the_way(world):
    project = factories.submitted(world)
    chain.decide(project, "reject", by=world.people["street"], opinion="不符合试点条件。")
    project = reload(project)
    assert (project.status, project.step) == (Status.REJECTED, None)
    with pytest.raises(NotNow):
        filing.submit(project, by=world.people["community"])


def test_withdrawal_is_possible_until_the_next_level_acts(world):
    project = factories.submitted(world)
    filing.withdraw(project, by=world.people["community"])
    project = reload(project)
    assert project.status == Status.WITHDRAWN
    assert project not in Project.objects.waiting_for(world.people["street"])

    filing.reopen(project, by=world.people["community"])
    project = filing.submit(reload(project), by=world.people["community"])
    project = factories.agree(project, world)
    with pytest.raises(NotNow):
        filing.withdraw(project, by=world.people["community"])


def test_the_last_step_needs_money_and_a_document_number(world):
    project = factories.submitted(world)
    for _step in range(3):
        project = factories.agree(project, world)

    with pytest.raises(ValidationError) as problems:
        chain.decide(project, "approve", by=world.people["province"], opinion="同意立项", doc_no="98")
    assert set(problems.value.message_dict) == {"granted_amount", "doc_no"}
    with pytest.raises(ValidationError, match="granted"):
        chain.decide(
            project,
            "approve",
            by=world.people["province"],
            opinion="同意立项",
            doc_no="甘民发[2016]98号",
            granted_amount=Decimal(45001),
        )


def test_a_project_on_local_money_ends_at_the_city_and_does_not_count(world):
    local = world.programme.tracks.get(key="local")
    project = factories.draft(world)
    factories.SourceLine.objects.create(project=project, kind="budget", amount=Decimal(45000), confirmed=True)
    filing.save_draft(
        project, by=world.people["community"], fields={"track": local, "requested_subsidy": None}
    )
    project = filing.submit(reload(project), by=world.people["community"])

    assert [stop.key for stop in project.route_steps] == ["street_review", "county_review", "city_review"]
    for _step in range(3):
        project = factories.agree(reload(project), world)
    assert project.status == Status.APPROVED
    assert not Project.objects.counted().exists()


def test_the_ceiling_holds_and_a_document_raises_it(world):
    quota = world.programme.quotas.get(key="projects")
    type(quota).objects.filter(pk=quota.pk).update(limit=1, first_limit=1)
    factories.approved(world)
    second = factories.submitted(world, world.tianqing, by=_clerk(world))
    for _step in range(3):
        second = factories.agree(second, world)

    with pytest.raises(NotNow, match="1"):
        factories.agree(second, world)
    assert reload(second).status == Status.IN_REVIEW


def _clerk(world):
    return factories.person("tianqing", "吴芳", world.offices["620102020002"], "clerk")


def test_later_changes_of_the_programme_do_not_move_a_route(world):
    project = factories.submitted(world)
    world.programme.steps.filter(key="county_review").delete()

    project = factories.agree(reload(project), world)

    assert project.step == "county_review"


def test_a_number_is_given_once_and_without_gaps(world):
    first = factories.submitted(world)
    broken = factories.draft(world)
    broken.budget.all().delete()
    with pytest.raises(ValidationError):
        filing.submit(broken, by=world.people["community"])
    second = factories.submitted(world, world.hekou)
    assert [first.number, second.number] == ["GS2016-6201-0001", "GS2016-6201-0002"]


def test_what_residents_were_told_may_not_change_behind_their_backs(world):
    project = factories.draft(world)
    project.posted = posting(project)
    project.save()
    filing.save_draft(project, by=world.people["community"], fields={"title": "另一个项目"})

    with pytest.raises(ValidationError) as problems:
        filing.submit(reload(project), by=world.people["community"])

    assert "notice" in problems.value.message_dict
    filing.save_draft(reload(project), by=world.people["community"], fields={"title": "“四点半”护童驿站"})
    assert filing.submit(reload(project), by=world.people["community"]).status == Status.IN_REVIEW
