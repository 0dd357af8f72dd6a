"""The targets of the five documents as DOMAIN §2.3 lists them, and what their coverage words mean when."""

from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from linkage.attainment.codes import DEFAULT_TERMS, MEASURE_KEYS, keys_of
from linkage.attainment.models import Benchmark, CoverageTerm, Source, Target
from linkage.attainment.services import terms
from linkage.foundation.models import AuditEvent
from linkage.packs.services import SHIPPED, load, shipped
from linkage.policy.models import Clause, PolicyDocument

pytestmark = pytest.mark.django_db

# DOMAIN §2.3 by hand: code, clause, deadline, kind, scope, unit, rule, threshold (a word where it is one).
REQUIRED = """
CQ-T01 一(三) 2020-12-31 urban all community AVG 10
CQ-T02 一(三) 2020-12-31 rural all community AVG 5
CQ-T03 一(三) 2020-12-31 urban all community EACH 2
CQ-T04 一(三) 2020-12-31 rural all community EACH 1
CQ-T05 一(三) - all all community COVER 普遍设立
CQ-T06 二(二)3 - urban all community EACH 2
CQ-T07 二(二)3 - rural all community EACH 1
CQ-T08 二(二)3 - all all organisation EACH 70/100
CQ-T09 二(二)3 - all all community COVER 全面建立
CQ-T10 二(四)3 - all all place COVER 1
CQ-T11 三(二) - all all authority EACH 1
CQ-T12 二(三)1 - all all community COVER 1
CQ-T13 二(二)3 - all all county COVER 1
CQ-T14 二(二)3 - all all community TREND -
CQ-T15 三(二) - all all place TREND -
CQ-T16 三(一) - all all place RULE -
GS-T01 二 2016-06-30 all pilot_areas pilot_area RANGE 3..5
GS-T02a 二 2017-12-31 urban pilot_areas community COVER 基本覆盖
GS-T02b 二 2017-12-31 urban pilot_areas community COVER 基本覆盖
GS-T03 二 2017-12-31 rural pilot_areas community COVER 1/3
GS-T04 二 2017-12-31 urban pilot_areas community EACH 5
GS-T05 二 2017-12-31 rural pilot_areas community EACH 3
GS-T06 四(一) 2017-12-31 urban all community RATIO 85/100
GS-T07 四(一) 2017-12-31 all all county MILESTONE -
GS-T08 四(二) 2020-12-31 all all place PER10K 10
GS-T09 四(二) 2020-12-31 all all place TOTAL 250000
GS-T10 四(三) 2017-12-31 all pilot_areas pilot_area COVER 全部
GS-T11 四(三) 2017-12-31 all pilot_areas community EACH 1
GS-T12 四(三) 2017-12-31 all pilot_areas community EACH 1
GS-T13 四(三) 2017-12-31 all all community RATIO 10/100
GS-T14a 五 2016-09-30 all pilot_communities pilot_community QUOTA 100
GS-T14b 五 2016-09-30 all pilot_communities project QUOTA 200
GS-T14c 五 - all all project COVER 1
GS-T15 五 2017-10-01 all all province MILESTONE -
GS-T16 五 2017-10-01 all all project COVER 1
GS-T17 五 2017-10-01 all all province FREQ 1
GS-T18 六 - all all place TREND -
GS-T19 六 - all all city_or_county EACH 1
GS-T20 六 - all all place TREND -
HB-T01 二 2025-12-31 all all street COVER 基本建成
HB-T02 二 2025-12-31 urban all community COVER 全覆盖
HB-T03 二 2025-12-31 all all place TOTAL 400000
HB-T04 二 2025-12-31 all all place TOTAL 105000
HB-T05 二 2025-12-31 all all facility COVER 80/100
HB-T06 四(二) - all all fund EACH 2/100
HB-T07 三(一) - all all community COVER 1
HB-T08 四(三) - all all place TREND -
HB-T09 四(二) - all all place TREND -
HB-T10 二 2025-12-31 all all community RATIO 90/100
WH-T01 二 2017-12-31 urban all community EACH 50/100
WH-T02 二 2017-12-31 urban all community EACH 1
WH-T03 二 2017-12-31 urban all community EACH 10
WH-T04 二 2017-12-31 urban all community EACH 10/100
WH-T05a 二 2020-12-31 urban all community COVER 基本覆盖
WH-T05b 二 2020-12-31 urban all community COVER 基本覆盖
WH-T05c 二 2020-12-31 urban all community COVER 基本覆盖
WH-T06 二 2020-12-31 urban all community EACH 3
WH-T07 二 2020-12-31 rural all community EACH 1
WH-T08 二 2020-12-31 all all community RATIO 80/100
WH-T09 二 2020-12-31 all all community RATIO 30/100
WH-T10 三(三)1 - all all city FREQ 2
WH-T11 三(三)2 - all all community COVER 1
WH-T12 三(四)3 - all all community COVER 1
WH-T13 三(三)1 - all all community TREND -
"""
REQUIRED = [line.split() for line in REQUIRED.strip().split("\n")]

# What is read in parts: the phases of GS-T15 one by one; and the documents GS-4.2g asks for (DOMAIN §1).
IN_PARTS = """
GS-T15a 五 2016-06-30 all all pilot_area MILESTONE -
GS-T15b 五 2016-09-30 all pilot_communities pilot_community MILESTONE -
GS-T15c 五 2017-10-01 all all province MILESTONE -
GS-T21a 四(二) - all all authority MILESTONE -
GS-T21b 四(二) - all all authority MILESTONE -
"""
IN_PARTS = [line.split() for line in IN_PARTS.strip().split("\n")]
LOADED = [row for row in REQUIRED if row[0] != "GS-T15"] + IN_PARTS

# code, clause, rule, metric, value
REPORTED = """
YZ-B01 二(一) TOTAL affairs_listed 72
YZ-B02 二(二) TOTAL registered_orgs 904
YZ-B03 二(二) TOTAL org_employees 3850
YZ-B04 二(二) PER10K registered_orgs 15
YZ-B05 二(二) TOTAL purchase_amount 3000000000
YZ-B06 二(二) TOTAL orgs_ended 100
YZ-B07 二(三) RATIO staff_certified 32/100
YZ-B08 二(三) TOTAL service_projects 180
YZ-B09 二(三) EACH sw_posts 2
YZ-B10 三(一) TOTAL community_input 10000000000
"""
REPORTED = [line.split() for line in REPORTED.strip().split("\n")]

WORDS = {word for word, _value, _basis in DEFAULT_TERMS}


@pytest.fixture
def loaded(world):
    """All five packs; of the trees only Gansu's stands."""
    for path in shipped():
        load(path)
    return world


def bound_of(target):
    """The bound as the table of DOMAIN writes it."""
    if target.between_low:
        return f"{target.between_low}..{target.between_high}"
    return target.term or target.at_least or target.at_most or "-"


def exact(bound):
    return bound if bound in WORDS or bound == "-" or ".." in bound else str(Fraction(bound))


def test_all_64_targets_stand_as_the_requirements_list_them(loaded):
    stored = [
        [
            target.code,
            target.clause,
            str(target.deadline or "-"),
            target.kind,
            target.scope,
            target.unit,
            target.rule,
            bound_of(target),
        ]
        for target in Target.objects.order_by("code")
    ]

    assert len(REQUIRED) == 64
    assert stored == [[*row[:7], exact(row[7])] for row in sorted(LOADED)]


def test_all_10_benchmarks_stand_as_the_requirements_list_them(loaded):
    stored = [
        [row.code, row.clause, row.rule, row.metric or "-", row.value] for row in Benchmark.objects.all()
    ]

    assert stored == [[*row[:4], str(Fraction(row[4]))] for row in REPORTED]
    assert Benchmark.objects.get(code="YZ-B07").exact == Fraction(8, 25)
    assert all(row.note and row.metric for row in Benchmark.objects.all())
    named = {code for row in Benchmark.objects.all() for code in row.beside}
    assert named == set(Target.objects.filter(code__in=named).values_list("code", flat=True))


def test_caps_are_upper_bounds_and_all_others_lower_ones(loaded):
    assert set(Target.objects.exclude(at_most="").values_list("code", flat=True)) == {
        "GS-T14a",
        "GS-T14b",
        "HB-T06",
    }
    assert not Target.objects.exclude(at_most="").exclude(at_least="").exists()


def test_every_quote_stands_in_the_clause_it_cites(loaded):
    def bare(text):
        return "".join(text.split())

    texts = {(clause.document_id, clause.number): bare(clause.text) for clause in Clause.objects.all()}
    rows = [*Target.objects.all(), *Benchmark.objects.all()]
    assert len(rows) == len(LOADED) + 10 == 78
    for row in rows:
        text, position = texts[row.document_id, row.clause], 0
        for part in row.quote.split("…"):
            position = text.find(bare(part), position)
            assert part and position >= 0, (row.code, part)
            position += len(bare(part))


def test_every_figure_has_a_column_of_its_unit_and_trends_one_of_the_year_before(loaded):
    for target in Target.objects.all():
        named = [key for key in (target.metric, target.per) if key]
        assert set(named) <= set(keys_of(target.unit)), target.code
        if target.rule == "TREND":
            assert {f"{key}_before" for key in named} <= set(keys_of(target.unit)), target.code
    keys = [key for table in MEASURE_KEYS.values() for key in table]
    assert len(keys) == len(set(keys))


def test_the_divisors_of_shares(loaded):
    shares = dict(Target.objects.exclude(per="").values_list("code", "per"))

    assert shares["GS-T06"] == "elections_2017"
    assert shares["GS-T08"] == shares["GS-T13"] == shares["WH-T04"] == shares["WH-T09"] == "residents"
    assert shares["CQ-T08"] == "agency_posts"
    assert shares["HB-T05"] == "comprehensive_facilities"
    assert (shares["CQ-T14"], shares["WH-T13"]) == ("staff", "management_staff")


def test_only_the_range_is_soft_and_every_row_says_how_it_counts(loaded):
    assert list(Target.objects.filter(soft=True).values_list("code", flat=True)) == ["GS-T01"]
    assert not Target.objects.filter(note="").exists()
    tension = Target.objects.get(code="GS-T02b"), Target.objects.get(code="GS-T11")
    assert "GS-T11" in tension[0].note and "GS-T02b" in tension[1].note


def test_units_that_must_have_it_count_as_failing_where_nothing_is_reported(loaded):
    lenient = Target.objects.filter(missing="exclude")

    assert not lenient.filter(rule__in=["EACH", "COVER"]).exists()
    assert {"GS-T08", "GS-T13", "WH-T08", "WH-T09"} <= set(lenient.values_list("code", flat=True))


def test_loading_again_changes_nothing(loaded):
    before = (
        list(Target.objects.values()),
        list(Benchmark.objects.values()),
        list(CoverageTerm.objects.values()),
    )

    assert [load(path).changes for path in shipped()] == [0, 0, 0, 0, 0]
    assert before == (
        list(Target.objects.values()),
        list(Benchmark.objects.values()),
        list(CoverageTerm.objects.values()),
    )


def test_slots_are_the_smallest_free_numbers(loaded):
    assert sorted(Target.objects.values_list("slot", flat=True)) == list(range(1, len(LOADED) + 1))

    gone = Target.objects.get(slot=7)
    values = {field.name: getattr(gone, field.name) for field in Target._meta.fields if field.name != "id"}
    gone.delete()

    assert Target.objects.create(**values | {"slot": None}).slot == 7
    assert Target.objects.create(**values | {"slot": None, "code": "NEW"}).slot == len(LOADED) + 1


def test_a_target_left_out_of_its_pack_goes(loaded, tmp_path):
    text = (SHIPPED / "weihai-2015.toml").read_text()
    path = tmp_path / "weihai-2015.toml"
    path.write_text(text[: text.index('[[target]]\ncode = "WH-T13"')])

    assert load(path).changes == 2  # the target, and the version of the document
    assert not Target.objects.filter(code="WH-T13").exists()


# What a coverage word means, where and when


@pytest.fixture
def cover(loaded):
    return Target.objects.get(code="GS-T02a")


def put(value, since, by, word="基本覆盖", **owner):
    return terms.set_term(
        CoverageTerm(term=word, value=value, valid_from=since, basis="甘民发〔2016〕80号", **owner), by=by
    )


@pytest.fixture
def owner(world):
    """Who may set the defaults too: a superuser who administers an office."""
    user = world.people["county_admin"]
    user.is_superuser = True
    user.save()
    return world.fresh("county_admin")


TODAY = date(2026, 11, 22)


def test_the_platform_begins_with_six_words(loaded):
    assert {term.term: term.exact for term in CoverageTerm.objects.all()} == {
        "全覆盖": 1,
        "全面建立": 1,
        "全部": 1,
        "基本覆盖": Fraction(9, 10),
        "基本建成": Fraction(9, 10),
        "普遍设立": Fraction(9, 10),
    }


def test_without_a_word_the_clause_itself_decides(loaded):
    def read(code):
        found = Target.objects.get(code=code).threshold_for(loaded.region("62"), TODAY)
        return found.value, found.high, found.source

    assert read("GS-T03") == (Fraction(1, 3), None, Source.CLAUSE)
    assert read("GS-T01") == (3, 5, Source.CLAUSE)
    assert read("GS-T14b") == (200, None, Source.CLAUSE)
    assert read("GS-T20") == (None, None, Source.CLAUSE)
    assert read("GS-T07") == (1, None, Source.CLAUSE)


def test_the_nearest_word_holds_programme_before_document_before_place_before_default(cover, loaded, owner):
    near, city, far = (loaded.region(code) for code in ("620102020001", "6201", "6202"))

    def read(region):
        found = cover.threshold_for(region, TODAY)
        return found.value, found.source

    assert read(near) == (Fraction(9, 10), Source.SYSTEM)
    put("80/100", date(2017, 1, 1), owner, region=loaded.region("62"))
    assert read(near) == read(far) == (Fraction(4, 5), Source.REGION)
    put("85/100", date(2017, 1, 1), owner, region=city)
    assert read(near) == (Fraction(17, 20), Source.REGION)
    assert read(far) == (Fraction(4, 5), Source.REGION)
    put("92/100", date(2017, 1, 1), owner, document=cover.document)
    assert read(near) == read(far) == (Fraction(23, 25), Source.DOCUMENT)
    put("95/100", date(2017, 1, 1), owner, programme=loaded.programme)
    cover = Target.objects.get(pk=cover.pk)
    assert cover.threshold_for(near, TODAY).source == Source.PROGRAMME
    cover.at_least = "2/3"
    assert (cover.threshold_for(near, TODAY).value, cover.threshold_for(near, TODAY).source) == (
        Fraction(2, 3),
        Source.TARGET,
    )


def test_a_word_set_for_another_document_or_place_says_nothing_here(cover, loaded, owner):
    put("1/2", date(2017, 1, 1), owner, document=PolicyDocument.objects.get(code="WH-2015"))
    put("1/2", date(2017, 1, 1), owner, region=loaded.region("6202"))
    put("1/2", date(2017, 1, 1), owner, word="基本建成")

    assert cover.threshold_for(loaded.region("6201"), TODAY).source == Source.SYSTEM


def test_a_change_is_a_new_version_and_days_before_keep_theirs(cover, loaded, owner):
    place = loaded.region("62")
    first = put("8/10", date(2017, 1, 1), owner, region=place)
    second = put("19/20", date(2019, 7, 1), owner, region=place)

    assert (first.version, second.version, second.set_by) == (1, 2, owner)
    assert cover.threshold_for(place, date(2016, 12, 31)).source == Source.SYSTEM
    assert cover.threshold_for(place, date(2017, 1, 1)).term == first
    assert cover.threshold_for(place, date(2019, 6, 30)).value == Fraction(4, 5)
    assert cover.threshold_for(place, date(2019, 7, 1)).value == Fraction(19, 20)
    assert list(CoverageTerm.objects.versions_of("基本覆盖", region=place)) == [first, second]


def test_a_default_may_be_set_anew_and_loading_leaves_it(cover, loaded, owner):
    put("19/20", date(2020, 1, 1), owner)
    load(SHIPPED / "gansu-2016.toml")

    found = cover.threshold_for(loaded.region("62"), TODAY)
    assert (found.value, found.source, found.term.version) == (Fraction(19, 20), Source.SYSTEM, 2)


def test_of_two_versions_of_one_day_the_later_holds(cover, loaded, owner):
    place = loaded.region("62")
    put("8/10", date(2017, 1, 1), owner, region=place)
    put("7/10", date(2017, 1, 1), owner, region=place)

    assert cover.threshold_for(place, TODAY).value == Fraction(7, 10)


def test_terms_once_fetched_serve_many_places_with_one_query(cover, loaded, owner, django_assert_num_queries):
    put("8/10", date(2017, 1, 1), owner, region=loaded.region("6201"))
    places = [loaded.region(code) for code in ("62", "6201", "620102020001", "6202")]
    standing = list(CoverageTerm.objects.in_force(TODAY).select_related("region"))
    cover.threshold_for(places[0], TODAY, standing)  # the programmes of the document, once

    with django_assert_num_queries(0):
        found = [cover.threshold_for(place, TODAY, standing).value for place in places]

    assert found == [Fraction(9, 10), Fraction(4, 5), Fraction(4, 5), Fraction(9, 10)]


def test_a_term_never_changes_and_never_goes(loaded):
    term = CoverageTerm.objects.first()
    term.value = "1/2"

    with pytest.raises(TypeError):
        term.save()
    with pytest.raises(TypeError):
        term.delete()


@pytest.mark.parametrize("value", ["0.9", "90%", "9/0", "0", "3/2", "-1/2", ""])
def test_a_value_that_is_no_exact_share_is_refused(owner, value):
    with pytest.raises(ValidationError) as wrong:
        put(value, date(2020, 1, 1), owner)

    assert "value" in wrong.value.message_dict


def test_a_version_does_not_begin_before_the_last_one(cover, loaded, owner):
    put("8/10", date(2018, 1, 1), owner, region=loaded.region("62"))

    with pytest.raises(ValidationError) as wrong:
        put("7/10", date(2017, 1, 1), owner, region=loaded.region("62"))

    assert list(wrong.value.message_dict) == ["valid_from"]


def test_a_term_is_set_for_one_thing_with_a_basis(cover, loaded, owner):
    with pytest.raises(ValidationError):
        put("8/10", TODAY, owner, region=loaded.region("62"), document=cover.document)
    for wrong in ({"basis": ""}, {"region": loaded.region("62"), "document": cover.document}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CoverageTerm.objects.create(
                **{"term": "基本覆盖", "value": "1", "valid_from": TODAY, "basis": "依据"} | wrong
            )


def test_terms_are_set_by_administrators_for_what_lies_under_them(cover, loaded):
    admin, place = loaded.fresh("county_admin"), loaded.region("620102")

    assert put("8/10", date(2018, 1, 1), admin, region=place).version == 1
    for who, owner in (
        ("county_admin", {"region": loaded.region("6201")}),
        ("county_admin", {"document": cover.document}),
        ("county_admin", {"programme": loaded.programme}),
        ("county_admin", {}),
        ("county", {"region": place}),
        ("province", {"region": place}),
    ):
        with pytest.raises(PermissionDenied):
            put("7/10", TODAY, loaded.fresh(who), **owner)
    assert CoverageTerm.objects.count() == 7


def test_setting_a_term_is_in_the_journal(loaded, owner):
    put("8/10", TODAY, owner, region=loaded.region("62"))

    event = AuditEvent.objects.filter(kind="coverage_term_set").latest("pk")
    assert event.facts == {"term": "基本覆盖", "value": "8/10", "basis": "甘民发〔2016〕80号", "version": 1}


def test_a_pack_may_use_a_word_somebody_has_set(loaded, owner, tmp_path):
    put("95/100", date(2020, 1, 1), owner, word="大部分覆盖")
    path = tmp_path / "weihai-2015.toml"
    path.write_text(
        (SHIPPED / "weihai-2015.toml").read_text().replace('term = "基本覆盖"', 'term = "大部分覆盖"', 1)
    )

    load(path)

    assert Target.objects.get(code="WH-T05a").threshold_for(None, TODAY).value == Fraction(19, 20)
