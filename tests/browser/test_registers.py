"""A register kept by hand in Chromium: added, changed, merged, removed, restored, numbers shown."""

import re

import pytest
from playwright.sync_api import expect

from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
HERE, NEXT = (gansu.CHANGJIAXIANG, "畅家巷社区"), (gansu.ZHANGJIAYUAN, "张家园社区")
LIST = "/admin/socialwork/socialworker/"
NUMBER, PHONE = "620102198706050027", "13893110027"
MASKED = "620102********0027"


def test_a_register_is_kept_by_hand(platform, meet):
    street = meet("street")
    street.go("/registers/")
    street.press(street.link("社会工作者"))

    first = add(street, "陶秀兰", id_number=NUMBER, phone=PHONE)
    refused_with_every_reason(street)
    change(street, first)
    history_tells_both(street, first)

    second = add(street, "陶秀兰", place=NEXT, id_number=NUMBER)
    merge(street, first, second)
    remove_and_restore(street, meet("county_admin"), first)
    reveal_thirty_times(platform, street, first)
    nothing_from_elsewhere(meet("xiongguan"), first)


def choose_place(person, place):
    """Pick a place in the box that looks it up by code or name."""
    code, name = place
    person.page.locator("select[name=region] + .select2 .select2-selection").click()
    person.page.locator(".select2-search__field").fill(code)
    person.page.locator(
        ".select2-results__option[aria-selected], .select2-results__option--selectable"
    ).filter(has_text=name).first.click()


def save(person):
    person.press(person.page.locator("button[name='_save'], input[name='_save']"))


def key(person, name):
    """The number of the newest row of that name in the list."""
    person.go(f"{LIST}?q={name}")
    links = person.page.locator("#result_list a[href*='/change/'], table a[href*='/change/']")
    found = {int(re.search(r"/(\d+)/change/", link.get_attribute("href")).group(1)) for link in links.all()}
    return max(found)


def add(person, name, *, place=HERE, **fields):
    person.go(LIST)
    person.press(person.page.locator(f"a[href^='{LIST}add/']").first)
    person.fill(name=name, **fields)
    choose_place(person, place)
    save(person)
    assert person.path == LIST, person.page.locator(".errornote, .errorlist").all_inner_texts()
    return key(person, name)


def refused_with_every_reason(person):
    """A wrong number and a wrong telephone are both named at once, and nothing typed is lost."""
    person.go(f"{LIST}add/")
    person.fill(name="赵志远", id_number="620102198706050026", phone="138931100")
    choose_place(person, HERE)
    save(person)
    person.sees("末位校验码")
    person.sees("11 位")
    expect(person.page.locator("[name=name]")).to_have_value("赵志远")


def change(person, pk):
    person.go(f"{LIST}{pk}/change/")
    text = person.page.content()
    assert NUMBER not in text and PHONE not in text
    person.sees(MASKED)
    person.page.locator("[name=tier]").select_option(label="骨干社工")
    save(person)
    person.go(f"{LIST}{pk}/change/")
    expect(person.page.locator("[name=tier] option:checked")).to_have_text("骨干社工")


def history_tells_both(person, pk):
    person.go(f"{LIST}{pk}/history/")
    person.sees("何秀兰")
    person.sees("新增")
    person.sees("修改")
    person.sees("骨干社工")
    assert NUMBER not in person.page.content()


def merge(person, kept, double):
    person.go(f"{LIST}doubles/")
    person.sees("陶秀兰")
    person.press(person.link("比对合并").first)
    person.page.locator(f"input[name=kept][value='{kept}']").check()
    person.fill(reason="同一人重复录入")
    person.press(person.button("合并"))
    person.sees("已合并")
    person.go(f"{LIST}?q=陶秀兰")
    assert person.page.locator(f"a[href*='/{double}/change/']").count() == 0
    assert person.page.locator(f"a[href*='/{kept}/change/']").count() > 0


def remove_and_restore(person, administrator, pk):
    person.go(f"{LIST}{pk}/delete/")
    person.fill(reason="录错社区")
    person.press(person.button("移出台账"))
    person.sees("已移出")
    person.go(f"{LIST}?q=陶秀兰")
    assert person.page.locator(f"a[href*='/{pk}/change/']").count() == 0
    administrator.go(f"{LIST}?removed=1")
    administrator.sees("陶秀兰")
    administrator.go(f"{LIST}{pk}/change/")
    administrator.sees("录错社区")
    administrator.go(f"{LIST}{pk}/restore/")
    administrator.press(administrator.button("恢复"))
    administrator.sees("已恢复")
    person.go(f"{LIST}{pk}/history/")
    person.sees("移出")
    person.sees("恢复")


def reveal_thirty_times(platform, person, pk):
    for turn in range(30):
        person.go(f"{LIST}{pk}/reveal/")
        person.page.locator("input[name=field][value=id_number]").check()
        person.fill(reason=f"核对津贴第{turn + 1}次")
        person.press(person.button("查看"))
        expect(person.page.locator("#told")).to_have_text(NUMBER)
        assert NUMBER not in person.page.url
    person.go(f"{LIST}{pk}/reveal/")
    person.fill(reason="核对津贴再一次")
    person.press(person.button("查看"))
    person.sees("请稍后再试")
    assert NUMBER not in person.page.content()
    told = platform.sql("SELECT count(*) FROM foundation_auditevent WHERE kind = 'revealed'")[0][0]
    refused = platform.sql("SELECT count(*) FROM foundation_auditevent WHERE kind = 'reveal_refused'")[0][0]
    assert (told, refused) == (30, 1)


def nothing_from_elsewhere(stranger, pk):
    stranger.go(f"{LIST}?q=陶秀兰")
    assert stranger.page.locator("a[href*='/change/']").count() == 0
