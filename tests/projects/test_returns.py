"""Sent back: to the applicant or to an office before, and who signs again once it was mended."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from linkage.foundation.errors import NotNow
from linkage.packs.schema import STEP
from projects.models import FIELDS, Project, ProjectEvent, Status
from projects.procedure import DECISION_FIELDS, EVIDENCE_SIGNED, FORM_FIELDS
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db

SCHOOL = [{"field": "service_plan", "note": "写明每周开放几天"}]


def reload(project):
    return Project.objects.get(pk=project.pk)


def send_back(project, world, **kwargs):
    project = reload(project)
    by = world.officer(project.acting_office)
    chain.decide(project, "return", by=by, opinion="请补充后重新申报。", **kwargs)
    return reload(project)


def mend(project, world, **fields):
    """The applicant changes these fields of the form, and hands it in anew."""
    clerk = world.people["community"]
    if fields:
        filing.save_draft(project, by=clerk, fields=fields)
    return filing.submit(reload(project), by=clerk)


def at(project, world, step):
    while reload(project).step != step:
        project = factories.agree(project, world)
    return reload(project)


def carried(project):
    return {row.step: row.decision.round for row in project.carried.filter(round=project.round)}


@pytest.fixture
def changed_only(world):
    """The programme asks again only whose signed fields changed; the street does not sign the budget."""
    world.programme.after_return = "changed_only"
    world.programme.save()
    street = world.programme.steps.get(key="street_review")
    street.signs = [name for name in FORM_FIELDS if name not in ("budget", "sources", "requested_subsidy")]
    street.save()
    return world


def test_a_return_to_an_office_before_opens_a_round_there_and_keeps_what_was_agreed_before_it(world):
    project = at(factories.submitted(world), world, "city_review")

    project = send_back(project, world, return_to="county_review", marks=SCHOOL)

    assert (project.status, project.step, project.round) == (Status.IN_REVIEW, "county_review", 2)
    assert carried(project) == {"street_review": 1}
    assert project in Project.objects.waiting_for(world.people["county"])
    assert not Project.objects.waiting_for(world.people["city"]).exists()
    assert project.submissions.count() == 1
    words = [(event.kind, event.step) for event in project.events.filter(round=2)]
    assert words == [("carried", "street_review")]

    project = factories.agree(project, world, by=world.people["county"])
    assert project.step == "city_review"
    project = at(project, world, "province_approval")
    said = project.decisions_in(2)
    assert {step: word.round for step, word in said.items()} == {
        "street_review": 1,
        "county_review": 2,
        "city_review": 2,
    }


def test_the_office_that_got_it_back_decides_anew_and_may_send_it_further_down(world):
    project = at(factories.submitted(world), world, "city_review")
    project = send_back(project, world, return_to="county_review")
    project = send_back(project, world, return_to="street_review")
    assert (project.step, project.round, carried(project)) == ("street_review", 3, {})
    project = send_back(project, world)
    assert (project.status, project.step, project.round) == (Status.RETURNED, "submission", 4)
    with pytest.raises(PermissionDenied):
        filing.save_draft(project, by=world.people["county"], fields={"title": "另一个题目"})
    project = mend(project, world)
    assert (project.step, carried(project)) == ("street_review", {})


def test_an_office_that_got_it_back_changes_nothing_in_the_form(world):
    project = at(factories.submitted(world), world, "county_review")
    project = send_back(project, world, return_to="street_review")
    for who in ("street", "street_clerk", "community"):
        with pytest.raises(NotNow):
            filing.save_draft(project, by=world.people[who], fields={"title": "另一个题目"})


@pytest.mark.parametrize("target", ["city_review", "province_approval", "county_review", "hearing", "x"])
def test_a_return_leads_only_to_who_has_signed_before(world, target):
    project = at(factories.submitted(world), world, "county_review")
    with pytest.raises(ValidationError) as problems:
        send_back(project, world, return_to=target)
    assert "return_to" in problems.value.message_dict
    assert reload(project).round == 1


def test_a_level_that_does_not_exist_is_no_target(world):
    project = factories.agree(factories.submitted(world, world.wuyi), world)
    assert [stop.key for stop in project.may_return_to] == ["street_review"]
    with pytest.raises(ValidationError):
        send_back(project, world, return_to="county_review")
    project = send_back(project, world, return_to="street_review")
    assert factories.agree(project, world).step == "city_review"


def test_agreeing_leads_nowhere_back(world):
    project = at(factories.submitted(world), world, "county_review")
    with pytest.raises(ValidationError):
        chain.decide(
            project, "approve", by=world.people["county"], opinion="同意。", return_to="street_review"
        )


def test_after_a_return_to_an_office_the_applicant_cannot_withdraw(world):
    project = at(factories.submitted(world), world, "city_review")
    project = send_back(project, world, return_to="street_review")
    assert project.decisions_in(2) == {}
    with pytest.raises(NotNow):
        filing.withdraw(project, by=world.people["community"])


def test_by_default_the_whole_chain_signs_again(world):
    project = at(factories.submitted(world), world, "city_review")
    project = mend(send_back(project, world), world)
    assert (project.step, carried(project)) == ("street_review", {})


def test_unchanged_fields_are_not_signed_again_and_it_goes_on_where_it_was_returned(changed_only):
    world = changed_only
    project = at(factories.submitted(world), world, "city_review")
    project = mend(send_back(project, world), world)
    assert (project.step, project.round) == ("city_review", 2)
    assert carried(project) == {"street_review": 1, "county_review": 1}
    kept = project.events.filter(round=2, kind=ProjectEvent.Kind.CARRIED)
    assert [(event.step, event.office_name, event.text) for event in kept] == [
        ("street_review", "雁南街道办事处", "1"),
        ("county_review", "城关区民政局", "1"),
    ]


def test_only_who_signed_what_changed_signs_again(changed_only):
    world = changed_only
    project = send_back(at(factories.submitted(world), world, "city_review"), world)
    clerk = world.people["community"]
    lines = [{"purpose": "专业社工服务", "basis": "", "amount": 40000}]
    lines.append({"purpose": "课后照护耗材", "basis": "", "amount": 20000})
    filing.save_draft(project, by=clerk, budget=lines)
    project = filing.submit(reload(project), by=clerk)

    assert (project.step, carried(project)) == ("county_review", {"street_review": 1})
    project = factories.agree(project, world)
    assert project.step == "city_review"


def test_a_change_that_only_the_street_signs_leaves_the_county_alone(changed_only):
    world = changed_only
    county = world.programme.steps.get(key="county_review")
    county.signs = ["budget"]
    county.save()
    project = send_back(at(factories.submitted(world), world, "city_review"), world)
    project = mend(project, world, service_plan="周一至周六开放驿站。")
    assert (project.step, carried(project)) == ("street_review", {"county_review": 1})
    project = factories.agree(project, world)
    assert project.step == "city_review"
    assert project.events.filter(round=2, kind=ProjectEvent.Kind.CARRIED).count() == 1


def test_a_consent_is_held_against_the_form_it_was_given_to_not_against_the_last_round(changed_only):
    """Changed in round 2, changed back in round 3: who signed in round 1 stands, who signed in 2 does not."""
    world = changed_only
    county = world.programme.steps.get(key="county_review")
    county.signs = ["budget"]
    county.save()
    project = send_back(at(factories.submitted(world), world, "city_review"), world)
    first = project.service_plan
    project = mend(project, world, service_plan="周一至周六开放驿站。")
    project = send_back(at(project, world, "city_review"), world)
    project = mend(project, world, service_plan=first)
    assert (project.step, carried(project)) == ("street_review", {"county_review": 1})


def test_a_step_without_a_list_signs_everything(changed_only):
    world = changed_only
    world.programme.steps.filter(key="street_review").update(signs=[])
    project = send_back(at(factories.submitted(world), world, "county_review"), world)
    filing.save_draft(project, by=world.people["community"], fields={"suggestions": 97})
    project = filing.submit(reload(project), by=world.people["community"])
    assert (project.step, carried(project)) == ("street_review", {})


def test_who_was_reopened_and_then_sent_it_down_signs_again_and_all_after_it(changed_only):
    world = changed_only
    project = at(factories.submitted(world), world, "city_review")
    project = send_back(project, world, return_to="county_review")
    project = send_back(project, world)
    project = mend(project, world)
    assert (project.step, carried(project)) == ("county_review", {"street_review": 1})
    assert factories.agree(project, world).step == "city_review"


def test_withdrawn_and_taken_up_again_it_keeps_what_was_carried(changed_only):
    world, clerk = changed_only, changed_only.people["community"]
    project = mend(send_back(at(factories.submitted(world), world, "city_review"), world), world)
    filing.withdraw(project, by=clerk)
    filing.reopen(reload(project), by=clerk)
    project = filing.submit(reload(project), by=clerk)
    assert (project.round, project.step) == (3, "city_review")
    assert carried(project) == {"street_review": 1, "county_review": 1}


def test_a_later_pack_does_not_change_who_signs_again_on_a_running_project(changed_only):
    world = changed_only
    project = at(factories.submitted(world), world, "city_review")
    world.programme.after_return = "whole_chain"
    world.programme.save()
    project = mend(send_back(project, world), world)
    assert project.step == "city_review"


def test_every_field_of_the_comparison_can_be_signed(world):
    """A pack can name whatever a correction may change; ``head`` follows the tree and is no change."""
    assert set(FIELDS) <= {*FORM_FIELDS, *EVIDENCE_SIGNED}
    assert STEP["signs"].read([*FIELDS, *DECISION_FIELDS])


def test_the_track_stays_once_the_offices_are_fixed(world):
    """Otherwise a project on local money could ask for the province's and end at the city all the same."""
    project = send_back(factories.submitted(world), world)
    local = world.programme.tracks.get(key="local")
    with pytest.raises(ValidationError) as problems:
        filing.save_draft(project, by=world.people["community"], fields={"track": local})
    assert list(problems.value.message_dict) == ["track"]
    filing.save_draft(reload(project), by=world.people["community"], fields={"track": project.track})


def test_an_office_that_is_gone_without_successor_is_no_target(world):
    project = at(factories.submitted(world), world, "city_review")
    office = world.offices["620102"]
    office.closed_on = timezone.localdate()
    office.save()
    assert [stop.key for stop in project.may_return_to] == ["street_review"]


def client_of(world, who):
    client = Client()
    client.force_login(world.fresh(who))
    return client


def test_the_page_offers_every_office_that_has_signed_and_says_from_where_an_opinion_stands(world):
    project = at(factories.submitted(world), world, "city_review")
    city = client_of(world, "city")
    address = reverse("projects:decide", args=[project.pk])
    shown = city.get(project.get_absolute_url())
    assert [value for value, *_rest in shown.context["targets"]] == [
        "submission",
        "street_review",
        "county_review",
    ]
    given = {"verdict": "return", "step": "city_review", "round": 1, "opinion": "请重新审核。"}
    wrong = city.post(address, {**given, "return_to": "province_approval"})
    assert wrong.status_code == 422
    assert "return_to" in wrong.context["forms"]["return"].errors
    assert city.post(address, {**given, "return_to": "county_review"}).status_code == 302

    county = client_of(world, "county")
    text = county.get(project.get_absolute_url()).content.decode()
    assert "兰州市民政局退回城关区民政局重新办理：请重新审核。" in text
    assert "沿用第 1 轮意见" in text
    paper = county.get(reverse("projects:form", args=[project.pk]))
    (table,) = Document(BytesIO(b"".join(paper.streaming_content))).tables
    rows = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert "（沿用第 1 轮意见）" in rows["街道(乡镇)意见"]
    assert "沿用" not in rows["县级民政部门意见"]


def test_what_is_carried_is_read_over_rest(world):
    project = at(factories.submitted(world), world, "city_review")
    city = client_of(world, "city")
    address = f"/api/v1/projects/{project.pk}/"
    body = {"verdict": "return", "step": "city_review", "round": 1, "opinion": "请重新审核。"}
    body["return_to"] = "county_review"
    answer = city.post(f"{address}decide/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    told = city.get(address).json()
    assert (told["step"], told["round"], told["decisions"][-1]["return_to"]) == (
        "county_review",
        2,
        "county_review",
    )
    assert told["carried"] == [
        {"round": 2, "step": "street_review", "of_round": 1, "office": "雁南街道办事处"}
    ]
