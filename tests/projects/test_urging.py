"""催办: by the applicant or from above, once a day and item, counted and told."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from linkage.foundation.errors import NotNow
from projects.models import ProjectEvent
from projects.services import urging
from tests import database, factories
from tests.notices import deliver, told

pytestmark = pytest.mark.django_db


def test_the_applicant_urges_and_the_office_finds_it_on_its_desk(client, world):
    project = factories.submitted(world)
    client.force_login(world.people["community"])
    page = client.get(project.get_absolute_url()).content.decode()
    assert f'action="/projects/{project.pk}/urge/"' in page

    answer = client.post(f"/projects/{project.pk}/urge/", {"text": "居民等着开工"}, follow=True)

    page = answer.content.decode()
    assert "已催办雁南街道办事处" in page and "今日已催办" in page and "居民等着开工" in page
    deliver()
    officer = world.officer(project.acting_office)
    assert f"幸福里社区居民委员会催办：{project.title}" in told(officer)
    client.force_login(officer)
    assert "被催办" in client.get("/").content.decode()
    assert project.title in client.get("/tasks/?box=urged").content.decode()


def test_once_a_day_and_again_on_the_next(world):
    project = factories.submitted(world)
    urging.urge(project, by=world.people["community"])
    with pytest.raises(NotNow):
        urging.urge(project, by=world.people["county"])

    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute('UPDATE projects_prompt SET "on" = "on" - 1')
    urging.urge(project, by=world.people["county"])

    assert project.prompts.count() == 2
    assert project.events.filter(kind=ProjectEvent.Kind.URGED).count() == 2


def test_an_office_above_may_urge_the_office_itself_and_one_beside_may_not(world):
    project = factories.agree(factories.submitted(world), world)  # with the county
    for who in ("county", "street", "observer"):
        with pytest.raises(PermissionDenied):
            urging.urge(project, by=world.people[who])

    assert urging.urge(project, by=world.people["city"]).by_office == "兰州市民政局"


def test_a_stranger_finds_nothing_to_urge(client, world):
    project = factories.submitted(world)
    client.force_login(world.people["stranger"])

    assert client.post(f"/projects/{project.pk}/urge/").status_code == 404


def test_what_no_office_has_cannot_be_urged_and_a_message_has_its_length(world):
    draft = factories.draft(world)
    with pytest.raises(NotNow):
        urging.urge(draft, by=world.people["community"])
    project = factories.submitted(world, title="另一个项目")
    with pytest.raises(ValidationError):
        urging.urge(project, by=world.people["community"], text="长" * 201)
