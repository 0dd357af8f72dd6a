"""A leader supposes, hands down what is missing, and sees it done when the county has kept its register."""

from datetime import date

import pytest

from tests.browser.deeds import ahead
from tests.browser.test_registers import choose_place

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TARGET = "GS-T07"  # each county issues its lists of powers and duties
COUNTY = "城关区"
LISTS = "/admin/communities/powerdutylist/"


def test_what_is_missing_is_handed_down_until_it_is_done(platform, meet):
    city = meet("city")
    scenario(city)
    address = hand_down(city)
    told(meet("county"), address)
    keep_the_register(meet("county"))
    seen_done(city, address)
    conclude(city, meet("county"), address)


def scenario(leader):
    leader.go("/targets/")
    leader.press(leader.link("设定情景"))
    leader.page.locator("select[name=target]").select_option(TARGET)
    leader.page.wait_for_load_state()
    leader.sees("现值")
    leader.fill(**{f"{TARGET}.bound": "一成"})
    leader.press(leader.button("推演"))
    leader.sees("请写成 90%、1/3、10/100 或 5 的形式")
    leader.fill(**{f"{TARGET}.bound": "1/100", f"{TARGET}.add": "1"})
    leader.press(leader.button("推演"))
    leader.sees("情景推演 · 不是实际数据", "h1 + .lk-mark")
    leader.sees("达标", ".lk-supposed .is-supposed")
    shared = meet_address(leader)
    leader.go(shared)
    leader.sees("达标", ".lk-supposed .is-supposed")


def meet_address(person):
    return person.page.url.removeprefix(person.address)


def hand_down(leader):
    leader.go(f"/targets/?target={TARGET}")
    row = leader.page.locator(".lk-targets tr", has_text="权力清单")
    leader.press(row.locator("a", has_text="最小补缺"))
    leader.sees("从差得最少的补起")
    leader.sees(COUNTY, ".lk-failing")
    leader.press(leader.link("下达督办"))
    leader.fill(due_on=ahead(20), note="请尽快印发两份清单。")
    leader.press(leader.button("下达"))
    leader.sees("办理中", ".lk-title-line")
    return leader.path


def told(county, address):
    county.go("/")
    county.press(county.page.locator(f"a[href='{address}']").first)
    county.sees("请尽快印发两份清单")
    county.sees("未完成", ".lk-items")
    assert county.page.locator(".lk-items tbody tr").count() == 1
    county.page.locator(".lk-report summary").click()
    county.fill(text="清单已送审。")
    county.press(county.button("提交"))
    county.sees("清单已送审。", ".lk-notes")


def keep_the_register(county):
    county.go(f"{LISTS}add/")
    choose_place(county, ("620102", COUNTY))
    county.page.locator("[name=kind]").select_option("both")
    county.fill(title="权力清单和职责清单", issued_on=date.today().isoformat())
    county.press(county.page.locator("button[name='_save'], input[name='_save']"))
    assert county.path == LISTS, county.page.locator(".errornote, .errorlist").all_inner_texts()


def seen_done(leader, address):
    """The registers are counted within seconds, and the day is written down."""
    for _second in range(40):
        leader.go(address)
        row = leader.page.locator(".lk-items tr", has_text=COUNTY).first
        if "首次完成" in row.inner_text():
            leader.sees("1/", ".lk-progress")
            return
        leader.page.wait_for_timeout(1000)
    raise AssertionError("the supervision does not catch up")


def conclude(leader, county, address):
    leader.go(address)
    leader.page.locator("[data-dialog=close]").click()
    leader.page.locator("dialog#close textarea").fill("其余另行督办。")
    leader.press("dialog#close button[type=submit]")
    leader.sees("已办结", ".lk-title-line")
    county.go(address)
    county.sees("其余另行督办。")
    assert county.page.locator(".lk-report").count() == 0
