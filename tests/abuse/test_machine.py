"""The chain as a machine: many hands do whatever they like, allowed or not, and the rules hold at every step.

The model below says in its own words what may happen; it is compared with the site after each deed, and the
record of each project is replayed to see that it tells how the project came to stand where it stands.
"""

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from communities.offices.models import User
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Decision, Project, ProjectEvent
from projects.services import chain, filing
from tests import factories

pytestmark = pytest.mark.django_db

STEPS = ["street_review", "county_review", "city_review", "province_approval"]
DESK = {
    "street_review": {"street", "both"},
    "county_review": {"county", "county_leader", "both"},
    "city_review": {"city"},
    "province_approval": {"province", "province_second"},
}
HANDS = [
    *("community", "street", "street_clerk", "county", "county_leader", "county_admin", "city"),
    *("province", "province_second", "observer", "stranger", "both"),
]
FILES = {"community", "both"}  # *both* sits in the community, in its street and in its county
WHAT = (
    *("hands_in", "withdraws", "takes_up_again", "types", "open", "approve", "approve", "approve"),
    *("agree", "agree", "agree", "return", "reject"),
)
REFUSED = (NotNow, PermissionDenied, ValidationError)
PLACES = 2


class Known:
    """What the model knows of one project."""

    def __init__(self, opener):
        self.status, self.step, self.round = "draft", "submission", 1
        self.applicants, self.deciders, self.acted = {opener}, {}, set()

    def may_decide(self, who):
        theirs = who in DESK.get(self.step, ())
        elsewhere = any(who in people for step, people in self.deciders.items() if step != self.step)
        return self.status == "in_review" and theirs and who not in self.applicants and not elsewhere


class Chain(RuleBasedStateMachine):
    world = None
    temptations = Counter()

    def __init__(self):
        super().__init__()
        self.known = {}
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self):
        self.temptations["approved"] += self.approved()
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def people(self):
        """Some projects are there from the start: a walk may well leave out the deed of opening one."""
        self.world.programme.quotas.update(limit=PLACES, first_limit=1)
        for who in ("community", "both", "community"):
            self.opens(who)
            pk = max(self.known)
            self.hands_in(pk, self.known[pk], who)
        first, _second, third = sorted(self.known)
        for who in ("street", "county", "city"):
            self.decides(first, self.known[first], who, "approve", False)
        self.decides(third, self.known[third], "both", "approve", False)

    def deed(self, allowed, verb):
        """Do it; the site must agree with the model on whether it may be done."""
        try:
            with transaction.atomic():
                found = verb()
        except REFUSED as refusal:
            assert not allowed, f"refused though allowed: {refusal!r}"
            return None
        assert allowed, "done though not allowed"
        return found

    def tempted(self, known, who):
        """Count how often somebody tried what only one of the rules forbids."""
        if known.status == "in_review" and who in DESK.get(known.step, ()):
            if who in known.applicants:
                self.temptations["decide on one's own"] += 1
            if any(who in people for step, people in known.deciders.items() if step != known.step):
                self.temptations["decide twice"] += 1

    def row(self, pk):
        return Project.objects.get(pk=pk)

    def hand(self, who):
        return User.objects.get(username=who)

    def opens(self, who):
        project = factories.draft(self.world, by=self.hand(who), title=f"项目 {len(self.known)} {who}")
        self.known[project.pk] = Known(who)

    @rule(
        which=st.integers(0, 9),
        who=st.sampled_from([*HANDS, *["both"] * 6, *["community"] * 2]),  # who is everywhere tries most
        what=st.sampled_from(WHAT),
        stale=st.sampled_from([False, False, False, True]),
        turn=st.integers(0, 2),
    )
    def somebody_does_something(self, which, who, what, stale, turn):
        """One rule for every deed, so that every walk has all of them."""
        pk = sorted(self.known)[which % len(self.known)]
        known = self.known[pk]
        if what == "open":
            if len(self.known) < 5 and who in FILES:
                self.opens(who)
        elif what == "agree":  # so that projects come far: somebody of the office that is due agrees
            able = sorted(one for one in DESK.get(known.step, ()) if known.may_decide(one))
            if able:
                self.decides(pk, known, able[turn % len(able)], "approve", False)
        elif what in ("approve", "return", "reject"):
            self.decides(pk, known, who, what, stale)
        else:
            getattr(self, what)(pk, known, who)

    def decides(self, pk, known, who, verdict, stale):
        """At the step that is due; a stale page names a round that is not."""
        self.tempted(known, who)
        last = known.step == STEPS[-1]
        full = last and verdict == "approve" and self.approved() >= PLACES
        allowed = known.may_decide(who) and not stale and not full
        granted = {"granted_amount": 45000, "doc_no": "甘民发〔2016〕98号"} if last else {}
        done = self.deed(
            allowed,
            lambda: chain.decide(
                self.row(pk),
                verdict,
                by=self.hand(who),
                opinion="意见",
                step=known.step or "street_review",
                round=known.round + (1 if stale else 0),
                **granted,
            ),
        )
        if not done:
            return
        known.deciders.setdefault(known.step, set()).add(who)
        known.acted.add(known.round)
        if verdict == "reject":
            known.status, known.step = "rejected", None
        elif verdict == "return":
            known.status, known.step, known.round = "returned", "submission", known.round + 1
        elif last:
            known.status, known.step = "approved", "tendering"
        else:
            known.step = STEPS[STEPS.index(known.step) + 1]

    def hands_in(self, pk, known, who):
        allowed = who in FILES and known.status in ("draft", "returned")
        if self.deed(allowed, lambda: filing.submit(self.row(pk), by=self.hand(who))):
            known.status, known.step = "in_review", STEPS[0]
            known.applicants.add(who)

    def withdraws(self, pk, known, who):
        allowed = who in FILES and known.status == "in_review" and known.round not in known.acted
        if self.deed(allowed, lambda: filing.withdraw(self.row(pk), by=self.hand(who))):
            known.status, known.step = "withdrawn", None

    def takes_up_again(self, pk, known, who):
        allowed = who in FILES and known.status == "withdrawn"
        if self.deed(allowed, lambda: filing.reopen(self.row(pk), by=self.hand(who))):
            known.status, known.step, known.round = "returned", "submission", known.round + 1

    def types(self, pk, known, who):
        allowed = who in FILES and known.status in ("draft", "returned")
        self.deed(
            allowed,
            lambda: filing.save_draft(self.row(pk), by=self.hand(who), fields={"expected_outcome": "成效"}),
        )

    def approved(self):
        return sum(known.status == "approved" for known in self.known.values())

    @invariant()
    def every_project_stands_where_the_model_says(self):
        for pk, known in self.known.items():
            row = self.row(pk)
            step = row.step if row.status != "draft" else known.step
            assert (row.status, step, row.round) == (known.status, known.step, known.round)
            assert (row.acting_office_id is not None) == (row.status == "in_review")

    @invariant()
    def nobody_decides_two_steps_and_no_applicant_decides(self):
        for pk, known in self.known.items():
            said = list(Decision.objects.filter(project=pk).values_list("by__username", "step", "round"))
            assert len({(step, round_) for _by, step, round_ in said}) == len(said)
            for who in {by for by, _step, _round in said}:
                assert len({step for by, step, _round in said if by == who}) == 1
                last_word = max(round_ for by, _step, round_ in said if by == who)
                filed = Project.objects.get(pk=pk).submissions.filter(
                    submitted_by__username=who, round__lte=last_word
                )
                assert not filed.exists()
            assert known.applicants

    @invariant()
    def the_record_replays_to_where_each_project_stands(self):
        for pk in self.known:
            row = self.row(pk)
            assert replayed(pk) == (row.status, row.round)

    @invariant()
    def the_ceiling_holds(self):
        assert Project.objects.counted().count() <= PLACES


def replayed(pk):
    """Status and round, told from the record alone."""
    status, round_ = None, 1
    for event in ProjectEvent.objects.filter(project=pk).order_by("pk"):
        assert event.round == round_ or event.kind == "reopened"
        if event.kind == "created":
            status = "draft"
        elif event.kind == "submitted":
            status = "in_review"
        elif event.kind == "withdrawn":
            status = "withdrawn"
        elif event.kind == "reopened" or (event.kind == "decided" and event.verdict == "return"):
            status, round_ = "returned", round_ + 1
        elif event.kind == "decided" and event.verdict == "reject":
            status = "rejected"
        elif event.kind == "decided" and event.step == STEPS[-1]:
            status = "approved"
    return status, round_


@pytest.fixture
def machine(world):
    both = factories.person("both", "两任", world.offices["620102020001"], "clerk")
    for code in ("620102020", "620102"):
        factories.Post.objects.create(user=both, office=world.offices[code], role="reviewer")
    return type("WalkedChain", (Chain,), {"world": world, "temptations": Counter()})


def walk(machine, examples, steps):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_many_hands_do_the_chain_holds(machine):
    walk(machine, examples=8, steps=30)
    assert machine.temptations["decide on one's own"]
    assert machine.temptations["decide twice"]
    assert machine.temptations["approved"]


@pytest.mark.long
def test_whatever_many_hands_do_for_long_the_chain_holds(machine):
    walk(machine, examples=200, steps=50)


def applicants_may(people, project):
    return project.decisions.exclude(step=project.step).filter(by__in=people).exists()


def everybody_twice(people, project):
    return project.created_by_id in people or project.submissions.filter(submitted_by__in=people).exists()


@pytest.mark.parametrize(
    ("careless", "opener", "first"),
    [(applicants_may, "both", "street"), (everybody_twice, "community", "both")],
)
def test_control_without_one_of_its_rules_the_walk_finds_it(machine, monkeypatch, careless, opener, first):
    """If this fails, the walk above proves nothing."""
    monkeypatch.setattr(rules, "have_had_a_hand_in_it", careless)
    hands = machine()
    try:
        hands.opens(opener)
        pk = max(hands.known)
        hands.hands_in(pk, hands.known[pk], opener)
        hands.decides(pk, hands.known[pk], first, "approve", False)
        with pytest.raises(AssertionError, match="done though not allowed"):
            hands.decides(pk, hands.known[pk], "both", "approve", False)
    finally:
        hands.teardown()
