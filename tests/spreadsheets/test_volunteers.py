"""Volunteers by table: one human once, numbers sealed at once, masked when they go out."""

from datetime import date

import pytest
from django.core.files.storage import default_storage

from communities.people.models import Person
from linkage.foundation.models import SheetImport
from linkage.foundation.spreadsheets import services, vault
from socialwork.volunteers.models import Volunteer
from tests import leaks
from tests.spreadsheets.makers import book, counts, handed_in, imported, problems, worked
from tests.volunteers.makers import identity, volunteer

pytestmark = pytest.mark.django_db
REGISTER = "volunteers.volunteer"
HEAD = ["姓名", "身份证号", "手机号码", "社区", "注册日期", "志愿者身份", "备注栏"]


def line(name, number, phone="13900009999", place="幸福里社区", day=date(2016, 6, 13), tags=None):
    return [name, number, phone, place, day, tags, None]


def test_volunteers_are_entered_once_and_their_numbers_lie_open_nowhere(world):
    street = world.people["street"]
    seeds = leaks.seeded()
    known = volunteer(world.fukang, "在别处的人", identity(7))
    table = [
        HEAD[:6],
        line("王秀英", seeds.identities[0], seeds.phones[0], tags="共产党员")[:6],
        line("李建国", seeds.identities[1], int(seeds.phones[1]))[:6],
        line("在别处的人", identity(7), phone=None)[:6],
    ]
    taken = handed_in(REGISTER, book(table), by=street)
    assert counts(taken) == {"new": 3}, problems(taken)
    assert leaks.scan_database([*seeds]) == []
    assert b"".join(vault.pieces(taken.stored)).startswith(b"PK")
    with default_storage.open(taken.stored) as kept:
        assert leaks.scan_text(kept.read(), [*seeds]) == []

    taken = imported(taken, by=street)
    assert taken.state == "applied", taken.reason
    wang = Volunteer.objects.get(name="王秀英")
    assert wang.id_number == seeds.identities[0]
    assert (wang.phone, bool(wang.phone_hash)) == (seeds.phones[0], True)
    assert wang.born_on == date(1987, 6, 5)
    assert wang.number.startswith("ZY")
    assert Volunteer.objects.get(region=world.xingfuli, name="在别处的人").person == known.person
    assert Person.objects.count() == 3
    assert leaks.scan_database([*seeds]) == []
    assert not default_storage.exists(taken.stored or "sheets/none")

    again = handed_in(REGISTER, book(table), by=street)
    assert counts(again) == {"same": 3}, problems(again)


def test_numbers_that_a_spreadsheet_has_rounded_are_refused_never_stored(world):
    street = world.people["street"]
    table = [
        HEAD[:6],
        line("甲", 620102198706054175)[:6],
        line("乙", "6.20102E+17")[:6],
        line("丙", "620102198706054176")[:6],
    ]
    taken = handed_in(REGISTER, book(table), by=street)
    assert counts(taken) == {"wrong": 3}
    assert "620102198706054176" not in str(problems(taken))


def test_a_minor_needs_the_consent_of_a_guardian(world):
    street = world.people["street"]
    taken = handed_in(
        REGISTER, book([HEAD[:6], line("小明", "110101201502036184", day=date(2024, 1, 1))[:6]]), by=street
    )
    assert counts(taken) == {"wrong": 1}
    assert len(problems(taken)[2]) >= 4


def test_a_changed_telephone_is_a_change_and_shown_masked(world):
    street = world.people["street"]
    number = identity(3)
    one = volunteer(world.xingfuli, "王秀英", number)
    taken = handed_in(
        REGISTER, book([HEAD[:6], line("王秀英", number, "13800000001", day=date(2020, 1, 1))[:6]]), by=street
    )
    assert counts(taken) == {"changed": 1}, problems(taken)
    row = taken.staged.get()
    assert "138****0001" in row.shown and "13800000001" not in str(row.shown) + str(row.values)
    imported(taken, by=street)
    one.refresh_from_db()
    assert one.phone == "13800000001"


def test_headings_nobody_knows_are_asked_about_and_remembered(world):
    street = world.people["street"]
    table = [
        ["姓 名", "证件", "手机号码", "所在社区", "注册日期", "个人特长说明"],
        ["王秀英", identity(4), None, "幸福里社区", "2016年6月13日", "理发"],
    ]
    taken = handed_in(REGISTER, book(table), by=street)
    assert taken.state == SheetImport.State.MAPPING
    assert [taken.head["headings"][place] for place in taken.head["unknown"]] == ["证件", "个人特长说明"]
    services.name_columns(
        taken,
        {0: "name", 1: "id_number", 2: "phone", 3: "region", 4: "registered_on", 5: "skills"},
        by=street,
    )
    taken = worked(taken)
    assert counts(taken) == {"new": 1}, (taken.state, taken.reason, problems(taken))
    other = handed_in(REGISTER, book(table), by=street)
    assert other.state == "checked"
