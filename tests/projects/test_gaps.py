"""What stands between a draft and its submission: a complete draft, one thing taken away or spoilt."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from communities import services as regions
from projects.models import Project, Track, gaps
from tests import factories

pytestmark = pytest.mark.django_db


def days_ago(days):
    """A day to be worked out when the draft is spoilt: the suite may run across midnight."""
    return lambda: timezone.localdate() - timedelta(days=days)


def spoilt(item, changed):
    for name, value in changed.items():
        setattr(item, name, value() if callable(value) else value)


def on(record, **changed):
    return lambda project: spoilt(getattr(project, record), changed)


def on_form(**changed):
    return lambda project: spoilt(project, changed)


def without_needs(project):
    project.needs.clear()


def without_a_file(slot):
    return lambda project: project.attachments.filter(slot=slot).update(removed_at=timezone.now())


def less_money(project):
    project.sources.first().delete()


def more_asked_than_needed(project):
    project.requested_subsidy = project.total_need + 1


def asked_on_local_money(project):
    project.track = Track.objects.get(programme=project.programme, counts_against_quota=False)


def off_the_list(project):
    project.programme.pilot_communities.filter(region=project.region).delete()


ONE_THING = {
    "no need is chosen": (without_needs, "planning", "needs"),
    "no suggestion is counted": (on_form(suggestions=None), "planning", "id_suggestions"),
    "gathering ends before it begins": (on_form(collected_to=days_ago(300)), "planning", "id_collected_to"),
    "gathering lies in the future": (on_form(collected_to=days_ago(-1)), "planning", "id_collected_to"),
    "no hearing": (on_form(hearing=None), "hearing", "hearing"),
    "hearing before gathering ended": (on("hearing", held_on=days_ago(300)), "hearing", "hearing"),
    "no minutes": (without_a_file("hearing_minutes"), "hearing", "slot-hearing_minutes"),
    "no assembly": (on_form(assembly=None), "assembly_review", "assembly"),
    "assembly before hearing": (on("assembly", held_on=days_ago(31)), "assembly_review", "assembly"),
    "assembly said no": (on("assembly", passed=False), "assembly_review", "assembly"),
    "no sign-in sheet": (without_a_file("sign_in_sheet"), "assembly_review", "slot-sign_in_sheet"),
    "no notice": (on_form(notice=None), "public_notice", "notice"),
    "notice before assembly": (on("notice", starts_on=days_ago(100)), "public_notice", "notice"),
    "notice still hangs": (on("notice", ends_on=days_ago(0)), "public_notice", "notice"),
    "no photo": (without_a_file("notice_photo"), "public_notice", "slot-notice_photo"),
    "no overview": (on_form(community_profile=""), "submission", "id_community_profile"),
    "no needs analysis": (on_form(needs_analysis=""), "submission", "id_needs_analysis"),
    "no people served": (on_form(service_targets=""), "submission", "id_service_targets"),
    "no method": (on_form(service_methods=[]), "submission", "id_service_methods"),
    "no way of service": (on_form(service_plan=""), "submission", "id_service_plan"),
    "no end": (on_form(end_date=None), "submission", "id_end_date"),
    "no effect": (on_form(expected_outcome=""), "submission", "id_expected_outcome"),
    "sources do not reach": (less_money, "submission", "sources"),
    "nothing is asked": (on_form(requested_subsidy=None), "submission", "id_requested_subsidy"),
    "more is asked than needed": (more_asked_than_needed, "submission", "id_requested_subsidy"),
    "asked on local money": (asked_on_local_money, "submission", "id_requested_subsidy"),
    "off the list": (off_the_list, "submission", "eligibility"),
}


def test_a_complete_draft_lacks_nothing(world):
    assert gaps(factories.draft(world)) == []


def test_each_missing_thing_is_named_at_its_place(world):
    """One draft, spoilt in one way after the other, each time from the beginning."""
    draft = factories.draft(world)
    for what, (spoil, step, anchor) in ONE_THING.items():
        with transaction.atomic():
            project = Project.objects.get(pk=draft.pk)
            spoil(project)
            assert (step, anchor) in {(gap.step, gap.anchor) for gap in gaps(project)}, what
            transaction.set_rollback(True)


def test_sources_are_compared_to_the_last_fen(world):
    project = factories.draft(world)
    line = project.budget.first()
    line.amount += Decimal("0.01")
    line.save()
    assert ["0.01" in gap.text for gap in gaps(project) if gap.anchor == "sources"] == [True]


def test_the_applicant_is_written_as_its_places_were_called_at_submission(world):
    project = factories.submitted(world)
    before = Project.objects.get(pk=project.pk).head
    assert before == {
        "city": "兰州市",
        "county": "城关区",
        "street": world.region("620102020").name,
        "community": world.xingfuli.name,
    }
    regions.rename(
        world.xingfuli,
        "改名社区",
        on=timezone.localdate(),
        basis="甘民函〔2016〕1号",
        by=world.people["county_admin"],
    )
    assert Project.objects.get(pk=project.pk).region.name == "改名社区"
    assert Project.objects.get(pk=project.pk).head == before
