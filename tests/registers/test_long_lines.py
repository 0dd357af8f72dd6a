"""A row with hundreds of lines is still a page that opens and saves: the lines come a page at a time."""

from datetime import timedelta

import pytest

from communities.people.models import Person
from socialwork.volunteers.models import ServiceRecord, TeamMembership, Volunteer
from tests.registers.page import filled
from tests.registers.rows import DAY, HOUR, Rows

pytestmark = pytest.mark.django_db

MANY = 200


@pytest.fixture
def volunteers(world):
    region = world.xingfuli
    people = Person.objects.bulk_create(Person(region=region, name=f"志愿者{n}") for n in range(MANY))
    return Volunteer.objects.bulk_create(
        Volunteer(
            person=person, region=region, name=person.name, born_on=DAY.replace(year=1980),
            registered_on=DAY, consented_on=DAY,
        )
        for person in people
    )  # fmt: skip


@pytest.fixture
def rows(world, volunteers):
    found = Rows(world.xingfuli, "near")
    found.by = world.people["community"]
    team, activity = found["volunteers.VolunteerTeam"], found["volunteers.VolunteerActivity"]
    TeamMembership.objects.bulk_create(TeamMembership(team=team, volunteer=one) for one in volunteers)
    ServiceRecord.objects.bulk_create(
        ServiceRecord(
            volunteer=one, region=world.xingfuli, activity=activity, content="x", venue="x", hours=1,
            started_at=HOUR, ended_at=HOUR + timedelta(hours=1), recorded_by=found.by,
        )
        for one in volunteers
    )  # fmt: skip
    return found


def test_who_stands_on_another_page_is_not_a_member_twice(client, world, rows, volunteers):
    client.force_login(world.people["community"])
    team = rows["volunteers.VolunteerTeam"]
    at = f"/admin/volunteers/volunteerteam/{team.pk}/change/"
    sent = filled(client.get(at))
    shown = {value for name, values in sent.items() if name.endswith("-volunteer") for value in values}
    hidden = next(one.pk for one in volunteers if str(one.pk) not in shown)
    number = int(sent["memberships-TOTAL_FORMS"][0])
    sent["memberships-TOTAL_FORMS"] = [str(number + 1)]
    line = f"memberships-{number}-"
    sent |= {f"{line}volunteer": [str(hidden)], f"{line}role": ["member"], f"{line}team": [str(team.pk)]}
    answer = client.post(at, {**sent, "_save": "1"})
    assert answer.status_code == 200
    assert "与另一行的时段重叠" in answer.content.decode()
    assert TeamMembership.objects.count() == MANY


@pytest.mark.parametrize("model", ["volunteers.VolunteerTeam", "volunteers.VolunteerActivity"])
def test_it_opens_and_is_saved(client, world, rows, model):
    client.force_login(world.people["community"])
    row = rows[model]
    at = f"/admin/{model.lower().replace('.', '/')}/{row.pk}/change/"
    sent = filled(client.get(at))
    answer = client.post(at, {**sent, "_save": "1"})
    assert answer.status_code == 302, len(sent)
    assert TeamMembership.objects.count() == ServiceRecord.objects.count() == MANY
