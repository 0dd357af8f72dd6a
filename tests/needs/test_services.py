"""The needs library: who writes in it, and what it refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from communities.needs import services
from communities.needs.forms import NeedForm
from communities.needs.models import NeedItem
from linkage.foundation.errors import NotNow
from tests import factories

pytestmark = pytest.mark.django_db


def facts(**more):
    return {
        "title": "小学生放学后无人照看",
        "group": "children",
        "field": "daily_care",
        "method": "visit",
        "people": 61,
        "collected_on": timezone.localdate() - timedelta(days=9),
        **more,
    }


def test_a_community_gathers_mends_and_removes_a_need(world):
    clerk = world.people["community"]
    need = services.add_need(world.xingfuli, by=clerk, **facts())
    assert list(NeedItem.objects.of(world.xingfuli)) == [need]
    assert need.created_by == clerk

    services.change_need(need, by=clerk, people=62)
    need.refresh_from_db()
    assert (need.people, need.title) == (62, "小学生放学后无人照看")

    services.remove_need(need, by=clerk)
    assert not NeedItem.objects.exists()


def test_the_street_office_writes_for_a_community(world):
    assert services.add_need(world.xingfuli, by=world.people["street_clerk"], **facts()).pk


@pytest.mark.parametrize("who", ["county", "province", "stranger", "stranger_community", "observer", "wuyi"])
def test_nobody_else_writes_in_it(world, who):
    with pytest.raises(PermissionDenied):
        services.add_need(world.xingfuli, by=world.people[who], **facts())
    assert not NeedItem.objects.exists()


def test_needs_are_seen_within_ones_own_region(world):
    services.add_need(world.xingfuli, by=world.people["community"], **facts())
    seen = {
        who: NeedItem.objects.visible_to(world.fresh(who)).count()
        for who in ("community", "street", "province", "stranger", "wuyi")
    }
    assert seen == {"community": 1, "street": 1, "province": 1, "stranger": 0, "wuyi": 0}


def test_all_that_is_wrong_is_said_at_once(world):
    with pytest.raises(ValidationError) as refusal:
        services.add_need(
            world.xingfuli,
            by=world.people["community"],
            **facts(
                title="长" * 300,
                group="aliens",
                field="",
                method="telepathy",
                people=0,
                collected_on=timezone.localdate() + timedelta(days=1),
            ),
        )
    assert refusal.value.message_dict.keys() == {
        "title",
        "group",
        "field",
        "method",
        "people",
        "collected_on",
    }


def test_a_street_is_no_community(world):
    with pytest.raises(ValidationError) as refusal:
        services.add_need(world.region("620102020"), by=world.people["street"], **facts())
    assert "region" in refusal.value.message_dict


def test_a_need_with_a_rare_character_is_kept_as_it_is(world):
    need = services.add_need(world.xingfuli, by=world.people["community"], **facts(title="𠮷家巷路灯"))
    need.refresh_from_db()
    assert need.title == "𠮷家巷路灯"


@pytest.mark.parametrize(
    "typed", ["2016-07-01", "2016/7/1", "2016年7月1日", " 2016 年 7 月 1 日 ", "2016.7.1"]
)
def test_days_may_be_typed_in_any_usual_way(typed):
    form = NeedForm(facts(collected_on=typed))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["collected_on"].isoformat() == "2016-07-01"


@pytest.mark.parametrize("typed", ["2016-02-30", "昨天", "1/7", ""])
def test_what_is_no_day_is_refused_at_its_field(typed):
    assert set(NeedForm(facts(collected_on=typed)).errors) == {"collected_on"}


def test_a_nul_character_is_refused_at_its_field():
    assert set(NeedForm(facts(title="a\0b")).errors) == {"title"}


def test_a_need_that_a_project_builds_on_stays(world):
    project = factories.draft(world)
    need = project.needs.get()
    with pytest.raises(NotNow):
        services.remove_need(need, by=world.people["community"])
    assert project.needs.count() == 1

    project.needs.remove(need)
    services.remove_need(need, by=world.people["community"])
    assert not NeedItem.objects.exists()
