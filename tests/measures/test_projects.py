"""Approved projects with their money in fen, and the pilot communities of pilot areas."""

from decimal import Decimal

from django.utils import timezone

from linkage.foundation.models import StaleMark
from projects.models import PilotArea, PilotCommunity, PilotPlan, Project
from tests import factories
from tests.measures.figures import days_ago, figures, marked


def test_an_approved_project_counts_with_its_subsidy_in_fen(world):
    factories.submitted(world, world.wuyi)
    with marked():
        project = factories.approved(world, asks=Decimal(45000))
    assert figures("approved_projects") == {project.pk: 1} == figures("granted_projects")
    assert figures("granted_subsidy") == {project.pk: 4500000}
    assert figures("approved_projects", days_ago(1)) == {}
    with marked():
        Project.objects.filter(pk=project.pk).update(granted_amount=0)
    assert figures("granted_projects") == {} == figures("granted_subsidy")
    assert figures("approved_projects") == {project.pk: 1}


def test_pilot_communities_with_an_approved_project(world):
    factories.approved(world)
    factories.submitted(world, world.wuyi)
    pilots = {row.region_id: row.pk for row in PilotCommunity.objects.all()}
    assert figures("pilot_communities") == dict.fromkeys(pilots.values(), 1)
    assert figures("communities_with_approved_project") == {pilots[world.xingfuli.pk]: 1}
    assert figures("pilot_communities", days_ago(1)) == {}


def test_pilot_communities_are_counted_for_the_pilot_area_that_named_them(world):
    area = {code: world.region(code).pk for code in factories.PILOTS}
    numbers = {area[code]: len(named) for code, named in factories.PILOTS.items()}
    assert figures("designated_pilot_communities") == numbers
    with marked():
        PilotCommunity.objects.filter(region=world.tianqing).update(designated_on=days_ago(-1))
    assert figures("designated_pilot_communities")[area["620102"]] == numbers[area["620102"]] - 1


def test_a_pilot_area_has_its_plan_from_the_day_it_is_handed_in_until_it_is_sent_back(world):
    area = PilotArea.objects.get(region=world.region("620102"))
    with marked():
        plan = PilotPlan.objects.create(
            area=area, round=1, name="方案.pdf", stored="plans/1", content_type="application/pdf", size=9,
            sha256="0" * 64, handed_in_by=world.people["county"],
        )  # fmt: skip
    assert figures("plan_handed_in") == {area.region_id: 1}
    assert figures("plan_handed_in", days_ago(1)) == {}
    with marked():
        plan.state, plan.answered_at = PilotPlan.State.RETURNED, timezone.now()
        plan.answered_by, plan.reason = world.people["province"], "缺少需求分析"
        plan.save()
    assert figures("plan_handed_in") == {}


def test_who_is_a_pilot_or_lies_in_a_pilot_area_is_marked(world):
    StaleMark.objects.all().delete()
    PilotCommunity.objects.filter(region=world.tianqing).update(region=world.region("620102020"))
    marks = set(StaleMark.objects.filter(kind="place").values_list("unit_id", flat=True))
    assert {str(world.tianqing.pk), str(world.region("620102020").pk)} <= marks
    assert not StaleMark.objects.filter(kind="tree").exists()
    PilotArea.objects.create(programme=world.programme, region=world.region("6209"), basis="测试")
    assert StaleMark.objects.filter(kind="tree").exists()
