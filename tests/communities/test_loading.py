"""The region tree from the data file: what the reporting line makes of the codes."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import TestCase

from communities import services
from communities.models import Committee, CommunityKind, Level, Region, RegionPlacement
from communities.services import divisions

pytestmark = pytest.mark.django_db

SMALL = """code,name
62,甘肃省
6201,兰州市
620102,城关区
620102001,酒泉路街道
620102001001,畅家巷社区
620102001498,酒泉路街道虚拟社区
620123,榆中县
620123100,城关镇
620123100200,河口村村委会
620123100400,城关镇生活区
6202,嘉峪关市
620201,嘉峪关市
620201001,雄关街道
620201001001,福民社区
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def load(path):
    return services.load(divisions.places(path))


def output_of(*arguments):
    out = StringIO()
    call_command("load_regions", *arguments, stdout=out)
    return out.getvalue()


class TestRealGansu(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.loaded = services.load(divisions.places(provinces={"62"}))

    def test_has_every_place_and_no_placeholder(self):
        assert self.loaded.levels == {
            Level.PROVINCE: 1,
            Level.CITY: 17,
            Level.COUNTY: 86,
            Level.STREET: 1402,
            Level.COMMUNITY: 17680,
        }

    def test_hangs_the_streets_of_jiayuguan_under_the_city(self):
        street = Region.objects.get(code="620201001")
        assert street.path == "62/6202/620201001/"
        assert street.ancestor_at(Level.COUNTY) is None
        assert not Region.objects.filter(code="620201").exists()

    def test_puts_the_addressees_of_the_document_beside_the_cities(self):
        for code, name, body in [
            ("620171", "兰州新区", "兰州新区社会保障局"),
            ("620981404", "甘肃矿区", "甘肃矿区民政局"),
            ("X620001", "东风场区", "东风场区民政局"),
        ]:
            region = Region.objects.get(code=code)
            assert (region.name, region.level, region.body_name) == (name, Level.CITY, body)
            assert (region.parent.code, region.path) == ("62", f"62/{code}/")

    def test_says_nothing_is_to_change_the_second_time(self):
        again = services.load(divisions.places(provinces={"62"}))
        assert (again.added, again.changed, again.kept) == (0, 0, 0)


def test_the_nation_has_619125_communities_and_every_node_a_parent():
    levels, seen = {}, set()
    for place in divisions.places():
        assert not place.parent or place.parent in seen, place
        if place.level < Level.COMMUNITY:
            seen.add(place.code)
        levels[place.level] = levels.get(place.level, 0) + 1
    assert levels == {1: 31, 2: 337, 3: 2975, 4: 41350, 5: 619125}


def test_no_city_is_left_with_itself_as_its_only_county():
    overrides = divisions.Overrides()
    counties, names = {}, {}
    for code, name in divisions.rows():
        if len(code) > 6:
            break
        if place := overrides.place(code, name):
            names[code] = name
            counties.setdefault(place.parent, []).append(code)
    assert [
        city for city, below in counties.items() if len(below) == 1 and names[below[0]] == names[city]
    ] == []


@pytest.mark.parametrize(
    ("code", "level", "parent", "body"),
    [
        ("130682", Level.COUNTY, "13", ""),
        ("130181", Level.COUNTY, "13", ""),
        ("X130001", Level.CITY, "13", "雄安新区公共服务局"),
        ("130629", Level.COUNTY, "X130001", ""),
        ("X500001", Level.COUNTY, "50", "两江新区社会保障局"),
        ("X500002", Level.COUNTY, "50", "万盛经开区民政局"),
        ("500110004", Level.STREET, "X500002", ""),
        ("500103", Level.COUNTY, "50", ""),
        ("371071", Level.COUNTY, "3710", "威海火炬高技术产业开发区社会事务管理局"),
        ("371002", Level.COUNTY, "3710", "环翠区社区工作管理局"),
        ("419001", Level.COUNTY, "41", ""),
        ("441900003", Level.STREET, "4419", ""),
        ("110101", Level.COUNTY, "11", ""),
    ],
)
def test_what_the_documents_say_stands_in_the_tree(code, level, parent, body):
    found = next(place for place in divisions.places(provinces={code.lstrip("X")[:2]}) if place.code == code)
    assert (found.level, found.parent, found.body_name) == (level, parent, body)


def test_committee_and_kind_follow_from_the_last_three_digits(small):
    load(small)
    kinds = dict(Region.objects.communities().values_list("code", "kind"))
    assert kinds == {
        "620102001001": CommunityKind.URBAN,
        "620123100200": CommunityKind.RURAL,
        "620123100400": CommunityKind.URBAN,
        "620201001001": CommunityKind.URBAN,
    }
    assert Region.objects.get(code="620123100200").committee == Committee.VILLAGERS


def test_a_placement_is_opened_for_every_place_with_its_basis(small):
    load(small)
    assert RegionPlacement.objects.count() == Region.objects.count()
    placement = Region.objects.get(code="620102").placements.get()
    assert placement.basis == divisions.EDITION
    assert (placement.valid.lower, placement.valid.upper) == (None, None)


def test_the_command_counts_each_level_and_says_when_nothing_changed(small):
    first = output_of("--file", str(small))
    assert "15" not in first and "13" in first
    before = list(Region.objects.order_by("pk").values())
    second = output_of("--file", str(small))
    assert "Added" not in second
    assert list(Region.objects.order_by("pk").values()) == before


def test_a_corrected_file_corrects_what_only_the_file_has_said(small):
    load(small)
    small.write_text(SMALL.replace("畅家巷社区", "畅家巷第一社区"), encoding="utf-8")
    again = load(small)
    assert (again.added, again.changed) == (0, 1)
    region = Region.objects.get(code="620102001001")
    assert region.name == region.placements.get().name == "畅家巷第一社区"


def test_a_supplement_hangs_under_what_is_already_there(small, tmp_path):
    load(small)
    more = tmp_path / "more.csv"
    more.write_text("620102001002,兰工坪社区\n", encoding="utf-8")
    assert load(more).added == 1
    assert (
        Region.objects.get(code="620102001002").full_name
        == "甘肃省 › 兰州市 › 城关区 › 酒泉路街道 › 兰工坪社区"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("62x,甘肃省\n", "no statistical code"),
        ("62,\n", "the name is missing"),
        ("62\n", "a code and a name"),
        ("62," + "省" * 101 + "\n", "too long"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_loaded(tmp_path, text, reason):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("6201,兰州市\n" + text, encoding="utf-8")
    with pytest.raises(CommandError, match=f"line 2.*{reason}"):
        call_command("load_regions", "--file", str(wrong))
    assert not Region.objects.exists()


def test_a_row_without_a_place_above_it_is_refused(tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("620102,城关区\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="6201"):
        load(wrong)


def test_a_code_that_stands_twice_is_refused(small):
    small.write_text(SMALL + "620102,城关区\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="620102"):
        load(small)


def test_an_unknown_province_is_refused():
    with pytest.raises(CommandError, match="99"):
        call_command("load_regions", "--province", "99")


def test_every_override_names_its_source(tmp_path):
    path = tmp_path / "overrides.toml"
    path.write_text('[[collapse]]\ncode = "1101"\nsource = " "\n')
    with pytest.raises(divisions.WrongRow, match="names no source"):
        divisions.Overrides(path)
