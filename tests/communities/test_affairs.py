"""The list of public affairs: what is in it, how it got in, and how 296 became 72."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.models import AffairChange, CommunityAffairItem

FIRST, CUT, LAST = date(2015, 1, 1), date(2016, 3, 1), date(2016, 12, 31)


@pytest.fixture
def county(world):
    return world.region("620102")


def listed(region, count, start=0, **more):
    return CommunityAffairItem.objects.bulk_create(
        CommunityAffairItem(region=region, name=f"事项{number}", **{"listed_on": FIRST, **more})
        for number in range(start, start + count)
    )


def changed(items, kind, on=CUT):
    AffairChange.objects.bulk_create(AffairChange(item=item, kind=kind, changed_on=on) for item in items)


def problems_of(row):
    with pytest.raises(ValidationError) as problems:
        row.full_clean()
    return set(problems.value.message_dict)


def test_296_become_72_by_five_ways(county):
    items = listed(county, 296)
    changed(items[:60], "taken_up")
    changed(items[60:100], "split_off")
    changed(items[100:180], "cancelled")
    changed(items[180:224], "merged")
    changed(items[224:250], "streamlined")
    assert CommunityAffairItem.objects.in_list(FIRST).count() == 296
    assert CommunityAffairItem.objects.in_list(CUT).count() == 72
    assert CommunityAffairItem.objects.reduction(FIRST, LAST) == {
        "before": 296,
        "admitted": 0,
        "taken_up": 60,
        "split_off": 40,
        "cancelled": 80,
        "merged": 44,
        "streamlined": 26,
        "after": 72,
    }


def test_what_is_admitted_between_the_days_is_told_apart(county):
    changed(listed(county, 3)[:1], "cancelled")
    listed(
        county,
        1,
        10,
        listed_on=date(2016, 5, 1),
        decision="approved",
        requested_by="人社局",
        requested_on=date(2016, 2, 1),
        decided_on=date(2016, 4, 1),
    )
    counted = CommunityAffairItem.objects.reduction(FIRST, LAST)
    assert (counted["before"], counted["cancelled"], counted["admitted"], counted["after"]) == (3, 1, 1, 3)
    assert CommunityAffairItem.objects.admitted().count() == 1


def test_an_affair_streamlined_twice_counts_once_and_stays(county):
    items = listed(county, 1)
    changed(items, "streamlined")
    changed(items, "streamlined", date(2016, 4, 1))
    counted = CommunityAffairItem.objects.reduction(FIRST, LAST)
    assert counted["streamlined"] == counted["after"] == 1


def test_a_change_that_was_struck_out_counts_no_more(county):
    items = listed(county, 2)
    changed(items, "cancelled")
    AffairChange.everything.filter(item=items[0]).update(removed_at="2026-01-01T00:00Z")
    assert CommunityAffairItem.objects.in_list(LAST).get() == items[0]
    assert CommunityAffairItem.objects.reduction(FIRST, LAST)["cancelled"] == 1


def test_each_list_is_counted_for_itself(world, county):
    changed(listed(county, 5)[:2], "cancelled")
    listed(world.region("620123"), 3)
    lines = CommunityAffairItem.objects.reduction_by_place(FIRST, LAST)
    assert [(line["before"], line["cancelled"], line["after"]) for line in lines] == [(5, 2, 3), (3, 0, 3)]


def test_an_affair_leaves_once(county):
    item = listed(county, 1)[0]
    changed([item], "cancelled")
    with pytest.raises(IntegrityError), transaction.atomic():
        changed([item], "taken_up", LAST)
    assert problems_of(AffairChange(item=item, kind="taken_up", changed_on=LAST))


def test_only_a_merged_affair_goes_on_in_another_one(county):
    one, other = listed(county, 2)
    wrong = AffairChange(item=one, kind="cancelled", changed_on=CUT, into=other)
    assert "into" in problems_of(wrong)
    wrong.kind, wrong.into = "merged", one
    assert "into" in problems_of(wrong)
    wrong.into = other
    wrong.full_clean()
    early = AffairChange(item=one, kind="merged", changed_on=date(2014, 1, 1))
    assert problems_of(early) == {"changed_on"}


def test_an_admission_is_requested_decided_and_documented(county):
    asked = CommunityAffairItem(region=county, name="养老认证", decision="pending")
    assert problems_of(asked) >= {"requested_by", "requested_on"}
    asked.requested_by, asked.requested_on = "人社局", date(2026, 2, 1)
    asked.full_clean()
    asked.save()
    assert CommunityAffairItem.objects.asking().get() == asked
    assert not CommunityAffairItem.objects.in_list().exists()
    asked.decision = "approved"
    assert problems_of(asked) >= {"decided_on", "decision_doc_no", "listed_on"}
    asked.decided_on, asked.listed_on = date(2026, 1, 1), date(2026, 4, 1)
    asked.decision_doc_no = "城民发[2026]3号"
    assert problems_of(asked) >= {"decided_on"}
    asked.decided_on = date(2026, 3, 1)
    asked.full_clean()
    asked.save()
    assert asked.decision_doc_no == "城民发〔2026〕3号"
    assert CommunityAffairItem.objects.in_list().get() == asked


def test_a_refused_affair_is_not_in_the_list_and_may_be_asked_for_again(county):
    asked = {"region": county, "name": "犬只登记", "requested_by": "城管局", "requested_on": FIRST}
    CommunityAffairItem.objects.create(**asked, decision="refused", decided_on=CUT)
    CommunityAffairItem.objects.create(**asked, decision="pending")
    with pytest.raises(IntegrityError), transaction.atomic():
        CommunityAffairItem.objects.create(**asked, decision="refused", decided_on=CUT, listed_on=CUT)


def test_the_state_of_an_affair_in_words(county):
    item = listed(county, 1)[0]
    assert item.state(date(2014, 1, 1)) == "待列入" and item.state(FIRST) == "在目录"
    changed([item], "taken_up")
    fresh = CommunityAffairItem.objects.get()
    assert fresh.state(date(2016, 2, 29)) == "在目录" and fresh.state(CUT) == "已退出（上收）"


def test_a_community_has_no_list_of_its_own(world):
    assert "region" in problems_of(CommunityAffairItem(region=world.xingfuli, name="x", listed_on=FIRST))
