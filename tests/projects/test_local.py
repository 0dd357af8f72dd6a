"""What pilot areas hand in to the province: the local plan in its phase, a report on every period."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linkage.foundation.errors import NotNow
from projects.models import PilotArea, PilotPlan, ProgressReport
from projects.models.owed import owed_by
from projects.models.report import periods
from projects.services import local, watching
from projects.services import programme as programmes
from tests.notices import deliver, told

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PILOTS = "/programmes/GS-2016/pilots/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = tmp_path


def plan_file(name="实施方案.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def area_of(code="620102"):
    return PilotArea.objects.get(region__code=code)


def in_the_phase_for_plans(world):
    return time_machine.travel(timezone.now() - timedelta(days=70))  # the world stands on 30 August


def sign_in(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def test_outside_its_phase_a_plan_is_refused_with_the_dates(world):
    with pytest.raises(NotNow, match="第一阶段"):
        local.hand_in_plan(area_of(), plan_file(), by=world.fresh("county"))
    assert not PilotPlan.objects.exists()


def test_the_county_hands_in_its_plan_once_and_the_province_receives_it(world):
    with in_the_phase_for_plans(world):
        client = sign_in(world, "county")
        assert "各地实施方案" in client.get(PILOTS).content.decode()
        assert client.post("/programmes/GS-2016/plans/620102/").status_code == 422
        done = client.post("/programmes/GS-2016/plans/620102/", {"file": plan_file()}, follow=True)
        assert "实施方案已报送" in done.content.decode()
        plan = PilotPlan.objects.get()
        assert client.get(f"/plans/{plan.pk}/file/").getvalue() == PDF
        with pytest.raises(NotNow):
            local.hand_in_plan(area_of(), plan_file(), by=world.fresh("county"))
        assert sign_in(world, "stranger").get(f"/plans/{plan.pk}/file/").status_code == 404
        province = sign_in(world, "province")
        province.post("/programmes/GS-2016/plans/620102/answer/", {"answer": "accept"})
    plan.refresh_from_db()
    assert (plan.state, plan.answered_by) == ("accepted", world.people["province"])


def test_a_plan_sent_back_is_handed_in_anew_and_the_old_one_stays(world):
    with in_the_phase_for_plans(world):
        plan = local.hand_in_plan(area_of(), plan_file(), by=world.fresh("county"))
        with pytest.raises(PermissionDenied):
            local.return_plan(plan, reason="x", by=world.fresh("city"))
        with pytest.raises(ValidationError):
            local.return_plan(plan, reason=" ", by=world.fresh("province"))
        local.return_plan(plan, reason="请写明试点社区。", by=world.fresh("province"))
        with pytest.raises(NotNow, match="王建国"):
            local.accept_plan(plan, by=world.fresh("province_second"))
        second = local.hand_in_plan(area_of(), plan_file("第二稿.pdf"), by=world.fresh("county"))
    assert [(row.round, row.state) for row in PilotPlan.objects.order_by("round")] == [
        (1, "returned"),
        (2, "handed_in"),
    ]
    assert second.name == "第二稿.pdf"


def test_only_the_office_of_the_area_itself_hands_in_its_plan(world):
    with in_the_phase_for_plans(world):
        for who in ("province", "city", "street", "community", "stranger"):
            with pytest.raises(PermissionDenied):
                local.hand_in_plan(area_of(), plan_file(), by=world.fresh(who))


def test_an_extended_phase_lets_a_late_plan_come(world):
    phase = world.programme.phases.get(key="plan")
    programmes.extend_phase(
        phase,
        timezone.localdate() + timedelta(days=5),
        doc_no="甘民发〔2016〕90号",
        reason="部分地区机构调整",
        by=world.fresh("province"),
    )
    assert local.hand_in_plan(area_of(), plan_file(), by=world.fresh("county")).round == 1


def test_the_province_sees_who_has_not_handed_in_and_has_words_for_a_reminder(world):
    with in_the_phase_for_plans(world):
        local.hand_in_plan(area_of(), plan_file(), by=world.fresh("county"))
        page = sign_in(world, "province").get(PILOTS)
        plans = page.context["plans"]
        assert (plans["done"], len(plans["areas"])) == (1, 5)
        assert "榆中县、" in page.content.decode() and "催报文字" in page.content.decode()
        assert [owed.kind for owed in owed_by(world.fresh("yuzhong"))] == ["plan"]
        assert owed_by(world.fresh("county")) == []
        assert "待报送" in sign_in(world, "yuzhong").get("/").content.decode()


def test_periods_run_by_the_calendar_within_the_programme(world):
    world.programme.shift_days = 0
    spans = periods(world.programme, date(2016, 12, 5))
    assert [(span.starts_on, span.ends_on, span.due) for span in spans] == [
        (date(2016, 6, 15), date(2016, 6, 30), date(2016, 7, 10)),
        (date(2016, 7, 1), date(2016, 9, 30), date(2016, 10, 10)),
        (date(2016, 10, 1), date(2016, 12, 31), date(2017, 1, 10)),
    ]
    assert periods(world.programme, date(2019, 1, 1))[-1].ends_on == date(2017, 10, 1)
    world.programme.report_months = 0
    assert periods(world.programme) == []


@pytest.fixture
def in_2016(world):
    """The days of the document themselves."""
    world.programme.shift_days = 0
    world.programme.save()
    return world


def at(day):
    return time_machine.travel(f"{day}T09:00:00+08:00")


def test_a_report_is_handed_in_once_with_the_figures_of_the_day(in_2016):
    world, first = in_2016, date(2016, 7, 1)
    with at("2016-09-01"), pytest.raises(NotNow, match="2016-09-15"):
        local.hand_in_report(area_of(), first, by=world.fresh("county"), progress="已完成摸底。")
    with at("2016-10-08"):
        with pytest.raises(ValidationError):
            local.hand_in_report(area_of(), first, by=world.fresh("county"), progress=" ")
        report = local.hand_in_report(area_of(), first, by=world.fresh("county"), progress="已完成摸底。")
        assert report.figures["pilots"] == 3 and not report.is_late
        with pytest.raises(NotNow):
            local.hand_in_report(area_of(), first, by=world.fresh("county"), progress="再报。")
        with pytest.raises(PermissionDenied):
            local.hand_in_report(area_of(), first, by=world.fresh("city"), progress="代报。")


def test_who_is_late_is_seen_by_the_province_and_told_at_the_workbench(in_2016):
    world = in_2016
    with at("2016-10-13"):
        owed = owed_by(world.fresh("county"))
        assert [(one.period.starts_on, one.late) for one in owed if one.kind == "report"] == [
            (date(2016, 6, 15), True),
            (date(2016, 7, 1), True),
        ]
        client = sign_in(world, "county")
        assert "逾期 3 天" in client.get("/programmes/GS-2016/reports/").content.decode()
        form = client.get("/programmes/GS-2016/reports/620102/2016-07-01/")
        assert form.status_code == 200
        sent = client.post(form.request["PATH_INFO"], {"progress": "首批项目已上报。"})
        assert sent.status_code == 302
        assert ProgressReport.objects.get().is_late
        page = sign_in(world, "province").get("/programmes/GS-2016/reports/").content.decode()
        assert "逾期报送" in page and "榆中县" in page
        assert sign_in(world, "city").get("/programmes/GS-2016/reports/").context["governs"] is False


def test_the_office_is_reminded_of_a_report_and_told_once_that_it_is_late(in_2016):
    """Due on 10 October: a message five days before and one when it is late, until it is handed in."""
    world = in_2016
    seen = []
    for day in ("2016-10-04", "2016-10-05", "2016-10-08", "2016-10-11", "2016-10-12"):
        with at(day):
            assert watching.watch_reports() == watching.watch_reports()
            deliver()
            seen.append([title for title in told(world.people["county"]) if "2016-07-01" in title])
    soon, late = "进展报告即将到期：2016-07-01～2016-09-30", "进展报告逾期未报：2016-07-01～2016-09-30"
    assert seen == [[], [soon], [soon], [soon, late], [soon, late]]
    with at("2016-10-13"):
        local.hand_in_report(area_of(), date(2016, 7, 1), by=world.fresh("county"), progress="已完成摸底。")
        assert watching.watch_reports() == 4, "the other four areas"
        deliver()
        assert [title for title in told(world.people["county"]) if "2016-07-01" in title] == []
        assert late in told(world.people["yuzhong"]) and told(world.people["city"]) == []


def test_the_pack_sets_how_often_and_how_long_after_a_period_is_reported(in_2016):
    programme = in_2016.programme
    programme.report_months, programme.report_grace, programme.report_ahead = 6, 20, 0
    (_first, second, *_rest) = periods(programme, date(2016, 12, 31))
    assert (second.ends_on, second.opens, second.due) == (
        date(2016, 12, 31),
        date(2016, 12, 31),
        date(2017, 1, 20),
    )


def test_a_report_sent_back_is_written_again(in_2016):
    world, first = in_2016, date(2016, 7, 1)
    with at("2016-10-08"):
        report = local.hand_in_report(area_of(), first, by=world.fresh("county"), progress="摸底。")
        address = "/programmes/GS-2016/reports/620102/2016-07-01/"
        sign_in(world, "province").post(address, {"back-reason": "请补充成效。"})
        report.refresh_from_db()
        assert (report.state, report.reason) == ("returned", "请补充成效。")
        client = sign_in(world, "county")
        assert "请补充成效" in client.get(address).content.decode()
        assert client.post(address, {"progress": "摸底 3 个社区。"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.progress, report.reason) == ("handed_in", "摸底 3 个社区。", "")


@pytest.mark.parametrize("period", ["2016-07-02", "now", "2030-01-01"])
def test_there_is_no_report_on_any_other_period(in_2016, period):
    with at("2016-10-08"):
        answer = sign_in(in_2016, "county").get(f"/programmes/GS-2016/reports/620102/{period}/")
    assert answer.status_code == 404
