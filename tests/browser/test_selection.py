"""遴选 as the province does it: ticks on the board, the list before the public, one document for all."""

import pytest

from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BOARD = "/programmes/GS-2016/selection/"
# As if the notice had hung for a week more, whoever waits.
HUNG = "UPDATE consultation_publicnotice SET starts_on = starts_on - 8, ends_on = ends_on - 8 WHERE id = %s"


def test_from_the_board_to_the_approval_document(platform, meet):
    """Two are ticked, one waits; the public reads the list; after the notice one document approves both."""
    lines = {
        "楼道微课堂": (gansu.CHANGJIAXIANG, "community", "street", "county", "city"),
        "银龄互助站": (gansu.FUMIN, "fumin", "xiongguan", "jiayuguan"),
        "彩虹议事厅": (gansu.CAIHONGCHENG, "caihongcheng", "zhongchuan", "new_area"),
    }
    ids = {title: platform.seed("waiting", code, title, *who)["pk"] for title, (code, *who) in lines.items()}
    province, resident = meet("province"), meet()

    province.go(BOARD)
    row = {title: province.page.locator(f"#project-{pk}") for title, pk in ids.items()}
    for title in ("楼道微课堂", "银龄互助站"):
        with province.page.expect_response(lambda answer: answer.request.method == "POST") as kept:
            row[title].locator("[name=tick]").check()
        assert kept.value.ok
    with province.page.expect_response(lambda answer: answer.request.method == "POST") as kept:
        row["彩虹议事厅"].locator("[name=wait]").check()
    assert kept.value.ok
    # Other walks may have been approved on this platform before: only the batch's own money is known.
    province.sees("其中本批已选 2 个，9.00 万元", "#board-counters")
    province.sees("彩虹议事厅", "#board-side")

    province.press(province.link("生成拟立项公示"))
    province.fill(contact_name="王建国", contact_phone="0931-555 0100")
    province.fill(supervisor="甘肃省民政厅机关纪委", supervise_phone="0931-555 0101")
    province.press(province.button("发布公示"))
    batch = province.path
    notice = platform.sql("SELECT max(id) FROM consultation_publicnotice")[0][0]
    resident.go(f"/public/notices/{notice}/")
    resident.sees("楼道微课堂", "main")
    assert "彩虹议事厅" not in resident.page.locator("main").inner_text()

    province.go(batch)
    assert province.button("批复本批项目").count() == 0
    platform.sql(HUNG, [notice])
    province.go(batch)
    province.fill(doc_no="甘民发[2016]98号")
    province.press(province.page.locator("#approval button[type=submit]"))
    province.sees("已批复 2 个项目")
    province.sees("甘民发〔2016〕98号")
    for title in ("楼道微课堂", "银龄互助站"):
        province.go(f"/projects/{ids[title]}/")
        province.sees("甘民发〔2016〕98号", "main")
    province.go(batch)
    with province.page.expect_download() as paper:
        province.page.locator("a[href$='approval.docx']").first.click()
    assert paper.value.suggested_filename.endswith(".docx")
    province.go(f"/projects/{ids['彩虹议事厅']}/")
    province.sees("审核中", "main")
