"""A colleague stands in, one proposes and many are decided at once: the desk on a busy day."""

import pytest
from playwright.sync_api import expect

from tests.browser.deeds import agree, ahead
from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_deputy_decides_and_both_are_named(platform, meet):
    title = "代理办理的项目"
    platform.seed("waiting", gansu.CHANGJIAXIANG, title, "community", "street")
    county, clerk = meet("county"), meet("county_clerk")
    county.go("/deputies/")
    county.page.locator("#id_deputy").select_option(label="王芳")
    county.fill(ends_on=ahead(3), reason="travel")
    county.press(county.button("确定代理"))
    county.sees("王芳", ".lk-table")

    agree(clerk, title)
    clerk.sees("王芳（代张文静）")
    clerk.go("/deputies/")
    clerk.sees("张文静", ".lk-table")

    county.press(county.button("立即终止"))
    county.sees("暂无代理人")
    clerk.go("/")
    expect(clerk.page.locator("a.lk-cell-title", has_text=title)).to_have_count(0)


def test_many_are_decided_with_one_opinion(platform, meet):
    titles = [f"批量项目 {number}" for number in range(3)]
    for title in titles:
        platform.seed("waiting", gansu.ZHANGJIAYUAN, title, "neighbour", "street")
    county = meet("county")
    county.go("/tasks/?box=waiting&q=批量项目")
    for title in titles[:2]:
        county.page.locator("tr", has_text=title).locator("[data-pick]").check()
    county.press(county.button("办理所选项目"))
    county.sees("已选 2 件")
    county.sees("90,000.00")
    county.fill(opinion="经审核，符合条件，同意上报。")
    county.press(county.button("确认办理 2 件"))
    assert county.path.startswith("/batches/")
    result = county.path
    for title in titles[:2]:
        expect(county.page.locator("tr", has_text=title)).to_contain_text("同意")
    county.go("/tasks/?box=waiting&q=批量项目")
    expect(county.page.locator("a.lk-cell-title")).to_have_text([titles[2]])
    county.press(county.link("批量审核记录"))
    county.press(county.page.locator(f"a[href='{result}']"))
    county.sees(titles[0])
