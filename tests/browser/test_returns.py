"""Sent back twice: to the community with marks and a comparison, then to an office before it."""

import pytest
from playwright.sync_api import expect

from tests.browser.deeds import agree, open_project
from tests.browser.person import PHONE
from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MENDED = "每周一、三、五下午开放，社工 1 名、志愿者 3 名值守。"


def send_back(official, title, words, *, to="", field="", note=""):
    """退回修改… on the project page, to the applicant unless an office before is chosen."""
    open_project(official, title)
    official.page.locator("#decide a[data-dialog=return]").click()
    dialog = official.page.locator("#return")
    expect(dialog).to_be_visible()
    if to:
        dialog.locator(f"[name=return_to][value={to}]").check()
    dialog.locator("[name=opinion]").fill(words)
    if field:
        dialog.locator(f"[name=mark_{field}]").check()
        dialog.locator(f"[name=note_{field}]").fill(note)
    official.press(dialog.locator("button[value=return]"))


def test_returned_with_marks_mended_compared_and_returned_to_an_office(platform, meet):
    title = "空巢老人暖心探访"
    project = platform.seed("waiting", gansu.CHANGJIAXIANG, title, "community", "street")["pk"]
    county = meet("county")
    send_back(county, title, "请补充服务安排后重新申报。", field="service_plan", note="写明每周开放几天")
    county.sees("退回修改", ".lk-title-line")

    clerk = meet("community", viewport=PHONE)
    clerk.go(f"/projects/{project}/edit/submission/")
    clerk.sees("城关区民政局", ".lk-message-warning:not([hidden])")
    clerk.sees("写明每周开放几天", "main")
    clerk.fill(service_plan=MENDED)
    clerk.press(clerk.button("申报").last)
    clerk.sees("审核中", ".lk-title-line")

    agree(meet("street"), title)
    open_project(county, title)
    county.press(county.page.locator(f"a[href='/projects/{project}/compare/']"))
    row = county.page.locator(".lk-compare tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("写明每周开放几天")
    expect(row.locator("ins").first).to_be_visible()
    expect(row.locator("td").last).to_contain_text(MENDED)
    county.page.locator("[name=whole]").check()
    county.press(county.button("对比"))
    county.sees("资金需求", ".lk-compare")

    agree(county, title)
    city = meet("city")
    send_back(city, title, "请对资金来源重新审核。", to="county_review")
    city.sees("已退回城关区民政局重新办理", ".lk-message:not([hidden])")
    open_project(county, title)
    county.sees("退回城关区民政局重新办理：请对资金来源重新审核。", ".lk-message-warning:not([hidden])")
    county.sees("沿用第 2 轮意见", ".lk-opinions")
    agree(county, title)
    open_project(city, title)
    city.sees("城关区民政局", ".lk-opinions")
