"""Filing through the pages: opening a draft, filling it, every gap at once, handing it in."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from communities.needs.models import NeedItem
from projects.forms.fields import MoneyField
from projects.models import PilotCommunity, Project, Status, gaps
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture
def sign_in(client, world):
    def enter(who):
        client.force_login(world.fresh(who))
        return client

    return enter


@pytest.fixture
def clerk(sign_in):
    return sign_in("community")


def url(name, project, *more):
    return reverse(f"projects:{name}", args=[project.pk, *more])


def reload(project):
    return Project.objects.get(pk=project.pk)


def sent(project, **changes):
    """The tab 填写申报表 as a browser sends it."""
    project = reload(project)
    data = {
        "step": "submission",
        "version": project.version,
        "title": project.title,
        "track": project.track_id,
        "community_profile": project.community_profile,
        "needs_analysis": project.needs_analysis,
        "service_targets": project.service_targets,
        "service_methods": project.service_methods,
        "service_plan": project.service_plan,
        "focus_fields": project.focus_fields,
        "start_date": project.start_date or "",
        "end_date": project.end_date or "",
        "expected_outcome": project.expected_outcome,
        "sources-0-amount": project.requested_subsidy or "",
    }
    for number, line in enumerate(project.budget.all()):
        data |= {
            f"budget-{number}-purpose": line.purpose,
            f"budget-{number}-basis": line.basis,
            f"budget-{number}-amount": line.amount,
        }
    for number, line in enumerate(project.sources.all(), start=1):
        data |= {
            f"sources-{number}-kind": line.kind,
            f"sources-{number}-confirmed": "1" if line.confirmed else "0",
            f"sources-{number}-amount": line.amount,
        }
    data |= {"budget-INITIAL_FORMS": 0, "sources-INITIAL_FORMS": 0}
    data |= {"budget-TOTAL_FORMS": 6, "sources-TOTAL_FORMS": 6}
    return data | changes


# Opening a draft


def test_a_community_opens_a_draft_prefilled_from_its_register(clerk, world):
    page = clerk.get(reverse("projects:start"))
    assert page.status_code == 200
    track = world.programme.tracks.first()

    answer = clerk.post(
        reverse("projects:start"),
        {"region": world.xingfuli.pk, "track": track.pk, "title": "𠮷祥里“邻里课堂”"},
    )

    project = Project.objects.get()
    assert answer.url == url("edit", project)
    assert project.title == "𠮷祥里“邻里课堂”"
    assert "3,412 户" in project.community_profile and not project.typed_for_community
    assert clerk.get(answer.url).url == url("edit", project, "planning")


def test_opening_the_same_draft_twice_leads_to_the_first(clerk, world):
    asked = {"region": world.xingfuli.pk, "track": world.programme.tracks.first().pk, "title": "邻里课堂"}
    clerk.post(reverse("projects:start"), asked)
    again = clerk.post(reverse("projects:start"), asked)
    assert again.url == url("edit", Project.objects.get())


def test_a_community_off_the_list_is_told_why_and_whom_to_ask(clerk, world):
    PilotCommunity.objects.filter(region=world.xingfuli).delete()
    page = clerk.get(reverse("projects:start"))
    assert page.status_code == 200
    assert escape(world.programme.why_not_eligible(world.xingfuli)) in page.content.decode()
    assert "城关区民政局" in page.content.decode()
    assert 'name="title"' not in page.content.decode()


def test_a_street_clerk_chooses_among_the_communities_below_and_types_for_one(sign_in, world):
    client = sign_in("street_clerk")
    page = client.get(reverse("projects:start")).content.decode()
    assert "幸福里社区" in page and "天庆嘉园社区" in page and "畅家巷社区" not in page
    track = world.programme.tracks.first().pk

    foreign = client.post(
        reverse("projects:start"), {"region": world.fukang.pk, "track": track, "title": "借名"}
    )
    assert foreign.status_code == 422 and not Project.objects.exists()

    client.post(reverse("projects:start"), {"region": world.tianqing.pk, "track": track, "title": "银龄学堂"})
    project = Project.objects.get()
    assert project.typed_for_community
    assert "雁南街道办事处" in client.get(url("edit", project, "submission")).content.decode()


@pytest.mark.parametrize("who", ["county", "province", "observer", "county_admin"])
def test_upper_levels_open_no_application(sign_in, who):
    assert sign_in(who).get(reverse("projects:start")).status_code == 403


def test_outside_the_planning_days_the_dates_are_told(clerk, world):
    world.programme.shift_days -= 400
    world.programme.save()
    page = clerk.get(reverse("projects:start")).content.decode()
    assert escape(world.programme.why_not_open_for("planning")) in page


def test_a_name_of_300_characters_and_nul_are_refused(clerk, world):
    asked = {"region": world.xingfuli.pk, "track": world.programme.tracks.first().pk}
    assert clerk.post(reverse("projects:start"), asked | {"title": "长" * 300}).status_code == 422
    assert clerk.post(reverse("projects:start"), asked | {"title": "a\0b"}).status_code == 400
    assert not Project.objects.exists()


# Who may come in


@pytest.mark.parametrize(
    ("who", "status"),
    [("stranger_community", 404), ("stranger", 404), ("county", 404), ("street", 404), ("province", 404)],
)
def test_a_draft_stays_at_home(sign_in, world, who, status):
    project = factories.draft(world)
    client = sign_in(who)
    before = reload(project).version
    assert client.get(url("edit", project, "submission")).status_code == status
    for name in ("save", "submit", "withdraw", "reopen", "notice_publish", "objection_enter"):
        assert client.post(url(name, project), {"step": "submission"}).status_code == status, name
    assert reload(project).version == before


def test_a_reviewer_sees_a_returned_project_but_does_not_edit_it(sign_in, world):
    project = factories.submitted(world)
    chain.decide(project, "return", by=world.people["street"], opinion="请补充。")
    client = sign_in("street_clerk")
    assert client.get(url("edit", project, "submission")).status_code == 403
    assert client.post(url("save", project), sent(project)).status_code == 403


def test_a_submitted_application_leads_back_to_its_page(clerk, world):
    project = factories.submitted(world)
    answer = clerk.get(url("edit", project, "submission"))
    assert answer.url == project.get_absolute_url()
    assert clerk.post(url("save", project), sent(project), **JSON).status_code == 409


def test_an_unknown_tab_does_not_exist(clerk, world):
    project = factories.draft(world)
    assert clerk.get(url("edit", project, "tendering")).status_code == 404
    assert clerk.post(url("save", project), {"step": "nonsense"}).status_code == 404


def test_reading_changes_nothing_and_get_never_acts(clerk, world):
    project = factories.draft(world)
    before = Project.objects.filter(pk=project.pk).values().get()
    for step in ("planning", "hearing", "assembly_review", "public_notice", "submission"):
        assert clerk.get(url("edit", project, step), {"check": 1}).status_code == 200
    for name in ("save", "submit", "withdraw", "reopen", "notice_publish", "notice_take_down"):
        assert clerk.get(url(name, project)).url == url("edit", project), name
    assert Project.objects.filter(pk=project.pk).values().get() == before


# Filling in


def test_what_is_typed_is_kept_with_its_lines(clerk, world):
    project = factories.draft(world)
    answer = clerk.post(
        url("save", project),
        sent(
            project,
            **{
                "service_targets": "一\r\n二",
                "budget-0-amount": " ４５,０００．００ ",
                "budget-2-purpose": "督导",
                "budget-2-amount": "4 000元",
            },
        ),
    )
    assert answer.url == url("edit", project, "submission")
    project = reload(project)
    assert project.service_targets == "一\n二"
    assert [line.amount for line in project.budget.all()] == [Decimal(45000), Decimal(15000), Decimal(4000)]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("45,000.00", 45000), ("４５０００", 45000), ("45 000 元", 45000), ("￥1,234.5", "1234.50"), ("0", 0)],
)
def test_amounts_are_understood_as_people_type_them(typed, amount):
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["1.234", "-5", "100000000", "1e5", "NaN", "四万", "1.2.3", "9" * 25])
def test_amounts_that_are_none_are_refused(typed):
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


def test_wrong_entries_are_all_told_at_once_and_nothing_is_changed(clerk, world):
    project = factories.draft(world)
    before = reload(project).version
    answer = clerk.post(
        url("save", project),
        sent(
            project,
            **{
                "title": "长" * 101,
                "needs_analysis": "长" * 801,
                "end_date": "2001-01-01",
                "budget-0-amount": "1.999",
                "budget-1-purpose": "",
                "sources-1-kind": "stolen",
                "track": 10**9,
            },
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"title", "needs_analysis", "end_date", "track"}
    tab = answer.context["tab"]
    assert "amount" in tab.budget.forms[0].errors and "purpose" in tab.budget.forms[1].errors
    assert "kind" in tab.sources.forms[1].errors
    assert "长" * 801 in page and "1.999" in page
    project = reload(project)
    assert project.version == before and project.budget.count() == 2


def test_autosave_keeps_what_is_right_and_says_that_something_is_not(clerk, world):
    project = factories.draft(world)
    answer = clerk.post(
        url("save", project),
        sent(project, **{"service_targets": "60 名", "budget-0-amount": "四万五"}),
        **JSON,
    )
    said = answer.json()
    assert answer.status_code == 200 and said["partial"] and said["words"]
    project = reload(project)
    assert said["version"] == project.version
    assert project.service_targets == "60 名" and project.total_need == Decimal(60000)


def test_autosave_tells_time_version_and_what_is_missing(clerk, world):
    project = factories.draft(world)
    answer = clerk.post(url("save", project), sent(project, expected_outcome=""), **JSON).json()
    assert not answer["partial"] and answer["version"] == reload(project).version
    assert url("edit", project, "submission") + "#id_expected_outcome" in answer["swap"]["completeness"]
    assert answer["echo"]["capital"] == "人民币肆万伍仟元整"


def test_two_windows_neither_overwrites_the_other_in_silence(clerk, world):
    project = factories.draft(world)
    stale = sent(project, service_targets="第二个窗口")
    clerk.post(url("save", project), sent(project, service_targets="第一个窗口"))

    assert clerk.post(url("save", project), stale, **JSON).status_code == 409
    page = clerk.post(url("save", project), stale)
    assert page.status_code == 409 and "第二个窗口" in page.content.decode()
    assert reload(project).service_targets == "第一个窗口"
    assert page.context["project"].version == reload(project).version


def test_too_many_lines_are_refused(clerk, world):
    project = factories.draft(world)
    lines = {
        f"budget-{n}-{name}": value for n in range(45) for name, value in (("purpose", "x"), ("amount", 1))
    }
    answer = clerk.post(url("save", project), sent(project, **{"budget-TOTAL_FORMS": 45}, **lines))
    assert answer.status_code == 422 and reload(project).budget.count() == 2


def test_a_taken_out_line_is_gone(clerk, world):
    project = factories.draft(world)
    clerk.post(url("save", project), sent(project, **{"budget-1-DELETE": "on"}))
    assert [line.purpose for line in reload(project).budget.all()] == ["专业社工服务"]


# Planning


def planned(project, **changes):
    project = reload(project)
    return {
        "step": "planning",
        "version": project.version,
        "collected_from": project.collected_from or "",
        "collected_to": project.collected_to or "",
        "suggestions": project.suggestions or "",
        "needs": [need.pk for need in project.needs.all()],
    } | changes


NEED = {
    "need-title": "空巢老人无人陪医",
    "need-group": "elderly",
    "need-field": "health",
    "need-method": "visit",
    "need-people": "12",
    "need-collected_on": "2016-07-01",
}


def test_a_need_is_added_once_however_often_it_is_sent(clerk, world):
    project = filing.start(world.programme, world.xingfuli, by=world.people["community"], title="银龄学堂")
    clerk.post(url("save", project), planned(project, **NEED))
    clerk.post(url("save", project), planned(project, **NEED))
    assert [need.title for need in project.needs.all()] == ["空巢老人无人陪医"]
    assert NeedItem.objects.count() == 1


def test_a_need_of_another_community_cannot_be_linked(clerk, world):
    project = factories.draft(world)
    other = factories.draft(world, world.wuyi)
    foreign = other.needs.get()
    answer = clerk.post(url("save", project), planned(project, needs=[foreign.pk]))
    assert answer.status_code == 422 and foreign not in project.needs.all()
    assert clerk.get(url("need", project, foreign.pk)).status_code == 404
    assert clerk.post(url("need_remove", project, foreign.pk)).status_code == 404
    assert NeedItem.objects.filter(pk=foreign.pk).exists()


def test_a_need_another_application_builds_on_stays(clerk, world):
    project = factories.draft(world)
    need = project.needs.get()
    second = filing.start(world.programme, world.xingfuli, by=world.people["community"], title="银龄学堂")
    answer = clerk.post(url("need_remove", second, need.pk))
    assert answer.status_code == 302 and NeedItem.objects.filter(pk=need.pk).exists()

    clerk.post(url("need_remove", project, need.pk))
    assert not NeedItem.objects.filter(pk=need.pk).exists()


def test_days_of_gathering_in_the_wrong_order_are_refused(clerk, world):
    project = factories.draft(world)
    answer = clerk.post(
        url("save", project), planned(project, collected_from="2016/7/20", collected_to="2016年7月1日")
    )
    assert answer.status_code == 422 and "collected_to" in answer.context["form"].errors


# Handing in


def test_every_gap_is_named_at_once_with_a_link_to_its_place(clerk, world):
    project = filing.start(world.programme, world.xingfuli, by=world.people["community"], title="银龄学堂")
    answer = clerk.post(url("submit", project), {"step": "submission", **sent(project)})

    page = answer.content.decode()
    found = gaps(reload(project))
    assert answer.status_code == 422 and len(found) > 12
    for gap in found:
        assert f"{url('edit', project, gap.step)}?check=1#{gap.anchor}" in page, gap
    assert reload(project).status == Status.DRAFT


def test_every_gap_points_at_an_element_that_exists(clerk, world):
    project = filing.start(world.programme, world.xingfuli, by=world.people["community"], title="银龄学堂")
    for gap in gaps(project):
        page = clerk.get(url("edit", project, gap.step), {"check": 1}).content.decode()
        assert f'id="{gap.anchor}"' in page, gap
        assert escape(gap.text) in page


def test_submitting_keeps_what_stands_on_the_page_first(clerk, world):
    project = factories.draft(world)
    answer = clerk.post(url("submit", project), sent(project, service_targets="刚刚改过"))
    project = reload(project)
    assert answer.url == project.get_absolute_url()
    assert project.status == Status.IN_REVIEW and project.service_targets == "刚刚改过"
    assert project.submissions.get().snapshot["service_targets"] == "刚刚改过"


def test_submitting_with_a_wrong_entry_submits_nothing(clerk, world):
    project = factories.draft(world)
    answer = clerk.post(url("submit", project), sent(project, **{"budget-0-amount": "-1"}))
    assert answer.status_code == 422 and reload(project).status == Status.DRAFT


def test_pressing_submit_twice_submits_once(clerk, world):
    project = factories.draft(world)
    data = sent(project)
    clerk.post(url("submit", project), data)
    again = clerk.post(url("submit", project), data)
    assert again.url == project.get_absolute_url()
    assert project.submissions.count() == 1 and reload(project).round == 1


def test_before_the_filing_days_the_dates_are_told_and_nothing_is_submitted(clerk, world):
    project = factories.draft(world)
    world.programme.shift_days += 200
    world.programme.save()
    answer = clerk.post(url("submit", project), HTTP_REFERER="http://testserver/x")
    assert answer.status_code == 302 and reload(project).status == Status.DRAFT


def test_a_place_without_an_office_is_named(clerk, world):
    project = factories.draft(world)
    office = world.offices["620102"]
    office.closed_on = timezone.localdate()
    office.save()
    assert "城关区" in clerk.get(url("edit", project, "submission")).content.decode()
    answer = clerk.post(url("submit", project))
    assert answer.status_code == 422 and "城关区" in answer.context["refused"]


def test_where_a_level_is_missing_the_route_says_so(sign_in, world):
    project = factories.draft(world, world.wuyi)
    page = sign_in("wuyi").get(url("edit", project, "submission"))
    skipped = [stop.step.key for stop in page.context["stops"] if stop.skipped_because]
    assert skipped == ["county_review"]


# After a return


def test_marks_stand_at_their_fields_with_what_stood_there_before(clerk, world):
    project = factories.submitted(world)
    marks = [{"field": "needs_analysis", "note": "写明走访户数"}, {"field": "budget", "note": "补测算依据"}]
    chain.decide(project, "return", by=world.people["street"], opinion="请补充依据。", marks=marks)
    old = project.needs_analysis
    clerk.post(url("save", project), sent(project, needs_analysis="走访 318 户。"))

    page = clerk.get(url("edit", project, "submission")).content.decode()
    assert "请补充依据。" in page and "雁南街道办事处" in page
    assert "写明走访户数" in page and "补测算依据" in page and old in page
    clerk.post(url("submit", project), sent(project))
    assert reload(project).submissions.count() == 2


def test_withdraw_and_take_up_again(clerk, world):
    project = factories.submitted(world)
    clerk.post(url("withdraw", project), {"reason": ""})
    assert reload(project).status == Status.WITHDRAWN
    assert clerk.post(url("reopen", project)).url == url("edit", project, "submission")
    project = factories.submitted(world, world.hekou)
    assert clerk.post(url("withdraw", project)).status_code == 404


# 代录


def test_what_the_street_types_the_community_confirms(sign_in, world):
    project = factories.draft(world, by=world.people["street_clerk"])
    street = sign_in("street_clerk")
    assert "confirmation" in {gap.anchor for gap in gaps(reload(project))}
    assert street.post(url("confirm", project), {"confirmed_by": "王主任"}).status_code == 422
    assert reload(project).confirmed_at is None

    community = sign_in("community")
    community.post(url("confirm", project))
    assert reload(project).confirmed_by == "马晓燕"

    street = sign_in("street_clerk")
    street.post(url("save", project), sent(project))
    assert reload(project).confirmed_at, "the same words need no new confirmation"
    street.post(url("save", project), sent(project, service_targets="街道改过"))
    assert reload(project).confirmed_at is None


def test_without_an_account_a_name_and_the_stamped_scan_confirm(sign_in, world):
    project = factories.draft(world, by=world.people["street_clerk"])
    factories.attach(project, "stamped_form", world.people["street_clerk"])
    client = sign_in("street_clerk")
    client.post(url("confirm", project), {"confirmed_by": "王主任"})
    assert reload(project).confirmed_by == "王主任"
    client.post(url("submit", project))
    assert reload(project).status == Status.IN_REVIEW


def test_the_step_of_a_draft_follows_its_evidence(world):
    project = filing.start(world.programme, world.xingfuli, by=world.people["community"], title="银龄学堂")
    assert project.step == "planning"
    today = timezone.localdate()
    factories.complete(project, world.people["community"], today)
    filing.save_draft(reload(project), by=world.people["community"], fields={})
    assert reload(project).step == "submission"
    hearing = reload(project).hearing
    hearing.held_on = today - timedelta(days=50)
    hearing.save()
    filing.save_draft(reload(project), by=world.people["community"], fields={})
    assert reload(project).step == "hearing"
