"""The registers over REST: one's own rows, numbers masked, filters that are known, pages without surprise."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from rest_framework.authtoken.models import Token

from communities.models import Region
from linkage.api import REGISTERS
from linkage.foundation import keeping
from organizations.charity.rules import UNNAMED
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db

MODELS = {address: view.queryset.model for address, view in REGISTERS.items()}


@pytest.fixture
def near(world):
    return Rows(world.xingfuli, "near")


@pytest.fixture
def far(world):
    return Rows(world.fukang, "far")


@pytest.fixture
def get(world, client):
    client.raise_request_exception = False

    def ask(address, who="county"):
        token, _new = Token.objects.get_or_create(user=world.people[who])
        return client.get(f"/api/v1/{address}", headers={"Authorization": f"Token {token.key}"})

    return ask


def all_of(rows):
    return {address: rows[model] for address, model in MODELS.items()}


def test_the_list_and_the_row_say_the_same_of_ones_own_row_alone(get, near, far):
    for address, model in MODELS.items():
        row, other = near[model], far[model]
        listed = {found["id"]: found for found in get(f"{address}/").json()["results"]}
        assert other.pk not in listed, address
        assert get(f"{address}/{row.pk}/").json() == listed[row.pk], address
        nowhere, missing = get(f"{address}/{other.pk}/"), get(f"{address}/999999/")
        assert (nowhere.status_code, nowhere.content) == (404, missing.content), address


def test_no_answer_says_a_number_in_full_or_who_the_person_is(get, near):
    all_of(near)
    for address in REGISTERS:
        text = get(f"{address}/").content.decode()
        assert [number for number in near.numbers if number in text] == [], address
        assert '"person"' not in text, address
    worker = get("social-workers/").json()["results"][0]
    assert worker["id_number"] == f"{near.id_number[:6]}********{near.id_number[-4:]}"
    assert worker["phone"].startswith("13") and "****" in worker["phone"]


def test_a_donor_who_wishes_it_stays_unnamed(get, near):
    gift = near["charity.Donation"]
    assert gift.real_name == near.hidden
    answer = get("donations/")
    assert answer.json()["results"][0]["donor"] == UNNAMED
    assert near.hidden not in answer.content.decode()
    assert near.hidden[:1] + "**" not in answer.content.decode()


def test_what_was_removed_is_gone(get, near, world):
    row = near["communities.Grid"]
    keeping.remove(row, by=world.people["county"], reason="entered twice")
    assert get("grids/").json()["results"] == []
    assert get(f"grids/{row.pk}/").status_code == 404
    assert get(f"grids/{row.pk}/", who="county_admin").status_code == 404


# Filters


def questions():
    """Every parameter of every list, as the schema says them."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        address: {one["name"]: one for one in paths[f"/api/v1/{address}/"]["get"].get("parameters", [])}
        for address in REGISTERS
    }


STRICT = {"enum", "format"}
WRONG = ["x", "-1", "1.5", "NaN", "1e400", "9" * 40, "²", "%00", "true,false", "2026-02-30", "%F0%9F%98%80"]


def test_a_value_that_cannot_be_is_a_400_or_finds_nothing_and_never_a_500(get, near):
    all_of(near)
    wrong, everywhere = [], set()
    for address, known in questions().items():
        for name in known.keys() - everywhere:
            about = known[name]
            for value in WRONG:
                answer = get(f"{address}/?{name}={value}")
                words = about["schema"].get("type") == "string" and not about["schema"].keys() & {
                    "enum",
                    "format",
                }
                if answer.status_code != 400 and not (
                    answer.status_code == 200 and words and answer.json()["results"] == []
                ):
                    wrong.append(f"{address}?{name}={value}: {answer.status_code}")
        everywhere = {"place", "size", "cursor"}  # once is enough
    assert wrong == []


REFUSED = (
    *("nonsense=1", "id_number=1", "id_number__startswith=62", "phone=1", "phone_hash=a", "person=1"),
    *("person__id_hash__startswith=a", "removed_at__isnull=false", "removed_by__password__regex=."),
    *("region__path__regex=.", "ordering=id_number", "place=62&place=62", "size=0", "cursor=x"),
)


def test_a_question_nobody_may_ask_is_a_400(get):
    for address in REGISTERS:
        for query in REFUSED:
            assert get(f"{address}/?{query}").status_code == 400, f"{address}?{query}"


def test_the_choices_of_a_list_narrow_it(get, near):
    all_of(near)
    asked = 0
    for address, known in questions().items():
        found = get(f"{address}/").json()["results"]
        for name, about in known.items():
            if "enum" not in about["schema"] or name not in found[0]:
                continue
            for choice in about["schema"]["enum"]:
                said = found[0][name]
                fits = choice in said if isinstance(said, list) else choice in (said, str(said).lower())
                rows = get(f"{address}/?{name}={choice}").json()["results"]
                assert bool(rows) == fits, f"{address}?{name}={choice}"
                asked += 1
    assert asked > 100


def test_by_place_by_day_and_by_number_of_another_row(get, near, far, world):
    row, other = near["organizations.Employment"], far["organizations.Employment"]
    ids = lambda query: [found["id"] for found in get(f"employments/?{query}").json()["results"]]  # noqa: E731
    assert ids(f"place={world.xingfuli.code}") == ids("place=620102020") == [row.pk]
    assert ids(f"place={world.fukang.code}") == ids("place=99") == ids("place=620102020002") == []
    assert ids(f"organization={row.organization_id}") == [row.pk]
    assert ids(f"organization={other.organization_id}") == ids("organization=999999") == []
    type(row).objects.filter(pk=row.pk).update(valid_from="2024-03-01", valid_to="2024-03-31")
    assert ids("on=2024-03-31") == [row.pk]
    assert ids("on=2024-04-01") == []


def test_each_part_of_an_office_reads_its_registers(get, near, world):
    all_of(near)
    world.people["county"].posts.update(duty="charity")
    full = {address for address in REGISTERS if get(f"{address}/").json()["results"]}
    every = {"facilities", "stations", "fund-budgets"}
    assert full == every | {"charity-entities", "special-funds", "donations"}
    assert get(f"grids/{near['communities.Grid'].pk}/").status_code == 404


# Pages


@pytest.fixture
def crowd(world):
    """Thirty communities under one street, each with its row in every register."""
    street = world.regions["620102020"]
    for number in range(30):
        code = f"{street.code}{900 + number}"
        place = Region.objects.create(
            code=code, name=f"第{number}社区", level=5, parent=street, path=f"{street.path}{code}/",
            kind="urban", committee="residents",
        )  # fmt: skip
        all_of(Rows(place, f"crowd {number}"))


def test_thirty_rows_cost_as_many_queries_as_one(get, crowd):
    get("grids/", who="street")
    for address in REGISTERS:
        asked = []
        for size in (1, 100):
            with CaptureQueriesContext(connection) as queries:
                rows = get(f"{address}/?size={size}", who="street").json()["results"]
            asked.append(len(queries))
        assert len(rows) >= 30, address
        assert asked[0] == asked[1] <= 6, address


def test_pages_follow_one_another_without_gap(get, crowd):
    for address in REGISTERS:
        seen, at = [], f"{address}/?size=7"
        while at:
            page = get(at.partition("/api/v1/")[2] or at, who="street").json()
            seen += [row["id"] for row in page["results"]]
            at = page["next"]
        assert len(seen) == len(set(seen)) >= 30, address


def test_the_paper_names_every_register():
    text = (Path(settings.BASE_DIR) / "docs/api.md").read_text()
    assert [address for address in REGISTERS if f"`{address}/`" not in text] == []


def test_the_schema_knows_every_field(get, near):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for address, model in MODELS.items():
        row = get(f"{address}/{near[model].pk}/").json()
        shape = schema["paths"][f"/api/v1/{address}/{{id}}/"]["get"]["responses"]["200"]
        name = shape["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert sorted(schema["components"]["schemas"][name]["properties"]) == sorted(row), address
