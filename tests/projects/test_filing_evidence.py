"""The four community steps through the pages: hearing, assembly, notice, objections."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from communities.consultation.models import Hearing, Objection, PublicNotice
from projects.models import Project, gaps
from projects.services import evidence, filing
from tests import factories

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def clerk(client, world):
    client.force_login(world.fresh("community"))
    return client


@pytest.fixture
def bare(world):
    return filing.start(
        world.programme, world.xingfuli, by=world.people["community"], title="“四点半”护童驿站"
    )


def url(name, project, *more):
    return reverse(f"projects:{name}", args=[project.pk, *more])


def reload(project):
    return Project.objects.get(pk=project.pk)


HEARING = {
    "step": "hearing",
    "held_on": "2016年8月6日",
    "place": "社区会议室",
    "host": "马晓燕",
    "attendance": "28",
    "attendees": "居民代表 20 人、家长 8 人",
    "minutes": "会议记录",
    "opinions": "",
    "result": "同意申报",
}
ASSEMBLY = {
    "step": "assembly_review",
    "held_on": "2016-08-12",
    "place": "社区会议室",
    "entitled": "51",
    "present": "46",
    "votes_for": "44",
    "votes_against": "1",
    "votes_abstain": "1",
    "resolution": "同意申报",
    "passed": "on",
}


def test_a_hearing_is_recorded_and_then_corrected_not_doubled(clerk, bare):
    clerk.post(url("save", bare), HEARING)
    clerk.post(url("save", bare), HEARING | {"attendance": "30"})
    assert reload(bare).hearing.attendance == 30 and Hearing.objects.count() == 1


def test_a_half_filled_hearing_names_everything_that_is_missing(clerk, bare):
    answer = clerk.post(url("save", bare), {"step": "hearing", "place": "社区会议室"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "held_on",
        "host",
        "attendance",
        "attendees",
        "minutes",
        "result",
    }
    assert "社区会议室" in answer.content.decode() and reload(bare).hearing is None


def test_autosave_of_a_half_filled_hearing_keeps_it_in_the_browser(clerk, bare):
    said = clerk.post(url("save", bare), {"step": "hearing", "place": "社区会议室"}, **JSON).json()
    assert said["partial"] and said["words"] and reload(bare).hearing is None


def test_figures_of_an_assembly_that_do_not_add_up_are_refused(clerk, bare):
    answer = clerk.post(url("save", bare), ASSEMBLY | {"present": "60", "votes_for": "70"})
    assert answer.status_code == 422 and reload(bare).assembly is None
    answer = clerk.post(url("save", bare), ASSEMBLY | {"present": "20", "votes_for": "18"})
    assert answer.status_code == 422 and "passed" in answer.context["form"].errors


def test_in_a_village_the_assembly_is_that_of_the_villagers(client, world):
    project = filing.start(world.programme, world.hekou, by=world.people["village"], title="邻里课堂")
    client.force_login(world.fresh("village"))
    assert "村民代表会议审议" in client.get(url("edit", project, "assembly_review")).content.decode()
    client.post(url("save", project), ASSEMBLY)
    assert reload(project).assembly.body == "villagers"


def test_a_huge_figure_and_a_300_character_name_are_told_at_their_fields(clerk, bare):
    answer = clerk.post(url("save", bare), HEARING | {"attendance": "9" * 30, "host": "长" * 300})
    assert answer.status_code == 422 and {"attendance", "host"} <= set(answer.context["form"].errors)
    assert reload(bare).hearing is None


# The notice


def drafted(clerk, project, **changes):
    """The notice tab as the page offers it."""
    form = clerk.get(url("edit", project, "public_notice")).context["form"]
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    return {
        "step": "public_notice",
        "starts_on": timezone.localdate(),
        "posted_reason": "",
        **data,
        **changes,
    }


def test_a_notice_is_offered_in_words_published_for_the_days_of_the_programme_and_shown(clerk, world):
    project = factories.draft(world)
    Project.objects.filter(pk=project.pk).update(notice=None)
    data = drafted(clerk, project)
    assert data["title"] == "关于申报“‘四点半’护童驿站”试点项目的公示"
    assert "45,000.00 元" in data["body"] and "居民代表会议审议" in data["body"]

    clerk.post(url("notice_publish", project), data)
    notice = reload(project).notice
    assert notice.is_published and notice.days() == (1, world.programme.notice_days)
    page = clerk.get(url("edit", project, "public_notice")).content.decode()
    assert reverse("portal:notice", args=[notice.pk]) in page
    assert any(gap.anchor == "notice" for gap in gaps(reload(project)))

    clerk.post(url("notice_publish", project), data)
    assert PublicNotice.objects.filter(title=data["title"], published_at__isnull=False).count() == 1


def test_a_notice_without_a_telephone_is_not_published(clerk, world):
    project = factories.draft(world)
    Project.objects.filter(pk=project.pk).update(notice=None)
    answer = clerk.post(url("notice_publish", project), drafted(clerk, project, contact_phone="电话"))
    assert answer.status_code == 422 and "contact_phone" in answer.context["form"].errors
    assert reload(project).notice is None


def test_a_first_day_in_the_past_asks_where_the_paper_hung(clerk, world):
    project = factories.draft(world)
    Project.objects.filter(pk=project.pk).update(notice=None)
    past = timezone.localdate() - timedelta(days=3)
    answer = clerk.post(url("notice_publish", project), drafted(clerk, project, starts_on=past))
    assert answer.status_code == 422
    assert "posted_reason" in answer.context["tab"].publish_form.errors
    assert not reload(project).notice.is_published


def test_a_notice_taken_down_is_replaced_and_its_objections_are_not_escaped(clerk, world):
    project = hanging(world)
    objection = object_to(project, world)
    clerk.post(url("notice_take_down", project), {"take_down-reason": "金额写错"})
    assert reload(project).notice.closed_at is None, "objections first"

    evidence.settle_objection(project, objection, answer="已核实。", by=world.people["community"])
    clerk.post(url("notice_take_down", project), {"take_down-reason": ""})
    assert reload(project).notice.closed_at is None
    clerk.post(url("notice_take_down", project), {"take_down-reason": "金额写错"})
    assert reload(project).notice.closed_reason == "金额写错"

    first = reload(project).notice
    clerk.post(url("notice_publish", project), drafted(clerk, project))
    assert reload(project).notice != first and reload(project).notice.is_published


def test_a_notice_that_hung_too_few_days_is_a_gap(world):
    project = factories.draft(world)
    notice = project.notice
    notice.ends_on = notice.starts_on + timedelta(days=2)
    notice.save()
    assert any("7" in gap.text for gap in gaps(project) if gap.anchor == "notice")


# Objections


def hanging(world):
    """A draft whose notice hangs today."""
    project = factories.draft(world)
    notice = project.notice
    notice.starts_on = timezone.localdate() - timedelta(days=2)
    notice.ends_on = notice.starts_on + timedelta(days=6)
    notice.save()
    return project


def object_to(project, world):
    return evidence.enter_objection(
        project,
        by=world.people["community"],
        text="场地够不够用？",
        reply_by="phone",
        name="张秀英",
        phone="13900000012",
    )


def test_an_objection_told_to_the_clerk_is_entered_once_and_must_be_settled(clerk, world):
    project = hanging(world)
    token = clerk.get(url("edit", project, "public_notice")).context["form_token"]
    asked = {"token": token, "objection-text": "场地够不够用？", "objection-reply_by": "none"}
    clerk.post(url("objection_enter", project), asked)
    clerk.post(url("objection_enter", project), asked)
    objection = Objection.objects.get()
    assert any(gap.anchor == "objections" for gap in gaps(reload(project)))

    answer = clerk.post(
        url("objection_settle", project, objection.pk), {f"settle-{objection.pk}-answer": "  "}
    )
    assert answer.status_code == 422
    clerk.post(url("objection_settle", project, objection.pk), {f"settle-{objection.pk}-answer": "已核实。"})
    assert not any(gap.anchor == "objections" for gap in gaps(reload(project)))


def test_an_objection_without_words_or_with_a_wrong_telephone_is_told_at_its_fields(clerk, world):
    project = hanging(world)
    answer = clerk.post(
        url("objection_enter", project),
        {"objection-text": "", "objection-reply_by": "phone", "objection-phone": "1390000", "token": "x"},
    )
    assert answer.status_code == 422 and not Objection.objects.exists()
    assert {"text", "phone"} <= set(answer.context["objection_form"].errors)


def test_an_objection_of_another_project_does_not_exist_here(clerk, world):
    project, other = hanging(world), factories.draft(world, world.wuyi)
    objection = Objection.objects.create(
        notice=other.notice, channel="page", text="x", reply_by="none", query_code="AAAA2222"
    )
    for name in ("objection_settle", "objection_contact"):
        answer = clerk.post(url(name, project, objection.pk), {f"settle-{objection.pk}-answer": "x"})
        assert answer.status_code == 404
    objection.refresh_from_db()
    assert objection.status == "open"


def test_the_telephone_is_masked_until_somebody_says_why_and_the_journal_keeps_it(clerk, world):
    project = hanging(world)
    objection = object_to(project, world)
    page = clerk.get(url("edit", project, "public_notice")).content.decode()
    assert "13900000012" not in page and "张秀英" not in page and "139****0012" in page

    key = f"contact-{objection.pk}-reason"
    assert clerk.post(url("objection_contact", project, objection.pk), {key: ""}).status_code == 422
    shown = clerk.post(url("objection_contact", project, objection.pk), {key: "回电答复"}).content.decode()
    assert "13900000012" in shown
    event = apps.get_model("foundation", "AuditEvent").objects.get(kind="reveal")
    assert event.facts["reason"] == "回电答复" and "139" not in str(event.facts)
