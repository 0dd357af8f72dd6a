"""Editions: kept to the last figure whatever comes later, and read again over the tree of today."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from communities import services as tree
from communities.models import Region, Succession
from communities.services import Part
from linkage.attainment import (
    services,
    tasks,  # noqa: F401 (the kinds of job)
)
from linkage.attainment.documents import deadlines
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import (
    KEPT_TABLES,
    CoverageTerm,
    Demand,
    Edition,
    EditionSums,
    KeptPlace,
    PlaceMeasures,
    Target,
)
from linkage.attainment.rules import Status
from linkage.attainment.services import (
    counting,
    editions,
    history,
    kept,
    reading,
    restating,
    terms,
    unit_rows,
    units,
)
from linkage.foundation import jobs
from linkage.foundation.errors import NotNow
from linkage.foundation.journal import Sealed
from linkage.foundation.models import AuditEvent, Job
from linkage.packs.services import load, shipped
from linkage.policy.models import PolicyDocument
from organizations.charity.models import FundBudget
from tests import factories
from tests.attainment.figures import plain, set_figures
from tests.attainment.test_engine import at_random, load_targets, target
from tests.registers.rows import Rows

pytestmark = pytest.mark.django_db

BASIS = "甘民发〔2026〕1号"


@pytest.fixture
def everywhere(world):
    """All five documents, as if each of them governed the province of the story."""
    for path in shipped():
        if "gansu" not in path.name:
            load(path)
    PolicyDocument.objects.update(region=world.region("62"))
    load_targets(world)
    return world


@pytest.fixture
def by_hand(monkeypatch):
    """Editions keep the measure rows that stand, made by hand, instead of counting the registers."""

    def stage(cursor, table, on):
        name = table._meta.db_table
        cursor.execute(f"CREATE TEMP TABLE stage_{name} ON COMMIT DROP AS SELECT * FROM {name}")

    monkeypatch.setattr(unit_rows, "stage", stage)


def today():
    return timezone.localdate()


def set_in_area(region, **figures):
    """A measure row in a pilot area of Gansu's document."""
    document = PolicyDocument.objects.get(code="GS-2016").pk
    return set_figures(region, areas=[document], **figures)


def all_targets():
    return list(Target.objects.select_related("document__region").order_by("code"))


def all_readings(targets, regions, **asked):
    """Everything that is told of a reading, for every place."""
    found = reading.read_places(targets, regions, **asked)
    return {
        (one.target.code, pk): (one.figures, one.value, one.limit, one.gap, one.status, one.threshold.value)
        for pk, row in found.items()
        for one in row
    }


def lists(targets, region, **asked):
    return {
        one.code: [(row.unit, row.path, row.figure, row.lack) for row in units.failing(one, region, **asked)]
        for one in targets
    }


def place_rows(rows, regions):
    """The rows as they lie today, for the recount by plain Python."""
    for row in rows:
        row.path = regions[row.region_id]
    return rows


# Kept and read back


@pytest.mark.parametrize("seed", range(3))
def test_an_edition_says_for_ever_what_was_read_that_day(everywhere, by_hand, seed):
    """Registers, thresholds, terms, targets, names and borders change; the edition does not."""
    world = everywhere
    at_random(world, seed)
    counting.resum()
    targets, regions = all_targets(), list(world.regions.values())
    keys = ("residents", "volunteers", "studio_own")
    edition = counting.freeze(Edition.Kind.DEMAND, today())
    read = all_readings(targets, regions)
    failed = lists(targets, world.region("62"))
    totals = reading.totals(keys, regions)

    PlaceMeasures.objects.all().delete()
    at_random(world, seed + 100)
    Target.objects.filter(at_least__gt="").update(at_least="7/9", deadline=date(2030, 1, 1))
    Target.objects.filter(rule="COVER", unit="community").update(kind="rural", metric="hub_own", per="")
    Target.objects.filter(code="GS-T11").delete()
    for word in CoverageTerm.objects.filter(document=None).values_list("term", flat=True).distinct():
        CoverageTerm.objects.create(
            term=word, value="1/7", basis="改了", valid_from=today() - timedelta(3), version=99
        )
    PolicyDocument.objects.filter(code="GS-2016").update(region=world.region("6201"))
    counting.resum()
    changed = all_readings(all_targets(), regions)
    assert changed != read
    with time_machine.travel(timezone.now() + timedelta(100), tick=False):
        by = world.people["province_admin"] = factories.person(
            "province_admin", "省管", world.offices["62"], "administrator"
        )
        tree.rename(world.tianqing, "新名社区", on=today(), basis=BASIS, by=by)
        tree.move(world.region("620102021"), world.region("620123"), on=today(), basis=BASIS, by=by)
        moved = [Region.objects.get(pk=region.pk) for region in regions]
        gone = [one for one in targets if one.code == "GS-T11"]
        still = [one for one in all_targets() if one.code in {old.code for old in targets}]
        again = all_readings([*still, *gone], moved, edition=edition)
        assert again == read
        assert reading.totals(keys, moved, edition=edition) == totals
        then = kept.of(edition)
        same = {one.code: one for one in then.same_as(targets)}
        found = {code: lists([same[code]], world.region("62"), edition=edition)[code] for code in failed}
        assert found == failed
        names = kept.as_was(edition, [Region.objects.get(pk=world.tianqing.pk)])
        assert names[world.tianqing.pk].name == "天庆嘉园社区"


def test_what_the_registers_say_is_kept_and_what_they_say_later_is_not(world):
    load_targets(world)
    terms.provide_defaults()
    Rows(world.xingfuli, "near").all()
    counting.rebuild()
    regions, targets = list(world.regions.values()), all_targets()
    read = all_readings(targets, regions)
    assert any(figures[0] for figures, *_rest in read.values())
    edition = counting.freeze(Edition.Kind.DEMAND, today())
    Rows(world.fukang, "far").all()
    services.refresh()
    assert all_readings(targets, regions) != read
    assert all_readings(targets, regions, edition=edition) == read
    for kind in ("place", "organisation", "facility", "pilot_community"):
        assert KEPT_TABLES[kind].objects.filter(edition_id=edition.pk).exists(), kind


def test_nobody_changes_what_was_kept(world):
    load_targets(world)
    edition = counting.freeze(Edition.Kind.MONTHLY, today().replace(day=1))
    for rows in (Edition, EditionSums, KeptPlace, Demand):
        with pytest.raises(Sealed):
            rows.objects.update(pk=1)
        with pytest.raises(Sealed):
            rows.objects.all().delete()
    assert counting.freeze(Edition.Kind.MONTHLY, edition.as_of) == edition
    assert Demand.objects.count() == 1
    counting.freeze(Edition.Kind.DEMAND, today())
    assert Demand.objects.count() == 1, "the same demand is kept once"


def test_a_community_that_met_its_target_late_is_told_so(world, by_hand):
    load_targets(world)
    terms.provide_defaults()
    counting.rebuild()
    set_in_area(world.xingfuli, studio_own=0)
    set_in_area(world.tianqing, studio_own=1)
    counting.freeze(Edition.Kind.DEADLINE, date(2017, 12, 31))
    set_in_area(world.xingfuli, studio_own=1)
    counting.resum()
    studios = target("GS-T11")
    found = reading.read_places([studios], [world.xingfuli, world.tianqing])
    assert [found[place.pk][0].status for place in (world.xingfuli, world.tianqing)] == [
        Status.MET_LATE,
        Status.MET,
    ]


def test_in_time_is_judged_by_what_was_demanded_then(world, by_hand):
    load_targets(world)
    counting.rebuild()
    set_in_area(world.xingfuli, studio_own=1)
    counting.freeze(Edition.Kind.DEADLINE, date(2017, 12, 31))
    set_in_area(world.xingfuli, studio_own=2)
    Target.objects.filter(code="GS-T11").update(at_least="2")
    assert reading.read([target("GS-T11")], world.xingfuli)[0].status == Status.MET


DEADLINE = date(2017, 12, 31)


def deadlines_kept(on):
    """What the night keeps of that day."""
    return [edition for edition in editions._keep_deadlines(on) if edition.as_of == DEADLINE]


def told_of(code, place):
    line = Line(reading.read([target(code)], place)[0])
    return line.status, deadlines.mark(line), deadlines.note(line)


def test_a_target_that_came_after_its_deadline_was_kept_is_counted_as_of_that_day(world, by_hand):
    load_targets(world)
    terms.provide_defaults()
    Target.objects.filter(code="GS-T11").delete()
    counting.rebuild()
    set_in_area(world.xingfuli, studio_own=0)
    [first] = deadlines_kept(DEADLINE + timedelta(1))
    load_targets(world)  # the next version of the document has it
    set_in_area(world.tianqing, studio_own=1)
    set_in_area(world.xingfuli, studio_own=0)
    counting.rebuild()
    counting.resum()
    set_in_area(world.tianqing, studio_own=1)
    status, mark, note = told_of("GS-T11", world.tianqing)
    assert (status, mark) == (Status.MET, "是否按期达标不明") and "今晚补算" in note

    [late] = deadlines_kept(today())
    assert (late.as_of, late.is_retroactive) == (DEADLINE, True)
    assert set(kept.of(late).rows) == {"GS-T11"}, "of the others what was kept first stays"
    assert deadlines_kept(today()) == []
    status, mark, note = told_of("GS-T11", world.tianqing)
    assert (status, mark) == (Status.MET, "期限日数据为补算") and "2017-12-31" in note
    set_in_area(world.xingfuli, studio_own=1)
    assert told_of("GS-T11", world.xingfuli)[0] == Status.MET_LATE
    before = reading.at_deadlines(all_targets(), [world.tianqing], today())
    assert {code: one.edition for (code, _place), one in before.items() if one.edition == late} == {
        "GS-T11": late
    }
    assert first in {one.edition for one in before.values()}


def test_where_nobody_had_reported_by_the_deadline_nobody_is_called_late(world, by_hand):
    load_targets(world)
    terms.provide_defaults()
    counting.rebuild()
    elections = Target.objects.filter(
        deadline=DEADLINE, rule="EACH", unit="community", document__code="GS-2016"
    ).first()
    PlaceMeasures.objects.update(**{elections.metric: None})
    counting.freeze(Edition.Kind.DEADLINE, DEADLINE)
    set_in_area(world.xingfuli, **{elections.metric: 1_000})
    counting.resum()
    status, mark, note = told_of(elections.code, world.xingfuli)
    assert (status, mark) == (Status.MET, "是否按期达标不明") and "没有填报数据" in note


@pytest.mark.parametrize(
    ("kind", "nights", "afterwards"),
    [
        *(("deadline", 1, False), ("deadline", 2, True), ("yearly", 1, False), ("yearly", 2, True)),
        *(("monthly", 0, False), ("monthly", 1, True), ("demand", 0, False)),
    ],
)
def test_what_is_counted_in_the_night_after_its_day_is_not_counted_afterwards(
    world, by_hand, kind, nights, afterwards
):
    with time_machine.travel(DEADLINE + timedelta(days=nights), tick=False):
        edition = counting.freeze(kind, DEADLINE)
    assert (edition.as_of, edition.is_retroactive) == (DEADLINE, afterwards)


def test_an_edition_made_before_a_deadline_was_counted_does_not_change_its_mind(world, by_hand):
    load_targets(world)
    counting.rebuild()
    set_in_area(world.xingfuli, studio_own=1)
    edition = counting.freeze(Edition.Kind.DEMAND, today())
    before = reading.read([target("GS-T11")], world.xingfuli, edition=edition)[0].status
    set_in_area(world.xingfuli, studio_own=0)
    counting.freeze(Edition.Kind.DEADLINE, date(2017, 12, 31))
    assert reading.read([target("GS-T11")], world.xingfuli, edition=edition)[0].status == before


def test_the_last_day_of_a_year_keeps_what_the_new_year_begins_anew(world):
    """Lottery money is planned for a fiscal year: on 1 January nothing is, and last year stands."""
    load_targets(world)
    county = world.region("620102")
    FundBudget.objects.create(region=county, year=2023, source="lottery", purpose="linkage", amount=800)
    with time_machine.travel(date(2024, 1, 1), tick=False):
        editions.keep_editions()
        editions.keep_editions()
        counting.rebuild()
    edition = Edition.objects.get(kind=Edition.Kind.YEARLY)
    assert edition.as_of == date(2023, 12, 31)
    kept_row = KEPT_TABLES["place"].objects.get(edition_id=edition.pk, unit_id=county.pk)
    assert kept_row.lottery_fund == 800_00
    assert PlaceMeasures.objects.get(unit=county).lottery_fund == 0


def test_where_a_deadline_kept_the_last_day_the_year_end_does_not_keep_it_again(world):
    load_targets(world)
    with time_machine.travel(date(2018, 1, 1), tick=False):
        editions.keep_editions()
    kinds = Edition.objects.filter(as_of=date(2017, 12, 31)).values_list("kind", flat=True)
    assert list(kinds) == [Edition.Kind.DEADLINE]


@pytest.mark.parametrize(
    ("day", "fen", "status", "left"),
    [
        (date(2026, 1, 5), 0, Status.NOT_YET, "360"),
        (date(2026, 12, 31), 0, Status.NOT_YET, "0"),
        (date(2026, 1, 5), 1, Status.MET, ""),
    ],
)
def test_what_is_demanded_of_a_year_has_until_its_end(everywhere, day, fen, status, left):
    place, yearly = everywhere.region("62"), target("CQ-T11")
    set_figures(place, lottery_fund=fen)
    counting.resum()
    found = reading.read([yearly], place, on=day)[0]
    assert found.status == status
    assert left in Line(found, today=day).days
    assert target("HB-T06").due(day) is None, "a cap that was passed stays passed"


def test_the_month_is_kept_even_when_its_first_day_was_missed(world):
    load_targets(world)
    with time_machine.travel(date(2026, 3, 4), tick=False):
        services.keep_editions()
        services.keep_editions()
    month = Edition.objects.get(kind=Edition.Kind.MONTHLY)
    assert (month.as_of, month.is_retroactive) == (date(2026, 3, 1), True)
    deadlines = Edition.objects.filter(kind=Edition.Kind.DEADLINE)
    assert all(one.pk < month.pk for one in deadlines)


# Over the tree of today


@pytest.fixture
def before(everywhere, by_hand):
    """An edition of ten days ago over rows at random, and somebody who may change the tree."""
    world = everywhere
    world.rows = at_random(world, 7)
    counting.resum()
    world.edition = counting.freeze(Edition.Kind.MONTHLY, today() - timedelta(10))
    world.people["province_admin"] = factories.person(
        "province_admin", "省管", world.offices["62"], "administrator"
    )
    return world


def restated_is(world, paths):
    """Every place of today in the edition over today's tree, against loops over rows. ``paths``: where
    the row of each place counts."""
    rows = place_rows(world.rows, paths)
    regions = list(Region.objects.open_on(today()))
    targets = [one for one in all_targets() if one.table == "place"]
    found = reading.read_places(targets, regions, edition=world.edition, restated=True)
    told = 0
    for region in regions:
        for one in found[region.pk]:
            assert one.figures == plain(one.target, region, rows), (one.target.code, region.name)
            told += any(one.figures)
    assert told > 100


def paths_now(**elsewhere):
    return dict(Region.objects.values_list("pk", "path")) | elsewhere


def test_after_a_merge_the_figures_of_then_count_where_the_place_went_on(before):
    world, by = before, before.people["province_admin"]
    day = today() - timedelta(2)
    tree.merge([world.tianqing], into=world.xingfuli, on=day, basis=BASIS, by=by)
    county = Region.objects.get(code="620102")
    street = world.region("620102020")
    paths = paths_now()
    paths[world.tianqing.pk] = Region.objects.get(pk=world.xingfuli.pk).path
    assert restating.changed(world.xingfuli, [world.edition]) == {world.edition.pk}
    assert restating.changed(street, [world.edition]) == set()
    assert restating.changed(county, [world.edition]) == set()
    restated_is(world, paths)


def test_after_a_street_has_moved_both_counties_are_read_as_they_are_today(before):
    world, by = before, before.people["province_admin"]
    tree.move(world.region("620102021"), world.region("620123"), on=today(), basis=BASIS, by=by)
    for code, moved in (("620102", True), ("620123", True), ("6201", False), ("62", False)):
        place = Region.objects.get(code=code)
        assert bool(restating.changed(place, [world.edition])) == moved, code
    assert not restating.changed(Region.objects.get(code="620102021"), [world.edition]), "it went as a whole"
    restated_is(world, paths_now())


def test_what_was_split_up_counts_for_the_place_that_holds_its_parts(before):
    world, by = before, before.people["province_admin"]
    opened = tree.split(
        world.xingfuli, [Part("幸福一社区"), Part("幸福二社区")], on=today(), basis=BASIS, by=by
    )
    street = Region.objects.get(code="620102020")
    paths = paths_now()
    paths[world.xingfuli.pk] = street.path
    restated_is(world, paths)
    assert not restating.changed(street, [world.edition])
    targets = [target("GS-T11")]
    for part in opened:
        assert reading.read(targets, part, edition=world.edition)[0].status == Status.NO_DATA
        assert history.of(targets, part, [world.edition]) == {"GS-T11": []}


def test_a_merge_that_was_entered_late_is_seen_as_well(before):
    """The document is older than the edition; the edition did not know of it."""
    world, by = before, before.people["province_admin"]
    tree.merge([world.tianqing], into=world.xingfuli, on=today() - timedelta(20), basis=BASIS, by=by)
    assert restating.changed(world.xingfuli, [world.edition]) == {world.edition.pk}


def test_a_chain_of_successions_ends_where_the_last_one_stands(before):
    world, by = before, before.people["province_admin"]
    third = world.region("620102021001")
    tree.merge([world.tianqing], into=world.xingfuli, on=today() - timedelta(4), basis=BASIS, by=by)
    tree.merge([world.xingfuli], into=third, on=today() - timedelta(2), basis=BASIS, by=by)
    assert Succession.objects.count() == 2
    paths = paths_now()
    paths[world.tianqing.pk] = paths[world.xingfuli.pk] = Region.objects.get(pk=third.pk).path
    restated_is(world, paths)
    assert restating.changed(third, [world.edition]) == {world.edition.pk}


def test_the_history_of_a_place_does_not_jump_by_a_merge(before):
    world, by = before, before.people["province_admin"]
    PlaceMeasures.objects.all().delete()
    set_figures(world.xingfuli, volunteers=10, residents=100)
    set_figures(world.tianqing, volunteers=30, residents=100)
    counting.resum()
    edition = counting.freeze(Edition.Kind.MONTHLY, today() - timedelta(40))
    tree.merge([world.tianqing], into=world.xingfuli, on=today() - timedelta(2), basis=BASIS, by=by)
    share = [target("GS-T13")]
    [moment] = history.of(share, world.xingfuli, [edition])["GS-T13"]
    assert (moment.is_restated, moment.reading.figures[:2], moment.own["volunteers"]) == (True, [40, 200], 40)
    [moment] = history.of(share, world.xingfuli, [edition], as_was=True)["GS-T13"]
    assert (moment.is_restated, moment.reading.figures[:2]) == (False, [10, 100])
    [moment] = history.of(share, world.region("62"), [edition])["GS-T13"]
    assert (moment.is_restated, moment.reading.figures[:2]) == (False, [40, 200])


def test_failing_units_are_listed_where_they_lie_today(before):
    world, by = before, before.people["province_admin"]
    PlaceMeasures.objects.all().delete()
    for place, has in ((world.xingfuli, 1), (world.region("620102021001"), 0)):
        set_in_area(place, studio_own=has)
    counting.resum()
    edition = counting.freeze(Edition.Kind.DEMAND, today() - timedelta(1))
    tree.move(world.region("620102021"), world.region("620123"), on=today(), basis=BASIS, by=by)
    studios = target("GS-T11")
    near, far = Region.objects.get(code="620102"), Region.objects.get(code="620123")

    def failing_of(place, **asked):
        return [row.unit for row in units.failing(studios, place, edition=edition, **asked)]

    failing = world.region("620102021001").pk
    assert (failing_of(near), failing_of(far)) == ([failing], [])
    assert (failing_of(near, restated=True), failing_of(far, restated=True)) == ([], [failing])


# On demand


def test_who_decides_or_administers_in_the_province_has_the_day_kept_once(
    world, django_capture_on_commit_callbacks
):
    load_targets(world)
    for who in ("city", "county_admin", "observer", "community"):
        with pytest.raises(PermissionDenied):
            editions.ask(by=world.fresh(who))
    job = editions.ask(by=world.fresh("province"))
    with pytest.raises(NotNow):
        editions.ask(by=world.fresh("province_second"))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    edition = Edition.objects.get(kind=Edition.Kind.DEMAND)
    assert (edition.as_of, edition.is_retroactive) == (today(), False)
    with pytest.raises(NotNow):
        editions.ask(by=world.fresh("province_second"))
    told = list(AuditEvent.objects.filter(kind__startswith="edition").values_list("kind", flat=True))
    assert sorted(told) == ["edition_asked", "edition_kept"]
