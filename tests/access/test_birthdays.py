"""A masked identity number leaves out the day of birth and nothing else: that day is not shown beside it."""

import io
from datetime import date

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from communities.offices import services
from communities.people.models import Person
from linkage.foundation import jobs, tasks
from linkage.foundation.models import AuditEvent, Job
from socialwork.volunteers.models import Volunteer
from tests.access import registers
from tests.access.test_register_canaries import lists, rows
from tests.access.walk import unpacked
from tests.organizations.desk import typed
from tests.registers.rows import registers as models_of_registers
from tests.spreadsheets.makers import book, counts, handed_in, imported, problems
from tests.volunteers.makers import identity, volunteer

pytestmark = pytest.mark.django_db
assert tasks  # the kinds of jobs
HUMAN = [name for name in registers.REGISTERS if "id_number" in apps.get_model(*name.split("/")).sealed]
BORN = {"people/person": "birth_date", "volunteers/volunteer": "born_on"}


def words_for(day):
    """The day as pages, tables and answers write days."""
    return [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y.%m.%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%m-%d}",
        f"{day.month}月{day.day}日",
    ]


@pytest.fixture
def county(kept):
    client = Client()
    client.force_login(kept.world.fresh("county"))
    return client


def test_every_day_of_birth_beside_a_number_is_masked(kept):
    found = {}
    for model in models_of_registers():
        if "id_number" in model.sealed:
            row = kept.rows["near"][model]
            for field in model._meta.local_concrete_fields:
                value = getattr(row, field.attname)
                if isinstance(field, models.DateField) and value == kept.rows["near"].birthday:
                    found[model] = field.name
    assert found == {Person: "birth_date", Volunteer: "born_on"}
    for model, name in found.items():
        assert kept.rows["near"][model].masked(name) == "1987-**-**"


def test_no_page_says_the_day_beside_the_number(kept, county):
    said = words_for(kept.rows["near"].birthday)
    for register in HUMAN:
        at = f"/{registers.at(register)}"
        api = [f"/api/v1/{address}/" for address, name in registers.REST.items() if name == register]
        addresses = [one for one in (*lists(kept), *rows(kept, ["near"])) if one.startswith((at, *api))]
        met = 0
        for address in addresses:
            text = unpacked(county.get(address)).decode("utf-8", "replace")
            met += "********" in text
            assert [day for day in said if day in text] == [], address
        assert met, register


def test_who_may_only_look_reads_the_year(kept):
    client = Client()
    client.force_login(kept.world.fresh("observer"))
    for register in BORN:
        text = client.get(f"/{registers.at(register)}{kept.pk(register, 'near')}/change/").content.decode()
        assert "1987-**-**" in text
        assert [day for day in words_for(kept.rows["near"].birthday) if day in text] == []


def test_the_day_is_shown_by_a_reveal_that_stands_in_the_journal(kept, county):
    for register, field in BORN.items():
        at = f"/{registers.at(register)}{kept.pk(register, 'near')}/reveal/"
        answer = county.post(at, {"field": field, "reason": "核对年龄"})
        assert kept.rows["near"].birthday.isoformat() in answer.content.decode()
    events = AuditEvent.objects.filter(kind="revealed").order_by("pk")
    assert [event.facts["field"] for event in events] == [*BORN.values()]


def test_a_table_says_number_and_day_both_or_neither(kept, county):
    near, people = kept.rows["near"], kept.world.people
    services.allow_full_exports(
        people["county"].posts.get(), True, by=people["county_admin"], reason="核对补贴发放"
    )
    for register, format, full in (
        ("people/person", "csv", True),
        ("people/person", "xlsx", False),
        ("volunteers/volunteer", "xlsx", True),
        ("volunteers/volunteer", "csv", False),
    ):
        asked = {"full": "1", "reason": "核对"} if full else {}
        said = exported(county, register.replace("/", "."), format=format, **asked)
        assert (near.id_number in said, near.birthday.isoformat() in said) == (full, full)
        assert ("1987-**-**" in said) is not full


def exported(client, label, **sent):
    assert client.post(reverse("desk:table_export", args=[label]), sent).status_code == 302
    jobs.run(Job.objects.latest("pk").pk)
    answer = client.get(reverse("desk:table_export_file", args=[Job.objects.latest("pk").pk]))
    body = b"".join(answer.streaming_content)
    if sent["format"] == "csv":
        return body.decode("utf-8-sig")
    lines = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for line in lines for cell in line)


def test_the_history_tells_that_the_day_changed_and_not_which(kept, county):
    row = kept.rows["near"][Person]
    Person.objects.filter(pk=row.pk).update(birth_date=date(1991, 2, 3))
    text = county.get(f"/admin/people/person/{row.pk}/history/").content.decode()
    assert "1991-**-**" in text and "1987-**-**" in text
    assert [day for day in words_for(date(1991, 2, 3)) if day in text] == []


# Entered and corrected all the same


def test_a_day_no_number_tells_is_corrected_by_typing_it_anew(world, client):
    client.force_login(world.people["county"])
    person = Person.objects.create(region=world.xingfuli, name="李娜", birth_date=date(1980, 5, 6))
    at = f"/admin/people/person/{person.pk}/change/"
    page = client.get(at)
    assert "1980-05-06" not in page.content.decode() and "1980-**-**" in page.content.decode()
    for day, born in (("", date(1980, 5, 6)), ("1980-05-07", date(1980, 5, 7))):
        answer = client.post(at, {"name": "李娜", "sex": "female", "birth_date": day})
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        person.refresh_from_db()
        assert (person.birth_date, person.sex) == (born, "female")


VOLUNTEERS = "volunteers.volunteer"
HEAD = ["姓名", "证件类型", "证件号码", "联系电话", "所在社区", "注册日期", "出生日期"]


def line(place, number, born, name="王秀英", paper=None):
    return [name, paper, number, "13900009999", place.name, date(2016, 6, 13), born]


def checked(world, *lines):
    return handed_in(VOLUNTEERS, book([HEAD, *lines]), by=world.people["street"])


def test_a_table_enters_a_day_and_its_masked_day_changes_nothing(world):
    place, street = world.xingfuli, world.people["street"]
    lines = [line(place, "E1234567", date(1985, 4, 3), paper="护照")]
    lines += [line(place, "E7654321", "1986.4.3", "李建国", paper="护照")]
    taken = checked(world, *lines)
    assert counts(taken) == {"new": 2}, problems(taken)
    assert "1985-04-03" not in str([row.shown for row in taken.staged.all()])
    imported(taken, by=street)
    made = Volunteer.objects.order_by("born_on")
    assert [one.born_on for one in made] == [date(1985, 4, 3), date(1986, 4, 3)]
    for said, found in (("1985-**-**", "same"), (None, "same"), ("1984-**-**", "wrong")):
        taken = checked(world, line(place, "E1234567", said, paper="护照"))
        assert counts(taken) == {found: 1}, problems(taken)


def test_a_table_is_no_oracle_of_the_day(world):
    """Whether the day typed beside a kept number is right or wrong, the answer is the same."""
    row = volunteer(world.xingfuli, "王秀英", identity(1, date(1987, 6, 5)), born_on=date(1987, 6, 5))
    answers = []
    for day in (date(1987, 6, 5), date(1987, 6, 30)):
        told = [row.number, *line(world.xingfuli, None, day, row.name)]
        taken = handed_in(VOLUNTEERS, book([["志愿者编号", *HEAD], told]), by=world.people["street"])
        answers.append((counts(taken), problems(taken)))
    assert answers[0] == answers[1] and answers[0][0] == {"wrong": 1}


def test_what_is_wrong_with_a_row_does_not_say_the_day(world):
    day, number = date(1987, 6, 5), identity(1, date(1987, 6, 5))
    taken = checked(world, line(world.xingfuli, number, date(1987, 6, 30)))
    assert counts(taken) == {"wrong": 1}
    said = str([(row.shown, row.problems) for row in taken.staged.all()])
    assert [one for one in words_for(day) if one in said] == []
    assert number not in said and "1987-**-**" in said


def test_the_form_is_no_oracle_of_the_day(world, client):
    client.force_login(world.people["street"])
    row = volunteer(world.xingfuli, "王秀英", identity(1, date(1987, 6, 5)), born_on=date(1987, 6, 5))
    at = f"/admin/volunteers/volunteer/{row.pk}/change/"
    for day in ("1987-06-05", "1987-06-30"):
        answer = client.post(at, {**typed(client.get(at)), "born_on": day, "skills": day})
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        row.refresh_from_db()
        assert (row.born_on, row.skills) == (date(1987, 6, 5), day)


def test_a_number_typed_anew_takes_its_day_along(world, client):
    client.force_login(world.people["street"])
    row = volunteer(world.xingfuli, "王秀英", identity(1, date(1987, 6, 5)), born_on=date(1987, 6, 5))
    at = f"/admin/volunteers/volunteer/{row.pk}/change/"
    answer = client.post(at, {**typed(client.get(at)), "id_number": identity(2, date(1991, 2, 3))})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.born_on == date(1991, 2, 3)
