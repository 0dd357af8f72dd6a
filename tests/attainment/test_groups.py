"""特殊群体统计: published once, small figures withheld so that nothing gives them away."""

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.authtoken.models import Token

from communities.codes import SENSITIVE
from communities.models import CommunityProfile, Region
from linkage.attainment import rules
from linkage.attainment.models import PUBLISHED_GROUPS, GroupFigures, GroupTable
from linkage.attainment.services import groups
from linkage.foundation.journal import Sealed
from tests import factories
from tests.attainment.test_api import tables

API = "/api/v1/"
G = "minimum_living"


# The rule, on random trees


class Place:
    """A node of a tree of figures of one group."""

    def __init__(self, own, below=()):
        self.below = list(below)
        self.people = sum(place.people for place in below) if below else own


def tree(draw_people, depth):
    leaf = draw_people.map(Place)
    for _level in range(depth):
        leaf = st.one_of(leaf, st.lists(leaf, min_size=1, max_size=4).map(lambda below: Place(0, below)))
    return leaf


FIGURES = st.one_of(st.integers(0, 12), st.sampled_from([0, 1, 4, 5, 300]))


def published(root):
    """What is told: the number or None, place by place in one order, as ``services.groups`` walks."""
    told = {G} if not rules.is_small(root.people) else set()
    out, todo = [], [(root, told)]
    while todo:
        place, told = todo.pop()
        out.append(place.people if told else None)
        below = rules.told_below(told, [{G: child.people} for child in place.below])
        todo += [(child, below) for child in place.below]
    return out


def walked(root):
    out, todo = [], [root]
    while todo:
        place = todo.pop()
        out.append(place)
        todo += place.below
    return out


@settings(max_examples=300, deadline=None)
@given(root=tree(FIGURES, 3))
def test_no_withheld_figure_follows_from_all_tables_together(root):
    """Interval by interval over every sum that was told, up and down, until nothing gets narrower."""
    places, told = walked(root), published(root)
    number = {id(place): position for position, place in enumerate(places)}
    highest = root.people if told[0] is not None else 10**6
    low = [figure if figure is not None else 0 for figure in told]
    high = [figure if figure is not None else highest for figure in told]
    narrower = True
    while narrower:
        before = [*low, *high]
        for place in places:
            if not place.below:
                continue
            at, parts = number[id(place)], [number[id(child)] for child in place.below]
            low[at] = max(low[at], sum(low[part] for part in parts))
            high[at] = min(high[at], sum(high[part] for part in parts))
            for part in parts:
                others = [other for other in parts if other != part]
                low[part] = max(low[part], low[at] - sum(high[other] for other in others))
                high[part] = min(high[part], high[at] - sum(low[other] for other in others))
        narrower = before != [*low, *high]
    for position, figure in enumerate(told):
        assert figure is None or not rules.is_small(figure)
        if figure is None:
            assert high[position] - low[position] >= rules.SMALLEST, "known too well"


@pytest.mark.parametrize("places", [2, 3])
@pytest.mark.parametrize("total", [5, 6, 8, 9, 12])
def test_nor_for_somebody_who_knows_the_rule(places, total):
    """All ways to spread a sum; those that are told alike leave at least four numbers for each figure."""
    told = {}
    for figures in itertools.product(range(total + 1), repeat=places):
        if sum(figures) == total:
            answer = tuple(published(Place(0, [Place(figure) for figure in figures])))
            told.setdefault(answer, []).append(figures)
    hidden = [ways for answer, ways in told.items() if None in answer]
    assert hidden
    for ways in hidden:
        for position in range(places):
            assert len({figures[position] for figures in ways}) >= 4


def test_withholding_single_cells_would_have_told_them():
    """The control of the tests above: with only the small cells withheld one subtraction is enough."""
    told = [8, None, 5]
    assert told[0] - told[2] == 3


# The tables


def reports(region, on=date(2026, 6, 1), **people):
    CommunityProfile.objects.update_or_create(
        region=region,
        as_of=on,
        defaults={"households": 9, "residents": 9, "source": "x", "special_groups": people},
    )


@pytest.fixture
def counted(world):
    """城关区: one street with 30, one with 3; 榆中 with 40; 嘉峪关 50, 新区 60, 酒泉 70."""
    CommunityProfile.objects.all().update(special_groups={}, as_of=date(2025, 12, 31))
    reports(world.xingfuli, minimum_living=30, drugs=40, disabled=7)
    reports(world.tianqing, disabled=1)
    reports(world.region("620102021001"), minimum_living=3, disabled=9)
    reports(world.hekou, minimum_living=40)
    reports(world.wuyi, minimum_living=50)
    reports(world.xiyuan, minimum_living=60)
    reports(world.fukang, minimum_living=70)
    groups.publish(date(2026, 6, 30))
    return world


@pytest.fixture
def get(client, counted):
    def ask(who, path, **headers):
        token, _made = Token.objects.get_or_create(user=counted.people[who])
        return client.get(f"{API}{path}", headers={"Authorization": f"Token {token.key}", **headers})

    return ask


def told(answer, group=G):
    assert answer.status_code == 200, answer.content
    return {row["place"]: row[group] for row in answer.json()["results"]}


@pytest.mark.django_db
class TestTables:
    def test_a_place_and_those_below_it_are_told_and_add_up(self, get):
        found = told(get("province", "special-groups/?place=62"))
        assert found == {"62": "253", "6201": "73", "6202": "50", "6209": "70", "620171": "60"}

    def test_one_small_figure_withholds_its_column_and_no_other(self, get):
        assert told(get("county", "special-groups/?place=620102")) == {
            "620102": "33",
            "620102020": "*",
            "620102021": "*",
        }
        assert told(get("county", "special-groups/?place=620102"), "disabled") == {
            "620102": "17",
            "620102020": "8",
            "620102021": "9",
        }

    def test_what_is_withheld_above_is_withheld_below_and_nowhere_in_the_database(self, get, counted):
        reports(counted.hekou, minimum_living=2)
        table = groups.publish(date(2026, 7, 1))
        assert told(get("city", "special-groups/?place=6201"))["620102"] == "*"
        assert told(get("county", "special-groups/?place=620102"))["620102"] == "*"
        kept = GroupFigures.objects.filter(table=table, path__startswith="62/6201/")
        assert {row.people.get(G) for row in kept if row.region.code != "6201"} == {None}

    def test_communities_are_in_no_table(self, get):
        assert told(get("street", "special-groups/?place=620102020")) == {"620102020": "*"}
        assert told(get("community", "special-groups/?place=620102020001")) == {}
        assert not GroupFigures.objects.filter(region__level=5).exists()

    def test_communities_beside_streets_are_told_together(self, get, counted):
        for number, people in ((1, 2), (2, 90)):
            made = factories.region(counted, f"62010200{number}00", f"直属 {number}", 5, "620102")
            reports(made, minimum_living=people)
        groups.publish(date(2026, 7, 1))
        rows = get("county", "special-groups/?place=620102").json()["results"]
        assert [(row["line"], row["place"]) for row in rows] == [
            ("place", "620102"),
            ("rest", "620102"),
            ("below", "620102020"),
            ("below", "620102021"),
        ]
        assert [row["communities"] for row in rows] == [5, 2, 2, 1]

    def test_protected_groups_and_residents_have_no_column(self, get):
        row = get("county", "special-groups/?place=620102").json()["results"][0]
        assert not {*SENSITIVE, "general"} & set(row)
        assert {str(group) for group in PUBLISHED_GROUPS} <= set(row)
        assert not any("drugs" in row.people for row in GroupFigures.objects.all())

    def test_every_format_says_the_same(self, get):
        found = get("county", "special-groups/?place=620102").json()["results"]
        head, lines, sheet = tables(lambda who, path: get(who, path), "special-groups/?place=620102")
        assert lines == sheet
        assert [["" if row[name] is None else str(row[name]) for name in head] for row in found] == lines
        assert any("*" in line for line in lines)

    def test_a_published_table_is_never_changed(self, get, counted):
        before = get("county", "special-groups/?place=620102")
        reports(counted.xingfuli, minimum_living=31, disabled=7)
        Region.objects.filter(code="620102020").update(name="改名街道")
        assert groups.publish(date(2026, 6, 30)) == GroupTable.objects.get()
        after = get("county", "special-groups/?place=620102")
        assert (after.content, after["ETag"]) == (before.content, before["ETag"])
        with pytest.raises(Sealed):
            GroupFigures.objects.update(people={})

    def test_it_may_be_asked_for_by_time_because_it_is_never_changed(self, get):
        first = get("county", "special-groups/?place=620102")
        again = get("county", "special-groups/?place=620102", **{"If-Modified-Since": first["Last-Modified"]})
        assert again.status_code == 304
        wrong = {"If-Modified-Since": first["Last-Modified"], "If-None-Match": '"other"'}
        assert get("county", "special-groups/?place=620102", **wrong).status_code == 200

    def test_an_earlier_table_is_asked_for_by_day(self, get, counted):
        groups.publish(date(2025, 12, 31))
        early = get("county", "special-groups/?place=620102&as_of=2026-06-29").json()["results"]
        assert {row["as_of"] for row in early} == {"2025-12-31"}
        assert get("county", "special-groups/?place=620102&as_of=2025-12-30").status_code == 404
        assert get("county", "special-groups/?place=620102&as_of=x").status_code == 400

    def test_another_place_is_answered_like_none(self, get):
        answers = [get("street", f"special-groups/?place={code}") for code in ("620102", "6209", "9999")]
        assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}

    def test_nothing_but_places_and_days_may_be_asked_for(self, get):
        for more in ("below=1", "group=disabled", "edition=1", "size=0"):
            assert get("county", f"special-groups/?place=620102&{more}").status_code == 400

    def test_no_other_door_tells_them(self, get, counted):
        rows = get("county", "community-profiles/").json()["results"]
        assert rows and not any("special_groups" in row for row in rows)

    def test_the_page_shows_the_table_and_says_why_something_is_missing(self, client, counted):
        client.force_login(counted.people["county"])
        page = client.get("/targets/groups/").content.decode()
        assert "低保对象" in page and "雁南街道" in page and "涉毒" not in page
        assert "＜5" in page
        client.force_login(counted.people["community"])
        assert "低保" not in client.get("/targets/groups/").content.decode()
        assert client.get("/targets/groups/?place=620102").status_code == 404


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 7, 30), date(2025, 12, 31)),
        (date(2026, 7, 31), date(2026, 6, 30)),
        (date(2027, 1, 30), date(2026, 6, 30)),
        (date(2027, 1, 31), date(2026, 12, 31)),
    ],
)
def test_a_half_year_is_published_a_month_after_its_end(today, due):
    assert groups.due_day(today) == due
