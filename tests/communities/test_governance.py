"""Elections, lists of powers and duties, plans, tags and designations of places."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from communities.models import (
    CharityDesignation,
    CommitteeElection,
    CommunityPlan,
    ExternalId,
    Grid,
    PowerDutyList,
    RegionTag,
)


def election(community, **changed):
    facts = {
        "region": community,
        "held_on": date(2017, 5, 20),
        "method": "direct",
        "eligible": 200,
        "voted": 170,
        "term_from": date(2017, 6, 1),
        "term_to": date(2022, 6, 1),
    }
    return CommitteeElection(**{**facts, **changed})


def problems_of(row):
    with pytest.raises(ValidationError) as problems:
        row.full_clean()
    return problems.value.message_dict


# Elections (GS-4.1a)


def test_the_rate_of_direct_elections_counts_the_reelections_of_a_term_of_residents_committees(world):
    election(world.xingfuli).save()
    election(world.tianqing, method="households").save()
    election(world.wuyi, held_on=date(2013, 12, 20)).save()  # another term: of three years then
    election(world.fukang, is_by_election=True).save()
    election(world.hekou).save()  # a village
    held = CommitteeElection.objects.within_a_term(date(2017, 12, 31)).of_residents_committees()
    assert {row.region for row in held} == {world.xingfuli, world.tianqing}
    assert [row.region for row in held.direct()] == [world.xingfuli]


def test_the_turnout_of_an_election(world):
    assert election(world.xingfuli).turnout == 85.0
    assert election(world.xingfuli, eligible=0, voted=0).turnout is None


def test_nobody_votes_who_is_not_entitled_neither_on_the_form_nor_in_the_table(world):
    wrong = election(world.xingfuli, voted=201)
    assert "voted" in problems_of(wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()


def test_all_that_is_wrong_with_an_election_is_told_at_once(world):
    wrong = election(world.hekou, method="groups", voted=300, term_to=date(2016, 1, 1))
    assert {"method", "voted", "term_to"} <= set(problems_of(wrong))
    assert "region" in problems_of(election(world.region("620102020")))


def test_a_term_of_other_than_five_years_is_remarked_not_refused(world):
    today = date(2021, 5, 20)
    short = election(world.xingfuli, held_on=today, term_from=today, term_to=date(2024, 6, 1))
    short.full_clean()
    assert len(short.warnings()) == 1
    assert not election(world.xingfuli, held_on=today, term_from=today, term_to=date(2026, 6, 1)).warnings()


def test_until_the_end_of_2018_a_term_was_three_years(world):
    assert len(election(world.xingfuli).warnings()) == 1, "five years from 2017 on"
    assert not election(world.xingfuli, term_to=date(2020, 6, 1)).warnings()
    assert not election(world.xingfuli, term_to=date(2020, 6, 1), is_by_election=True).warnings()


# Lists of powers and duties (GS-4.1d)


def issued(region, kind, on, **more):
    return PowerDutyList.objects.create(region=region, kind=kind, title=kind, issued_on=on, **more)


def test_a_place_has_both_lists_in_one_document_or_in_two(world):
    county, other = world.region("620102"), world.region("620123")
    issued(county, "powers", date(2017, 3, 1))
    issued(other, "both", date(2017, 3, 1))
    both = PowerDutyList.objects.places_with_both
    assert [place.code for place in both(date(2017, 6, 30))] == ["620123"]
    issued(county, "duties", date(2017, 9, 1))
    assert [place.code for place in both(date(2017, 12, 31))] == ["620102", "620123"]
    assert not both(date(2016, 12, 31)).exists()


def test_a_repealed_list_no_longer_counts(world):
    county = world.region("620102")
    issued(county, "both", date(2017, 3, 1), repealed_on=date(2019, 1, 1))
    assert PowerDutyList.objects.places_with_both(date(2018, 12, 31)).exists()
    assert not PowerDutyList.objects.places_with_both(date(2019, 1, 1)).exists()


def test_a_list_is_numbered_like_a_document_and_holds_above_the_communities(world):
    paper = PowerDutyList(
        region=world.xingfuli,
        kind="both",
        title="清单",
        doc_no="城政发(2017)33号",
        issued_on=date(2017, 1, 1),
    )
    assert set(problems_of(paper)) == {"region"}
    assert paper.doc_no == "城政发〔2017〕33号"
    paper.region, paper.doc_no = world.region("620102"), "33号"
    assert set(problems_of(paper)) == {"doc_no"}


# Tags, grids, numbers elsewhere, plans, designations


def test_the_tag_of_a_county_covers_its_communities_from_day_to_day(world):
    RegionTag.objects.create(
        region=world.region("620123"), kind="poor", basis="名录", valid_to=date(2020, 12, 31)
    )
    RegionTag.objects.create(region=world.region("62"), kind="border", basis="名录")
    told = lambda place, day: {tag.kind for tag in RegionTag.objects.covering(place, day)}  # noqa: E731
    assert told(world.hekou, date(2020, 12, 31)) == {"poor", "border"}
    assert told(world.hekou, date(2021, 1, 1)) == {"border"}
    assert told(world.xingfuli, date(2020, 12, 31)) == {"border"}


def test_a_grid_number_stands_once_in_a_community_until_it_is_removed(world):
    first = Grid.objects.create(region=world.xingfuli, code="001", name="第一网格")
    Grid.objects.create(region=world.tianqing, code="001", name="第一网格")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grid.objects.create(region=world.xingfuli, code="001", name="又一网格")
    Grid.everything.filter(pk=first.pk).update(removed_at="2026-01-01T00:00Z")
    Grid.objects.create(region=world.xingfuli, code="001", name="又一网格")


def test_a_number_of_another_system_belongs_to_one_place(world):
    ExternalId.objects.create(region=world.xingfuli, system="综合平台", value="7")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExternalId.objects.create(region=world.tianqing, system="综合平台", value="7")
    ExternalId.objects.create(region=world.tianqing, system="另一平台", value="7")


def test_a_plan_says_who_took_part(world):
    plan = CommunityPlan(region=world.xingfuli, title="规划", took_part=["residents", "party"])
    plan.full_clean()
    assert "党组织" in plan.get_took_part_labels() and "居民代表" in plan.get_took_part_labels()
    plan.took_part = ["wizards"]
    assert set(problems_of(plan)) == {"took_part"}


def test_the_name_of_a_designation_follows_the_place(world):
    named = [
        CharityDesignation(region=place, year=2024).kind_words
        for place in (world.xingfuli, world.hekou, world.region("620102020"), world.region("620123100"))
    ]
    assert named == ["慈善社区", "慈善乡村", "慈善街道", "慈善乡镇"]


def test_a_designation_stands_from_its_naming_to_its_withdrawal(world):
    CharityDesignation.objects.create(
        region=world.xingfuli,
        level="city",
        year=2022,
        status="withdrawn",
        named_on=date(2022, 9, 5),
        withdrawn_on=date(2024, 1, 1),
    )
    CharityDesignation.objects.create(region=world.tianqing, level="city", year=2022)
    standing = CharityDesignation.objects.standing_on
    assert [row.region for row in standing(date(2023, 12, 31))] == [world.xingfuli]
    assert not standing(date(2024, 1, 1)).exists() and not standing(date(2022, 9, 4)).exists()


def test_status_and_days_of_a_designation_agree(world):
    wrong = CharityDesignation(region=world.xingfuli, level="city", year=2024, status="named")
    assert set(problems_of(wrong)) >= {"named_on"}
    wrong.status, wrong.named_on = "creating", date(2024, 9, 5)
    assert set(problems_of(wrong)) >= {"status"}
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()
