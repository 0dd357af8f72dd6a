"""指标 in Chromium: a leader goes down from the province to a failing community and takes the list along."""

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TARGET = "每个城乡社区都设有社会工作室"
DOWN = ("兰州市", "城关区", "酒泉路街道")


def test_a_leader_goes_down_to_a_community_that_falls_short_and_exports_the_list(meet, tmp_path):
    leader = meet("province")
    leader.go("/targets/")
    leader.press(leader.link(TARGET))
    for name in DOWN:
        leader.press(leader.page.locator(".lk-ranking a, .lk-unread a").filter(has_text=name).first)
        leader.sees(f"指标 · {name}", "h1")

    leader.page.go_back()
    row = leader.page.locator("table.lk-targets tr").filter(has_text=TARGET).first
    leader.press(row.locator("a[href*='/failing/']"))
    leader.sees("城关区 · 整改清单", "h1")
    leader.sees("畅家巷社区")
    with leader.page.expect_download() as coming:
        leader.link("导出 Excel").click()
    coming.value.save_as(tmp_path / "list.xlsx")
    sheet = load_workbook(tmp_path / "list.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][1].endswith(f"“{TARGET}”")
    assert any("畅家巷社区" in (row[1] or "") for row in rows[7:])

    leader.press(leader.page.locator("table.lk-failing a").filter(has_text="畅家巷社区").first)
    leader.sees("畅家巷社区", "h1")
    records(leader)


def records(leader):
    """The figure of the community explains itself down to the record in the register."""
    row = leader.page.locator("table.lk-targets tr").filter(has_text="注册志愿者").first
    row.locator("summary").click()
    expect(row.get_by_text("统计日在本社区注册")).to_be_visible()
    leader.press(row.get_by_role("link", name="计入明细：常住人口"))
    leader.sees("常住人口", "h1")
    leader.press(leader.page.locator("main table a").first)
    assert leader.path.startswith("/admin/communities/communityprofile/")


def test_a_county_sees_its_own_places_and_none_above(meet):
    county = meet("county")
    county.go("/targets/")
    county.sees("指标 · 城关区", "h1")
    crumbs = county.page.locator(".lk-place-crumbs")
    expect(crumbs).to_contain_text("甘肃省")
    expect(crumbs.get_by_role("link")).to_have_count(0)
