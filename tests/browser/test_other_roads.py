"""The roads beside the main one: missing levels, 代录, two at one desk, lost sessions, plain pages."""

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.browser.deeds import add_line, ago, agree, ahead, open_project, save
from tests.browser.person import PHONE
from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(
    ("code", "clerk", "desks"),
    [
        (gansu.FUMIN, "fumin", ["xiongguan", "jiayuguan"]),
        (gansu.CAIHONGCHENG, "caihongcheng", ["zhongchuan", "new_area"]),
    ],
    ids=["city-without-counties", "new-area"],
)
def test_where_there_is_no_county(platform, meet, tmp_path, code, clerk, desks):
    title = f"银龄互助站 {clerk}"
    project = platform.seed("draft", code, title, clerk)["pk"]
    clerk = meet(clerk)
    clerk.go(f"/projects/{project}/edit/submission/")
    clerk.press(clerk.button("申报").last)
    assert clerk.path == f"/projects/{project}/"
    skipped = clerk.page.locator(".lk-step.is-skipped")
    expect(skipped).to_have_count(1)
    expect(skipped).to_contain_text("审核")
    expect(skipped).to_contain_text("本级不设")

    said = [agree(meet(desk), title) for desk in desks]
    province = meet("province")
    said.append(agree(province, title, granted_amount="40000", doc_no="甘民发〔2016〕99号"))
    province.sees("已立项", ".lk-title-line")
    expect(province.page.locator(".lk-step.is-skipped")).to_contain_text("本级不设")

    with province.page.expect_download() as coming:
        province.page.locator(f"a[href='/projects/{project}/form.docx']").click()
    (table,) = Document(coming.value.path()).tables
    rows = {row.cells[0].text: row.cells[-1].text for row in table.rows}
    (county,) = [text for label, text in rows.items() if label.startswith("县")]
    assert county.strip() in ("/", "／")
    for opinion in said:
        assert any(opinion in text for text in rows.values())


def test_typed_by_the_street(platform, meet):
    street, title = meet("street_clerk"), "留守老人日间照料"
    street.press(street.link("新建申报").first)
    street.page.locator("[name=region]").select_option(label="畅家巷社区居委会")
    street.fill(title=title)
    street.press("button[form=start]")
    project = int(street.path.split("/")[2])
    platform.seed("complete", project, "street_clerk")

    street.go(f"/projects/{project}/edit/submission/")
    street.press(street.button("申报").last)
    assert street.path == f"/projects/{project}/submit/"
    street.sees("未经社区确认", "#summary")

    community = meet("neighbour")
    community.page.goto(f"/projects/{project}/confirm/")
    expect(community.page.locator("body")).not_to_contain_text(title)
    community.complaints.clear()  # that the page is not there for a neighbour is as it should be
    community = meet("community")
    community.go(f"/projects/{project}/confirm/")
    community.press("button[form=filing].btn-primary")
    community.sees("马晓燕", "main")
    street.go(f"/projects/{project}/edit/submission/")
    street.press(street.button("申报").last)
    assert street.path == f"/projects/{project}/"
    street.sees("酒泉路街道办事处", "main")


def test_two_reviewers_at_one_desk(platform, meet):
    title = "邻里调解室"
    project = platform.seed("waiting", gansu.CHANGJIAXIANG, title, "community", "street")["pk"]
    first, second = meet("county"), meet("county_second")
    for reviewer in (first, second):
        open_project(reviewer, title)
        reviewer.page.fill("#decide [name=opinion]", f"{reviewer.username}：同意。")
    first.press("#decide button[value=approve]")
    second.press("#decide button[value=approve]")
    assert second.path == f"/projects/{project}/"
    second.sees("张文静", ".lk-message")
    second.sees("城关区民政局", ".lk-message")
    said = platform.sql("SELECT by_name FROM projects_decision WHERE project_id = %s", [project])
    assert sorted(said) == [("何秀兰",), ("张文静",)]
    expect(second.page.locator("#decide")).to_have_count(0)


def test_signed_out_while_writing(platform, meet):
    project = platform.seed("draft", gansu.CHANGJIAXIANG, "社区食堂助老送餐", "community")["pk"]
    clerk, words = meet("community"), "工作日午餐配送，志愿者随餐探访并记录。"
    clerk.go(f"/projects/{project}/edit/submission/")
    platform.sql("DELETE FROM django_session")
    clerk.page.fill("[name=service_plan]", words)
    saying = clerk.page.locator("[data-saved-words]").last
    signing_in = clerk.page.locator("[data-saved] a.lk-linkbutton").last
    expect(signing_in).to_be_visible()
    expect(saying).to_contain_text("重新登录")
    clerk.press(signing_in)
    clerk.give_name()
    assert clerk.path == f"/projects/{project}/edit/submission/"
    expect(clerk.page.locator("[name=service_plan]")).to_have_value(words)
    with clerk.page.expect_response(lambda answer: "/save/" in answer.url and answer.ok):
        clerk.page.locator("h1").click()
    stored = platform.sql("SELECT service_plan FROM projects_project WHERE id = %s", [project])
    assert stored == [(words,)]


def test_handing_in_while_it_saves(platform, meet):
    """A press that comes before the answer of the autosave waits for it, and is no conflict with itself."""
    project = platform.seed("draft", gansu.CHANGJIAXIANG, "单亲家庭互助营", "community")["pk"]
    clerk, held = meet("community"), []
    clerk.go(f"/projects/{project}/edit/submission/")
    clerk.page.route("**/save/**", lambda route: held.append(route))
    with clerk.page.expect_request("**/save/**"):
        clerk.page.fill("[name=expected_outcome]", "服务 26 户家庭。")
    clerk.button("申报").last.click()
    expect(clerk.page.locator("[data-saved-words]").last).to_contain_text("保存")
    assert clerk.path == f"/projects/{project}/edit/submission/"
    with clerk.page.expect_navigation():
        held[0].continue_()
    assert clerk.path == f"/projects/{project}/"
    clerk.sees("审核中", ".lk-title-line")


def test_what_was_kept_is_not_offered_again(platform, meet):
    """After 暂存 and 申报 this computer holds nothing unsaved, whatever lines were added."""
    project = platform.seed("draft", gansu.CHANGJIAXIANG, "失业人员再就业互助小组", "community")["pk"]
    clerk = meet("community")
    saying = clerk.page.locator("[data-saved-words]").last
    clerk.go(f"/projects/{project}/edit/planning/")
    clerk.page.locator("#needs details > summary").click()
    clerk.fill(need__title="希望有人介绍工作", need__collected_on=ago(51))
    clerk.fill(need__group="unemployed", need__field="other", need__method="meeting")
    save(clerk)
    expect(saying).to_contain_text("已自动保存")
    clerk.go(f"/projects/{project}/edit/submission/")
    add_line(clerk, "budget", purpose="求职小组物资", amount="5000")
    add_line(clerk, "sources", kind="own", confirmed="1", amount=" 5,000 ")
    add_line(clerk, "sources")
    save(clerk)
    expect(saying).to_contain_text("已自动保存")
    clerk.press(clerk.button("申报").last)
    clerk.press(clerk.button("撤回"))
    clerk.press(".lk-actions .btn-primary")
    expect(saying).to_contain_text("已自动保存")


def test_without_scripts(platform, meet):
    """Reading, saving a draft, and handing it in."""
    project = platform.seed("draft", gansu.CHANGJIAXIANG, "家门口的课堂", "community")["pk"]
    clerk = meet("community", scripts=False)
    clerk.go("/")
    clerk.sees("家门口的课堂", "main")
    clerk.go(f"/projects/{project}/edit/planning/")
    clerk.fill(suggestions="120")
    save(clerk)
    expect(clerk.page.locator("[name=suggestions]")).to_have_value("120")
    clerk.go(f"/projects/{project}/edit/submission/")
    clerk.fill(expected_outcome="", end_date=ahead(310))
    save(clerk)
    clerk.press(clerk.button("申报").last)
    assert clerk.path == f"/projects/{project}/submit/"
    clerk.press(clerk.page.locator("#summary li a").first)
    clerk.fill(expected_outcome="居民满意度不低于 90%。")
    clerk.press(clerk.button("申报").last)
    assert clerk.path == f"/projects/{project}/"
    clerk.sees("审核中", ".lk-title-line")


def test_on_a_telephone(platform, meet):
    """Desk and project as cards under one's thumb; a decision can be taken."""
    title = "流动儿童城市融入计划"
    platform.seed("waiting", gansu.CHANGJIAXIANG, title, "community")
    street = meet("street", viewport=PHONE)
    expect(street.page.locator(".lk-bottombar")).to_be_visible()
    card = street.page.locator("tbody tr", has_text=title)
    assert_card(card)
    agree(street, title)
    street.go("/projects/")
    assert_card(street.page.locator("tbody tr", has_text=title).first)


def assert_card(row):
    """A block of its own within the screen, each cell under the one before."""
    box = row.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert row.evaluate("row => getComputedStyle(row).display") != "table-row"
