"""The page of messages, the number above every page, and the choices."""

import pytest

from communities.offices.models import User
from linkage.foundation import notices
from linkage.foundation.models import Notice
from projects.services import chain
from tests import factories
from tests.notices import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrived(world):
    project = factories.submitted(world)
    deliver()
    return project


def test_a_file_that_arrives_is_told_with_a_number_and_opened_by_a_press(client, world, arrived):
    street = world.people["street"]
    client.force_login(street)
    page = client.get("/projects/")
    assert page.context["frame"].unread == 1

    listed = client.get("/messages/").content.decode()
    assert f"待办：{arrived.title}" in listed and "is-unread" in listed
    notice = Notice.objects.get(user=street)
    assert client.get(f"/messages/{notice.pk}/open/").status_code == 405  # nothing changes by GET

    answer = client.post(f"/messages/{notice.pk}/open/")

    assert answer.url == arrived.get_absolute_url()
    assert client.get("/projects/").context["frame"].unread == 0
    assert "没有未读消息" in client.get("/messages/?box=unread").content.decode()


def test_the_applicant_hears_of_every_word_and_a_return_is_theirs_to_act_on(client, world, arrived):
    agreed = factories.agree(arrived, world)
    chain.decide(agreed, "return", by=world.officer(agreed.acting_office), opinion="请补充签到表。")
    deliver()
    client.force_login(world.people["community"])

    listed = client.get("/messages/").content.decode()
    assert f"雁南街道办事处同意：{arrived.title}" in listed
    assert f"城关区民政局退回修改：{arrived.title}" in listed and "请补充签到表。" in listed
    to_act = client.get("/messages/?box=act").content.decode()
    assert "退回修改" in to_act and "同意：" not in to_act


def test_an_approval_is_told_as_such(client, world):
    project = factories.approved(world)
    deliver()
    client.force_login(world.people["community"])

    assert f"已立项：{project.title}" in client.get("/messages/").content.decode()


def test_all_are_read_at_once(client, world, arrived):
    client.force_login(world.people["street"])
    client.post("/messages/read/")

    assert client.get("/").context["frame"].unread == 0


def test_messages_of_others_do_not_exist(client, world, arrived):
    notice = Notice.objects.get(user=world.people["street"])
    client.force_login(world.people["county"])

    assert client.post(f"/messages/{notice.pk}/open/").status_code == 404


def test_how_one_is_told_is_chosen_on_a_page(client, world):
    street = world.people["street"]
    client.force_login(street)
    assert "即时" in client.get("/messages/choices/").content.decode()

    wrong = client.post("/messages/choices/", {"email": "x", "acting": "off", "knowing": "off"})
    assert wrong.status_code == 422
    client.post("/messages/choices/", {"email": "he@example.org", "acting": "daily", "knowing": "off"})

    street = User.objects.get(pk=street.pk)
    assert street.email == "he@example.org"
    assert (notices.choice_of(street).acting, notices.choice_of(street).knowing) == ("daily", "off")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number(client, world, count, django_assert_max_num_queries):
    for number in range(count):
        factories.submitted(world, title=f"项目{number}")
    deliver()
    client.force_login(world.people["street"])
    with django_assert_max_num_queries(9):
        client.get("/messages/")
