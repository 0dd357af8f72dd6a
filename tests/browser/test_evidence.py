"""Evidence that counts in law, as a resident and a clerk with a telephone see it."""

import re

import pytest

from tests.browser.deeds import ago, ahead, save
from tests.browser.person import PHONE
from tests.stack import gansu

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_objection_to_a_notice_is_answered_and_read_by_whoever_holds_its_code(platform, meet):
    """The resident objects on the public page, the community answers, the resident reads the answer."""
    seeded = platform.seed("noticing", gansu.CHANGJIAXIANG, "community")
    resident, clerk = meet(viewport=PHONE), meet("community")

    resident.go(f"/public/notices/{seeded['notice']}/")
    resident.fill(text="活动时间与接孩子冲突，请改到周六。", name="郑国庆", phone="13900000000")
    resident.press(resident.page.locator("#objection button[type=submit]"))
    code = resident.page.locator(".lk-paper strong").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{8}", code), code

    clerk.go(f"/projects/{seeded['pk']}/edit/public_notice/")
    clerk.sees("1 条异议", "#completeness")
    objection = clerk.page.locator("#objections article", has_text="接孩子冲突")
    objection.locator("textarea").fill("已与家长商议，活动改到周六上午。")
    clerk.press(objection.locator("form[action$='/'] button[type=submit]").first)
    clerk.sees("已与家长商议", "#objections")

    resident.go("/public/answers/")
    resident.fill(code=code)
    resident.press("main button[type=submit]")
    resident.sees("活动改到周六上午", "main")
    assert "郑国庆" not in resident.page.locator("main").inner_text()


def test_the_applicant_writes_the_evidence_on_a_telephone(platform, meet):
    """A meeting is announced, one without quorum is refused with number and article; all on 390 pixels."""
    project = platform.seed("draft", gansu.CHANGJIAXIANG, "楼院议事角", "community")["pk"]
    clerk = meet("community", viewport=PHONE)

    clerk.go(f"/projects/{project}/edit/hearing/")
    clerk.page.locator("#meetings details summary").last.click()
    clerk.fill(meeting__held_on=ahead(5), meeting__starts_at="09:30", meeting__contact_phone="0931-555 0127")
    clerk.press(clerk.button("发布公告"))
    clerk.sees("09:30", "#meetings")
    resident = meet(viewport=PHONE)
    resident.go("/public/")
    resident.press(resident.page.locator("a", has_text="楼院议事角").first)
    resident.sees("09:30", "main")

    clerk.go(f"/projects/{project}/edit/assembly_review/")
    clerk.fill(held_on=ago(24), entitled="40", present="12", votes_for="12", votes_against="0")
    clerk.fill(votes_abstain="0")
    save(clerk)
    clerk.sees("居民代表会议到会 12 人，应到 40 人，不足三分之二（27 人）；依据：", "#filing")
    clerk.fill(present="30", votes_for="28", votes_against="2")
    save(clerk)
    clerk.sees("已齐", ".lk-filing")
