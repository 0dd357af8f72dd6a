"""Readings: what a decision changes, seconds later, on every level; and that a recount agrees."""

from fractions import Fraction

import pytest
from django.utils import timezone

from communities import services as regions
from linkage.attainment import services
from linkage.attainment.models import ProjectMeasures, Target, TargetSums
from linkage.attainment.services import counting, reading
from linkage.foundation.models import AuditEvent, StaleMark
from projects.models import PilotCommunity, Project
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def targets(world):
    for code, metric, limit in (
        ("GS-T14a", "communities_with_approved_project", "100"),
        ("GS-T14b", "approved_projects", "200"),
    ):
        Target.objects.create(
            document=world.programme.document,
            code=code,
            clause="五",
            quote="…",
            kind="all",
            scope="pilot_communities",
            unit="project" if metric == "approved_projects" else "pilot_community",
            rule="QUOTA",
            metric=metric,
            at_most=limit,
            nature="expected",
        )
    return world


def read(world, code):
    found = services.readings(world.programme, world.region(code))
    return {reading.target.code: reading.value for reading in found}


def test_an_approval_counts_on_every_level_above_its_community(targets):
    world = targets
    factories.approved(world)
    factories.approved(world, title="第二个项目")
    factories.approved(world, world.wuyi)
    services.refresh()

    assert read(world, "62") == {"GS-T14a": 2, "GS-T14b": 3}
    assert read(world, "6201") == {"GS-T14a": 1, "GS-T14b": 2}
    assert read(world, "620102020001") == {"GS-T14a": 1, "GS-T14b": 2}
    assert read(world, "6202") == {"GS-T14a": 1, "GS-T14b": 1}
    assert read(world, "620123") == {"GS-T14a": 0, "GS-T14b": 0}
    keys = ("granted_subsidy", "pilot_communities")
    sums = reading.totals(keys, [world.region("62")])[world.region("62").pk]
    assert sums == {"granted_subsidy": 13_500_000, "pilot_communities": PilotCommunity.objects.count()}
    below = dict(services.programme_below(world.programme, world.region("62")))
    assert below[world.region("6201")].approved_projects == 2
    assert below[world.region("6202")].granted_subsidy == 45_000


def test_what_is_not_approved_or_not_provincial_counts_nothing(targets):
    world = targets
    factories.submitted(world)
    services.refresh()
    assert read(world, "62") == {"GS-T14a": 0, "GS-T14b": 0}


def test_only_changes_of_what_is_counted_leave_a_mark(targets):
    world = targets
    project = factories.draft(world)
    services.refresh()
    assert not StaleMark.objects.exists()
    Project.objects.filter(pk=project.pk).update(needs_analysis="anders")
    assert not StaleMark.objects.exists()
    Project.objects.filter(pk=project.pk).update(status="terminated", step=None)
    assert StaleMark.objects.exists()


def test_a_rebuild_says_the_same_as_the_changes_did(targets):
    world = targets
    counting.rebuild()
    for place in (world.xingfuli, world.wuyi, world.xiyuan, world.hekou):
        factories.approved(world, place)
    services.refresh()
    assert counting.differences() == []
    before = dict(TargetSums.objects.values_list("region", "sums"))
    counting.rebuild()
    assert dict(TargetSums.objects.values_list("region", "sums")) == before


def test_a_recount_from_the_base_tables_by_plain_python_agrees(targets):
    world = targets
    for place in (world.xingfuli, world.wuyi, world.hekou):
        factories.approved(world, place)
    services.refresh()
    for region in world.regions.values():
        counted = sum(
            1
            for project in Project.objects.select_related("region", "track")
            if project.status == "approved"
            and project.track.counts_against_quota
            and region.contains(project.region)
        )
        assert read(world, region.code)["GS-T14b"] == counted, region


def test_a_difference_is_reported_with_its_rows_and_put_right(targets):
    world = targets
    factories.approved(world)
    services.refresh()
    city = TargetSums.objects.get(region=world.region("6201"))
    city.sums = [7, *city.sums[1:]]
    city.save()

    found = services.check()

    assert [(row[0], row[1][0]) for row in found] == [(world.region("6201").pk, 7)]
    report = AuditEvent.objects.get(kind="readings_differ")
    assert report.facts["count"] == 1
    assert read(world, "6201")["GS-T14b"] == 1


def test_a_moved_place_takes_its_projects_along(targets):
    world = targets
    factories.approved(world)
    services.refresh()
    admin = factories.person("province_admin", "某某", world.offices["62"], "administrator")
    regions.move(
        world.region("620102"), world.region("6209"), on=timezone.localdate(), basis="测试", by=admin
    )
    services.refresh()
    assert read(world, "6201")["GS-T14b"] == 0
    assert read(world, "6209")["GS-T14b"] == 1


def test_a_draft_is_no_unit_for_those_above_its_community(targets):
    """HOUSE: drafts are seen by their own community and the street's clerk; figures name approved ones."""
    world = targets
    draft, approved = factories.draft(world), factories.approved(world, world.wuyi)
    services.refresh()
    assert list(ProjectMeasures.objects.values_list("unit", flat=True)) == [approved.pk]
    counting.rebuild()
    assert not ProjectMeasures.objects.filter(unit=draft).exists()
    assert counting.differences() == []


def test_a_reading_compares_exactly_and_says_when_it_was_counted(targets):
    world = targets
    factories.approved(world)
    services.refresh()
    reading = services.readings(world.programme, world.region("62"))[1]
    assert (reading.value, reading.limit, reading.gap) == (1, 200, 199)
    assert not reading.is_met
    assert isinstance(reading.limit, Fraction)
    assert reading.computed_at is not None


def test_a_raised_ceiling_is_the_limit_of_the_reading(targets):
    world = targets
    world.programme.quotas.filter(key="projects").update(limit=220)
    reading = services.readings(world.programme, world.region("62"))[1]
    assert reading.limit == 220


def test_what_changes_at_a_place_that_has_closed_does_not_come_back(targets):
    """A full count leaves out what lies at closed places; so must the count of one change there."""
    world = targets
    project = factories.approved(world)
    services.refresh()
    closed = timezone.localdate()
    type(world.xingfuli).objects.filter(pk=world.xingfuli.pk).update(closed_on=closed)
    services.refresh()
    assert not ProjectMeasures.objects.filter(unit=project).exists()
    Project.objects.filter(pk=project.pk).update(granted_amount=1)
    assert services.refresh() > 0
    assert not ProjectMeasures.objects.filter(unit=project).exists()
    assert counting.differences() == []
