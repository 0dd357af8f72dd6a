"""Two rounds beside each other: what changed, line by line and word by word."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Attachment, Project, changes, snapshot
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db


def told(pieces):
    """Lines in which what differs stands in brackets."""
    return ["".join(f"[{one.text}]" if one.differs else one.text for one in line) for line in pieces]


@pytest.fixture
def forms(world):
    """The form before and after ``mend``; answers what changed by field."""

    def mended(mend):
        project = factories.draft(world)
        before = snapshot(project)
        mend(project)
        after = snapshot(Project.objects.get(pk=project.pk))
        return {change.field: change for change in changes(before, after)}

    return mended


def test_a_text_is_told_apart_by_passages(forms):
    def mend(project):
        project.needs_analysis = project.needs_analysis.replace("61 条", "其中低年级 48 条")
        project.save()

    change = forms(mend)["needs_analysis"]
    (old,), (new,) = told(change.old_pieces), told(change.new_pieces)
    assert old == "入户走访共收到 96 条建议，其中 [61] 条提出放学后无人照看。"
    assert new == "入户走访共收到 96 条建议，其中 [其中低年级 48] 条提出放学后无人照看。"


def test_lines_of_money_are_told_apart_one_by_one(forms):
    def mend(project):
        line = project.budget.get(purpose="课后照护耗材")
        line.basis, line.amount = "60 人 × 200 元", 12000
        line.save()

    change = forms(mend)["budget"]
    assert told(change.old_pieces) == ["专业社工服务 45,000.00 元", "[课后照护耗材 15,000.00 元]"]
    assert told(change.new_pieces)[1] == "[课后照护耗材（60 人 × 200 元） 12,000.00 元]"


def test_records_and_needs_are_told_in_words(forms):
    def mend(project):
        project.hearing.attendance = 31
        project.hearing.save()
        need = project.needs.get()
        need.people = 72
        need.save()

    found = forms(mend)
    assert [line for line in told(found["hearing"].new_pieces) if "[" in line] == ["[参加人数：31]"]
    assert found["needs"].new[0].endswith("72 人")


def test_a_file_is_told_by_its_slot_and_name_and_its_fingerprint_is_not_shown(forms, world):
    def mend(project):
        Attachment.objects.filter(project=project, slot="notice_photo").update(sha256="1" * 64)

    change = forms(mend)["attachments"]
    assert not any("1111" in line for line in change.new)
    assert all("（" in line for line in change.new)


def test_a_scan_that_an_office_added_is_no_change_of_the_applicant(forms, world):
    assert forms(lambda project: factories.attach(project, "stamped_opinion", world.people["street"])) == {}


def test_every_round_stays_readable_and_any_two_are_compared(world):
    clerk, project = world.people["community"], factories.submitted(world)
    for words in ("第二轮的服务计划。", "第三轮的服务计划。"):
        chain.decide(project, "return", by=world.people["street"], opinion="请修改服务计划。")
        project = Project.objects.get(pk=project.pk)
        filing.save_draft(project, by=clerk, fields={"service_plan": words})
        project = filing.submit(Project.objects.get(pk=project.pk), by=clerk)
    reader = Client()
    reader.force_login(world.people["street"])
    address = reverse("projects:compare", args=[project.pk])
    last = reader.get(address)
    assert [change.field for change in last.context["changes"]] == ["service_plan"]
    assert (last.context["old"].round, last.context["new"].round) == (2, 3)
    first = reader.get(f"{address}?old=3&new=1&whole=1")
    assert (first.context["old"].round, first.context["new"].round) == (1, 3)
    assert first.context["count"] == 1
    assert "周一至周五" in first.content.decode() and "专业社工服务" in first.content.decode()
    assert reader.get(f"{address}?old=1&new=9").status_code == 302
