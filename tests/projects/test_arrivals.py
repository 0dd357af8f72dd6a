"""Every arrival at an office is written down once: round, step, office, moment, days allowed."""

from importlib import import_module

import pytest
from django.db import connection

from linkage.foundation.journal import Sealed
from projects.models import Arrival, Project
from projects.services import chain, filing
from tests import database, factories

pytestmark = pytest.mark.django_db

PAST = import_module("projects.migrations.0010_past_arrivals").PAST


def arrivals(project):
    return list(project.arrivals.values_list("round", "step", "office__name", "days"))


def told(project):
    return list(
        Arrival.objects.filter(project=project).order_by("at").values_list("round", "step", "office", "days")
    )


def test_each_office_on_the_way_has_one_arrival_and_the_last_one_is_todays_stay(world):
    project = factories.submitted(world)
    project = factories.agree(project, world)

    assert arrivals(project) == [
        (1, "street_review", "雁南街道办事处", 10),
        (1, "county_review", "城关区民政局", 10),
    ]
    assert project.arrivals.last().at == project.step_since


def test_after_a_return_the_file_arrives_anew(world):
    project = factories.submitted(world)
    chain.decide(project, "return", by=world.officer(project.acting_office), opinion="请补充签到表。")
    project = Project.objects.get(pk=project.pk)
    assert project.arrivals.count() == 1  # with the applicant no clock runs

    filing.submit(project, by=factories.clerk_of(world, project.region))

    assert [row[:2] for row in arrivals(project)] == [(1, "street_review"), (2, "street_review")]


def test_a_skipped_level_has_no_arrival(world):
    project = factories.agree(factories.submitted(world, world.wuyi), world)

    assert [row[1] for row in arrivals(project)] == ["street_review", "city_review"]


def test_where_a_pack_is_silent_the_days_of_the_programme_count(world):
    world.programme.steps.filter(key="street_review").update(days=None)
    world.programme.step_days = 7
    world.programme.save()

    project = factories.submitted(world)

    assert arrivals(project) == [(1, "street_review", "雁南街道办事处", 7)]


def test_an_arrival_is_never_edited(world):
    row = factories.submitted(world).arrivals.get()

    with pytest.raises(Sealed):
        row.save()
    with pytest.raises(Sealed):
        Arrival.objects.update(days=99)


def test_projects_from_before_get_the_arrivals_they_had(world):
    """What the migration writes from submissions, decisions and routes is what was written at the time."""
    walked = factories.approved(world)
    returned = factories.agree(factories.submitted(world), world)
    chain.decide(returned, "return", by=world.officer(returned.acting_office), opinion="请补充签到表。")
    again = filing.submit(Project.objects.get(pk=returned.pk), by=factories.clerk_of(world, returned.region))
    before = {project.pk: told(project) for project in (walked, again)}
    assert [len(rows) for rows in before.values()] == [4, 3]

    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM projects_arrival")
        cursor.execute(PAST)

    assert {project.pk: told(project) for project in (walked, again)} == before
    assert again.arrivals.last().at == again.step_since
