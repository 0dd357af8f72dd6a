"""Evidence that counts in law: who studied, who was told, in which order; asked once, asked for good."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.consultation.models import Announcement, PartyDeliberation, PublicNotice
from linkage.foundation.workdays import Calendar, enter_announced
from linkage.packs.services import SHIPPED, load
from projects.models import ProgrammeStep, Project, gaps
from projects.services import chain, evidence, filing
from tests import factories

pytestmark = pytest.mark.django_db

PARTY = """
[[programme.step]]
key = "party_deliberation"
level = "community"
kind = "evidence"
verb = "党组织研究"
title = "社区党组织研究"
clause = "五"
requires = ["held_on", "opinion", "file:party_minutes"]

"""
ASSEMBLY = '[[programme.step]]\nkey = "assembly_review"'


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def anchors(project):
    return {gap.anchor for gap in gaps(Project.objects.get(pk=project.pk))}


def study(project, *, by, days=26, **more):
    facts = {"organisation": "幸福里社区党总支", "held_on": days_ago(days), "place": "党员活动室"}
    facts |= {"host": "马晓燕", "entitled": 5, "present": 5, "opinion": "同意提交居民代表会议审议。"}
    return evidence.keep_deliberation(project, by=by, **facts | {"agreed": True} | more)


@pytest.fixture
def new_pack(tmp_path):
    """The Gansu pack as a later version: the party organisation studies first, the notice hangs ten days."""
    text = (SHIPPED / "gansu-2016.toml").read_text()
    assert ASSEMBLY in text
    assert "notice_days = 7" in text
    path = tmp_path / "gansu-2017.toml"
    path.write_text(
        text.replace(ASSEMBLY, PARTY + ASSEMBLY, 1).replace("notice_days = 7", "notice_days = 10")
    )
    return path


# 党组织研究


def test_a_programme_that_asks_for_it_gets_the_study_before_the_assembly(world, new_pack):
    load(new_pack)
    draft, by = factories.draft(world), world.people["community"]
    assert {"party_deliberation", "slot-party_minutes"} <= anchors(draft)

    study(draft, by=by)
    assert "party_deliberation" not in anchors(draft)
    study(draft, by=by, agreed=False)
    assert "party_deliberation" in anchors(draft)


@pytest.mark.parametrize(("days", "wrong"), [(31, "party_deliberation"), (23, "assembly")])
def test_hearing_study_and_assembly_stand_in_the_order_of_the_procedure(world, new_pack, days, wrong):
    """The hearing was 30 days ago, the assembly 24."""
    load(new_pack)
    draft = factories.draft(world)
    study(draft, by=world.people["community"], days=days)
    (told,) = [gap.text for gap in gaps(Project.objects.get(pk=draft.pk)) if gap.anchor == wrong]
    assert "早于" in told
    assert str(days_ago(days)) in told


def test_a_programme_that_does_not_ask_has_no_such_step(client, world):
    draft = factories.draft(world)
    client.force_login(world.people["community"])
    assert client.get(reverse("projects:edit", args=[draft.pk, "party_deliberation"])).status_code == 404
    assert (
        "党组织研究" not in client.get(reverse("projects:edit", args=[draft.pk, "hearing"])).content.decode()
    )


def test_the_clerk_types_the_study_on_its_own_tab(client, world, new_pack):
    load(new_pack)
    draft = factories.draft(world)
    client.force_login(world.people["community"])
    page = client.get(reverse("projects:edit", args=[draft.pk, "party_deliberation"]))
    assert "社区党组织研究" in page.content.decode()
    sent = {"step": "party_deliberation", "organisation": "幸福里社区党总支", "held_on": days_ago(26)}
    sent |= {"place": "党员活动室", "host": "马晓燕", "entitled": "5", "present": "6", "opinion": "同意。"}
    url = reverse("projects:save", args=[draft.pk])
    assert client.post(url, sent).status_code == 422  # six of five
    assert client.post(url, sent | {"present": "4", "agreed": "on"}).status_code == 302
    assert PartyDeliberation.objects.get().project == draft


# A meeting is announced


def announcement(**more):
    sent = {"title": "关于召开听证会的公告", "held_on": days_ago(-5), "starts_at": "09:30"}
    sent |= {"place": "社区会议室", "agenda": "听取居民意见", "attend": "居民均可旁听"}
    sent |= {"contact_name": "马晓燕", "contact_phone": "0931-5550127"} | more
    return {f"meeting-{name}": value for name, value in sent.items()}


def test_a_meeting_is_announced_on_the_public_pages_and_called_off_there(client, world):
    draft = factories.draft(world)
    client.force_login(world.people["community"])
    url = reverse("projects:announce", args=[draft.pk, "hearing"])
    assert client.post(url, announcement(held_on=days_ago(1))).status_code == 422
    assert client.post(url, announcement(contact_phone="1")).status_code == 422
    assert not Announcement.objects.exists()
    assert client.post(url, announcement()).status_code == 302
    meeting = draft.announcements.get()

    client.logout()
    assert "关于召开听证会的公告" in client.get("/public/").content.decode()
    page = client.get(reverse("portal:meeting", args=[meeting.pk])).content.decode()
    for words in ("社区会议室", "09:30", "居民均可旁听", "0931-5550127"):
        assert words in page, words

    client.force_login(world.people["community"])
    url = reverse("projects:call_off", args=[draft.pk, meeting.pk])
    assert client.post(url, {"call_off-reason": ""}).status_code == 422
    assert client.post(url, {"call_off-reason": "场地维修，另行通知"}).status_code == 302
    assert client.post(url, {"call_off-reason": "再次"}).status_code == 302  # not now, and says so
    client.logout()
    assert "关于召开听证会的公告" not in client.get("/public/").content.decode()
    assert "场地维修" in client.get(reverse("portal:meeting", args=[meeting.pk])).content.decode()


def test_a_meeting_that_has_to_be_open_was_announced_before_its_day(world):
    step = ProgrammeStep.objects.get(programme=world.programme, key="hearing")
    step.requires = [*step.requires, "announced"]
    step.save()
    draft, by = factories.draft(world), world.people["community"]
    assert "hearing" in anchors(draft)

    held = draft.hearing.held_on
    told = Announcement.objects.create(
        region=draft.region,
        kind="hearing",
        title="公告",
        held_on=held,
        starts_at="09:30",
        place="社区会议室",
        agenda="听取意见",
        attend="居民均可旁听",
        contact_name="马晓燕",
        contact_phone="0931-5550127",
        announced_by=by,
    )
    draft.announcements.add(told)
    assert "hearing" in anchors(draft)  # told today, long after it was held
    Announcement.objects.update(announced_at=timezone.now() - timedelta(days=33))
    assert "hearing" not in anchors(draft)
    Announcement.objects.update(cancelled_at=timezone.now(), cancelled_by=by, cancelled_reason="改期")
    assert "hearing" in anchors(draft)


# What decides is read by whoever decides


def test_the_reviewer_reads_votes_rule_and_article_beside_the_form(client, world):
    project = factories.submitted(world)
    client.force_login(world.people["street"])
    page = client.get(project.get_absolute_url()).content.decode()
    for words in (
        "应到 51 人，实到 46 人",
        "赞成 44 票",
        "三分之二以上（含本数）",
        "依据：",
        "公示期内没有收到异议",
    ):
        assert words in page, words


def test_a_failed_vote_is_told_with_number_and_article_before_it_is_handed_in(world):
    draft = factories.draft(world)
    draft.assembly.present, draft.assembly.passed = 12, False
    draft.assembly.votes_for, draft.assembly.votes_against, draft.assembly.votes_abstain = 12, 0, 0
    draft.assembly.save()
    (told,) = [gap.text for gap in gaps(Project.objects.get(pk=draft.pk)) if gap.anchor == "assembly"]
    assert "居民代表会议到会 12 人，应到 51 人，不足三分之二（34 人）" in told


# A new version of a pack


def test_what_is_on_its_way_keeps_route_and_evidence_of_the_pack_it_was_handed_in_under(world, new_pack):
    running = factories.submitted(world)
    chain.decide(running, "return", by=world.people["street"], opinion="请补充测算依据。")
    route = list(running.route.values())
    load(new_pack)

    running = Project.objects.get(pk=running.pk)
    assert list(running.route.values()) == route
    assert gaps(running) == []  # no study is asked of it, and its notice hung the seven days of then
    filing.submit(running, by=world.people["community"])
    assert Project.objects.get(pk=running.pk).step == "street_review"

    draft = factories.draft(world, title="第二个项目")
    assert {"party_deliberation", "slot-party_minutes", "notice"} <= anchors(draft)


def test_the_tabs_of_a_returned_project_are_those_it_was_handed_in_with(client, world, new_pack):
    running = factories.submitted(world)
    chain.decide(running, "return", by=world.people["street"], opinion="请补充测算依据。")
    load(new_pack)
    client.force_login(world.people["community"])
    assert client.get(reverse("projects:edit", args=[running.pk, "assembly_review"])).status_code == 200
    assert client.get(reverse("projects:edit", args=[running.pk, "party_deliberation"])).status_code == 404


# Days of the notice, as the pack counts them


@pytest.mark.parametrize("first", ["2026-09-25", "2026-09-28", "2026-11-16"])
def test_working_days_of_a_notice_leave_out_holidays_and_count_days_made_up(world, first):
    """Seven working days across the national day of 2026: see the calendar of the State Council."""
    enter_announced()
    calendar, first = Calendar(), date.fromisoformat(first)
    ends = PublicNotice.last_day(first, 7, in_working_days=True)
    days = [first + timedelta(days=number) for number in range((ends - first).days + 1)]
    assert sum(calendar.is_working(day) for day in days) == 7
    assert calendar.is_working(ends)
    assert ends > PublicNotice.last_day(first, 7)
    assert PublicNotice(starts_on=first, ends_on=ends).working_days() == 7


def test_a_programme_that_counts_working_days_wants_seven_of_them(world):
    draft = factories.draft(world)
    world.programme.notice_in_working_days = True
    world.programme.save()
    found = [gap.text for gap in gaps(Project.objects.get(pk=draft.pk)) if gap.anchor == "notice"]
    assert [("工作日" in text, "要求 7" in text) for text in found] == [(True, True)]  # it hung seven days
