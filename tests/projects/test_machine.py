"""The chain as a machine: returns, deputies, offices and places that change, posts that end, corrections.

A small model says in its own words what may happen and where a file then lies. After each deed the site is
held against it, against the table of states in docs/architecture.md, and against what the record alone tells.
"""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from communities import services as places
from communities.models import Region
from communities.offices import services as offices
from communities.offices.models import Deputy, Office, Post, User
from linkage.foundation.errors import NotNow
from projects import rules
from projects.models import Decision, Project, RouteStep
from projects.services import chain, corrections, filing, moving
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[2] / "docs/architecture.md"
REFUSED = (NotNow, PermissionDenied, ValidationError)
STREET, COUNTY, CITY, PROVINCE = "street_review", "county_review", "city_review", "province_approval"
ROUTES = {  # project: step to the office named on its route; None where there is no such level
    "whole": {STREET: "620102020", COUNTY: "620102", CITY: "6201", PROVINCE: "62"},
    "changed": {STREET: "620102020", COUNTY: "620102", CITY: "6201", PROVINCE: "62"},
    "short": {STREET: "620201001", COUNTY: None, CITY: "6202", PROVINCE: "62"},
}
SIGNS = {
    STREET: {"plan"},
    COUNTY: {"outcome"},
    CITY: set(),
    PROVINCE: {"plan"},
}  # of "changed"; city: everything
FIELDS = {"plan": "service_plan", "outcome": "expected_outcome"}
HOME = {"whole": "620102020001", "changed": "620102020001", "short": "620201001001"}
ALREADY = {"whole": 0, "changed": 2, "short": 1}  # how many offices have agreed when a walk begins
HEIRS = {  # who takes over whom, if it comes to that
    "620102020": "620102021",
    "620102": "620123",
    "6201": "6209",
    "620201001": "6202",
    "620102020001": "620102020002",
}
HANDS = [
    *("community", "neighbour", "wuyi", "street", "street_clerk", "next_street", "county", "county_leader"),
    *("yuzhong", "city", "city_second", "stranger_city", "wuyi_street", "jiayuguan", "jiayuguan_second"),
    *("province", "province_second", "observer", "root"),
]
DECIDING = ("reviewer", "leader")
WORKING = ("clerk", *DECIDING)
DEEDS = [*["agree"] * 7, *["return"] * 4, *["mended"] * 4, "reject", *["hands_in"] * 3, *["withdraws"] * 2]
DEEDS += ["takes_up", "any", "any"]
CHANGES = ["office", "place", "post_ends", "post_begins", "deputy", "no_deputy", "correct", "correct"]


class File:
    """What the model knows of one application."""

    def __init__(self, name, pk, clerk, agreed):
        self.name, self.pk, self.route = name, pk, ROUTES[name]
        self.steps = [step for step, office in self.route.items() if office]
        self.status, self.step, self.round = "in_review", STREET, 1
        self.form = {"plan": 0, "outcome": 0}
        self.consents, self.pool, self.acted = {}, {}, False
        self.applicants, self.hands, self.right = {clerk}, {}, {}
        for step, who, decision, leader in agreed:
            self.consents[step], self.acted = (1, dict(self.form)), True
            self.hands[step], self.right[decision] = {who}, leader
        self.goes_on()

    def opens_round(self, consents):
        self.round += 1
        self.consents = consents

    def goes_on(self):
        """To the first office that has not agreed in this round."""
        self.step = next((step for step in self.steps if step not in self.consents), None)
        if self.step is None:
            self.status, self.step = "approved", "tendering"

    def touched(self, step, form):
        changed = {name for name in form if form[name] != self.form[name]}
        return bool(changed & SIGNS[step]) if SIGNS[step] else bool(changed)


class Chain(RuleBasedStateMachine):
    world, start, done = None, {}, Counter()

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    @initialize()
    def begin(self):
        self.files = {name: File(name, *known) for name, known in self.start.items()}
        self.unseen = set(self.files)
        self.heirs, self.deputies = {}, {}
        rows = Post.objects.values_list("user__username", "office__region__code", "role")
        self.posts = {(who, code, role) for who, code, role in rows}

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # What the model says

    def answers(self, code):
        while code in self.heirs:
            code = self.heirs[code]
        return code

    def posts_for(self, who, office):
        """Whose posts this person may decide by: the own one, else those of who is stood in for."""
        able = {one for one, code, role in self.posts if code == office and role in DECIDING}
        if who in able:
            return [who]
        works = any(one == who and code == office and role in WORKING for one, code, role in self.posts)
        lent = [key[0] for key, deputy in self.deputies.items() if deputy == who and key[1] == office]
        return [holder for holder in lent if works and holder in able]

    def may_decide(self, file, who):
        if file.status != "in_review":
            return False
        for holder in self.posts_for(who, self.answers(file.route[file.step])):
            people = {who, holder}
            elsewhere = any(people & signed for step, signed in file.hands.items() if step != file.step)
            if not people & file.applicants and not elsewhere:
                return True
        return False

    def may_file(self, file, who):
        office = self.answers(HOME[file.name])
        return any(one == who and code == office and role in WORKING for one, code, role in self.posts)

    # Deeds

    def deed(self, allowed, verb):
        """Do it; the site must agree with the model on whether it may be done."""
        try:
            with transaction.atomic():
                found = verb()
        except REFUSED as refusal:
            assert not allowed, f"refused though allowed: {refusal!r}"
            return None
        assert allowed, "done though not allowed"
        return found if found is not None else True

    def hand(self, who):
        return User.objects.get(username=who)

    def row(self, file):
        return Project.objects.get(pk=file.pk)

    @rule(
        name=st.sampled_from(["changed", "changed", "short", "whole"]),
        what=st.sampled_from([*DEEDS, *CHANGES]),
        who=st.sampled_from(HANDS),
        back=st.sampled_from(["", "", "submission", STREET, COUNTY, CITY, PROVINCE]),
        turn=st.integers(0, 11),
        other=st.integers(0, 11),
    )
    def something_happens(self, name, what, who, back, turn, other):
        """One rule for every deed, so that every walk has all of them; mostly whoever may does it."""
        if what == "withdraws" and turn % 3:
            name = "whole"  # nobody has acted on it when a walk begins
        self.unseen = set(self.files) if what in CHANGES else {name}
        if what in CHANGES:
            return getattr(self, what)(turn, other)
        file = self.files[name]
        if what in ("agree", "return", "reject"):
            able = [one for one in HANDS if self.may_decide(file, one)]
            who = able[turn % len(able)] if able else who
            verdict = "approve" if what == "agree" else what
            self.decides(file, who, verdict, back if what == "return" else "")
        elif what == "mended":  # sent back to the applicant, who mends it and hands it in at once
            able = [one for one in HANDS if self.may_decide(file, one)]
            if able:
                self.decides(file, able[turn % len(able)], "return", "")
            able = [one for one in HANDS if self.may_file(file, one)]
            if able:
                self.hands_in(file, able[0], other)
        elif what == "any":
            who = self.tempted(file, turn) or who
            self.decides(
                file, who, ("approve", "return", "approve", "return")[turn % 4], back if turn % 4 == 3 else ""
            )
        else:
            able = [one for one in HANDS if self.may_file(file, one)]
            who = able[turn % len(able)] if able and turn else who
            getattr(self, what)(file, who, turn)

    def tempted(self, file, turn):
        """Somebody who filed this one or had a hand in another stop of it comes to the office that is due."""
        if file.status != "in_review":
            return None
        elsewhere = {one for step, people in file.hands.items() if step != file.step for one in people}
        having_had = sorted(elsewhere | file.applicants)
        who, code = having_had[turn % len(having_had)], self.answers(file.route[file.step])
        if not self.posts_for(who, code):
            office = Office.objects.get(region__code=code)
            offices.appoint(self.hand(who), office, "reviewer", by=self.hand("root"))
            self.posts.add((who, code, "reviewer"))
        self.done["tempted"] += 1
        return who

    def decides(self, file, who, verdict, back):
        last = file.step == file.steps[-1]
        before = file.steps[: file.steps.index(file.step)] if file.step in file.steps else []
        allowed = self.may_decide(file, who) and back in ("", "submission", *before)
        granted = {"granted_amount": 45000, "doc_no": "甘民发〔2016〕98号"} if last else {}
        said = self.deed(
            allowed,
            lambda: chain.decide(
                self.row(file), verdict, by=self.hand(who), opinion="意见", return_to=back, **granted
            ),
        )
        if not said:
            return
        self.done[verdict if not back else f"return to {back}"] += 1
        assert said.office_name == self.named(self.answers(file.route[file.step]))
        people = {who, said.on_behalf_of.username} if said.on_behalf_of else {who}
        file.hands.setdefault(file.step, set()).update(people)
        file.acted = True
        step, number, file.right = file.step, file.round, {**file.right, said.pk: said.leader}
        if verdict == "reject":
            file.status, file.step = "rejected", None
        elif verdict == "approve":
            file.consents[step] = (number, dict(file.form))
            file.goes_on()
        elif back in ("", "submission"):
            file.pool = file.consents
            file.opens_round({})
            file.status, file.step = "returned", "submission"
        else:
            kept = file.steps[: file.steps.index(back)]
            file.opens_round({one: file.consents[one] for one in kept})
            file.goes_on()

    def named(self, code):
        return Office.objects.get(region__code=code).name

    def hands_in(self, file, who, turn):
        allowed = self.may_file(file, who) and file.status == "returned"
        changed = [name for place, name in enumerate(FIELDS) if turn & (place + 1)]
        fresh = {name: 1 - file.form[name] for name in changed}
        words = {
            FIELDS[name]: f"第{value}稿" if value else self.first[file.name][name]
            for name, value in fresh.items()
        }

        def verb():
            if words:
                filing.save_draft(self.row(file), by=self.hand(who), fields=words)
            return filing.submit(self.row(file), by=self.hand(who))

        if not self.deed(allowed, verb):
            return
        file.form |= fresh
        file.applicants.add(who)
        carried = file.pool if file.name == "changed" else {}
        file.consents = {step: said for step, said in carried.items() if not file.touched(step, said[1])}
        self.done["carried"] += len(file.consents)
        file.status, file.acted = "in_review", False
        file.goes_on()

    def withdraws(self, file, who, _turn):
        allowed = self.may_file(file, who) and file.status == "in_review" and not file.acted
        if self.deed(allowed, lambda: filing.withdraw(self.row(file), by=self.hand(who))):
            file.status, file.step, file.pool = "withdrawn", None, file.consents
            self.done["withdrawn"] += 1

    def takes_up(self, file, who, _turn):
        allowed = self.may_file(file, who) and file.status == "withdrawn"
        if self.deed(allowed, lambda: filing.reopen(self.row(file), by=self.hand(who))):
            file.opens_round({})
            file.status, file.step = "returned", "submission"

    # What changes around the files

    def office(self, turn, _other):
        """An office is taken over; its people are out at once, its files are not."""
        before, heir = sorted(HEIRS.items())[turn % len(HEIRS)]
        if turn < 4 or before in self.heirs or heir in self.heirs:
            return  # not too often, or nobody is left
        mine, theirs = (Office.objects.get(region__code=code) for code in (before, heir))
        offices.hand_over(mine, theirs, by=self.hand("root"))
        self.heirs[before] = heir
        self.posts = {post for post in self.posts if post[1] != before}
        self.deputies = {key: who for key, who in self.deputies.items() if key[1] != before}
        self.done["office taken over"] += 1

    def place(self, turn, _other):
        """A street goes to another county or gets another name: no route moves."""
        street = Region.objects.get(code="620102020")
        on, basis, root = timezone.localdate(), "测试文号", self.hand("root")
        if turn % 2:
            places.rename(street, f"雁南街道{turn}", on=on, basis=basis, by=root) if str(
                turn
            ) not in street.name else None
        else:
            county = Region.objects.get(code="620123" if street.parent.code == "620102" else "620102")
            places.move(street, county, on=on, basis=basis, by=root)
        self.done["place changed"] += 1

    def post_ends(self, turn, other):
        deciding = sorted(post for post in self.posts if post[2] in DECIDING)
        if turn < 3 or not deciding:
            return
        who, code, role = deciding[other % len(deciding)]
        held = Post.objects.current().get(user__username=who, office__region__code=code, role=role)
        offices.dismiss(held, by=self.hand("root"))
        self.posts.discard((who, code, role))
        self.deputies.pop((who, code, role), None)
        self.done["post ended"] += 1

    def post_begins(self, turn, other):
        code = self.answers(
            sorted({office for route in ROUTES.values() for office in route.values() if office})[turn % 6]
        )
        who = HANDS[other % len(HANDS)]
        allowed = (who, code, "reviewer") not in self.posts
        office = Office.objects.get(region__code=code)
        if self.deed(
            allowed, lambda: offices.appoint(self.hand(who), office, "reviewer", by=self.hand("root"))
        ):
            self.posts.add((who, code, "reviewer"))

    def deputy(self, turn, other):
        """A seam of its own: whoever works in the office may stand in for a reviewer of it."""
        deciding = sorted(post for post in self.posts if post[2] in DECIDING)
        if not deciding:
            return
        who, code, role = deciding[turn % len(deciding)]
        beside = sorted({one for one, at, kind in self.posts if at == code and kind in WORKING} - {who})
        if not beside or (who, code, role) in self.deputies:
            return
        held = Post.objects.current().get(user__username=who, office__region__code=code, role=role)
        today = timezone.localdate()
        offices.name_deputy(
            held,
            self.hand(beside[other % len(beside)]),
            by=self.hand("root"),
            starts_on=today,
            ends_on=today + timedelta(days=9),
            reason="leave",
        )
        self.deputies[who, code, role] = beside[other % len(beside)]
        self.done["deputy named"] += 1

    def no_deputy(self, turn, _other):
        named = sorted(self.deputies)
        if named and turn < 6:
            who, code, role = key = named[turn % len(named)]
            posts = Post.objects.filter(user__username=who, office__region__code=code, role=role)
            found = Deputy.objects.not_over().get(post__in=posts.current())
            offices.end_deputy(found, by=self.hand("root"))
            del self.deputies[key]

    def correct(self, turn, other):
        """The name of who signed is put right: by an administrator who had no part in it, never otherwise."""
        file = self.files[sorted(ROUTES)[turn % 3]]
        if not file.right:
            return
        pk = sorted(file.right)[other % len(file.right)]
        who = "root" if turn < 9 else HANDS[other % len(HANDS)]
        had_part = who in file.applicants or any(who in people for people in file.hands.values())
        right = f"负责人{turn}{other}"
        allowed = who == "root" and not had_part and file.right[pk] != right
        decision = Decision.objects.get(pk=pk)
        made = self.deed(
            allowed,
            lambda: corrections.correct(
                self.row(file),
                "leader",
                right,
                by=self.hand(who),
                decision=decision,
                reason="笔误",
                basis="原件",
            ),
        )
        if made:
            assert Decision.objects.get(pk=pk).leader == decision.leader
            file.right[pk] = right
            self.done["corrected"] += 1

    # What holds at every moment

    @invariant()
    def every_file_that_was_touched_lies_where_model_table_and_record_say(self):
        parts = ("decisions", "carried", "corrections", "events")
        for file in [self.files[name] for name in getattr(self, "unseen", ())]:
            row = Project.objects.prefetch_related(*parts).get(pk=file.pk)
            assert (row.status, row.step, row.round) == (file.status, file.step, file.round)
            assert row.step in self.table[row.status]
            office = self.answers(file.route[file.step]) if row.status == "in_review" else None
            assert (row.acting_office and row.acting_office.heir.region.code) == office
            assert replayed(row) == (row.status, row.step, row.round)
            self.no_level_is_jumped(file, row)
            self.nobody_decides_what_is_not_theirs(file, row)

    def no_level_is_jumped(self, file, row):
        said = row.decisions_in(row.round)
        agreed = {step for step, word in said.items() if word.verdict == "approve"}
        if row.status == "approved":
            assert agreed == set(file.steps)
        if row.status == "in_review":
            here = file.steps.index(row.step)
            assert agreed >= set(file.steps[:here]) and row.step not in agreed
            assert {step: word.round for step, word in said.items()} == {
                step: number for step, (number, _form) in file.consents.items()
            }

    def nobody_decides_what_is_not_theirs(self, file, row):
        signed = {}
        for word in row.decisions.all():
            signed.setdefault(word.step, set()).update({word.by_id, word.on_behalf_of_id} - {None})
            assert word.now("leader") == file.right[word.pk]
        everybody = [one for people in signed.values() for one in people]
        assert len(everybody) == len(set(everybody)), "somebody has a hand in two steps"
        assert row.created_by_id not in everybody


def replayed(project):
    """Status, step and round, told from the record and the route alone."""
    status, number, stops, gone = "draft", 1, [stop.key for stop in project.route_steps], set()
    led = {(word.round, word.step): word.return_to for word in project.decisions.all()}
    for event in project.events.all():
        match event.kind, event.verdict:
            case "submitted", _:
                status, gone = "in_review", set()
            case (("skipped" | "carried"), _):
                gone.add(event.step)
            case "decided", "approve":
                gone.add(event.step)
                status = "in_review" if set(stops) - gone else "approved"
            case "decided", "reject":
                status = "rejected"
            case "decided", "return":
                at = led[number, event.step]
                status, number, gone = "returned" if at == "submission" else "in_review", number + 1, set()
            case "withdrawn", _:
                status = "withdrawn"
            case "reopened", _:
                status, number = "returned", number + 1
        assert event.round == number or (event.kind, event.verdict) == ("decided", "return"), event.kind
    if status == "in_review":
        return status, next(key for key in stops if key not in gone), number
    return status, {"returned": "submission", "approved": "tendering"}.get(status), number


def table_of_states():
    """Status to the steps it may have, as docs/architecture.md lists them; None for no step."""
    found = {}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 5 and re.fullmatch(r"`[a-z_]+`", cells[0]):
            steps = set(re.findall(r"`([a-z_]+)`", cells[1]))
            found[cells[0].strip("`")] = steps or {None}
    return found


@pytest.fixture
def machine(world):
    """Three applications: one asks everybody again, one only whose fields changed, one lacks a level."""
    hire = {
        "neighbour": ("吴芳", "620102020002", "clerk"),
        "next_street": ("魏红", "620102021", "reviewer"),
        "city_second": ("方敏", "6201", "leader"),
        "stranger_city": ("钱进", "6209", "reviewer"),
        "jiayuguan_second": ("沈洁", "6202", "leader"),
        "root": ("石磊", "62", "administrator"),
    }
    for who, (name, code, role) in hire.items():
        factories.person(who, name, world.offices[code], role)
    start = {}
    for name, home in HOME.items():
        if name == "changed":
            world.programme.after_return = "changed_only"
            world.programme.save()
            for step, signed in SIGNS.items():
                signs = [FIELDS[field] for field in sorted(signed)]
                world.programme.steps.filter(key=step).update(signs=signs)
        clerk = factories.clerk_of(world, world.region(home))
        project = factories.submitted(world, world.region(home), by=clerk, title=f"项目 {name}")
        start[name] = (project.pk, clerk.username, agreed(world, project, ALREADY[name]))
        world.programme.after_return = "whole_chain"
        world.programme.save()
    first = {
        name: {field: getattr(Project.objects.get(pk=pk), column) for field, column in FIELDS.items()}
        for name, (pk, *_known) in start.items()
    }
    facts = {"world": world, "start": start, "first": first, "done": Counter(), "table": table_of_states()}
    return type("WalkedChain", (Chain,), facts)


def agreed(world, project, count):
    """The first offices of the route agree: what the model has to know of it."""
    found = []
    for _step in range(count):
        project = factories.agree(project, world)
        word = project.decisions.last()
        found.append((word.step, word.by.username, word.pk, word.leader))
    return found


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
    return machine.done


def test_whatever_happens_the_file_lies_where_the_documented_table_says(machine):
    done = walk(machine, examples=200, steps=7)
    wanted = [
        "approve",
        "return",
        "reject",
        "carried",
        "tempted",
        "withdrawn",
        "office taken over",
        "post ended",
        "corrected",
    ]
    wanted += ["deputy named", "place changed", f"return to {STREET}"]
    assert [what for what in wanted if not done[what]] == [], "the walks leave something out"


@pytest.mark.long
def test_whatever_happens_for_ten_thousand_steps(machine):
    done = walk(machine, examples=200, steps=50)
    assert done["approve"] > 500, done


def test_every_status_stands_in_the_table_of_states():
    assert set(table_of_states()) == {value for value, _label in Project._meta.get_field("status").choices}


@pytest.fixture
def hands(machine):
    """One walk that has begun, to be led by hand."""
    walk = machine()
    walk.begin()
    yield walk
    walk.teardown()


# Controls: if one of these fails, the walks above prove nothing.


def test_control_a_level_that_is_jumped_is_found_out(hands, monkeypatch):
    plain = moving.arrive
    monkeypatch.setattr(
        chain, "arrive", lambda project, *, after, **more: plain(project, after=after + 1, **more)
    )
    with pytest.raises(AssertionError):
        hands.decides(hands.files["whole"], "street", "approve", "")
        hands.every_file_that_was_touched_lies_where_model_table_and_record_say()


def test_control_somebody_who_decides_two_stops_is_found_out(hands, monkeypatch):
    monkeypatch.setattr(rules, "have_had_a_hand_in_it", lambda people, project: False)
    offices.appoint(
        hands.hand("street"), Office.objects.get(region__code="6201"), "reviewer", by=hands.hand("root")
    )
    hands.posts.add(("street", "6201", "reviewer"))
    with pytest.raises(AssertionError, match="done though not allowed"):
        hands.decides(hands.files["changed"], "street", "approve", "")


def test_control_a_deed_that_leaves_no_record_is_found_out(hands, monkeypatch):
    monkeypatch.setattr(filing, "record", lambda *args, **facts: None)
    monkeypatch.setattr(chain, "record", lambda *args, **facts: None)
    hands.decides(hands.files["whole"], "street", "approve", "")
    with pytest.raises(AssertionError):
        hands.every_file_that_was_touched_lies_where_model_table_and_record_say()


def test_control_a_consent_carried_too_far_is_found_out(hands, monkeypatch):
    monkeypatch.setattr(RouteStep, "is_touched_by", lambda stop, fields: False)
    hands.decides(hands.files["changed"], "city", "return", "")
    hands.hands_in(hands.files["changed"], "community", 3)
    with pytest.raises(AssertionError):
        hands.every_file_that_was_touched_lies_where_model_table_and_record_say()
