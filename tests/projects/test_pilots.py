"""Naming pilot places and extending a phase, through the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse

from projects.models import PilotArea, PilotCommunity
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/programmes/GS-2016/pilots/"


def test_a_county_names_a_further_community_of_its_own(client, world):
    factories.region(world, "620102020003", "雁滩社区", 5, "620102020", "雁滩社区居民委员会")
    client.force_login(world.people["county"])
    assert "雁滩社区" in client.get(PAGE + "?q=雁滩").content.decode()

    answer = client.post(
        reverse("projects:name_community", args=["GS-2016"]), {"region": "620102020003", "basis": "实施方案"}
    )

    assert answer.status_code == 302
    assert PilotCommunity.objects.filter(region__code="620102020003", basis="实施方案").exists()


def test_a_county_names_nothing_outside_its_area(client, world):
    factories.region(world, "620902001002", "永康社区", 5, "620902001", "永康社区居民委员会")
    client.force_login(world.people["county"])
    url = reverse("projects:name_community", args=["GS-2016"])
    foreign = client.post(url, {"region": "620902001002", "basis": "x"})
    missing = client.post(url, {"region": "999", "basis": "x"})
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert "永康社区" not in client.get(PAGE + "?q=永康").content.decode()


def test_a_street_names_nothing(client, world):
    client.force_login(world.people["street"])
    before = PilotCommunity.objects.count()
    answer = client.post(
        reverse("projects:name_community", args=["GS-2016"]), {"region": "620102020001", "basis": "x"}
    )
    assert answer.status_code == 403
    assert PilotCommunity.objects.count() == before


def test_the_province_names_an_area_and_what_is_named_twice_is_told(client, world):
    client.force_login(world.people["province"])
    url = reverse("projects:name_area", args=["GS-2016"])
    assert client.post(url, {"region": "6209", "basis": "省厅通知"}).status_code == 302
    assert PilotArea.objects.filter(region__code="6209").exists()
    again = client.post(url, {"region": "6209", "basis": "省厅通知"})
    assert again.status_code == 422
    assert client.post(url, {"region": "6201", "basis": ""}).status_code == 422


def test_the_province_extends_a_phase_by_a_document(client, world):
    phase = world.programme.phases.get(key="file")
    client.force_login(world.people["province"])
    url = reverse("projects:extend", args=["GS-2016", "file"])
    later = {"file-until": phase.ends + timedelta(days=20), "file-reason": "汛期", "file-doc_no": "无"}
    assert client.post(url, later).status_code == 422
    assert client.post(url, {**later, "file-doc_no": "甘民发[2016]120号"}).status_code == 302
    phase.refresh_from_db()
    assert phase.extension_doc_no == "甘民发〔2016〕120号"
    client.force_login(world.people["city"])
    assert client.post(url, {**later, "file-doc_no": "甘民发[2016]121号"}).status_code == 403
