"""The data desk shows the same rows as the site and changes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world):
    """A superuser who holds a post in one county."""
    person = world.people["county_admin"]
    person.is_staff = person.is_superuser = True
    person.phone = "13900000012"
    person.save()
    client = Client()
    client.force_login(person)
    return client


def test_the_lists_hold_only_what_lies_under_the_post(world, desk):
    factories.submitted(world, title="本地项目")
    factories.submitted(world, world.wuyi, title="外地项目")
    shown = desk.get(reverse("admin:projects_project_changelist")).content.decode()
    assert "本地项目" in shown and "外地项目" not in shown
    people = desk.get(reverse("admin:offices_user_changelist")).content.decode()
    assert "张文静" in people and "韩冰" not in people
    offices = desk.get(reverse("admin:offices_office_changelist")).content.decode()
    assert "城关区民政局" in offices and "嘉峪关市民政局" not in offices
    posts = desk.get(reverse("admin:offices_post_changelist")).content.decode()
    assert "张文静" in posts and "韩冰" not in posts


def test_a_row_outside_is_answered_like_one_that_does_not_exist(world, desk):
    foreign = factories.submitted(world, world.wuyi, title="外地项目")
    answers = [
        desk.get(reverse("admin:projects_project_change", args=[number])) for number in (foreign.pk, 99999999)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_nothing_can_be_changed_and_nothing_secret_is_shown(world, desk):
    project = factories.submitted(world)
    change = reverse("admin:projects_project_change", args=[project.pk])
    assert desk.get(change).status_code == 200
    assert desk.post(change, {"title": "改"}).status_code == 403
    assert desk.get(reverse("admin:projects_project_add")).status_code == 403
    assert desk.post(reverse("admin:projects_project_delete", args=[project.pk])).status_code == 403
    shown = desk.get(reverse("admin:offices_user_change", args=[world.people["county_admin"].pk]))
    assert "13900000012" not in shown.content.decode()
    assert "password" not in shown.content.decode().split("</nav>")[-1].replace("password_change", "")
