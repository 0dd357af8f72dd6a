"""Finding somebody by a number: the whole one, in one's own registers, written down, thirty an hour."""

import json

import pytest
from django.test import Client

from communities.offices.models import Post
from communities.people import services
from communities.people.services import find
from linkage.foundation.models import AuditEvent
from tests.people.conftest import number
from tests.queries import at_most
from tests.socialwork.makers import worker
from tests.volunteers.makers import volunteer

pytestmark = pytest.mark.django_db

AT = "/registers/find/"
PHONE = "138-0931-1234"


def client_of(world, who):
    client = Client()
    client.force_login(world.fresh(who))
    return client


def found(answer):
    return [(row["name"], str(row["register"])) for row in answer.context["found"]]


@pytest.fixture
def known(world, staff):
    """马晓燕 is staff of 幸福里 and volunteer of 富康, 王秀英 a social worker of 幸福里 with a telephone."""
    both = number(1)
    her = worker(world.xingfuli, "王秀英", number(2))
    services.seal_phone(her, PHONE).save()
    return staff(world.xingfuli, "马晓燕", 1), volunteer(world.fukang, "马晓燕", both), her


def test_a_clerk_finds_every_entry_of_the_number_in_the_registers_kept_there(world, known):
    county = client_of(world, "county")
    assert county.get(AT).status_code == 200
    answer = county.post(AT, {"number": f" {number(1).lower()} "})
    assert answer.status_code == 200
    assert [name for name, _register in found(answer)] == ["马晓燕", "马晓燕"], "the person and the staff"
    assert number(1) not in answer.content.decode()
    assert number(1)[:6] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_telephone_finds_however_it_is_written(world, known):
    for written in (PHONE, "13809311234", "138 0931 1234"):
        assert ("王秀英", "社会工作者") in found(client_of(world, "county").post(AT, {"number": written}))


def test_what_stands_elsewhere_answers_as_what_stands_nowhere(world, known):
    elsewhere = client_of(world, "wuyi")
    here, nowhere = (elsewhere.post(AT, {"number": asked}) for asked in (number(1), number(999)))
    assert (here.status_code, nowhere.status_code) == (200, 200)
    assert here.context["found"] == nowhere.context["found"] == []


def test_a_part_of_an_office_finds_its_own(world, known):
    Post.objects.filter(user__username="county").update(duty="social_work")
    county = client_of(world, "county")
    assert found(county.post(AT, {"number": number(1)})) == [], "the staff are another part's"
    assert {name for name, _register in found(county.post(AT, {"number": number(2)}))} == {"王秀英"}


@pytest.mark.parametrize("who", ["observer", "admin"])
def test_who_keeps_no_register_of_people_searches_none(world, who):
    client = client_of(world, who if who in world.people else "county_admin")
    assert {client.get(AT).status_code, client.post(AT, {"number": number(1)}).status_code} == {403}
    assert not AuditEvent.objects.filter(kind="person_sought").exists()


@pytest.mark.parametrize("written", ["", "  ", "139", "马晓燕" * 20])
def test_less_than_a_number_is_told(world, written):
    answer = client_of(world, "county").post(AT, {"number": written})
    assert answer.status_code == 422
    assert answer.context["problems"]
    assert not AuditEvent.objects.filter(kind="person_sought").exists()


def test_that_one_searched_is_written_down_and_the_number_is_not(world, known, caplog):
    client_of(world, "county").post(AT, {"number": number(1)})
    (event,) = AuditEvent.objects.filter(kind="person_sought")
    assert event.by == world.people["county"]
    told = json.dumps(event.facts, ensure_ascii=False, default=str) + str(event.__dict__) + caplog.text
    person = known[0].person
    assert number(1) not in told
    assert person.id_hash not in told


def test_the_31st_search_of_an_hour_is_refused(world, known):
    county = client_of(world, "county")
    for serial in range(services.SEARCHES):
        assert county.post(AT, {"number": number(serial)}).status_code == 200
    refused = county.post(AT, {"number": number(1)})
    assert refused.status_code == 429
    assert refused.context["found"] is None
    assert "30" in refused.content.decode()
    assert AuditEvent.objects.filter(kind="person_search_refused").count() == 1


def test_the_questions_are_the_same_however_many_have_the_number(world, known):
    by = world.fresh("county")
    most = 8 + 2 * len(services.Person.roles())
    with at_most(most):
        assert find(number(999), by=by) == []
    with at_most(most):
        assert len(find(number(1), by=by)) == 2
