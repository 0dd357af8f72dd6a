"""The project page and its decisions through the browser's eyes: who sees what, who may do what."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from projects.models import Programme, Project, Status
from projects.services import chain, filing
from tests import factories
from tests.queries import at_most, crowd

pytestmark = pytest.mark.django_db

LEVELS = ["street", "county", "city", "province"]


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def page(world, who, project, name="detail"):
    return sign_in(world, who).get(reverse(f"projects:{name}", args=[project.pk]))


def decide(world, who, project, verdict="approve", **fields):
    now = Project.objects.get(pk=project.pk)
    given = {
        "verdict": verdict,
        "step": now.step or "",
        "round": now.round,
        "opinion": "情况属实，同意上报。",
    }
    return sign_in(world, who).post(reverse("projects:decide", args=[project.pk]), {**given, **fields})


def words(response):
    """What the printed form says, row by row."""
    document = Document(BytesIO(b"".join(response.streaming_content)))
    assert len(document.tables) == 1
    return {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}


def test_four_offices_in_turn_read_the_page_and_agree(world):
    project = factories.submitted(world)
    others = ["stranger", "stranger_community", "wuyi_street", "jiayuguan", "village"]
    for who in LEVELS:
        for reader in ["community", "street_clerk", "observer", *LEVELS]:
            shown = page(world, reader, project)
            assert shown.status_code == 200
            bar = reverse("projects:decide", args=[project.pk]) in shown.content.decode()
            assert bar == (reader == who), f"{reader} while it waits for {who}"
        for reader in others:
            assert page(world, reader, project).status_code == 404
            assert decide(world, reader, project).status_code == 404
        last = {"granted_amount": "40,000", "doc_no": "甘民发〔2016〕98号"} if who == "province" else {}
        assert decide(world, who, project, opinion=f"{who}同意。", **last).status_code == 302
    project.refresh_from_db()
    assert (project.status, project.granted_amount) == (Status.APPROVED, Decimal(40000))
    text = page(world, "community", project).content.decode()
    assert all(f"{who}同意。" in text for who in LEVELS)
    assert "甘民发〔2016〕98号" in text


def test_deciding_without_the_right_is_a_403_and_changes_nothing(world):
    project = factories.submitted(world)
    for who in ["community", "street_clerk", "county", "observer", "province"]:
        assert decide(world, who, project).status_code == 403
        assert decide(world, who, project, opinion="").status_code == 403
    project.refresh_from_db()
    assert (project.step, project.decisions.count()) == ("street_review", 0)


def test_looking_at_the_decision_address_decides_nothing(world):
    project = factories.submitted(world)
    assert sign_in(world, "street").get(reverse("projects:decide", args=[project.pk])).status_code == 405


def test_nobody_signed_in_is_sent_to_the_sign_in_page(world):
    project = factories.submitted(world)
    answer = Client().get(reverse("projects:detail", args=[project.pk]))
    assert answer.status_code == 302
    assert reverse("offices:login") in answer["Location"]


def test_the_second_reviewer_is_told_who_was_first(world):
    project = factories.submitted(world)
    project = factories.agree(project, world)
    stale = {"step": "county_review", "round": 1}
    assert decide(world, "county", project, **stale).status_code == 302
    late = sign_in(world, "county_leader")
    answer = late.post(
        reverse("projects:decide", args=[project.pk]),
        {"verdict": "reject", "opinion": "不同意。", **stale},
        follow=True,
    )
    assert answer.status_code == 200
    assert "张文静" in "".join(str(message) for message in answer.context["messages"])
    project.refresh_from_db()
    assert (project.step, project.decisions.count()) == ("city_review", 2)


def test_a_wrong_decision_names_every_mistake_at_its_field(world):
    project = factories.submitted(world)
    for _level in LEVELS[:3]:
        project = factories.agree(project, world)
    answer = decide(
        world,
        "province",
        project,
        opinion="",
        granted_amount="9,999,999",
        doc_no="98",
        signed_on="2099-01-01",
    )
    assert answer.status_code == 422
    form = answer.context["forms"]["approve"]
    assert set(form.errors) == {"opinion", "granted_amount", "doc_no", "signed_on"}
    assert "9,999,999" in answer.content.decode()
    assert Project.objects.get(pk=project.pk).status == Status.IN_REVIEW


def test_a_forged_verdict_or_round_is_refused(world):
    project = factories.submitted(world)
    for wrong in ({"verdict": "bless"}, {"round": "first"}, {"round": ""}, {"granted_amount": "NaN"}):
        assert decide(world, "street", project, **wrong).status_code == 422
    assert not project.decisions.exists()


def test_a_return_marks_fields_and_the_next_round_shows_what_changed_and_why(world):
    project = factories.submitted(world)
    answer = decide(
        world,
        "street",
        project,
        "return",
        opinion="请补充服务对象人数依据后重新申报。",
        mark_needs_analysis="on",
        note_needs_analysis="补充人数依据",
        note_budget="写明测算依据",
    )
    assert answer.status_code == 302
    decision = project.decisions.get()
    assert decision.marks == [
        {"field": "needs_analysis", "note": "补充人数依据"},
        {"field": "budget", "note": "写明测算依据"},
    ]
    shown = page(world, "community", project).content.decode()
    assert "请补充服务对象人数依据后重新申报。" in shown
    assert "写明测算依据" in shown

    clerk = world.fresh("community")
    filing.save_draft(project, by=clerk, fields={"needs_analysis": "入户 318 户，收到建议 127 条。"})
    # while it is being revised, the offices still read what was handed in
    assert "入户 318 户" in page(world, "community", project).content.decode()
    assert "入户 318 户" not in page(world, "street", project).content.decode()
    filing.submit(project, by=clerk)
    answer = page(world, "street", project)
    passages = [passage for row in answer.context["sheet"].rows for passage in row.passages]
    assert [passage.field for passage in passages if passage.change] == ["needs_analysis"]
    assert "补充人数依据" in answer.content.decode()
    compared = page(world, "street", project, "compare")
    assert [change.field for change in compared.context["changes"]] == ["needs_analysis"]
    assert "入户 318 户" in compared.content.decode()


def test_comparing_without_an_earlier_round_leads_back(world):
    project = factories.submitted(world)
    assert page(world, "street", project, "compare").status_code == 302
    wrong = sign_in(world, "street").get(reverse("projects:compare", args=[project.pk]) + "?old=x")
    assert wrong.status_code == 400


def test_whoever_filed_or_decided_before_is_told_why_a_colleague_must_decide(world):
    project = factories.submitted(world)
    project = factories.agree(project, world)
    county = world.people["county"]
    county.posts.create(office=world.offices["6201"], role="reviewer")
    assert decide(world, "county", project).status_code == 302
    shown = page(world, "county", project)
    assert shown.context["hindered"]
    assert not shown.context["can_decide"]
    assert decide(world, "county", project).status_code == 403


def test_outside_the_phase_the_page_names_the_dates_and_offers_no_decision(world):
    project = factories.submitted(world)
    Programme.objects.filter(pk=project.programme_id).update(shift_days=world.programme.shift_days - 60)
    shown = page(world, "street", project)
    assert not shown.context["can_decide"]
    assert "第二阶段" in shown.context["hindered"]
    refused = decide(world, "street", project)
    assert refused.status_code == 302
    assert not project.decisions.exists()


def test_the_printed_form_holds_every_opinion_in_ten_rows(world):
    project = factories.submitted(world)
    for who in LEVELS[:3]:
        chain.decide(
            project,
            "approve",
            by=world.fresh(who),
            opinion=f"{who}同意上报。",
            handler="赵立新",
            leader="何秀兰",
        )
    project = factories.agree(project, world, opinion="同意立项。")
    answer = page(world, "community", project, "form")
    assert (
        "filename*=utf-8''%E7%94%B3" in answer["Content-Disposition"]
        or "docx" in answer["Content-Disposition"]
    )
    assert project.number in answer["Content-Disposition"]
    rows = words(answer)
    assert list(rows) == [
        "项目名称",
        "社区概况",
        "项目概况",
        "资金需求和来源",
        "申请省级补助资金",
        "效果预估",
        "街道(乡镇)意见",
        "县级民政部门意见",
        "市州民政部门意见",
        "省民政厅意见",
    ]
    for label, who in zip(list(rows)[6:9], LEVELS, strict=False):
        assert f"{who}同意上报。" in rows[label]
        assert "赵立新" in rows[label] and "何秀兰" in rows[label]
    assert "人民币肆万伍仟元整" in rows["申请省级补助资金"]
    assert "同意立项。" in rows["省民政厅意见"]
    assert "45,000.00" in rows["省民政厅意见"] and "甘民发〔2016〕98号" in rows["省民政厅意见"]


def test_a_level_that_does_not_exist_prints_a_stroke(world):
    project = factories.submitted(world, world.wuyi)
    rows = words(page(world, "wuyi", project, "form"))
    assert rows["县级民政部门意见"] == "／"
    assert "／" not in rows["市州民政部门意见"]
    shown = page(world, "jiayuguan", project)
    assert shown.context["sheet"].head[:3] == [
        ("嘉峪关", "市(州)"),
        ("／", "县(市、区)"),
        ("雄关", "街道(乡镇)"),
    ]


def test_a_draft_prints_what_is_being_written_and_only_its_community_gets_it(world):
    project = factories.draft(world)
    assert project.title in words(page(world, "community", project, "form")).values()
    for who in ["street", "county", "province", "stranger"]:
        assert page(world, who, project, "form").status_code == 404
        assert page(world, who, project).status_code == 404


def test_the_office_that_decided_may_add_its_stamped_scan(world):
    project = factories.submitted(world)
    assert page(world, "street", project).context["scan"] is None
    project = factories.agree(project, world)
    assert page(world, "street", project).context["scan"].step == "street_review"
    assert page(world, "county", project).context["scan"] is None
    pdf = SimpleUploadedFile("盖章意见.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    answer = sign_in(world, "street").post(
        reverse("projects:upload", args=[project.pk, "stamped_opinion"]),
        {"step": "street_review", "files": pdf},
    )
    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("many", [3, 30])
def test_reading_and_deciding_ask_the_database_equally_often(world, many):
    project = factories.submitted(world)
    crowd(project, many)
    client = sign_in(world, "street")
    client.get(reverse("projects:detail", args=[project.pk]))
    with at_most(26):
        assert client.get(reverse("projects:detail", args=[project.pk])).status_code == 200
    with at_most(18):
        answer = client.post(
            reverse("projects:decide", args=[project.pk]),
            {"verdict": "approve", "step": "street_review", "round": 1, "opinion": "同意。"},
        )
        assert answer.status_code == 302


@pytest.mark.parametrize(
    ("opinion", "kept"),
    [
        ("同意立项，补助资金4.50万元。", "同意立项，补助资金4.00万元。"),
        ("同意立项，补助资金分两期拨付。", "同意立项，补助资金分两期拨付。"),
    ],
    ids=["as prefilled", "written by hand"],
)
def test_the_prefilled_opinion_follows_the_subsidy_granted(world, opinion, kept):
    project = factories.submitted(world)
    for who in LEVELS[:-1]:
        assert decide(world, who, project).status_code == 302
    assert "同意立项，补助资金4.50万元。" in page(world, "province", project).content.decode()
    word = {"granted_amount": "40,000", "doc_no": "甘民发〔2016〕98号", "opinion": opinion}
    assert decide(world, "province", project, **word).status_code == 302
    assert project.decisions.get(step="province_approval").opinion == kept
    assert kept in page(world, "community", project).content.decode()
