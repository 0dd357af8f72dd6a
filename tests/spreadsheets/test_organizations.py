"""A county's own workbook of social organisations goes in, and goes in again without changing anything."""

from datetime import date

import pytest

from linkage.foundation.errors import NotNow
from organizations.models import SocialOrganization, TierMove
from tests.organizations.conftest import credit_code, filed, guided, registered
from tests.spreadsheets.makers import book, counts, handed_in, imported, problems

pytestmark = pytest.mark.django_db
REGISTER = "organizations.socialorganization"
HEAD = [
    "序号",
    "组织名称",
    "统一社会信用代码",
    "管理层级",
    "组织形式",
    "所属社区",
    "成立日期",
    "负责人",
    "负责人电话",
]
FORM = "社会服务机构"


def rows(*lines):
    return [HEAD, *([number, *line] for number, line in enumerate(lines, start=1))]


def line(
    name="城关区邻里守望中心",
    code="",
    tier="登记",
    form=FORM,
    place="幸福里社区",
    day="2016.6",
    leader="马云飞",
    phone="13909310001",
):
    return [name, code, tier, form, place, day, leader, phone]


def test_a_table_is_checked_imported_and_changes_nothing_the_second_time(world):
    county = world.people["county"]
    code = credit_code()
    known = filed(world.tianqing, "天庆书画社")
    table = rows(
        line(code=code),
        line(
            "滩尖子巧手坊",
            tier="社区指导",
            form=None,
            place="雁南街道 › 天庆嘉园社区",
            day=date(2016, 6, 13),
            phone=None,
        ),
    )
    taken = handed_in(REGISTER, book(table), by=county)
    assert (taken.state, counts(taken), problems(taken)) == ("checked", {"new": 2}, {})

    taken = imported(taken, by=county)
    assert taken.state == "applied"
    made = SocialOrganization.objects.get(uscc=code)
    assert (made.name, made.region, made.tier, made.established_on) == (
        "城关区邻里守望中心",
        world.xingfuli,
        "registered",
        date(2016, 6, 1),
    )
    assert (made.leader_phone, bool(made.leader_phone_hash)) == ("13909310001", True)
    assert made.history.get().pgh_context["name"] == "张文静"
    assert known.history.count() == 1

    again = handed_in(REGISTER, book(table), by=county)
    assert counts(again) == {"same": 2}


def test_changed_rows_keep_what_the_table_does_not_say_and_leave_their_step(world):
    county = world.people["county"]
    row = filed(world.xingfuli, "夕阳红合唱队", scale="small")
    code = credit_code("51")
    table = [
        ["备案街道（乡镇）", "备案编号", "组织名称", "管理层级", "统一社会信用代码", "组织形式", "所属地区"],
        ["雁南街道", row.filing_number, "夕阳红合唱队", "登记", code.lower(), "社会团体", "620102020001"],
    ]
    taken = handed_in(REGISTER, book(table), by=county)
    assert counts(taken) == {"changed": 1}, problems(taken)
    staged = taken.staged.get()
    assert staged.was and "街道管理（备案）" in staged.was.values()
    imported(taken, by=county)
    row.refresh_from_db()
    assert (row.tier, row.uscc, row.scale) == ("registered", code, "small")
    assert TierMove.objects.get(organization=row).from_tier == "filed"


def test_every_wrong_cell_is_told_at_once_and_nothing_is_imported(world):
    county = world.people["county"]
    code = credit_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    taken = handed_in(
        REGISTER,
        book(
            rows(
                line(code=wrong),
                line("乙", code=code, place="滩尖子村", day="2016-13-05", phone="1380013800"),
                line("丙", code=1.23e17),
            )
        ),
        by=county,
    )
    assert counts(taken) == {"wrong": 3}
    told = problems(taken)
    assert "校验码" in told[2][0] or "check" in told[2][0], told
    assert len(told[3]) == 3, told
    assert len(told[4]) == 1, told


def test_a_row_outside_the_own_places_is_an_error_row_and_nothing_of_it_leaks(world):
    county = world.people["county"]
    foreign = registered(world.fukang, "肃州区某某中心")
    taken = handed_in(
        REGISTER,
        book(rows(line("甲", code=credit_code(), place="富康社区"), line("乙", code=foreign.uscc))),
        by=county,
    )
    assert counts(taken) == {"wrong": 2}
    told = problems(taken)
    assert "富康社区" in told[2][0]
    assert "肃州" not in str(told)
    foreign.refresh_from_db()
    assert foreign.name == "肃州区某某中心"


@pytest.mark.long
def test_one_row_outside_among_ten_thousand_is_named_and_keeps_all_from_going_in(world):
    county = world.people["county"]
    lines = [line(f"第{number}社", code=credit_code()) for number in range(10_000)]
    lines[6789] = line("外面的社", code=credit_code(), place="富康社区")
    taken = handed_in(REGISTER, book(rows(*lines)), by=county)
    assert counts(taken) == {"new": 9_999, "wrong": 1}
    (said,) = problems(taken).items()
    assert said[0] == 6791 and "富康社区" in said[1][0] and "肃州" not in str(said)
    with pytest.raises(NotNow):
        imported(taken, by=county)
    assert not SocialOrganization.objects.exists()


def test_the_same_organisation_twice_in_one_table_is_told_with_its_first_row(world):
    county = world.people["county"]
    code = credit_code()
    taken = handed_in(REGISTER, book(rows(line(code=code), line("又一个", code=code))), by=county)
    assert counts(taken) == {"new": 1, "wrong": 1}
    assert "2" in problems(taken)[3][0]


def test_good_rows_only_is_an_explicit_choice(world):
    county = world.people["county"]
    taken = handed_in(
        REGISTER, book(rows(line(code=credit_code()), line("乙", place="没有的社区"))), by=county
    )
    with pytest.raises(NotNow):
        imported(taken, by=county)
    taken = imported(taken, by=county, good_only=True)
    assert (taken.state, SocialOrganization.objects.count()) == ("applied", 1)


def test_a_register_that_moved_since_the_check_is_not_written_over(world):
    county = world.people["county"]
    row = guided(world.xingfuli, "书画社")
    table = rows(line("书画社", tier="社区指导", form=None, leader="新的负责人"))
    taken = handed_in(REGISTER, book(table), by=county)
    assert counts(taken) == {"changed": 1}
    SocialOrganization.objects.filter(pk=row.pk).update(leader_name="别人刚写的")
    taken = imported(taken, by=county)
    assert taken.state == "reading"
    row.refresh_from_db()
    assert row.leader_name == "别人刚写的"


def test_cells_that_look_alike_are_not_taken_for_each_other(world):
    """What a cell says is read once for all rows that say it: 1, ticked and “1” are three cells."""
    table = [
        ["组织名称", "管理层级", "所属社区", "个人会员数", "成立日期"],
        ["甲社", "社区指导", "幸福里社区", 1, "2016-06-13"],
        ["乙社", "社区指导", "幸福里社区", True, "2016-06-13"],
        ["丙社", "社区指导", "幸福里社区", "1", date(2016, 6, 13)],
        ["丁社", "社区指导", "幸福里社区", 1, 20160613],
        ["戊社", "社区指导", "幸福里社区", None, "清空"],
        ["己社", "社区指导", "幸福里社区", "清空", "2999-01-01"],
        ["庚社", "社区指导", "幸福里社区", 1, "2999-01-01"],
    ]
    taken = handed_in(REGISTER, book(table), by=world.people["county"])
    assert sorted(problems(taken)) == [3, 7, 8] and counts(taken) == {"new": 4, "wrong": 3}, problems(taken)
    values = {row.number: row.values for row in taken.staged.exclude(outcome="wrong")}
    assert [values[number].get("individual_members") for number in (2, 4, 5, 6)] == [1, 1, 1, None]
    assert [values[number].get("established_on") for number in (2, 4, 5, 6)] == [
        "2016-06-13",
        "2016-06-13",
        "2016-06-13",
        None,
    ]
    shown = [taken.staged.get(number=number).shown for number in (2, 6)]
    assert shown == [
        ["甲社", "社区指导（台账）", "雁南街道 › 幸福里社区", "1", "2016-06-13"],
        ["戊社", "社区指导（台账）", "雁南街道 › 幸福里社区", "", ""],
    ]
