"""遴选: from the ticks on the board over the public notice to the document that approves the batch."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from communities.consultation import services as consultation
from linkage.foundation import jobs
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent
from projects.models import Decision, Project, Quota, Selection, SelectionItem
from projects.models.board import candidates, counters, units, waiting_list
from projects.services import chain, selection, selection_approval, selection_notice
from projects.services.wording import selection_notice_draft
from projects.tasks import approve_batch  # noqa: F401 (tells the jobs of its kind)
from tests import factories
from tests.notices import deliver, told

pytestmark = pytest.mark.django_db
DOC = "甘民发〔2016〕120号"


def at_the_province(world, community, **kwargs):
    project = factories.submitted(world, community, **kwargs)
    while project.step != "province_approval":
        project = factories.agree(project, world)
    return project


@pytest.fixture
def four(world):
    """Four applications that lie at the province: two of 幸福里, one of 五一, one of 西苑."""
    return [
        at_the_province(world, world.xingfuli, title="课堂", asks=Decimal(45000)),
        at_the_province(world, world.xingfuli, title="助餐", asks=Decimal(30000)),
        at_the_province(world, world.wuyi, title="互助站", asks=Decimal(60000)),
        at_the_province(world, world.xiyuan, title="调解室", asks=Decimal(50000)),
    ]


def choose(world, chosen=(), waiting=(), none=(), by="province", version=None):
    ticks = {project.pk: ("chosen", amount) for project, amount in chosen}
    ticks |= {project.pk: ("waiting", None) for project in waiting}
    ticks |= {project.pk: ("", None) for project in none}
    return selection.choose(world.programme, ticks, by=world.fresh(by), version=version)


def publish(world, batch, by="province", days=7, **facts):
    who = world.fresh(by)
    words = {**selection_notice_draft(batch, by=who), **facts}
    return selection_notice.publish(batch, by=who, starts_on=timezone.localdate(), days=days, **words)


def after_the_notice():
    return time_machine.travel(timezone.now() + timedelta(days=8))


def approve(world, batch, by="province", **facts):
    asked = {
        "doc_no": DOC,
        "signed_on": timezone.localdate(),
        "opinion": "同意立项，补助资金＿万元。",
        **facts,
    }
    return selection_approval.approve(batch, by=world.fresh(by), **asked)


def test_a_tick_opens_the_batch_and_moves_the_counters(world, four):
    lesson, meal, help_point, _room = four
    assert selection.choose(world.programme, {lesson.pk: ("", None)}, by=world.fresh("province")) is None
    batch = choose(world, [(lesson, None), (meal, Decimal(20000)), (help_point, None)])
    now = counters(world.programme, batch)
    assert (now.projects, now.communities, now.money) == (3, 2, Decimal(125000))
    assert now.left == {"projects": 197, "communities": 98}
    batch = choose(world, none=[meal])
    now = counters(world.programme, batch)
    assert (now.projects, now.communities, now.money) == (2, 2, Decimal(105000))
    assert (now.ticked, now.batch_money) == (2, Decimal(105000))
    assert Selection.objects.count() == 1


def test_the_money_is_that_of_the_request_and_never_more(world, four):
    lesson, meal, _help, _room = four
    with pytest.raises(ValidationError) as wrong:
        choose(world, [(lesson, Decimal(45001)), (meal, Decimal(0))])
    assert set(wrong.value.message_dict) == {f"amount-{lesson.pk}", f"amount-{meal.pk}"}
    assert not SelectionItem.objects.exists()
    choose(world, [(lesson, None)])
    assert SelectionItem.objects.get().granted_amount == Decimal(45000)


def test_the_waiting_list_has_ranks_without_a_gap(world, four):
    lesson, meal, help_point, room = four
    batch = choose(world, [(lesson, None)], waiting=[meal, help_point, room])
    told = lambda: [(item.rank, item.project.title) for item in waiting_list(batch)]  # noqa: E731
    assert told() == [(1, "助餐"), (2, "互助站"), (3, "调解室")]
    selection.move(batch, room.pk, up=True, by=world.fresh("province"))
    assert told() == [(1, "助餐"), (2, "调解室"), (3, "互助站")]
    choose(world, [(meal, None)])
    assert told() == [(1, "调解室"), (2, "互助站")]


def test_only_who_decides_at_the_level_of_the_programme_ticks(world, four):
    for who in ("city", "county", "community", "stranger", "observer"):
        with pytest.raises(PermissionDenied):
            choose(world, [(four[0], None)], by=who)
    assert not Selection.objects.exists()


def test_what_does_not_wait_at_the_province_cannot_be_ticked(world, four):
    below = factories.submitted(world, world.hekou, title="未到省厅")
    with pytest.raises(PermissionDenied):
        choose(world, [(below, None)])
    assert below not in candidates(world.programme, None)


def test_two_at_the_board_the_second_is_told(world, four):
    lesson, meal, *_ = four
    batch = choose(world, [(lesson, None)], version=0)
    choose(world, [(meal, None)], by="province_second", version=batch.version)
    with pytest.raises(NotNow, match="孙丽"):
        choose(world, none=[lesson], version=batch.version)
    assert counters(world.programme, batch).ticked == 2


def test_the_board_warns_of_a_unit_with_too_few_or_too_many_communities(world, four):
    world.programme.pilots_at_least, world.programme.pilots_at_most = 1, 1
    world.programme.save()
    factories.person("tianqing", "赵敏", world.offices[world.tianqing.code], "clerk")
    other = at_the_province(world, world.tianqing, title="楼道议事", asks=Decimal(10000))
    batch = choose(world, [(four[0], None), (four[1], None), (other, None), (four[2], None)])
    states = {unit.area.region.name: (unit.communities, unit.state) for unit in units(world.programme, batch)}
    assert states["城关区"] == (2, "many")
    assert states["嘉峪关市"] == (1, "right")
    assert states["榆中县"] == (0, "few")


def test_the_list_is_shown_to_the_public_and_fixed(world, four):
    lesson, meal, help_point, room = four
    batch = publish(world, choose(world, [(lesson, None), (help_point, None)], waiting=[meal]))
    assert batch.state == "notice"
    assert batch.notice.is_open()
    assert [item.choice for item in batch.items.filter(project=room)] == ["not"]
    assert set(batch.items.values_list("round", flat=True)) == {1}
    with pytest.raises(NotNow):
        choose(world, none=[lesson])
    with pytest.raises(NotNow):
        publish(world, batch)


def test_a_list_over_the_ceiling_is_not_published(world, four):
    Quota.objects.filter(key="projects").update(first_limit=1, limit=1)
    batch = choose(world, [(four[0], None), (four[2], None)])
    with pytest.raises(NotNow, match="1"):
        publish(world, batch)
    batch.refresh_from_db()
    assert batch.is_draft and batch.notice is None


def test_what_was_sent_back_meanwhile_is_named_before_the_notice(world, four):
    batch = choose(world, [(four[0], None), (four[2], None)])
    chain.decide(four[0], "return", by=world.fresh("province"), opinion="请补充")
    with pytest.raises(NotNow, match="课堂"):
        publish(world, batch)


def test_the_notice_has_the_days_of_the_programme(world, four):
    batch = choose(world, [(four[0], None)])
    with pytest.raises(ValidationError) as wrong:
        publish(world, batch, days=3)
    assert "days" in wrong.value.message_dict


def test_nothing_is_approved_before_the_notice_is_over_and_every_objection_settled(world, four):
    batch = publish(world, choose(world, [(four[0], None)]))
    with pytest.raises(NotNow):
        approve(world, batch)
    objection = consultation.object_to(batch.notice, text="该社区已有同类项目。", reply_by="none")
    with after_the_notice():
        with pytest.raises(NotNow):
            approve(world, batch)
        selection_notice.settle_objection(
            batch, objection, answer="经核实，服务对象不重复。", by=world.fresh("province")
        )
        approved, job = approve(world, batch)
    assert approved.is_approved and job is None


def test_one_document_approves_every_project_of_the_batch_once(world, four):
    lesson, meal, help_point, _room = four
    batch = publish(world, choose(world, [(lesson, Decimal(40000)), (help_point, None)], waiting=[meal]))
    with after_the_notice():
        batch, _job = approve(world, batch, handler="李明")
        assert selection_approval.work_off(batch, by=world.fresh("province")) == 2
        assert selection_approval.work_off(batch, by=world.fresh("province")) == 0
        with pytest.raises(NotNow, match="王建国"):
            approve(world, batch, by="province_second")
    for project, money in ((lesson, Decimal(40000)), (help_point, Decimal(60000))):
        project.refresh_from_db()
        assert (project.status, project.approval_doc_no, project.granted_amount) == ("approved", DOC, money)
    word = Decision.objects.get(project=lesson, step="province_approval")
    assert (word.opinion, word.handler) == ("同意立项，补助资金4.00万元。", "李明")
    meal.refresh_from_db()
    assert meal.status == "in_review"
    assert AuditEvent.objects.filter(kind="selection.approved").count() == 1


def test_a_failure_names_its_project_and_leaves_the_others(world, four):
    lesson, _meal, help_point, _room = four
    batch = publish(world, choose(world, [(lesson, None), (help_point, None)]))
    chain.decide(
        lesson,
        "approve",
        by=world.fresh("province_second"),
        opinion="同意立项。",
        granted_amount=Decimal(45000),
        doc_no="甘民发〔2016〕99号",
    )
    with after_the_notice():
        batch, _job = approve(world, batch)
        assert selection_approval.work_off(batch, by=world.fresh("province")) == 1
    failed = batch.items.get(project=lesson)
    assert "孙丽" in failed.failure and failed.decision is None
    assert batch.items.get(project=help_point).decision is not None


def test_who_had_a_hand_in_a_project_leaves_it_to_a_colleague(world, four):
    lesson, _meal, help_point, _room = four
    batch = publish(world, choose(world, [(lesson, None), (help_point, None)]))
    Project.objects.filter(pk=lesson.pk).update(created_by=world.people["province"])
    with after_the_notice():
        batch, _job = approve(world, batch)
        selection_approval.work_off(batch, by=world.fresh("province"))
        assert batch.items.get(project=lesson).failure
        second = world.fresh("province_second")
        assert selection_approval.again(batch, by=second) is None
        assert selection_approval.work_off(batch, by=second) == 1
        with pytest.raises(NotNow):
            selection_approval.again(batch, by=second)
    assert batch.items.get(project=lesson).failure == ""


def test_the_ceiling_binds_while_the_batch_is_worked_off(world, four):
    batch = publish(world, choose(world, [(four[0], None), (four[2], None)]))
    Quota.objects.filter(key="projects").update(first_limit=1, limit=1)
    with after_the_notice():
        batch, _job = approve(world, batch)
        assert selection_approval.work_off(batch, by=world.fresh("province")) == 1
    assert batch.chosen.exclude(failure="").count() == 1
    assert Project.objects.counted().count() == 1


def test_another_round_than_the_public_saw_is_not_approved(world, four):
    lesson, _meal, help_point, _room = four
    batch = publish(world, choose(world, [(lesson, None), (help_point, None)]))
    Project.objects.filter(pk=lesson.pk).update(round=2)
    with after_the_notice():
        batch, _job = approve(world, batch)
        assert selection_approval.work_off(batch, by=world.fresh("province")) == 1
    assert batch.items.get(project=lesson).failure


def test_many_become_a_job_and_a_killed_worker_decides_nothing_twice(world, four, monkeypatch):
    monkeypatch.setattr(selection_approval, "AT_ONCE", 1)
    batch = publish(world, choose(world, [(project, None) for project in four]))
    with after_the_notice():
        batch, job = approve(world, batch)
        assert selection_approval.job_of(batch) == job
        plain, calls = selection_approval._decide, []

        def dies_at_the_third(pk, by):
            calls.append(pk)
            if len(calls) == 3:
                raise SystemExit
            return plain(pk, by)

        monkeypatch.setattr(selection_approval, "_decide", dies_at_the_third)
        with pytest.raises(SystemExit):
            jobs.run(job.pk)
        assert batch.chosen.filter(decision__isnull=False).count() == 2
        jobs.Job.objects.filter(pk=job.pk).update(state="queued")
        monkeypatch.setattr(selection_approval, "_decide", plain)
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 4)
    assert Decision.objects.filter(step="province_approval").count() == 4


def test_the_notice_is_taken_back_with_a_reason_and_the_board_opens_again(world, four):
    batch = publish(world, choose(world, [(four[0], None)]))
    first = batch.notice
    with pytest.raises(ValidationError):
        selection_notice.take_back(batch, reason=" ", by=world.fresh("province"))
    batch = selection_notice.take_back(batch, reason="名单有误", by=world.fresh("province"))
    assert batch.is_draft and batch.notice is None
    first.refresh_from_db()
    assert first.closed_reason == "名单有误"
    batch = publish(world, choose(world, [(four[2], None)]))
    assert batch.number == 1 and batch.notice != first


def test_an_objection_may_strike_a_project_off_but_none_is_added(world, four):
    batch = publish(world, choose(world, [(four[0], None), (four[2], None)]))
    selection_notice.strike(batch, four[0].pk, reason="异议属实", by=world.fresh("province"))
    item = batch.items.get(project=four[0])
    assert (item.choice, item.granted_amount, item.struck_because) == ("not", None, "异议属实")
    with pytest.raises(NotNow):
        selection_notice.strike(batch, four[2].pk, reason="x", by=world.fresh("province"))


def test_what_an_approved_batch_is_still_deciding_is_not_ticked_for_the_next_one(world, four):
    lesson, _meal, help_point, _room = four
    batch = publish(world, choose(world, [(lesson, None)]))
    with after_the_notice():
        approved, _job = approve(world, batch)
        with pytest.raises(PermissionDenied):
            choose(world, [(lesson, None)])
        second = choose(world, [(help_point, None)])
        assert lesson not in candidates(world.programme, second)
        selection_approval.work_off(approved, by=world.fresh("province"))
    assert Decision.objects.filter(step="province_approval").count() == 1


def test_who_is_not_chosen_gets_an_answer_of_its_own(world, four):
    lesson, meal, help_point, room = four
    batch = publish(world, choose(world, [(lesson, None)], waiting=[help_point]))
    with after_the_notice():
        approved, _job = approve(world, batch)
        selection_approval.work_off(approved, by=world.fresh("province"))
        deliver()
        assert f"第 1 批遴选未入选：{help_point.title}" in told(world.people["wuyi"])
        assert f"第 1 批遴选未入选：{room.title}" in told(world.people["xiyuan"])
        mine = told(world.people["community"])
        assert f"第 1 批遴选未入选：{meal.title}" in mine and f"已立项：{lesson.title}" in mine
        assert f"第 1 批遴选未入选：{lesson.title}" not in mine
        texts = {project.pk: project.events.get(kind="passed_over").text for project in (meal, help_point)}
        assert texts == {meal.pk: "名额所限", help_point.pk: "名额所限，列候补第 1 位"}
        page = Client()
        page.force_login(world.people["wuyi"])
        shown = page.get(help_point.get_absolute_url()).content.decode()
        assert "甘肃省民政厅第 1 批遴选：未入选（名额所限，列候补第 1 位）。项目在此等待下一批遴选。" in shown
        assert "未入选（" not in page.get("/projects/").content.decode()
        chain.decide(
            Project.objects.get(pk=help_point.pk), "return", by=world.fresh("province"), opinion="请补充。"
        )
        assert "等待下一批" not in page.get(help_point.get_absolute_url()).content.decode()


def test_those_on_the_list_hear_that_it_was_taken_down_or_that_they_were_struck_off(world, four):
    lesson, meal, help_point, _room = four
    batch = publish(world, choose(world, [(lesson, None), (help_point, None)]))
    batch = selection_notice.strike(batch, help_point.pk, reason="预算不实", by=world.fresh("province"))
    selection_notice.take_back(batch, reason="金额有误", by=world.fresh("province"))
    deliver()
    assert told(world.people["wuyi"])[-1] == f"已移出拟立项公示名单：{help_point.title}"
    assert told(world.people["community"])[-1] == f"拟立项公示已撤下：{lesson.title}"
    assert not any(meal.title in title and "公示" in title for title in told(world.people["community"]))


def test_the_next_batch_begins_after_the_first_is_approved(world, four):
    batch = publish(world, choose(world, [(four[0], None)]))
    with after_the_notice():
        batch, _job = approve(world, batch)
        selection_approval.work_off(batch, by=world.fresh("province"))
        second = choose(world, [(four[1], None)])
    assert second.number == 2
    now = counters(world.programme, second)
    assert (now.projects, now.communities) == (2, 1)


def test_outside_the_phase_nothing_is_ticked_and_the_dates_are_told(world, four):
    with time_machine.travel(timezone.now() + timedelta(days=60)), pytest.raises(NotNow, match="第二阶段"):
        choose(world, [(four[0], None)])


def test_the_database_holds_the_states(world, four):
    batch = choose(world, [(four[0], None)], waiting=[four[1]])
    for change in (
        {"state": "notice"},
        {"state": "approved"},
        {"doc_no": DOC},
        {"signed_on": date(2016, 9, 30)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Selection.objects.filter(pk=batch.pk).update(**change)
    for change in ({"granted_amount": None}, {"granted_amount": 0}, {"rank": 3}, {"choice": "not"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            batch.chosen.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Selection.objects.create(
            programme=world.programme, number=2, opened_by=batch.opened_by, changed_by=batch.changed_by
        )
