"""办理时效: working days from arrival to decision, by step and by office; who may see it, and the file."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from communities.offices import services as offices
from linkage.foundation.workdays import Calendar
from projects.models import Arrival, Project, dwell
from projects.services import chain, filing, urging
from tests import database, factories
from tests.queries import at_most

pytestmark = pytest.mark.django_db


def happened(table, project, step, moment):
    """Say when an arrival or a decision took place; the journals are closed to the site itself."""
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE projects_{table} SET at = %s WHERE project_id = %s AND step = %s",
            [timezone.make_aware(moment), project.pk, step],
        )


@pytest.fixture
def walked(world):
    """Three projects that the street had for 3, 5 and, over the holidays, 11 working days of ten."""
    spans = [("2026-09-07", "2026-09-10"), ("2026-09-07", "2026-09-14"), ("2026-09-24", "2026-10-16")]
    found = []
    for number, (came, went) in enumerate(spans):
        project = factories.agree(factories.submitted(world, title=f"第{number}个"), world)
        happened("arrival", project, "street_review", datetime.fromisoformat(f"{came} 09:00"))
        happened("decision", project, "street_review", datetime.fromisoformat(f"{went} 16:00"))
        found.append(project)
    return found


def lines(by, days=365, **how):
    since = timezone.localdate() - timedelta(days=days)
    stays = dwell.stays(Arrival.objects.all(), since, Calendar(), **how)
    return {line.key: line for line in dwell.lines(stays, by)}


def test_median_longest_and_share_are_counted_in_working_days(walked):
    street = lines("step")["street_review"]

    assert (street.count, street.median, street.longest, street.late) == (3, 5, 11, 1)
    assert round(street.share, 1) == 33.3 and street.waiting == 0
    county = lines("step")["county_review"]
    assert (county.count, county.waiting, county.longest) == (3, 3, 0)


def test_each_round_is_a_stay_of_its_own_and_a_withdrawal_says_nothing_of_the_office(world):
    project = factories.submitted(world)
    filing.withdraw(project, by=factories.clerk_of(world, project.region))
    assert lines("step") == {}

    filing.reopen(project, by=factories.clerk_of(world, project.region))
    filing.submit(Project.objects.get(pk=project.pk), by=factories.clerk_of(world, project.region))

    assert lines("step")["street_review"].count == 1


def test_a_hand_over_parts_the_stay_between_the_offices_and_the_step_keeps_it_whole(world):
    """The street had it for 8 working days of ten, its heir, which had two left, for 4 more."""
    project = factories.submitted(world)
    happened("arrival", project, "street_review", datetime.fromisoformat("2026-09-07 09:00"))
    Project.objects.filter(pk=project.pk).update(step_since=datetime(2026, 9, 7, 9, tzinfo=UTC))
    root = factories.person("root", "石磊", world.offices["62"], "administrator")
    old, heir = world.offices["620102020"], world.offices["620102021"]
    offices.hand_over(old, heir, by=root)
    assert Arrival.objects.get(office=heir).days == 0, "the time had run out long ago"
    moment, table = datetime(2026, 9, 17, 4, tzinfo=UTC), Arrival._meta.db_table
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET at = %s, days = 2 WHERE office_id = %s", [moment, heir.pk])
    clerk = factories.person("next_street", "魏红", heir, "reviewer")
    chain.decide(Project.objects.get(pk=project.pk), "approve", by=clerk, opinion="同意上报。")
    happened("decision", project, "street_review", datetime.fromisoformat("2026-09-22 16:00"))

    by_office = lines("office")
    assert (by_office[old.pk].longest, by_office[old.pk].late) == (8, 0)
    assert (by_office[heir.pk].longest, by_office[heir.pk].late) == (4, 1)
    step = lines("step", whole=True)["street_review"]
    assert (step.count, step.longest, step.late) == (1, 12, 1)


def test_the_office_that_is_late_most_often_stands_first(walked, world):
    last = dwell.bottlenecks(lines("office").values())
    assert [line.key for line in last] == [
        world.offices["620102020"].pk,
        world.offices["620102"].pk,
    ]


def test_the_page_ranks_the_offices_of_ones_own_territory(client, walked, world):
    urging.urge(walked[0], by=world.people["city"])
    client.force_login(world.people["county"])

    page = client.get("/dwell/").content.decode().partition("</header>")[2]

    assert "街道初核" in page and "33.3%" in page
    assert page.index("雁南街道办事处") < page.index("城关区民政局")
    client.force_login(world.people["street"])
    rows = client.get("/dwell/").context["offices"]
    assert [office.name for office, _trail, _line in rows] == ["雁南街道办事处"]


def test_only_those_who_oversee_see_it(client, walked, world):
    for who in ("community", "street_clerk"):
        client.force_login(world.people[who])
        assert client.get("/dwell/").status_code == 403
        assert client.get("/dwell/export/").status_code == 403
        assert "办理时效" not in client.get("/projects/").content.decode()
    client.force_login(world.people["county"])
    assert "办理时效" in client.get("/projects/").content.decode()
    assert client.get("/dwell/?span=7").status_code == 400


def test_the_file_says_the_same_as_the_page(client, walked, world):
    client.force_login(world.people["county"])
    answer = client.get("/dwell/export/?span=365")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell for cell in row if cell not in (None, "")] for row in sheet.iter_rows(values_only=True)]
    assert ["街道初核", 3, 5, 11, 1, 0.333, 0, 0] in rows
    assert any(row[:2] == ["雁南街道办事处", "兰州市 › 城关区 › 雁南街道"] for row in rows)


def test_the_page_costs_the_same_for_any_number(client, walked, world):
    client.force_login(world.people["province"])
    with at_most(22):
        client.get("/dwell/")
