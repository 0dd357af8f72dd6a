"""常用意见: kept by a person or by an office, the most used first."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from projects.models import Phrase
from projects.services import phrases
from tests import factories

pytestmark = pytest.mark.django_db


def browser(world, who):
    client = Client()
    client.force_login(world.people[who])
    return client


def offered(world, who):
    return [phrase.text for phrase in Phrase.objects.offered_to(world.fresh(who))]


def test_ones_own_are_offered_to_oneself_and_those_of_the_office_to_all_who_work_there(world):
    county = world.offices["620102"]
    phrases.keep("本人常用", "approve", by=world.fresh("county"))
    phrases.keep("本局常用", "approve", by=world.fresh("county_leader"), office=county)
    assert offered(world, "county") == ["本人常用", "本局常用"]
    assert offered(world, "county_leader") == ["本局常用"]
    for who in ("city", "street", "stranger", "community"):
        assert offered(world, who) == []


def test_the_most_used_comes_first(world):
    project = factories.submitted(world)
    for text in ("情况属实。", "同意上报。"):
        phrases.keep(text, "approve", by=world.fresh("street"))
    assert offered(world, "street") == ["情况属实。", "同意上报。"]
    form = {"verdict": "approve", "step": project.step, "round": 1, "opinion": "同意上报。"}
    shown = browser(world, "street").get(f"/projects/{project.pk}/").content.decode()
    assert "情况属实。" in shown and "同意上报。" in shown
    browser(world, "street").post(f"/projects/{project.pk}/decide/", form)
    assert offered(world, "street") == ["同意上报。", "情况属实。"]


def test_the_same_twice_is_one_and_there_is_an_end(world, monkeypatch):
    monkeypatch.setattr(phrases, "MOST", 2)
    for text in ("一", "一", "二"):
        phrases.keep(text, "return", by=world.fresh("county"))
    assert offered(world, "county") == ["一", "二"]
    for text, verdict in (("三", "return"), ("", "return"), ("长" * 201, "return"), ("x", "shrug")):
        with pytest.raises(ValidationError):
            phrases.keep(text, verdict, by=world.fresh("county"))


def test_only_who_decides_or_administers_there_keeps_those_of_an_office(world):
    county = world.offices["620102"]
    for who in ("city", "street", "stranger", "province"):
        with pytest.raises(PermissionDenied):
            phrases.keep("x", "approve", by=world.fresh(who), office=county)
    administrator = world.fresh("county_admin")
    kept = phrases.keep("本局常用", "approve", by=administrator, office=county)
    assert kept in Phrase.objects.offered_to(administrator), "who keeps it sees it and can take it away"
    with pytest.raises(PermissionDenied):
        phrases.remove(kept, by=world.fresh("city"))
    phrases.remove(kept, by=world.fresh("county_leader"))
    assert not Phrase.objects.exists()


def test_on_the_page_a_wording_is_kept_and_removed(world):
    client, url = browser(world, "county"), reverse("projects:phrases")
    assert client.post(url, {"verdict": "approve", "text": ""}).status_code == 422
    assert client.post(url, {"verdict": "approve", "text": "x", "office": "1"}).status_code == 422
    assert client.post(url, {"verdict": "approve", "text": "材料齐全，同意。"}).status_code == 302
    assert "材料齐全，同意。" in client.get(url).content.decode()
    phrase = Phrase.objects.get()
    remove = reverse("projects:phrase_remove", args=[phrase.pk])
    assert browser(world, "county_leader").post(remove).status_code == 404
    assert client.post(remove).status_code == 302
    assert not Phrase.objects.exists()
