"""Statistics over REST: the readings of the pages, exact, within one's scope, alike in every format."""

import csv
import io
import json
import time
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from django.utils.http import http_date
from openpyxl import load_workbook
from rest_framework.authtoken.models import Token

from communities import services as tree
from communities.models import CommunityProfile, Region
from communities.offices.services import make_token
from linkage.attainment import rules, services
from linkage.attainment.documents import rows
from linkage.attainment.models import CoverageTerm, Edition, PlaceMeasures, ProjectMeasures, Target
from linkage.attainment.services import counting, exporting, groups, reading, terms, unit_rows
from linkage.foundation import measures
from linkage.packs.reading import Pack
from linkage.packs.services import SHIPPED
from tests import factories
from tests.attainment.figures import plain, set_figures
from tests.attainment.test_editions import by_hand  # noqa: F401 (a fixture)
from tests.queries import at_most

pytestmark = pytest.mark.django_db

API = "/api/v1/"
BELOW = f"{API}attainment/?policy=gansu-2016&place=620102&below=1"
DOORS = (
    *("measures/", "targets/", "editions/", "statistics/?place=620102", "regions/?level=5"),
    "special-groups/?place=620102",
    "attainment/?policy={policy}&place=620102",
    "attainment/failing/?target=GS-T11&place=620102",
)


@pytest.fixture
def counted(world):
    """Gansu's targets over registers that hold two approved projects and some figures of studios."""
    services.load_targets(world.programme.document, Pack(SHIPPED / "gansu-2016.toml").targets)
    terms.provide_defaults()
    factories.approved(world)
    factories.approved(world, world.wuyi)
    counting.rebuild()
    document = world.programme.document.pk
    for place, studio in ((world.xingfuli, 1), (world.tianqing, 0), (world.region("620102021001"), 0)):
        PlaceMeasures.objects.filter(pk=place.pk).delete()
        set_figures(
            place,
            areas=[document],
            pilot=[document],
            studio_own=studio,
            elections_held=3,
            elections_2017=3,
            elections_2017_direct=studio,
        )
    counting.resum()
    groups.publish(timezone.localdate() - timedelta(days=1))
    return world


@pytest.fixture
def policy(counted):
    return counted.programme.document.code


@pytest.fixture
def get(client, counted):
    known = {}

    def ask(who, path, **headers):
        if who not in known:
            known[who], _made = Token.objects.get_or_create(user=counted.people[who])
        token = known[who]
        path = path.format(policy=counted.programme.document.code)
        return client.get(f"{API}{path}", headers={"Authorization": f"Token {token.key}", **headers})

    return ask


def results(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def of(found, target, place="620102"):
    return next(row for row in found if (row["target"], row["place"]) == (target, place))


# What is said


def test_the_readings_are_those_of_the_base_rows_counted_by_hand(get, counted):
    found = results(get("county", "attainment/?policy={policy}&place=620102"))
    assert len(found) == Target.objects.count()
    base = list(PlaceMeasures.objects.all())
    for target in Target.objects.select_related("document__region"):
        if target.table != "place" or target.rule == "TREND" or reading.missing_measures(target):
            continue
        row = of(found, target.code)
        wanted = plain(target, counted.region("620102"), base)
        assert [row["numerator"], row["denominator"], row["units"], row["reported"]] == wanted, target.code


def test_one_row_says_value_limit_gap_and_state(get):
    row = of(results(get("county", "attainment/?policy={policy}&place=620102&target=GS-T06")), "GS-T06")
    assert (row["numerator"], row["denominator"]) == (1, 9)
    assert (row["value"], row["value_decimal"]) == ("1/9", "0.1111")
    assert (row["limit"], row["limit_decimal"]) == ("17/20", "0.8500")
    assert (row["gap"], row["status"], row["status_label"]) == (7, "overdue", str(rules.Status.OVERDUE.label))
    assert (row["completeness"], row["connected"], row["deadline"]) == (None, True, "2017-12-31")


def test_below_come_the_children_in_order_and_their_figures_add_up(get):
    above = results(get("county", "attainment/?policy={policy}&place=620102"))
    below = results(get("county", "attainment/?policy={policy}&place=620102&below=1"))
    assert list(dict.fromkeys(row["place"] for row in below)) == ["620102020", "620102021"]
    for row in above:
        if row["connected"]:
            parts = [of(below, row["target"], place) for place in ("620102020", "620102021")]
            if row["target"] in ("GS-T06", "GS-T11", "GS-T14b"):
                assert row["numerator"] == sum(part["numerator"] for part in parts)


def test_pages_of_places_are_followed_by_key_without_gap_or_double(get, policy):
    whole = results(get("county", "attainment/?policy={policy}&place=620102&below=1"))
    first = get("county", "attainment/?policy={policy}&place=620102&below=1&size=1")
    assert 'rel="next"' in first["Link"]
    second = get("county", first.json()["next"].partition(API)[2])
    assert results(first) + results(second) == whole
    assert second.json()["next"] is None


def test_what_has_no_register_says_what_is_missing_and_no_number(get):
    row = of(results(get("county", "attainment/?policy={policy}&place=620102")), "GS-T03")
    assert (row["status"], row["connected"]) == ("not_connected", False)
    assert row["missing_measures"] == ["sw_service_given"]
    assert row["missing_label"]
    nothing = ("value", "value_decimal", "numerator", "denominator", "gap", "units", "reported")
    assert {row[name] for name in nothing} == {None}


def test_a_part_of_the_whole_is_not_judged(get):
    row = of(results(get("county", "attainment/?policy={policy}&place=620102")), "GS-T14b")
    assert (row["status"], row["value"], row["gap"]) == ("part", "1", None)
    whole = of(results(get("province", "attainment/?policy={policy}&place=62")), "GS-T14b", "62")
    assert (whole["status"], whole["value"], whole["limit"]) == ("overdue", "2", "200")


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        ("9/10", "9/10"),
        ("899999999/1000000000", "9/10"),
        ("900000001/1000000000", "9/10"),
        ("33333/100000", "1/3"),
        ("333333333333333/1000000000000000", "1/3"),
        ("9223372036854775806/9223372036854775807", "1"),
        ("0", "1/3"),
        ("4", "3"),
    ],
)
def test_a_decimal_stands_on_the_side_of_the_limit_where_the_number_stands(value, limit):
    value, limit = Fraction(value), Fraction(limit)
    shown, held = (Decimal(text) for text in rows.decimals(value, limit))
    assert (shown >= held, shown <= held) == (value >= limit, value <= limit)


def test_targets_are_told_as_the_clause_has_them(get):
    found = {row["target"]: row for row in results(get("county", "targets/?policy={policy}&size=100"))}
    assert len(found) == Target.objects.count()
    term = found["GS-T02a"]
    assert (term["term"], term["term_value"], term["threshold"]) == ("基本覆盖", "9/10", "9/10")
    assert (term["threshold_decimal"], term["source"]) == ("0.9000", "system")
    assert (found["GS-T01"]["threshold"], found["GS-T01"]["threshold_high"]) == ("3", "5")
    assert found["GS-T18"]["threshold"] is None
    assert (found["GS-T03"]["connected"], found["GS-T03"]["missing_measures"]) == (
        False,
        ["sw_service_given"],
    )
    assert results(get("county", "targets/?policy=NO-SUCH")) == []


def test_a_term_set_for_the_document_is_told_with_its_source(get, counted):
    CoverageTerm.objects.create(
        term="基本覆盖",
        value="4/5",
        document=counted.programme.document,
        valid_from=timezone.localdate(),
        basis="测试",
        version=1,
    )
    found = {row["target"]: row for row in results(get("county", "targets/?size=100"))}
    assert (found["GS-T02a"]["threshold"], found["GS-T02a"]["source"]) == ("4/5", "document")
    row = of(results(get("county", "attainment/?policy={policy}&place=620102")), "GS-T02a")
    assert row["limit"] == "4/5"


def test_every_measure_is_told_connected_or_not(get):
    found, page = [], get("community", "measures/?size=30").json()
    while True:
        found += page["results"]
        if page["next"] is None:
            break
        page = get("community", page["next"].partition(API)[2]).json()
    by_key = {row["key"]: row for row in found}
    assert len(by_key) == len(found)
    assert {key for key, row in by_key.items() if row["connected"]} == {
        measure.key for measure in measures.registered()
    }
    assert by_key["sw_service_given"]["waits_for"]
    assert all(row["definition"] for row in found if row["connected"])


def test_who_falls_short_is_listed_page_by_page_with_what_it_lacks(get):
    target = "attainment/failing/?target=GS-T11&place=620102"
    whole = results(get("county", target))
    assert [(row["place"], row["figure"], row["lack"]) for row in whole] == [
        ("620102020002", 0, 1),
        ("620102021001", 0, 1),
    ]
    assert whole[0]["unit_name"] == "天庆嘉园社区"
    first = get("county", f"{target}&size=1").json()
    second = get("county", first["next"].partition(API)[2]).json()
    assert first["results"] + second["results"] == whole
    assert second["next"] is None


def test_who_fell_short_in_an_edition_is_listed_as_it_was_then(get, counted, world):
    edition = counting.freeze("demand", timezone.localdate())
    asked = "attainment/failing/?target=GS-T11&place=620102"
    Region.objects.filter(pk=world.tianqing.pk).update(name="天庆新社区")
    PlaceMeasures.objects.filter(pk=world.tianqing.pk).update(studio_own=1)
    assert "620102020002" not in [row["place"] for row in results(get("county", asked))]
    kept = results(get("county", f"{asked}&edition={edition.pk}"))
    assert [(row["place_name"], row["lack"]) for row in kept] == [
        ("幸福里社区", 1),
        ("天庆嘉园社区", 1),
        ("畅家巷社区", 1),
    ]
    assert {(row["edition"], row["as_of"]) for row in kept} == {(edition.pk, edition.as_of.isoformat())}
    assert kept == results(get("county", f"{asked}&as_of={timezone.localdate()}"))
    restated = results(get("county", f"{asked}&edition={edition.pk}&restated=1"))
    assert [row["place_name"] for row in restated] == ["幸福里社区", "天庆新社区", "畅家巷社区"]


def test_an_edition_that_does_not_know_the_place_or_the_target_says_so(get, counted, world):
    edition = counting.freeze("demand", timezone.localdate())
    asked = f"attainment/failing/?target=GS-T11&place={{}}&edition={edition.pk}"
    factories.region(world, "620102099", "新设街道", 4, "620102", "新设街道办事处")
    answer = get("county", asked.format("620102099"))
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["place"]


def test_nobody_is_said_to_pass_where_that_is_not_known(get):
    for target in ("GS-T03", "GS-T14b", "GS-T09"):
        answer = get("county", f"attainment/failing/?target={target}&place=620102")
        assert answer.status_code == 400, target
        assert "target" in answer.json()["errors"]


def test_totals_are_sums_of_the_measures_with_money_in_yuan(get, counted):
    granted = sum(row.granted_subsidy or 0 for row in ProjectMeasures.objects.all())
    found = results(get("province", "statistics/?place=62&measure=granted_subsidy"))
    assert [row["value"] for row in found] == [f"{Decimal(granted) / 100:.2f}"]
    assert granted > 0
    elections = results(get("county", "statistics/?place=620102&below=1&measure=elections_held"))
    assert [(row["place"], row["value"]) for row in elections] == [("620102020", "6"), ("620102021", "3")]
    everything = results(get("county", "statistics/?place=620102"))
    assert {row["measure"] for row in everything} == {measure.key for measure in measures.registered()}


def test_no_measure_counts_special_groups(get):
    keys = " ".join(measure.key for measure in measures.registered())
    for word in ("special", "disab", "minimum", "children", "elderly", "orphan"):
        assert word not in keys


def test_an_edition_answers_as_it_was_kept(get, counted):
    edition = counting.freeze("demand", timezone.localdate())
    before = results(get("county", "attainment/?policy={policy}&place=620102&target=GS-T06"))
    PlaceMeasures.objects.filter(pk=counted.xingfuli.pk).update(elections_2017_direct=3)
    counting.resum()
    listed = results(get("county", "editions/"))
    assert [row["id"] for row in listed] == [edition.pk]
    asked = f"attainment/?policy={{policy}}&place=620102&target=GS-T06&edition={edition.pk}"
    kept, now = results(get("county", asked)), results(get("county", asked.partition("&edition")[0]))
    assert now[0]["numerator"] == 3
    assert kept[0]["numerator"] != 3
    assert before[0]["numerator"] == 1
    assert get("county", "attainment/?policy={policy}&place=620102&edition=999999").status_code == 404


# Of which day


def test_a_day_is_answered_by_the_latest_edition_kept_by_then(get, counted):
    today = timezone.localdate()
    early = counting.freeze("demand", today - timedelta(days=60))
    late = counting.freeze("deadline", today - timedelta(days=30))
    path = "attainment/?policy={policy}&place=620102&target=GS-T06"
    for days, edition in ((60, early), (31, early), (30, late), (1, late), (0, late)):
        day = today - timedelta(days=days)
        for asked in (f"{path}&as_of={day}", f"statistics/?place=620102&as_of={day}"):
            row = results(get("county", asked))[0]
            assert (row["edition"], row["as_of"]) == (edition.pk, edition.as_of.isoformat())
            assert row["is_retroactive"] is True, "both were counted today"
    live = results(get("county", path))[0]
    assert (live["edition"], live["as_of"], live["is_retroactive"]) == (None, today.isoformat(), False)


def test_an_edition_kept_on_its_day_is_not_retroactive(get, counted):
    counting.freeze("demand", timezone.localdate())
    row = results(get("county", f"statistics/?place=620102&as_of={timezone.localdate()}"))[0]
    assert row["is_retroactive"] is False


def test_whether_a_target_was_met_in_time_is_yes_no_or_unknown(get, counted, by_hand):  # noqa: F811
    """幸福里 has a studio, 天庆嘉园 has none; what stood at the deadline is made by hand."""
    deadline = date(2017, 12, 31)

    def told(place):
        path = f"attainment/?policy={{policy}}&place={place.code}&target=GS-T11"
        (row,) = results(get("county", path))
        (line,) = csv.DictReader(io.StringIO(get("county", f"{path}&format=csv").content.decode("utf-8-sig")))
        for name in ("in_time", "in_time_label", "deadline_computed_at"):
            assert line[name] == (row[name] or "")
        return row["status"], row["in_time"], row["in_time_label"], row["deadline_computed_at"]

    xingfuli, tianqing = counted.xingfuli, counted.tianqing
    assert told(xingfuli) == ("met", "unknown", "是否按期达标不明", None)
    assert told(tianqing) == ("overdue", None, "", None)
    edition = counting.freeze("deadline", deadline)
    at = timezone.localtime(edition.computed_at).isoformat()
    assert told(xingfuli) == ("met", "yes", "按期达标", at)
    PlaceMeasures.objects.filter(pk=tianqing.pk).update(studio_own=1)
    assert told(tianqing) == ("met_late", "no", "未按期达标", at)


def test_a_day_before_the_first_edition_is_told_so(get, counted):
    counting.freeze("demand", date(2020, 1, 1))
    answer = get("county", "statistics/?place=620102&as_of=2019-12-31")
    assert (answer.status_code, answer.json()["detail"]) == (404, "该日及以前没有留存的统计期次。")
    assert get("county", "statistics/?place=620102&as_of=2020-01-01").status_code == 200


def test_an_edition_and_a_day_are_not_asked_for_together(get, counted):
    edition = counting.freeze("demand", date(2020, 1, 1))
    answer = get("county", f"statistics/?place=620102&as_of=2020-01-01&edition={edition.pk}")
    assert answer.status_code == 400 and "as_of" in answer.json()["errors"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert get("county", f"statistics/?place=620102&as_of={tomorrow}").status_code == 400


def test_when_it_was_counted_is_told_and_asked_for_by_etag_only(get, counted):
    """A term, a name or the calendar changes the answer without a count: time alone says nothing."""
    edition = counting.freeze("demand", date(2020, 1, 1))
    path = "attainment/?policy={policy}&place=620102"
    for asked in (path, f"{path}&edition={edition.pk}", "statistics/?place=620102"):
        first = get("county", asked)
        later = {"If-Modified-Since": http_date(time.time() + 3600)}
        assert get("county", asked, **later).status_code == 200
        assert first["Last-Modified"]
        assert get("county", asked, **later, **{"If-None-Match": first["ETag"]}).status_code == 304
    kept = get("county", f"{path}&edition={edition.pk}")
    assert kept["Last-Modified"] == http_date(edition.computed_at.timestamp())


# Places


def test_the_places_are_a_table_like_the_others(get):
    head, lines, sheet = tables(get, "regions/?level=4")
    assert lines == sheet
    assert [line[head.index("code")] for line in lines] == ["620102020", "620102021"]
    assert get("county", "regions/620102020/?format=csv").status_code == 400
    assert get("county", "regions/620102020/").json()["placements"]
    for wrong in ("place=62", "level=9", "format=xml", "size=0", "level=1&level=2"):
        assert get("county", f"regions/?{wrong}").status_code == 400


def test_no_table_answers_options(get, client, counted):
    token = Token.objects.create(user=counted.people["street"])
    for path in ("measures/?format=csv", "regions/", "statistics/?format=xlsx&place=620102020"):
        answer = client.options(f"{API}{path}", headers={"Authorization": f"Token {token.key}"})
        assert (answer.status_code, answer["Content-Type"]) == (405, "application/json")


# Formats


def tables(get, path):
    """The rows of an address as CSV and as XLSX have them."""
    joined = "&" if "?" in path else "?"
    answer = get("county", f"{path}{joined}format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    book = load_workbook(io.BytesIO(get("county", f"{path}{joined}format=xlsx").content))
    top, *sheet = book.active.iter_rows()
    assert [cell.value for cell in top] == head
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    return head, lines, [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet]


@pytest.mark.parametrize("path", DOORS)
def test_json_csv_and_xlsx_say_the_same(get, counted, path):
    counting.freeze("demand", timezone.localdate())
    found = results(get("county", path))
    head, lines, sheet = tables(get, path)
    assert found
    assert {tuple(row) for row in found} == {tuple(head)}
    assert lines == sheet
    for row, line in zip(found, lines, strict=True):
        assert [str(_flat(row[name])) for name in head] == line


def _flat(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(value) if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["=1+1", "＝1+1", "　=1+1", " @cmd", "－1", "\n+1"])
def test_a_name_that_begins_like_a_formula_is_text(get, counted, name):
    Region.objects.filter(pk=counted.tianqing.pk).update(name=name)
    path = "attainment/failing/?target=GS-T11&place=620102"
    head, lines, sheet = tables(get, path)
    assert lines[0][head.index("place_name")] == sheet[0][head.index("place_name")] == f"'{name}"
    assert results(get("county", path))[0]["place_name"] == name


def test_the_format_may_be_asked_for_by_accept(get):
    assert get("county", "editions/", Accept="text/csv;q=0.9")["Content-Type"].startswith("text/csv")
    assert get("county", "editions/", Accept="*/*")["Content-Type"] == "application/json"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_error_is_json_in_every_format(get, format):
    answer = get("county", f"attainment/?policy={{policy}}&place=9999&format={format}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert "detail" in answer.json()


# Who sees what


@pytest.mark.parametrize(
    "path",
    [
        "attainment/?policy={policy}&place=",
        "attainment/?policy={policy}&below=1&place=",
        "attainment/?policy={policy}&format=csv&place=",
        "attainment/failing/?target=GS-T11&place=",
        "statistics/?place=",
    ],
)
def test_a_place_of_others_and_one_that_does_not_exist_are_answered_alike(get, path):
    answers = [get("street", f"{path}{code}") for code in ("6209", "6201", "620102", "620123", "9999", "no")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, answer["Content-Type"]) for answer in answers}) == 1
    assert get("street", f"{path}620102020").status_code == 200


def test_a_document_of_elsewhere_and_a_missing_one_are_answered_alike(get, counted):
    elsewhere = Region.objects.create(code="64", name="宁夏回族自治区", level=1, path="64/")
    document = counted.programme.document
    document.pk, document.code, document.doc_no, document.region = None, "NX-2099", "", elsewhere
    document.save()
    Target.objects.create(
        document=document,
        code="NX-T",
        clause="x",
        quote="x",
        unit="community",
        rule="AVG",
        metric="staff",
        at_least="1",
    )
    answers = [get("county", f"attainment/?policy={code}&place=620102") for code in ("NX-2099", "XX-1")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    answers = [get("county", f"attainment/failing/?target={code}&place=620102") for code in ("NX-T", "XX-1")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert "NX-T" not in {row["target"] for row in results(get("county", "targets/?size=100"))}


EVERY_DOOR = (
    *("measures/?size=100", "targets/?size=100", "editions/", "regions/?size=100"),
    *("regions/620102020/", "statistics/?place=620102020&below=1", "statistics/?place=620102020"),
    *("statistics/?place=620102020&edition={edition}", "statistics/?place=620102020&as_of={today}"),
    "attainment/?policy={policy}&place=620102020",
    "attainment/?policy={policy}&place=620102020&below=1",
    "attainment/?policy={policy}&place=620102020&edition={edition}",
    "attainment/failing/?target=GS-T11&place=620102020",
    *("special-groups/?place=620102020", "exports/", "tokens/"),
)


def test_what_changes_elsewhere_changes_no_byte(get, counted):
    """Every door of the statistics, in every format, as a street reads it."""
    edition = counting.freeze("demand", timezone.localdate())
    groups.publish(timezone.localdate())

    def told():
        found = {}
        for door in EVERY_DOOR:
            for format in ("json", "csv", "xlsx"):
                path = door.replace("{edition}", str(edition.pk)).replace(
                    "{today}", timezone.localdate().isoformat()
                )
                if door in ("exports/", "tokens/", "regions/620102020/"):
                    answer = get("street", path)
                else:
                    answer = get("street", f"{path}{'&' if '?' in path else '?'}format={format}")
                assert answer.status_code == 200, path
                body = parts_of(answer) if answer.content.startswith(b"PK") else answer.content
                found[path, format] = (
                    body,
                    answer.get("ETag"),
                    answer.get("Link"),
                    answer.get("Last-Modified"),
                )
        return found

    before = told()
    factories.approved(counted, counted.wuyi, title="第二个项目")
    factories.approved(counted, counted.hekou, title="邻县的项目")
    CommunityProfile.objects.filter(region=counted.wuyi).update(special_groups={"disabled": 3})
    Region.objects.filter(code__in=("620102021", "6202", "620902001001")).update(name="改名")
    county = counted.fresh("county")
    make_token(by=county, name="x", region=counted.region("620102021"), days=30)
    exporting.start(by=county, what="totals", place=counted.region("620102"), format="csv")
    CoverageTerm.objects.create(
        term="基本覆盖",
        value="1/2",
        region=counted.region("620102021"),
        valid_from=timezone.localdate(),
        basis="x",
        version=1,
    )
    services.refresh()
    after = told()
    assert [key for key in before if before[key] != after[key]] == []
    factories.approved(counted, counted.xingfuli, title="第三个项目")
    services.refresh()
    assert told() != before  # the control


def parts_of(answer):
    """What stands in a workbook; the time of its making does not count."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if name != "docProps/core.xml"}


@pytest.mark.parametrize("path", DOORS)
def test_nobody_reads_without_signing_in_and_nothing_is_written(client, get, counted, path):
    path = path.format(policy=counted.programme.document.code)
    assert client.get(API + path).status_code == 401
    token = Token.objects.create(user=counted.people["county"])
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(API + path, headers={"Authorization": f"Token {token.key}"}).status_code == 405


# Wrong questions


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(
    "more",
    ["unknown=1", "size=0", "size=101", "cursor=x", "cursor=bnVsbA", "format=xml", "format=csv&format=csv"],
)
def test_a_parameter_that_is_not_on_the_list_or_not_possible_is_a_400(get, path, more):
    answer = get("county", f"{path}{'&' if '?' in path else '?'}{more}")
    assert answer.status_code == 400, answer.content
    assert "detail" in answer.json()


@pytest.mark.parametrize(
    "path",
    [
        "attainment/",
        "attainment/?policy={policy}",
        "attainment/?place=620102",
        "attainment/?policy={policy}&place=620102&below=2",
        "attainment/?policy={policy}&place=620102&edition=x",
        "attainment/?policy={policy}&place=620102&edition=99999999999999999999",
        "attainment/?policy={policy}&place=62%00",
        "attainment/?policy={policy}&place=620102&as_of=x",
        "attainment/?policy={policy}&place=620102&as_of=2026-02-30",
        "statistics/?place=620102&as_of=20260101x",
        "attainment/failing/?place=620102",
        "attainment/failing/?target=GS-T11",
        "attainment/failing/?target=GS-T11&place=620102&below=1",
        "statistics/",
        "statistics/?place=620102&measure=special_groups",
        "measures/?place=620102",
        "editions/?policy=x",
    ],
)
def test_an_incomplete_or_impossible_question_is_a_400(get, path):
    assert get("county", path).status_code == 400


def test_a_page_mark_of_one_list_is_none_of_another(get, policy):
    mark = get("county", "attainment/?policy={policy}&place=620102&below=1&size=1").json()["next"]
    mark = mark.partition("cursor=")[2].partition("&")[0]
    assert get("county", f"attainment/failing/?target=GS-T11&place=620102&cursor={mark}").status_code == 400


# Asking again


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("format", ["json", "csv", "xlsx"])
def test_whoever_asks_again_is_told_that_nothing_has_changed(get, counted, path, format):
    path = f"{path}{'&' if '?' in path else '?'}format={format}"
    first = get("county", path)
    again = get("county", path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_change_of_figures_or_of_a_term_is_a_new_answer(get, counted):
    path = "attainment/?policy={policy}&place=620102"
    first = get("county", path)
    assert "Last-Modified" in first
    PlaceMeasures.objects.filter(pk=counted.xingfuli.pk).update(elections_2017_direct=3)
    counting.resum()
    second = get("county", path, **{"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    CoverageTerm.objects.create(
        term="基本覆盖",
        value="4/5",
        region=counted.region("62"),
        valid_from=timezone.localdate(),
        basis="x",
        version=1,
    )
    third = get("county", path, **{"If-None-Match": second["ETag"]})
    assert third.status_code == 200
    assert get("county", path, **{"If-None-Match": third["ETag"]}).status_code == 304


# What it costs


@pytest.mark.parametrize("format", ["json", "csv"])
def test_the_places_below_cost_the_same_for_any_number(get, counted, format):
    street = counted.region("620102020")
    for number in range(3, 40):
        factories.region(counted, f"620102020{number:03}", f"社区 {number}", 5, "620102020")
    counting.rebuild()
    path = "attainment/?policy={policy}&place=%s&below=1&size=100&format=" + format
    get("province", "editions/")  # from here on there is a token
    for place in (street.code, "620102", "62"):
        with at_most(11):
            assert get("province", path % place).status_code == 200
    with at_most(12):
        assert get("province", "attainment/failing/?target=GS-T11&place=62").status_code == 200
    with at_most(12):
        assert get("province", "statistics/?place=62&below=1").status_code == 200


def test_the_schema_tells_every_door_with_its_formats_and_an_example(client, counted):
    client.force_login(counted.people["province"])
    answer = client.get(f"{API}schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    schema = json.loads(answer.content)
    paths = schema["paths"]
    doors = ("measures", "targets", "attainment", "attainment/failing", "editions", "statistics")
    for door in (*doors, "regions", "special-groups"):
        said = paths[f"{API}{door}/"]["get"]
        assert set(said["responses"]["200"]["content"]) == {
            *("application/json", "text/csv"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        assert {"format", "cursor", "size"} <= {one["name"] for one in said["parameters"]}
    documented = 0
    for door in (*doors, "special-groups"):
        content = paths[f"{API}{door}/"]["get"]["responses"]["200"]["content"]["application/json"]
        (shown,) = content["examples"].values()
        name = content["schema"]["$ref"].rpartition("/")[2]
        row = schema["components"]["schemas"][name]["properties"]["results"]["items"]["$ref"]
        columns = schema["components"]["schemas"][row.rpartition("/")[2]]["properties"]
        assert list(shown["value"]["results"][0]) == list(columns), door
        documented += 1
    assert documented == 7


def test_a_community_is_read_in_an_edition_and_over_the_tree_of_today(get, counted, monkeypatch):
    def stage(cursor, table, on):
        name = table._meta.db_table
        cursor.execute(f"CREATE TEMP TABLE stage_{name} ON COMMIT DROP AS SELECT * FROM {name}")

    monkeypatch.setattr(unit_rows, "stage", stage)
    day = timezone.localdate()
    edition = counting.freeze(Edition.Kind.DEMAND, day - timedelta(5))
    set_figures(counted.xingfuli, studio_own=0)
    by = factories.person("province_admin", "省管", counted.offices["62"], "administrator")
    tree.merge([counted.tianqing], into=counted.xingfuli, on=day, basis="文", by=by)

    def figures(path):
        rows = results(get("province", path))
        return [(row["place_name"], row["numerator"], row["denominator"]) for row in rows]

    asked = f"attainment/?policy={{policy}}&target=GS-T11&edition={edition.pk}&place="
    assert figures(asked + counted.xingfuli.code) == [("幸福里社区", 1, 1)]
    assert figures(asked + counted.xingfuli.code + "&restated=1") == [("幸福里社区", 1, 2)]
    assert figures(asked + "620102020&below=1") == [("幸福里社区", 1, 1), ("天庆嘉园社区", 0, 1)]
    assert figures(asked + "620102020&below=1&restated=1") == [("幸福里社区", 1, 2)]
    assert get("province", asked + "62&restated=2").status_code == 400
    totals = f"statistics/?measure=studio_own&edition={edition.pk}&restated=1&place="
    assert [row["value"] for row in results(get("province", totals + counted.xingfuli.code))] == ["1"]
