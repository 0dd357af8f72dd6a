"""Targets and benchmarks are looked at in the admin; a coverage term is set by adding a version."""

from datetime import date

import pytest

from linkage.attainment.models import Benchmark, CoverageTerm, Target
from linkage.packs.services import SHIPPED, load, shipped

pytestmark = pytest.mark.django_db

HERE = "/admin/attainment/"


@pytest.fixture
def loaded(world):
    for path in shipped():
        load(path)
    return world


def enter(client, world, who):
    client.force_login(world.fresh(who))
    return client


def test_one_sees_the_targets_that_bind_ones_place_and_no_others(loaded, client):
    page = enter(client, loaded, "county").get(f"{HERE}target/").content.decode()

    assert "GS-T14b" in page and "CQ-T01" not in page
    assert client.get(f"{HERE}benchmark/").content.decode().count("YZ-B") == 0


def test_a_target_says_in_words_what_is_counted_and_what_it_waits_for(loaded, client):
    enter(client, loaded, "county")

    def page(code):
        row = Target.objects.get(code=code)
        return client.get(f"{HERE}target/{row.pk}/change/").content.decode()

    assert "sw_service_given" not in page("GS-T03") and "1/3" in page("GS-T03")
    assert "数据未接入" in page("GS-T03")
    assert "≥85%" in page("GS-T06")
    assert "每个 3—5 个" in page("GS-T01")
    assert "高于上年" in page("GS-T20") and "全部" in page("GS-T10")
    assert "基本覆盖" in page("GS-T02a")


def test_nothing_of_a_pack_is_changed_here(loaded, client):
    enter(client, loaded, "county_admin")
    for name, row in (("target", Target.objects.first()), ("benchmark", Benchmark.objects.first())):
        assert client.get(f"{HERE}{name}/add/").status_code == 403
        assert client.post(f"{HERE}{name}/{row.pk}/change/", {"quote": "x"}).status_code == 403
        assert client.post(f"{HERE}{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def form(world, **more):
    return {
        "term": "基本覆盖",
        "value": "85/100",
        "document": "",
        "programme": "",
        "region": world.region("620102").pk,
        "valid_from": "2020-01-01",
        "basis": "城民发〔2020〕3号",
        **more,
    }


def test_an_administrator_sets_a_term_for_what_lies_under_them(loaded, client):
    enter(client, loaded, "county_admin")
    assert client.get(f"{HERE}coverageterm/add/").status_code == 200
    for value, since in (("85/100", "2020-01-01"), ("88/100", "2021-01-01")):
        answer = client.post(f"{HERE}coverageterm/add/", form(loaded, value=value, valid_from=since))
        assert answer.status_code == 302

    versions = list(CoverageTerm.objects.versions_of("基本覆盖", region=loaded.region("620102")))
    assert [(term.version, term.value, term.set_by.username) for term in versions] == [
        (1, "85/100", "county_admin"),
        (2, "88/100", "county_admin"),
    ]
    assert "88%" in client.get(f"{HERE}coverageterm/").content.decode()
    load(SHIPPED / "gansu-2016.toml")
    target = Target.objects.get(code="GS-T02a")
    assert target.threshold_for(loaded.xingfuli, date(2020, 6, 1)).term == versions[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": ""},
        {"region": "6201"},
        {"value": "0.85"},
        {"value": "3/2"},
        {"basis": ""},
        {"valid_from": ""},
    ],
)
def test_a_wrong_term_is_told_on_the_form(loaded, client, wrong):
    if wrong.get("region"):
        wrong = {"region": loaded.region(wrong["region"]).pk}
    answer = enter(client, loaded, "county_admin").post(f"{HERE}coverageterm/add/", form(loaded, **wrong))

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert CoverageTerm.objects.count() == 6


def test_what_was_set_stays(loaded, client):
    term = CoverageTerm.objects.first()
    enter(client, loaded, "county_admin")

    assert client.get(f"{HERE}coverageterm/{term.pk}/change/").status_code == 200
    assert client.post(f"{HERE}coverageterm/{term.pk}/change/", form(loaded)).status_code == 403
    assert client.post(f"{HERE}coverageterm/{term.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("who", ["county", "street", "community", "province"])
def test_others_look_and_do_not_set(loaded, client, who):
    enter(client, loaded, who)

    assert client.get(f"{HERE}coverageterm/").status_code == 200
    assert client.get(f"{HERE}coverageterm/add/").status_code == 403
    assert client.post(f"{HERE}coverageterm/add/", form(loaded)).status_code == 403


def test_a_term_of_another_place_is_not_seen(loaded, client, django_user_model):
    CoverageTerm.objects.create(
        term="基本覆盖",
        value="1/2",
        valid_from="2020-01-01",
        basis="酒泉的口径",
        region=loaded.region("6209"),
    )

    assert "酒泉的口径" not in enter(client, loaded, "county").get(f"{HERE}coverageterm/").content.decode()
    assert "酒泉的口径" in enter(client, loaded, "province").get(f"{HERE}coverageterm/").content.decode()
