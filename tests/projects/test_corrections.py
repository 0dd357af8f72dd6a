"""更正: a mistake of writing is put right beside the record, by an administrator, with reason and basis."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from linkage.foundation.errors import NotNow
from linkage.foundation.journal import Sealed
from projects.models import Correction, Decision, Project, ProjectEvent, changes, snapshot
from projects.models.listing import taken_of
from projects.services import chain, corrections
from tests import factories

pytestmark = pytest.mark.django_db
WHY = {"reason": "录入时文号写错。", "basis": "甘民发〔2016〕98号原件"}


@pytest.fixture
def admin(world):
    """Keeps the accounts of the provincial office; decides nothing."""
    return factories.person("province_admin", "石磊", world.offices["62"], "administrator")


@pytest.fixture
def project(world):
    return factories.approved(world)


def reload(project):
    return Project.objects.get(pk=project.pk)


def approval(project):
    return project.decisions.get(step="province_approval")


def correct(project, field, after, by, decision=None, **why):
    return corrections.correct(reload(project), field, after, by=by, decision=decision, **{**WHY, **why})


def test_the_number_of_the_document_is_put_right_and_what_was_signed_stays(project, admin):
    made = correct(project, "doc_no", "甘民发[2016]99号", admin, approval(project))
    assert (made.before, made.after) == ("甘民发〔2016〕98号", "甘民发〔2016〕99号")
    decision = approval(reload(project))
    assert (decision.doc_no, decision.now("doc_no")) == ("甘民发〔2016〕98号", "甘民发〔2016〕99号")
    assert reload(project).approval_doc_no == "甘民发〔2016〕99号"
    event = reload(project).events.last()
    assert (event.kind, event.office_name) == (ProjectEvent.Kind.CORRECTED, "甘肃省民政厅")
    assert "98号 → 甘民发〔2016〕99号" in event.text and WHY["basis"] in event.text


def test_what_was_granted_is_counted_as_corrected(project, admin):
    correct(project, "granted_amount", "40,000", admin, approval(project))
    assert reload(project).granted_amount == Decimal(40000)
    assert taken_of(project.programme)["granted"] == Decimal(40000)
    assert approval(project).granted_amount == Decimal(45000)


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("granted_amount", "45000.01"),
        ("granted_amount", "0"),
        ("granted_amount", "-1"),
        ("granted_amount", "NaN"),
        ("granted_amount", "四万"),
        ("granted_amount", "45000.00"),
        ("doc_no", "98"),
        ("signed_on", "2099-01-01"),
        ("signed_on", "2001-01-01"),
        ("signed_on", "昨天"),
        ("leader", " "),
        ("leader", "名" * 51),
    ],
)
def test_what_is_wrong_or_no_change_is_refused(project, admin, field, after):
    with pytest.raises(ValidationError) as problems:
        correct(project, field, after, admin, approval(project))
    assert list(problems.value.message_dict) == ["after"]
    assert not Correction.objects.exists()


def test_reason_and_basis_are_asked_for_together(project, admin):
    with pytest.raises(ValidationError) as problems:
        correct(project, "leader", "何秀兰", admin, approval(project), reason=" ", basis="据" * 201)
    assert set(problems.value.message_dict) == {"reason", "basis"}


@pytest.mark.parametrize("field", ["verdict", "opinion", "marks", "by", "office_name", "title", "x"])
def test_verdicts_and_opinions_are_never_corrected(project, admin, field):
    with pytest.raises(NotNow):
        correct(project, field, "reject", admin, approval(project))


def test_names_and_date_of_a_level_below_are_put_right_by_the_administrator_of_its_office(project, world):
    decision = project.decisions.get(step="county_review")
    admin = world.people["county_admin"]
    correct(project, "handler", "赵立新", admin, decision)
    correct(project, "leader", "李国华", admin, decision)
    again = reload(project).decisions.get(step="county_review")
    assert (again.now("handler"), again.now("leader"), again.leader) == ("赵立新", "李国华", "张文静")
    assert reload(project).approved_on == approval(project).signed_on
    for field, decision in (("doc_no", approval(project)), ("title", None)):
        with pytest.raises(PermissionDenied):
            correct(project, field, "甘民发〔2016〕99号", admin, decision)
    with pytest.raises(NotNow):
        correct(project, "doc_no", "甘民发〔2016〕99号", admin, again)


def test_who_filed_or_decided_does_not_correct_it(project, world):
    for who in ("province", "county", "city", "community", "street", "province_second"):
        with pytest.raises(PermissionDenied):
            correct(project, "title", "另一个题目", world.people[who])
    county = world.people["county"]
    factories.Post.objects.create(user=county, office=world.offices["620102"], role="administrator")
    with pytest.raises(PermissionDenied):
        correct(
            project, "leader", "李国华", world.fresh("county"), project.decisions.get(step="county_review")
        )


def test_the_last_correction_holds_and_all_are_kept(project, admin):
    decision = approval(project)
    correct(project, "leader", "王建", admin, decision)
    correct(project, "leader", "王建国（代）", admin, decision)
    rows = [(row.before, row.after) for row in reload(project).corrections.all()]
    assert rows == [("王建国", "王建"), ("王建", "王建国（代）")]
    assert approval(reload(project)).now("leader") == "王建国（代）"


def test_the_name_of_a_project_is_put_right_on_page_and_paper_and_the_form_as_handed_in_stays(project, admin):
    before = project.latest_submission.snapshot
    correct(project, "title", "“四点半”护童驿站（二期）", admin)
    assert reload(project).latest_submission.snapshot == before
    reader = Client()
    reader.force_login(admin)
    text = reader.get(project.get_absolute_url()).content.decode()
    assert "“四点半”护童驿站（二期）" in text and "更正" in text
    paper = reader.get(reverse("projects:form", args=[project.pk]))
    (table,) = Document(BytesIO(b"".join(paper.streaming_content))).tables
    assert "“四点半”护童驿站（二期）" in table.rows[0].cells[1].text
    assert [change.field for change in changes(before, snapshot(reload(project)))] == ["title"]


def test_what_the_applicant_may_still_change_is_not_corrected(world, admin):
    project = factories.submitted(world)
    chain.decide(project, "return", by=world.people["street"], opinion="请修改。")
    with pytest.raises(NotNow):
        correct(project, "title", "另一个题目", admin)
    with pytest.raises(NotNow):
        correct(factories.draft(world, world.hekou), "number", "GS2016-6201-0001", admin)


def test_a_number_is_one_that_was_given_out_and_nobody_bears(world, admin):
    first, second = factories.submitted(world), factories.submitted(world, world.hekou)
    assert (first.number, second.number) == ("GS2016-6201-0001", "GS2016-6201-0002")
    for wrong in ("GS2016-6201-0002", "GS2016-6201-0003", "GS2016-6299-0001", "GS2016-6201-0000", "1"):
        with pytest.raises(ValidationError):
            correct(first, "number", wrong, admin)
    wuyi = factories.submitted(world, world.wuyi)
    assert wuyi.number == "GS2016-6202-0001"
    third = factories.submitted(world, world.hekou, title="银龄互助站")
    type(third).objects.filter(pk=third.pk).update(number=None)
    correct(first, "number", third.number, admin)
    assert reload(first).number == "GS2016-6201-0003"
    assert factories.submitted(world, world.hekou, title="邻里课堂").number == "GS2016-6201-0004"


def test_paper_page_and_rest_say_what_is_right_and_that_it_was_corrected(project, admin):
    decision = approval(project)
    correct(project, "granted_amount", "40000", admin, decision)
    correct(project, "doc_no", "甘民发〔2016〕99号", admin, decision)
    reader = Client()
    reader.force_login(admin)
    paper = reader.get(reverse("projects:form", args=[project.pk]))
    (table,) = Document(BytesIO(b"".join(paper.streaming_content))).tables
    box = {row.cells[0].text: row.cells[1].text for row in table.rows}["省民政厅意见"]
    assert "40,000.00 元" in box and "99号" in box and "98号" not in box
    assert "（已更正：核定补助资金、文号）" in box
    told = reader.get(f"/api/v1/projects/{project.pk}/").json()
    assert (told["granted_amount"], told["approval_doc_no"]) == ("40000.00", "甘民发〔2016〕99号")
    last = told["decisions"][-1]
    assert (last["granted_amount"], last["doc_no"]) == ("40000.00", "甘民发〔2016〕99号")
    assert [(row["step"], row["field"], row["before"], row["after"]) for row in told["corrections"]] == [
        ("province_approval", "granted_amount", "45000.00", "40000.00"),
        ("province_approval", "doc_no", "甘民发〔2016〕98号", "甘民发〔2016〕99号"),
    ]


def test_an_administrator_corrects_on_a_page_that_tells_every_mistake(project, admin, world):
    clerk = Client()
    clerk.force_login(admin)
    address = reverse("projects:correct", args=[project.pk])
    assert address in clerk.get(project.get_absolute_url()).content.decode()
    shown = clerk.get(address)
    assert "第 1 轮省级审批，甘肃省民政厅" in shown.content.decode()
    wrong = clerk.post(address, {"what": "99-verdict", "after": "", "reason": "", "basis": ""})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"what", "after", "reason", "basis"}
    what = f"{approval(project).pk}-doc_no"
    assert clerk.post(address, {"what": what, "after": "99", **WHY}).status_code == 422
    assert clerk.post(address, {"what": what, "after": "甘民发〔2016〕99号", **WHY}).status_code == 302
    assert reload(project).approval_doc_no == "甘民发〔2016〕99号"
    for who in ("county", "community", "province"):
        other = Client()
        other.force_login(world.people[who])
        assert other.get(address).status_code == 403
        assert address not in other.get(project.get_absolute_url()).content.decode()


def test_a_correction_is_never_edited_and_the_database_holds_it(project, admin):
    made = correct(project, "leader", "王建", admin, approval(project))
    made.after = "x"
    with pytest.raises(Sealed):
        made.save()
    for wrong in ({"after": made.before}, {"reason": ""}, {"basis": ""}, {"field": "title"}):
        fields = ("project", "decision", "round", "field", "before", "after", "reason", "basis", "by")
        facts = {name: getattr(made, name) for name in fields} | {"after": "王"} | wrong
        with pytest.raises(DatabaseError), transaction.atomic():
            Correction.objects.create(by_name="x", office_name="x", **facts)
    assert Decision.objects.filter(project=project).count() == 4


def test_the_day_on_paper_is_not_before_the_form_it_was_given_to(project, admin):
    day = timezone.localdate(project.latest_submission.at) - timedelta(days=1)
    with pytest.raises(ValidationError):
        correct(project, "signed_on", day.isoformat(), admin, project.decisions.first())
