"""Quorum and majority: exact, by body, by the day of the meeting, with the article they come from."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from communities.consultation import services
from communities.consultation.models import Assembly, AssemblyRule
from communities.consultation.procedure import DEFAULT_RULES, Base, Body, Rule, in_words, least
from communities.consultation.services import assembly_rules
from linkage.foundation.journal import Sealed
from tests.consultation.test_services import assembly, today

LAST_OF_2025, FIRST_OF_2026 = date(2025, 12, 31), date(2026, 1, 1)


def held(on, **figures):
    return {**assembly(held_on=on), **figures}


def refused(world, **facts):
    with pytest.raises(ValidationError) as refusal:
        services.record_assembly(world.xingfuli, by=world.people["community"], **facts)
    return refusal.value.message_dict


# Exactness


@given(numerator=st.integers(1, 60), more=st.integers(0, 60), whole=st.integers(0, 5000), above=st.booleans())
def test_the_least_number_reaches_the_share_and_one_less_does_not(numerator, more, whole, above):
    share = Fraction(numerator, numerator + more)
    reached = lambda number: number > share * whole if above else number >= share * whole  # noqa: E731
    needed = least(share, whole, above=above)
    assert reached(needed)
    assert needed == 0 or not reached(needed - 1)


@pytest.mark.parametrize(
    ("share", "whole", "above", "needed"),
    [("2/3", 40, False, 27), ("2/3", 51, False, 34), ("1/2", 40, True, 21), ("1/2", 41, True, 21)],
)
def test_thirds_and_halves_are_counted_as_the_law_counts_them(share, whole, above, needed):
    """以上 includes the number itself, 过半数 does not; nothing is rounded on the way."""
    assert least(Fraction(share), whole, above=above) == needed


def test_shares_are_written_as_a_law_writes_them():
    assert in_words(Fraction(2, 3), above=False) == "三分之二以上（含本数）"
    assert in_words(Fraction(1, 2), above=True) == "过半数"
    assert in_words(Fraction(1, 2), above=False) == "半数以上（含本数）"
    assert in_words(Fraction(17, 40), above=True) == "超过17/40"


# What is shipped


def test_every_body_has_a_rule_before_and_after_the_law_of_2026():
    for body in Body:
        rules = sorted(rule.since for rule in DEFAULT_RULES if rule.body == body)
        assert len(rules) == 2
        assert rules[0] < FIRST_OF_2026 == rules[1]


def test_what_nobody_has_read_in_the_law_says_so():
    assert not any(rule.verified for rule in DEFAULT_RULES if rule.since >= FIRST_OF_2026)
    assert not next(rule for rule in DEFAULT_RULES if rule.body == Body.RESIDENTS).verified
    for rule in DEFAULT_RULES:
        assert ("待核实" in rule.basis) == (not rule.verified)
        assert not rule.verified or "条" in rule.source


@pytest.mark.django_db
def test_the_shipped_rules_are_entered_once_and_what_was_set_stays(world):
    assembly_rules.provide_defaults()
    assembly_rules.provide_defaults()
    assert AssemblyRule.objects.count() == len(DEFAULT_RULES)
    assert {row.rule.frozen()["body"] for row in AssemblyRule.objects.all()} == set(Body.values)
    entered = {(row.body, row.valid_from): row.rule for row in AssemblyRule.objects.all()}
    assert entered == {(rule.body, rule.since): rule for rule in DEFAULT_RULES}


# A meeting is judged by the rule of its day


@pytest.mark.django_db
def test_a_quorum_that_is_missed_is_told_with_number_and_article(world):
    """居民代表会议到会 12 人，应到 40 人，不足三分之二（27 人）；依据：……"""
    (told,) = refused(
        world, **held(LAST_OF_2025, entitled=40, present=12, votes_for=12, votes_against=0, votes_abstain=0)
    )["passed"]
    for words in ("居民代表会议", "12", "40", "三分之二", "27", "第二十六条", "待核实"):
        assert words in told, words


@pytest.mark.django_db
def test_a_majority_that_is_missed_is_told_with_what_it_is_taken_of(world):
    figures = {"entitled": 51, "present": 34, "votes_for": 18, "votes_against": 16, "votes_abstain": 0}
    made = services.record_assembly(
        world.xingfuli, by=world.people["community"], **held(LAST_OF_2025, **figures)
    )
    assert made.passed  # 18 of the 34 who came

    (told,) = refused(world, **held(FIRST_OF_2026, **figures))["passed"]
    for words in ("18", "26", "51", "全体", "过半数", "2026年1月1日"):
        assert words in told, words


@pytest.mark.django_db
def test_exactly_two_thirds_are_enough_and_exactly_half_is_not(world):
    """The law says 三分之二以上 and 过半数: the one includes its number, the other does not."""
    by, village = world.people["village"], world.hekou
    enough = {"entitled": 45, "present": 30, "votes_for": 16, "votes_against": 14, "votes_abstain": 0}
    assert services.record_assembly(village, by=by, **held(LAST_OF_2025, **enough)).passed
    for changed in ({"present": 29, "votes_against": 13}, {"votes_for": 15, "votes_against": 15}):
        with pytest.raises(ValidationError):
            services.record_assembly(village, by=by, **held(LAST_OF_2025, **enough | changed))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "present", "passes"),
    [
        ("villagers_adults", 501, True),  # 过半数 of 1,000
        ("villagers_adults", 500, False),
        ("villagers_households", 667, True),  # 三分之二以上 of 1,000
        ("villagers_households", 666, False),
    ],
)
def test_a_meeting_of_all_villagers_has_its_own_figures(world, body, present, passes):
    facts = held(
        LAST_OF_2025,
        body=body,
        called_on=LAST_OF_2025 - timedelta(days=10),
        entitled=1000,
        present=present,
        votes_for=present,
        votes_against=0,
        votes_abstain=0,
    )
    record = lambda: services.record_assembly(world.hekou, by=world.people["village"], **facts)  # noqa: E731
    if passes:
        made = record()
        assert made.meeting == "村民会议"
        assert not made.called_too_late
    else:
        with pytest.raises(ValidationError, match="村民会议"):
            record()


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "told"), [(None, True), (9, True), (10, False), (30, False)])
def test_villagers_are_told_ten_days_before(world, ahead, told):
    facts = held(
        LAST_OF_2025,
        body="villagers_adults",
        called_on=LAST_OF_2025 - timedelta(days=ahead) if ahead is not None else None,
    )
    made = services.record_assembly(world.hekou, by=world.people["village"], **facts)
    assert bool(made.called_too_late) == told
    assert not told or "第二十一条" in made.called_too_late


@pytest.mark.django_db
def test_a_body_of_villagers_does_not_decide_for_a_residents_community(world):
    assert set(refused(world, **assembly(body="villagers"))) == {"body"}


@pytest.mark.django_db
def test_a_day_for_which_no_rule_is_known_is_told_not_guessed(world):
    with pytest.raises(ValidationError) as refusal:
        services.record_assembly(world.hekou, by=world.people["village"], **held(date(2009, 1, 1)))
    assert set(refusal.value.message_dict) == {"held_on"}


@pytest.mark.django_db
def test_what_was_recorded_before_rules_had_dates_keeps_its_meaning(world):
    """Rows of earlier releases have no rule beside them; they passed by half of those present."""
    community = world.people["community"]
    facts = held(today(-5), entitled=51, present=34, votes_for=18, votes_against=16, votes_abstain=0)
    old = Assembly.objects.create(region=world.xingfuli, body="residents", recorded_by=community, **facts)
    assert not old.shortfalls
    services.correct_assembly(old, by=community, place="二楼会议室")
    old.refresh_from_db()
    assert (old.passed, old.judged_by) == (True, None)


# Administrators set rules


def new_rule(region=None, **changed):
    facts = {"body": "residents", "valid_from": today(), "quorum": "1/2", "quorum_above": True}
    facts |= {"majority": "1/2", "source": "《某省实施办法》第八条", "verified": True}
    return AssemblyRule(region=region, **facts | changed)


@pytest.fixture
def known(world):
    assembly_rules.provide_defaults()
    return world


@pytest.mark.django_db
def test_an_administrator_sets_a_rule_for_what_lies_under_the_office(known):
    district = known.region("620102")
    assembly_rules.set_rule(new_rule(district), by=known.people["county_admin"])
    half = {"entitled": 51, "present": 26, "votes_for": 26, "votes_against": 0, "votes_abstain": 0}
    made = services.record_assembly(known.xingfuli, by=known.people["community"], **held(today(), **half))
    assert made.passed
    assert made.rule.basis == "《某省实施办法》第八条"
    assert AssemblyRule.objects.in_force("residents", known.fukang, today()).base == Base.ALL  # elsewhere


@pytest.mark.django_db
def test_nobody_sets_rules_above_or_beside_the_own_office(known):
    for who, region in (
        ("county_admin", None),
        ("county_admin", known.region("62")),
        ("county_admin", known.fukang),
        ("province", known.region("62")),
        ("community", known.xingfuli),
    ):
        with pytest.raises(PermissionDenied):
            assembly_rules.set_rule(new_rule(region), by=known.people[who])


@pytest.mark.django_db
def test_a_rule_set_later_does_not_touch_what_was_judged(known):
    community, district = known.people["community"], known.region("620102")
    made = services.record_assembly(known.xingfuli, by=community, **assembly())
    strict = new_rule(district, valid_from=today(-30), quorum="1/1", quorum_above=False)
    assembly_rules.set_rule(strict, by=known.people["county_admin"])
    made.refresh_from_db()
    assert not made.shortfalls
    services.correct_assembly(made, by=community, place="二楼会议室")  # still the rule it was judged by
    with pytest.raises(ValidationError):
        services.correct_assembly(made, by=community, held_on=today(-4))  # another day, judged anew


@pytest.mark.django_db
def test_rules_are_added_to_and_never_changed(known):
    row = AssemblyRule.objects.first()
    with pytest.raises(Sealed):
        row.save()
    with pytest.raises(Sealed):
        AssemblyRule.objects.update(quorum="1/3")
    district, admin = known.region("620102"), known.people["county_admin"]
    assembly_rules.set_rule(new_rule(district), by=admin)
    with pytest.raises(ValidationError):
        assembly_rules.set_rule(new_rule(district, valid_from=today(-1)), by=admin)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"quorum": "0.66"}, {"quorum"}),
        ({"quorum": "3/2"}, {"quorum"}),
        ({"majority": "1/3"}, {"majority"}),
        ({"majority_above": False}, {"majority"}),
        ({"quorum": "1/1"}, {"quorum_above"}),
        ({"source": ""}, {"source"}),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(known, changed, fields):
    with pytest.raises(ValidationError) as refusal:
        assembly_rules.set_rule(new_rule(known.region("620102"), **changed), by=known.people["county_admin"])
    assert set(refusal.value.message_dict) == fields


@pytest.mark.django_db
def test_the_administrator_sets_it_in_the_admin_and_others_only_look(client, known):
    url = "/admin/consultation/assemblyrule/add/"
    row = new_rule(known.region("620102"))
    sent = {
        **{"body": row.body, "region": row.region_id, "valid_from": row.valid_from, "quorum": row.quorum},
        **{"quorum_above": "on", "majority": "1/2", "majority_above": "on", "base": "present"},
        **{"source": row.source, "verified": "on"},
    }
    client.force_login(known.people["city"])
    assert client.post(url, sent).status_code == 403
    assert client.get("/admin/consultation/assemblyrule/").status_code == 200

    client.force_login(known.people["county_admin"])
    assert client.post(url, sent | {"region": known.fukang.pk}).status_code == 200  # not under it
    assert client.post(url, sent).status_code == 302
    kept = AssemblyRule.objects.get(region=row.region_id)
    assert (kept.set_by, kept.version, kept.verified) == (known.people["county_admin"], 1, True)


def test_a_rule_comes_back_from_the_words_it_was_kept_in():
    for rule in DEFAULT_RULES:
        assert Rule.thawed(rule.frozen() | {"held_on": timezone.localdate().isoformat()}) == rule
