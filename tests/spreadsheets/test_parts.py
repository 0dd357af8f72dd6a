"""Lines of an entry's form come in by a table of their own, each naming whose it is."""

import pytest
from django.urls import reverse

from organizations.models import Rating
from socialwork.models import Certificate, SocialWorker
from tests.registers.rows import make
from tests.spreadsheets.makers import book, counts, handed_in, imported, problems

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "证件号码", "职业水平等级", "证书编号", "批准日期"]


def worker(world, place, name):
    row = make(SocialWorker, place, name)
    SocialWorker.objects.filter(pk=row.pk).update(name=name)
    return SocialWorker.objects.get(pk=row.pk)


def table(*rows):
    return book([HEAD, *rows], name="证书.xlsx", title="证书")


def line(row, number, level="社会工作师", name=None, identity=None):
    given = str(row.person.id_number) if identity is None else identity
    return [name or row.name, given, level, number, "2015-06-13"]


def test_certificates_are_hung_under_their_workers_and_the_same_table_changes_nothing(world):
    street = world.people["street"]
    first = worker(world, world.xingfuli, "罗桂芳")
    rows = [line(first, "2015 0620 a01"), line(first, "20150620B02", level="助理社会工作师", identity="")]
    taken = handed_in("socialwork.certificate", table(*rows), by=street)
    assert counts(taken) == {"new": 2}, problems(taken)
    imported(taken, by=street)
    made = Certificate.objects.order_by("number")
    assert [one.number for one in made] == ["20150620A01", "20150620B02"]
    assert {(one.worker, one.person) for one in made} == {(first, first.person)}
    again = handed_in("socialwork.certificate", table(*rows), by=street)
    assert counts(again) == {"same": 2}, problems(again)


def test_whose_it_is_must_be_clear_and_of_ones_own_places(world):
    street = world.people["street"]
    first = worker(world, world.xingfuli, "罗桂芳")
    worker(world, world.tianqing, "罗桂芳")
    far = worker(world, world.fukang, "魏建军")
    taken = handed_in(
        "socialwork.certificate",
        table(
            line(first, "A1", identity=""),  # two of this name
            line(far, "A2"),  # of another place
            line(first, "A3", name="罗芳"),  # the number is not hers
            line(first, "A4"),
        ),
        by=street,
    )
    assert counts(taken) == {"new": 1, "wrong": 3}, problems(taken)
    assert "证件号码" in problems(taken)[2][0]


def test_the_page_of_a_register_leads_to_the_tables_of_its_lines(world, client):
    make(Rating, world.xingfuli, "标记")
    client.force_login(world.people["county"])
    page = client.get(reverse("desk:table", args=["organizations.socialorganization"])).content.decode()
    at = reverse("desk:table", args=["organizations.rating"])
    assert at in page
    assert client.get(at).status_code == 200
    page = client.get(reverse("desk:table_export", args=["organizations.rating"])).content.decode()
    assert "<b>1</b>" in page
