"""Six people walk one project from an empty draft through a return to provincial approval."""

import re

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.browser.deeds import TODAY, add_line, ago, agree, ahead, gaps_named, open_project, save, upload
from tests.browser.papers import jpg, pdf
from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TITLE = "“四点半”护童驿站"
PROFILE = "本社区常住居民以随迁家庭为主，放学后无人照看的小学生较多。"
REASON = "请补充服务人数的测算依据。"
MARK = "写明人数怎么来的"


def test_from_draft_to_approval(platform, meet):
    resident_objects(platform, meet())
    project, clerk = gather_evidence(platform, meet)
    settle_an_objection(clerk)
    fill_the_form(clerk, project)
    submit_with_gaps(clerk, project)

    street = meet("street")
    send_back(street)
    mend(clerk, project)

    before = approved_by_now(province := meet("province"))
    said = [
        agree(street, TITLE, handler="赵立新"),
        agree(meet("county"), TITLE, handler="张明"),
        agree(meet("city"), TITLE, handler="陈洁"),
        agree(province, TITLE, granted_amount="42000", doc_no="甘民发〔2016〕98号"),
    ]
    province.sees("已立项", ".lk-title-line")
    province.sees("甘民发〔2016〕98号", ".lk-title-line")
    counted_within_seconds(province, before)
    seen_by_all(province, street, meet(), project)
    printed_with_every_opinion(clerk, project, said)


def resident_objects(platform, resident):
    """Somebody without an account reads an open notice of another community and objects."""
    seeded = platform.seed("noticing", gansu.ZHANGJIAYUAN, "neighbour")
    resident.go("/public/")
    resident.press(resident.page.locator(f"a[href='/public/notices/{seeded['notice']}/']"))
    resident.sees("邻里课堂", "main")
    resident.fill(text="活动室在三楼，老人上不去。", name="郑国庆", phone="13900000000")
    resident.press(resident.page.locator("#objection button[type=submit]"))
    resident.sees("活动室在三楼", "main")
    code = resident.page.locator(".lk-paper strong").inner_text()
    assert re.fullmatch(r"[0-9A-Z-]{8,12}", code), code
    resident.go("/public/answers/")
    resident.fill(code=code)
    resident.press("main button[type=submit]")
    resident.sees("活动室在三楼", "main")


def gather_evidence(platform, meet):
    """First sign-in with a new password, then needs, hearing, assembly and notice with their files."""
    platform.sql("UPDATE offices_user SET must_change_password = true WHERE username = 'newcomer'")
    clerk = meet("newcomer")
    assert clerk.path == "/password/"
    clerk.fill(old_password=gansu.PASSWORD, new_password1="Fuli-shequ-62", new_password2="Fuli-shequ-62")
    clerk.press("main button[type=submit]")
    assert clerk.path == "/"

    clerk.press(clerk.link("新建申报").first)
    clerk.fill(title=TITLE)
    clerk.press("button[form=start]")
    project = int(re.search(r"/projects/(\d+)/", clerk.path)[1])

    clerk.go(f"/projects/{project}/edit/planning/")
    clerk.fill(collected_from=ago(60), collected_to=ago(50), suggestions="96")
    for title, people in (("小学生放学后无人照看", "61"), ("家长希望有专人看护作业", "35")):
        if not clerk.page.locator("[name=need-title]").is_visible():
            clerk.page.locator("#needs details > summary").click()
        clerk.fill(
            need__title=title,
            need__group="children",
            need__field="daily_care",
            need__method="visit",
            need__people=people,
            need__collected_on=ago(52),
        )
        clerk.press("#needs details button[type=submit]")
        clerk.sees(title, "#needs table")
    assert clerk.page.locator("#needs input[name=needs]:checked").count() == 2

    clerk.go(f"/projects/{project}/edit/hearing/")
    clerk.fill(
        held_on=ago(40),
        place="社区会议室",
        host="马晓燕",
        attendance="28",
        attendees="居民代表 20 人、家长 8 人",
        minutes="围绕放学后看护逐项发言。",
        opinions="时间再长一些。",
        result="同意申报。",
    )
    save(clerk)
    upload(clerk, "hearing_minutes", pdf("hearing.pdf"))

    clerk.go(f"/projects/{project}/edit/assembly_review/")
    clerk.fill(
        held_on=ago(30),
        place="社区会议室",
        entitled="51",
        present="46",
        votes_for="44",
        votes_against="1",
        votes_abstain="1",
        resolution="同意申报。",
    )
    clerk.page.check("[name=passed]")
    save(clerk)
    upload(clerk, "assembly_resolution", pdf("resolution.pdf"))
    upload(clerk, "sign_in_sheet", jpg("sheet.jpg"))

    clerk.go(f"/projects/{project}/edit/public_notice/")
    clerk.fill(
        contact_name="马晓燕",
        contact_phone="0931-555 0127",
        supervise_phone="0931-555 0100",
        place="社区公示栏",
        starts_on=ago(20),
        posted_reason=f"{ago(20)}起张贴于社区公示栏",
    )
    clerk.press("button[formaction*='/notice/publish/']")
    clerk.sees("已结束", "#notice")
    upload(clerk, "notice_photo", jpg("board.jpg"))
    return project, clerk


def settle_an_objection(clerk):
    """Somebody came to the office; it is entered and answered."""
    clerk.page.locator("#objections details summary").last.click()
    clerk.fill(
        objection__text="看护时间能否到七点？",
        objection__name="王建军",
        objection__phone="0931-555 0188",
        objection__received_on=ago(16),
    )
    clerk.press(clerk.page.locator("#objections form[action$='/objections/'] button[type=submit]"))
    clerk.sees("看护时间能否到七点？", "#objections")
    answer = clerk.page.locator("#objections textarea[name^=settle-]")
    answer.fill("经与家长商议，延长至 18:30。")
    clerk.press(clerk.page.locator("#objections article form button[type=submit]").first)
    clerk.sees("经与家长商议", "#objections")


def fill_the_form(clerk, project):
    """What is typed is kept by itself, and is there after a reload."""
    page = clerk.page
    clerk.go(f"/projects/{project}/edit/submission/")
    clerk.fill(community_profile=PROFILE, needs_analysis="收到 96 条建议，其中 61 条提出放学后无人照看。")
    with page.expect_response(lambda answer: "/save/" in answer.url and answer.ok):
        clerk.fill(service_targets="辖区随迁小学生 60 名")
    expect(page.locator("[data-saved-words]").last).to_contain_text("保存")
    page.reload()
    clerk.look()
    expect(page.locator("[name=community_profile]")).to_have_value(PROFILE)
    expect(page.locator("[name=service_targets]")).to_have_value("辖区随迁小学生 60 名")


def submit_with_gaps(clerk, project):
    """申报 names every gap at once, each a link to where it is mended; then it goes through."""
    page = clerk.page
    clerk.press(clerk.button("申报").last)
    assert clerk.path == f"/projects/{project}/submit/"
    gaps = gaps_named(clerk)
    wanted = {"service_methods", "service_plan", "start_date", "end_date", "expected_outcome"}
    anchors = {href.partition("#")[2] for href in gaps.values()}
    assert anchors == {f"id_{name}" for name in wanted} | {"budget", "id_requested_subsidy"}
    for href in gaps.values():
        assert page.locator(f"[id='{href.partition('#')[2]}']").count() == 1, href
    clerk.press(page.locator("#summary li a").first)
    assert clerk.path == f"/projects/{project}/edit/submission/"

    page.check("[name=service_methods][value=case]")
    page.check("[name=service_methods][value=group]")
    clerk.fill(
        service_plan="周一至周五 16:30—18:30 开放驿站。",
        start_date=ahead(30),
        end_date=ahead(300),
        expected_outcome="服务 60 名儿童，满意度不低于 90%。",
        budget__0__purpose="专业社工服务",
        budget__0__basis="2 名 × 10 个月 × 2,250 元",
        budget__0__amount="45000",
        sources__0__amount="45000",
    )
    add_line(clerk, "budget", purpose="课后照护耗材", basis="60 人 × 250 元", amount="15000")
    add_line(clerk, "sources", kind="lottery", confirmed="1", amount="15000")
    expect(page.locator("[data-balance]")).to_have_class(re.compile("is-equal"))
    clerk.press(clerk.button("申报").last)
    assert clerk.path == f"/projects/{project}/", gaps_named(clerk)
    clerk.sees("审核中", ".lk-title-line")


def send_back(street):
    """退回修改 needs a reason; the mark says at which field."""
    open_project(street, TITLE)
    street.page.locator("[data-dialog=return]").click()
    dialog = street.page.locator("dialog#return")
    dialog.locator("[name=opinion]").fill(REASON)
    dialog.locator("[name=mark_service_targets]").check()
    dialog.locator("[name=note_service_targets]").fill(MARK)
    street.press(dialog.locator("button[value=return]"))
    street.sees("退回修改", ".lk-title-line")


def mend(clerk, project):
    """The mark stands at its field; mended, it goes up again as a second round."""
    clerk.go("/")
    clerk.sees("退回修改", "main")
    clerk.press(clerk.page.locator("td[data-place=action] a").first)
    clerk.sees(REASON, "main")
    field = clerk.page.locator("[name=service_targets]")
    mark = clerk.page.locator(".lk-mark", has_text=MARK)
    expect(mark).to_be_visible()
    gap = mark.bounding_box()["y"] - (field.bounding_box()["y"] + field.bounding_box()["height"])
    assert 0 <= gap < 80, f"the mark stands {gap}px under its field"
    field.fill("辖区随迁小学生 60 名，人数依据社区台账并经入户核对")
    clerk.press(clerk.button("申报").last)
    assert clerk.path == f"/projects/{project}/"
    clerk.sees("审核中", ".lk-title-line")


def approved_by_now(province):
    province.go("/programmes/GS-2016/")
    return int(province.page.locator("#readings .lk-figure").first.inner_text())


def counted_within_seconds(province, before):
    """Celery counts; the page shows one more within 15 seconds."""
    province.go("/programmes/GS-2016/")
    for _second in range(15):
        if approved_by_now(province) == before + 1:
            return
        province.page.wait_for_timeout(1000)
    raise AssertionError("the reading does not catch up")


def seen_by_all(province, street, resident, project):
    """Among the arrivals of the province, with its changes between the rounds, and without sign-in."""
    province.go("/programmes/GS-2016/arrivals/")
    province.sees(TITLE, "main")
    street.go(f"/projects/{project}/compare/")
    street.sees("经入户核对", "main")
    street.sees(MARK, "main")
    resident.go("/public/projects/")
    resident.sees(TITLE, "main")


def printed_with_every_opinion(clerk, project, said):
    clerk.go(f"/projects/{project}/")
    with clerk.page.expect_download() as coming:
        clerk.page.locator(f"a[href='/projects/{project}/form.docx']").click()
    assert coming.value.suggested_filename.endswith(".docx")
    form = Document(coming.value.path())
    (table,) = form.tables
    printed = "\n".join(cell.text for row in table.rows for cell in row.cells)
    for opinion in said:
        assert opinion in printed
    for words in (TITLE, PROFILE, "甘民发〔2016〕98号", "60,000.00", "经入户核对", str(TODAY.year)):
        assert words in printed, words
