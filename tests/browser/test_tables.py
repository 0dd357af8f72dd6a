"""A register filled from Excel in Chromium: template, errors, mended, imported, history, out and in again."""

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
REGISTER = "/tables/socialwork.socialworker/"
LIST = "/admin/socialwork/socialworker/"
GOOD, BAD = "620102198706050078", "620102198706050079"
PHONE = "13893110078"


def test_a_register_is_filled_from_excel_and_comes_out_the_same(platform, meet, tmp_path):
    street = meet("street")
    street.go(REGISTER)
    table = downloaded(street, street.link("下载模板").last, tmp_path / "模板.xlsx")
    fill(
        table,
        {"姓名": "罗桂芳", "证件号码": BAD, "登记地": "畅家巷社区", "联系电话": PHONE},
        {"姓名": "魏建军", "证件号码": "620102197502110038", "登记地": "富民社区"},
    )
    hand_in(street, table)
    expect(street.page.locator(".lk-reasons")).to_have_count(2)
    street.sees("末位校验码")
    street.sees("富民社区")
    assert BAD not in street.page.content()

    wrong = downloaded(
        street, street.page.locator(".lk-actionbar a[href$='/errors/']"), tmp_path / "错误.xlsx"
    )
    mend(wrong, {"罗桂芳": {"证件号码": GOOD}, "魏建军": {"登记地": "张家园社区"}})
    hand_in(street, wrong)
    street.sees("新增 2", ".lk-tabs")
    street.press(street.button("导入 2 行"))
    settled(street)
    street.sees("导入完成：新增 2 行")

    street.go(f"{LIST}?q=罗桂芳")
    street.press(street.page.locator("a[href*='/change/']").first)
    assert GOOD not in street.page.content()
    street.go(street.path.replace("/change/", "/history/"))
    street.sees("新增")
    street.sees("何秀兰")

    street.go(f"{REGISTER}export/")
    street.press(street.button("开始导出"))
    link = street.link("下载").first
    expect(link).to_be_visible()
    out = downloaded(street, link, tmp_path / "导出.xlsx")
    told = [cell for row in load_workbook(out).active.iter_rows(values_only=True) for cell in row]
    assert "罗桂芳" in told and GOOD not in told and "620102********0078" in told
    hand_in(street, out)
    for words in ("新增 0", "更新 0", "错误 0"):
        street.sees(words, ".lk-tabs")
    street.sees("没有需要导入的内容")


def downloaded(person, link, path):
    with person.page.expect_download() as coming:
        link.click()
    coming.value.save_as(path)
    return path


def columns(sheet):
    """``(row of the headings, {heading: column})``."""
    for row in sheet.iter_rows(max_row=4):
        found = {cell.value: cell.column for cell in row if cell.value}
        if len(found) > 3:
            return row[0].row, found
    raise AssertionError("there are no headings")


def fill(path, *lines):
    book = load_workbook(path)
    head, places = columns(book.worksheets[0])
    for number, line in enumerate(lines, head + 1):
        for name, value in line.items():
            book.worksheets[0].cell(number, places[name], value)
    book.save(path)


def mend(path, changes):
    book = load_workbook(path)
    head, places = columns(book.worksheets[0])
    for row in book.worksheets[0].iter_rows(min_row=head + 1):
        for name, value in changes.get(row[places["姓名"] - 1].value, {}).items():
            row[places[name] - 1].value = value
    book.save(path)


def hand_in(person, path):
    person.go(REGISTER)
    person.page.set_input_files("#file", path)
    person.press(person.button("上传并检查"))
    settled(person)


def settled(person):
    """The page asks again by itself while a worker is at it."""
    expect(person.page.locator(".lk-working")).to_have_count(0)
