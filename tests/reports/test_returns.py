"""季报: opened, filled in from what the registers said then, filed, received, locked, summed, put right."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from communities.models import Level
from communities.offices.services import hand_over
from linkage.attainment.models import Edition, EditionSums, KeptPlace
from linkage.attainment.services import counting, plan
from linkage.foundation import outbox
from linkage.foundation.errors import NotNow
from linkage.foundation.models import AuditEvent, Job, Notice
from linkage.reports.documents import filing as words
from linkage.reports.models import Collection, Return, ReturnEvent, State
from linkage.reports.models.collection import last_day
from linkage.reports.services import collecting, comparing, filing, units
from tests.attainment.test_pages import chinese, open_as, said  # noqa: F401 (fixtures)
from tests.database import as_owner
from tests.foundation.test_words_on_pages import NAMES, leftovers
from tests.queries import at_most

pytestmark = pytest.mark.django_db

TEMPLATE, YEAR, NUMBER = "governance-quarter", 2026, 3
STREET, COMMUNITIES = "620102020", ("620102020001", "620102020002")
NOTE = "本季度集中补录。"


def due():
    return timezone.localdate() + timedelta(days=10)


def opened(world, who="county", number=NUMBER, lowest=Level.COMMUNITY):
    return collecting.open_collection(
        TEMPLATE, year=YEAR, number=number, lowest=lowest, due_on=due(), by=world.fresh(who)
    )


def kept(number, **figures):
    """The last day of a quarter as it was kept: these figures of 幸福里, nought of everybody else."""
    edition = counting.freeze(Edition.Kind.DEMAND, last_day("quarter", YEAR, number))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE attainment_keptplace SET volunteers = 0 WHERE edition_id = %s", [edition.pk])
        for name, value in figures.items():
            cursor.execute(
                f"UPDATE attainment_keptplace k SET {name} = %s FROM communities_region r"
                " WHERE r.id = k.unit_id AND r.code = %s AND edition_id = %s",
                [value, COMMUNITIES[0], edition.pk],
            )
        above = list(EditionSums.objects.filter(edition=edition).select_related("plan", "region"))
        at = plan.read(above[0].plan).at
        told = {f"={name}": value for name, value in figures.items()} | {"=volunteers": figures["volunteers"]}
        told |= (
            {"=volunteers|households": figures["volunteers"], "#households": 1}
            if "households" in figures
            else {}
        )
        for row in above:
            if not COMMUNITIES[0].startswith(row.region.code):
                continue
            for name, value in told.items():
                cursor.execute(
                    "UPDATE attainment_editionsums SET sums[%s] = %s WHERE id = %s",
                    [at[name][0] + 1, value, row.pk],
                )
    return edition


@pytest.fixture
def quarter(world, chinese):  # noqa: F811
    """The county has opened the third quarter of 2026."""
    counting.rebuild()
    kept(NUMBER, volunteers=40, households=100, residents=300)
    return opened(world)


def filed_by(world, row, who, code, **save):
    made = filing.begin(row, world.region(code), by=world.fresh(who))
    own = save.pop("own", {})
    gaps = {key: NOTE for key, _name, _text in filing.gaps_of(made) if key != "shortfall"}
    gaps |= dict.fromkeys(own, NOTE)
    filing.save(made, own=own, notes=gaps | save.pop("notes", {}), by=world.fresh(who), **save)
    return filing.file(made, by=world.fresh(who))


def test_a_period_is_opened_once_when_it_is_over_and_its_last_day_is_kept(world):
    counting.rebuild()
    row = opened(world)
    assert (row.as_of, row.region.code, row.period) == (date(2026, 9, 30), "620102", "2026 年第三季度")
    job = Job.objects.get(kind=collecting.KIND)
    with pytest.raises(NotNow):  # the figures are not kept yet
        filing.begin(row, world.xingfuli, by=world.fresh("community"))
    collecting.keep_for(row)
    assert Collection.objects.get().edition.as_of == row.as_of and job.arguments == {"collection": row.pk}
    with pytest.raises(NotNow):
        opened(world)
    with pytest.raises(ValidationError) as wrong:
        opened(world, number=4)
    assert "number" in wrong.value.message_dict
    with pytest.raises(ValidationError) as wrong:
        opened(world, lowest=Level.CITY)
    assert "lowest" in wrong.value.message_dict
    with pytest.raises(PermissionDenied):
        opened(world, "street")
    assert AuditEvent.objects.filter(kind="return_opened").count() == 1


def test_figures_come_from_the_last_day_and_the_way_up_sums_what_was_received(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    assert (one.state, one.figure("volunteers"), one.figure("communities")) == (State.FILED, 40, 1)
    street = world.region(STREET)
    assert filing.receive(quarter, street, [one.pk], by=world.fresh("street")) == 1
    assert filing.receive(quarter, street, [one.pk], by=world.fresh("street")) == 0  # once
    told = filing.begin(quarter, street, by=world.fresh("street"))
    assert (told.units, told.units_in, told.figure("volunteers"), told.figure("communities")) == (2, 1, 40, 1)
    with pytest.raises(ValidationError) as gaps:
        filing.file(told, by=world.fresh("street"))
    assert "shortfall" in gaps.value.message_dict  # one unit below has told nothing
    filing.save(told, own={}, notes={}, shortfall="天庆嘉园停电。", by=world.fresh("street"))
    filing.file(told, by=world.fresh("street"))
    one.refresh_from_db()
    assert one.state == State.LOCKED  # it has gone into a sum that was filed
    verbs = list(ReturnEvent.objects.filter(of=one).values_list("verb", flat=True))
    assert verbs == ["begun", "filed", "received", "locked"]


def test_who_has_not_filed_is_listed_and_counted(world, quarter):
    filed_by(world, quarter, "community", COMMUNITIES[0])
    found = units.units_below(quarter, world.region(STREET).pk)
    assert [(unit.region.code, unit.filed and unit.filed.state) for unit in found] == [
        (COMMUNITIES[0], State.FILED),
        (COMMUNITIES[1], None),
    ]
    page = open_as(world, "street", f"/returns/{quarter.pk}/?list=missing")
    assert "天庆嘉园" in said(page) and [unit.region.code for unit in page.context["below"]] == [
        COMMUNITIES[1]
    ]
    assert dict(page.context["counts"])["未报送"] == 1
    county = open_as(world, "county", f"/returns/{quarter.pk}/")
    assert county.context["everywhere"][1] == 1


def test_another_figure_than_the_registers_is_explained(world, quarter):
    by = world.fresh("community")
    told = filing.begin(quarter, world.xingfuli, by=by)
    filing.save(told, own={"volunteers": 45}, notes={}, by=by)
    with pytest.raises(ValidationError) as gaps:
        filing.file(told, by=by)
    assert list(gaps.value.message_dict) == ["volunteers"]
    filing.save(told, own={"volunteers": 45}, notes={"volunteers": NOTE}, by=by)
    told = filing.file(told, by=by)
    assert (told.register["volunteers"], told.figure("volunteers")) == (40, 45)
    per_hundred = next(c for c in quarter.form.columns if c.share == ("volunteers", "households"))
    assert words.value(told, per_hundred) == 45
    with pytest.raises(NotNow):
        filing.save(told, own={"volunteers": 1}, notes={}, by=by)


def test_a_filed_return_never_changes_whatever_the_registers_do(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Return.objects.filter(pk=one.pk).update(own={"volunteers": 1})
    filing.receive(quarter, world.region(STREET), [one.pk], by=world.fresh("street"))
    Return.objects.filter(pk=one.pk).update(state=State.LOCKED)
    with pytest.raises(DatabaseError, match="only reopened"), transaction.atomic():
        Return.objects.filter(pk=one.pk).update(state=State.DRAFT)
    assert KeptPlace.objects.filter(edition_id=quarter.edition_id, unit_id=world.xingfuli.pk).exists()


def test_what_is_sent_back_says_why_and_is_filed_anew(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    with pytest.raises(ValidationError):
        filing.send_back(one, reason=" ", by=world.fresh("street"))
    with pytest.raises(PermissionDenied):
        filing.send_back(one, reason="x", by=world.fresh("county"))  # only right above
    filing.send_back(one, reason="志愿者数请核实。", by=world.fresh("street"))
    outbox.deliver_due()
    assert Notice.objects.filter(user=world.people["community"], kind="return.back").exists()
    page = said(open_as(world, "community", f"/returns/sheets/{one.pk}/"))
    assert "志愿者数请核实。" in page
    again = filing.file(one, by=world.fresh("community"))
    assert again.state == State.FILED
    assert again.events.filter(verb="filed").count() == 2


def test_who_took_over_the_office_above_receives_what_lies_there(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    street, heir = world.offices[STREET], world.offices["620102"]
    hand_over(street, heir, by=world.fresh("county_admin"))
    place = world.region(STREET)
    with pytest.raises(PermissionDenied):
        filing.receive(quarter, place, [one.pk], by=world.fresh("city"))
    assert filing.receive(quarter, place, [one.pk], by=world.fresh("county")) == 1
    assert one.events.get(verb="received").office_name == heir.name


def test_a_locked_return_is_reopened_from_the_top_down_only_with_a_reason(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    filing.receive(quarter, world.region(STREET), [one.pk], by=world.fresh("street"))
    street = filed_by(world, quarter, "street", STREET, shortfall="缺一个")
    with pytest.raises(NotNow, match="已经报送"):
        filing.reopen(one, reason="更正", by=world.fresh("street"))
    filing.send_back(street, reason="请更正幸福里。", by=world.fresh("county"))
    with pytest.raises(PermissionDenied):
        filing.reopen(one, reason="更正", by=world.fresh("community"))
    opened_again = filing.reopen(one, reason="漏了 2 人", by=world.fresh("street"))
    assert opened_again.state == State.RETURNED
    event = ReturnEvent.objects.get(of=one, verb="reopened")
    assert (event.reason, event.by) == ("漏了 2 人", world.people["street"])
    assert ReturnEvent.objects.get(of=one, verb="filed").figures["volunteers"] == 40  # kept as it was sent


def test_the_last_period_stands_beside_and_what_departs_much_is_explained(world, chinese):  # noqa: F811
    counting.rebuild()
    kept(2, volunteers=20)
    kept(3, volunteers=40)
    before = opened(world, number=2)
    filed_by(world, before, "community", COMMUNITIES[0])
    now = opened(world, number=3)
    told = filing.begin(now, world.xingfuli, by=world.fresh("community"))
    assert comparing.change(40, 20) == (20, 1)
    assert comparing.is_large(told, "volunteers")
    assert [key for key, _name, _text in filing.gaps_of(told)] == ["volunteers"]
    line = next(line for part in words.parts(told) for line in part.lines if line.key == "volunteers")
    assert (line.now, line.last, line.change, line.percent, line.year) == ("40", "20", "+20", "+100.00", "—")


def test_a_unit_is_late_by_its_own_day(world, quarter):
    assert quarter.due_for(Level.STREET) == quarter.due_on
    assert quarter.due_for(Level.COMMUNITY) == quarter.due_on - timedelta(days=3)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_collection SET due_on = %s", [date(2026, 10, 15)])
    assert "逾期" in said(open_as(world, "community", f"/returns/{quarter.pk}/"))


def test_a_clerk_files_on_the_page_and_is_told_everything_at_once(world, quarter):
    client = Client()
    client.force_login(world.fresh("community"))
    begun = client.post(f"/returns/{quarter.pk}/begin/", {"place": COMMUNITIES[0]})
    sheet = begun["Location"]
    wrong = client.post(f"{sheet}save/", {"f-volunteers": "四十", "f-staff": "1.5", "deed": "file"})
    assert wrong.status_code == 422 and {key for key, _n, _t in wrong.context["gaps"]} == {
        "volunteers",
        "staff",
    }
    assert 'value="四十"' in wrong.content.decode()
    refused = client.post(f"{sheet}save/", {"f-volunteers": "41", "deed": "file"})
    assert refused.status_code == 422 and "“志愿服务·注册志愿者”与台账数不一致" in refused.content.decode()
    done = client.post(f"{sheet}save/", {"f-volunteers": "41", "n-volunteers": "补录 1 人", "deed": "file"})
    assert done.status_code == 302
    assert Return.objects.get().state == State.FILED
    with at_most(30):
        page = client.get(sheet)
    assert "补录 1 人" in said(page) and "f-volunteers" not in page.content.decode()
    answer = client.get(f"{sheet}export/")
    told = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert told["A1"].value == "社区治理统计季报" and "2026 年第三季度" in told["A2"].value


def test_figures_of_the_units_stand_side_by_side(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    filing.receive(quarter, world.region(STREET), [one.pk], by=world.fresh("street"))
    page = open_as(world, "street", f"/returns/{quarter.pk}/?table=volunteers")
    lines = {line.label: [cell.text for cell in line.cells] for line in page.context["sheet"].lines}
    assert lines["合计"][3] == "40" and "—" in lines["天庆嘉园社区"]
    answer = open_as(world, "street", f"/returns/{quarter.pk}/export/?table=volunteers")
    told = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert told["A1"].value == "雁南街道志愿者汇总表" and "2026 年第三季度" in told["A2"].value


def test_the_workbench_says_what_waits(world, quarter):
    assert "社区治理统计季报" in said(open_as(world, "community", "/"))
    filed_by(world, quarter, "community", COMMUNITIES[0])
    assert "社区治理统计季报" not in said(open_as(world, "community", "/"))
    assert "下级报送 1 份待接收" in said(open_as(world, "street", "/"))


def test_somebody_elses_returns_are_not_there(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    open_as(world, "stranger", f"/returns/{quarter.pk}/", 404)
    open_as(world, "stranger", f"/returns/sheets/{one.pk}/", 404)
    open_as(world, "community", f"/returns/{quarter.pk}/?place={STREET}", 404)
    assert not Return.objects.visible_to(world.fresh("stranger")).exists()


def test_no_page_speaks_english(world, quarter):
    one = filed_by(world, quarter, "community", COMMUNITIES[0])
    filing.send_back(one, reason="请核实。", by=world.fresh("street"))
    begun = filing.begin(quarter, world.region(STREET), by=world.fresh("street"))
    pages = [("county", "/returns/"), ("county", "/returns/new/"), ("street", f"/returns/{quarter.pk}/")]
    pages += [("street", f"/returns/sheets/{begun.pk}/"), ("community", f"/returns/sheets/{one.pk}/")]
    pages += [("street", f"/returns/{quarter.pk}/?table=basics"), ("county", "/summary/?table=own&m-staff=1")]
    for who, url in pages:
        assert leftovers(open_as(world, who, url).content.decode(), NAMES) == [], url


def test_a_running_period_keeps_the_template_it_was_opened_with(world, quarter):
    assert quarter.form == Collection.objects.get().form
    assert [table.key for table in quarter.form.tables] == [
        "basics",
        "organisations",
        "social-workers",
        "volunteers",
    ]
    assert (last_day("quarter", 2026, 4), last_day("year", 2025, 1)) == (
        date(2026, 12, 31),
        date(2025, 12, 31),
    )
