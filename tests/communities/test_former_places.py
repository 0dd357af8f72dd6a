"""Registers are handed on when places merge or split; a day before is still counted where the rows stood."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import services
from communities.models import Grid, Level, Region, ResidentUnit
from communities.services import Part, handing
from linkage.attainment import tasks
from linkage.attainment.models import KEPT_TABLES, UNIT_TABLES, Edition, EditionSums
from linkage.attainment.services import counting, unit_rows
from linkage.foundation import former, keeping, measures
from linkage.foundation.earlier import as_they_stood
from linkage.foundation.models import FormerPlace
from organizations.models import ServedCommunity
from tests.registers.rows import MAKERS, Rows

DOC = "甘民复〔2026〕9号"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def counted(on):
    """Every figure of a day, asked of all units and of each: ``{measure: {unit: value}}``."""
    found = {}
    for measure in measures.registered():
        rows = {row["unit"]: row["value"] for row in measure.rows(on)}
        for unit, value in rows.items():
            assert list(measure.of(on, [unit])) == [{"unit": unit, "value": value}], measure.key
        found[measure.key] = rows
    return found


def behind(on, units):
    return {
        (measure.key, unit): sorted(measure.rows_behind(on, unit).values_list("pk", flat=True))
        for measure in measures.of_unit("place")
        for unit in units
    }


def unit_rows_of(on):
    """The measure rows of all units of a day, as an edition would keep them."""
    found = {}
    with counting.alone() as cursor:
        unit_rows.stage_tree(cursor, on)
        for table in UNIT_TABLES:
            sql, params = unit_rows.rows_of(table, on)
            cursor.execute(f"SELECT * FROM ({sql}) r ORDER BY unit_id", params)
            found[table.KIND] = cursor.fetchall()
        counting._drop(cursor, staged=False)
    return found


def open_new(place, admin, on):
    """A community beside this one, opened that day."""
    return services.open_region(
        "新合社区", level=Level.COMMUNITY, parent=place.parent, on=on, basis=DOC, by=admin, kind=place.kind
    )


@pytest.fixture
def full(at, admin):
    """Two communities with a row in every register, the first handed on everywhere."""
    gone = at("620102001001")
    rows = Rows(gone, "并入").all()
    here = [
        model
        for model, _columns in handing.registers()
        if "at" not in MAKERS[model._meta.label_lower] and rows[model].place == gone
    ]
    assert len(here) > 25
    return gone, here, rows


@pytest.mark.parametrize("is_new", [True, False], ids=["into one opened today", "into one that stood"])
def test_the_day_before_a_merger_is_counted_as_it_was(full, at, admin, is_new):
    gone, here, rows = full
    other, day = at("620102001002"), today(-1)
    before = counted(day), behind(day, [gone.pk, other.pk]), unit_rows_of(day)
    assert len([key for key, values in before[0].items() if gone.pk in values]) > 15
    into = open_new(gone, admin, today()) if is_new else other
    services.merge([gone], into=into, on=today(), basis=DOC, by=admin)
    assert (counted(day), behind(day, [gone.pk, other.pk]), unit_rows_of(day)) == before
    for model in here:
        row = as_they_stood(model.everything.filter(pk=rows[model].pk), day)
        there = row.filter(**{model.region_path: gone.path})
        assert there.count() == 1 and there.exists(), model._meta.label
        columns = dict(handing.registers())[model]
        assert [getattr(there.get(), column) for column in columns] == [
            getattr(rows[model], column) for column in columns
        ]
        assert model.tells_of_place or model.everything.get(pk=rows[model].pk).place == into
    now = counted(today())
    assert not [key for key, values in now.items() if gone.pk in values]
    assert now["staff"][into.pk] == before[0]["staff"][gone.pk] + before[0]["staff"].get(into.pk, 0)


def test_a_deadline_kept_after_a_merger_reads_what_was_read_before_it(full, at, admin):
    gone, _here, _rows = full
    day = today(-1)

    def frozen():
        edition = counting.freeze(Edition.Kind.DEADLINE, day)
        sums = EditionSums.objects.filter(edition=edition).order_by("region_id")
        units = {}
        for kind, table in KEPT_TABLES.items():
            kept = table.objects.filter(edition_id=edition.pk).order_by("unit_id")
            units[kind] = list(kept.values_list("unit_id", "region_id", "path", *table.MEASURES))
        return list(sums.values_list("region_id", "sums")), units

    with transaction.atomic():
        before = frozen()
        transaction.set_rollback(True)
    assert any(place == gone.parent_id and any(sums) for place, sums in before[0])
    services.merge([gone], into=open_new(gone, admin, today()), on=today(), basis=DOC, by=admin)
    assert frozen() == before


def units_at(on):
    return {row["unit"]: row["value"] for row in measures.get("units_sharing").rows(on)}


def unit_at(place, name="兰州第一中学"):
    return ResidentUnit.objects.create(region=place, name=name, resources=["venue"])


def test_who_was_handed_on_twice_counts_on_each_day_where_it_stood(at, admin):
    first, second, last = at("620102001001"), at("620102001002"), at("620102002001")
    unit_at(first)
    services.merge([first], into=second, on=today(-5), basis=DOC, by=admin)
    services.merge([second], into=last, on=today(-2), basis=DOC, by=admin)
    late = unit_at(first, "登记晚了的单位")
    services.hand_on(first, into=last, labels=["communities.ResidentUnit"], by=admin)
    late.refresh_from_db()
    assert late.region == last
    days = [units_at(today(-days)) for days in (6, 5, 3, 2, 0)]
    assert days == [{first.pk: 2}, {second.pk: 2}, {second.pk: 2}, {last.pk: 2}, {last.pk: 2}]


def test_after_a_split_single_rows_count_at_their_part_from_its_day_on_whoever_hands_them_on(
    at, admin, person
):
    old = at("620102001001")
    one, other = unit_at(old), unit_at(old, "兰州第二中学")
    services.split(old, [Part("东社区"), Part("西社区")], on=today(-3), basis=DOC, by=admin)
    east, west = (Region.objects.get(name=name) for name in ("东社区", "西社区"))
    keeping.hand_on([one], to=east, by=person("620102", "clerk"))
    services.hand_on(old, into=west, labels=["communities.ResidentUnit"], by=admin)
    assert FormerPlace.objects.filter(entry__in=[one.pk, other.pk]).count() == 2, "each once"
    assert units_at(today(-4)) == {old.pk: 2}
    assert units_at(today(-3)) == units_at(today()) == {east.pk: 1, west.pk: 1}


def test_what_stays_because_its_like_is_there_is_not_taken_for_gone(at, admin):
    gone, into = at("620102001001"), at("620102001002")
    for place in (gone, into):
        Grid.objects.create(region=place, code="01", name="第一网格")
    second = Grid.objects.create(region=gone, code="02", name="第二网格")
    services.merge([gone], into=into, on=today(), basis=DOC, by=admin)
    assert list(FormerPlace.objects.values_list("entry", "place", "until")) == [(second.pk, gone.pk, today())]


def test_killed_in_the_middle_no_day_is_changed(at, admin, monkeypatch):
    gone, into = at("620102001001"), at("620102001002")
    unit_at(gone)
    updated = []

    def breaks(rows, field, stays):
        plain(rows, field, stays)
        updated.append(rows.model)
        if rows.model is ServedCommunity:
            raise RuntimeError

    plain = former.remember
    monkeypatch.setattr(former, "remember", breaks)
    with pytest.raises(RuntimeError):
        services.merge([gone], into=into, on=today(), basis=DOC, by=admin)
    assert ResidentUnit in updated
    assert not FormerPlace.objects.exists()
    assert units_at(today(-1)) == units_at(today()) == {gone.pk: 1}


def test_the_count_of_today_asks_nothing_more(at, admin):
    unit_at(at("620102001001"))
    services.merge([at("620102001001")], into=at("620102001002"), on=today(), basis=DOC, by=admin)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        of_today = [str(measure.rows(today()).query) for measure in measures.registered()]
    assert not asked.captured_queries
    assert not [sql for sql in of_today if "foundation_formerplace" in sql]
    assert "foundation_formerplace" in str(measures.get("units_sharing").rows(today(-1)).query)


@pytest.fixture
def merges_at_new_year(at, admin):
    """A merger of the coming 1 January; answers both places and that day."""
    gone, into, day = at("620102001001"), at("620102001002"), date(today().year + 1, 1, 1)
    unit_at(gone)
    services.merge([gone], into=into, on=day, basis=DOC, by=admin)
    return gone, into, day


def at_five_past_midnight(day):
    return time_machine.travel(datetime.combine(day, time(0, 5), timezone.get_default_timezone()), tick=False)


def kept_units(**which):
    edition = Edition.objects.get(**which)
    kept = KEPT_TABLES["place"].objects.filter(edition_id=edition.pk, units_sharing__gt=0)
    return dict(kept.values_list("unit_id", "units_sharing"))


def test_at_night_the_old_year_is_kept_before_the_registers_go_and_the_new_month_after(merges_at_new_year):
    gone, into, day = merges_at_new_year
    with at_five_past_midnight(day):
        assert kept_before_the_registers_go() == [True]
        assert kept_units(as_of=day - timedelta(days=1)) == {gone.pk: 1}
        assert kept_units(as_of=day, kind=Edition.Kind.MONTHLY) == {into.pk: 1}


def kept_before_the_registers_go():
    """Turns the day; for each time the registers went, whether the year had been kept by then."""
    found, plain = [], handing.after_merger
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            handing,
            "after_merger",
            lambda step: (found.append(Edition.objects.filter(as_of__lt=step.on).exists()), plain(step)),
        )
        tasks.turn_readings()
    return found


def test_the_tree_turns_even_if_the_days_before_could_not_be_kept(merges_at_new_year, monkeypatch):
    _gone, into, day = merges_at_new_year

    def fails(on=None):
        raise RuntimeError

    monkeypatch.setattr(tasks.editions, "keep_past_days", fails)
    with (
        at_five_past_midnight(day),
        pytest.raises(RuntimeError),
    ):
        tasks.turn_readings()
    assert ResidentUnit.objects.get().region == into
