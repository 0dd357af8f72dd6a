"""kill -9 in the middle of decisions: what was acknowledged is there once, the reading catches up."""

import pytest

from linkage.stack.process import wait_until
from tests.faults.conftest import APPROVED
from tests.faults.ledger import OK, Ledger, differences
from tests.faults.writers import Desk, Writers
from tests.stack import gansu

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("stack")]
PROJECTS = 16
ADDED = (
    f"UPDATE attainment_targetsums s SET sums[{APPROVED}] = sums[{APPROVED}] {{}} 1"
    " FROM attainment_plan l WHERE l.id = s.plan_id"
)
often = pytest.mark.parametrize(
    "number", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 11))]
)


@pytest.fixture
def desk(drill, tmp_path):
    if drill.has_ended:
        drill.start()
    with Ledger(tmp_path / "ledger") as ledger:
        yield Desk(drill.address, drill.tokens, ledger)


@pytest.fixture
def projects(drill, desk):
    return drill.seed("submitted", gansu.CHANGJIAXIANG, PROJECTS)["projects"]


def reckon(drill, desk, projects):
    """The ledger beside the database, before and after what got no answer is sent again."""
    ledger = desk.ledger
    assert differences(ledger.tries(), drill.decisions(projects)) == []
    for one in ledger.unknown():
        assert desk.decide(one) == OK, one
    assert ledger.unknown() == []
    assert differences(ledger.tries(), drill.decisions(projects)) == []
    assert drill.without_trace() == []
    assert wait_until(lambda: drill.owed() == 0, seconds=120, every=0.3), drill.owed()
    assert wait_until(lambda: drill.misread() == [], seconds=30, every=0.3), drill.misread()


@often
@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_part_of_the_site(drill, desk, projects, number, name):
    with Writers(desk, projects) as writers:
        writers.wait_for(6)
        drill.part(name).children()[0].kill()  # one of its hands: it grows again
        writers.wait_for(6)
        assert not drill.has_ended
        drill.kill_part(name)  # the whole of it: the platform ends in order, and is started again
        assert drill.process.wait(60) == 1, drill.said
        assert f"{name} has ended" in drill.said
        drill.start()
        writers.wait_for(6)
    reckon(drill, desk, projects)


@often
def test_a_worker_killed_in_the_middle_of_a_rebuild(drill, desk, number):
    """Readers see what stood; the job goes on where it was, and puts the wrong figure right."""
    drill.sql(ADDED.format("+"))
    wrong = sorted(drill.misread())
    assert wrong
    with drill.holding("organizations_employment"):  # the steps come as far as those who work there
        job = drill.seed("rebuild")["job"]
        state = f"SELECT state, attempts, done, checkpoint->>'begun' FROM foundation_job WHERE id = {job}"
        assert wait_until(lambda: drill.sql(state)[0][2] > 4, seconds=60, every=0.1), drill.sql(state)
        for hand in drill.part("worker").children():
            hand.kill()  # whichever does it; they grow again
        [(said, attempts, done, _begun)] = drill.sql(state)
        assert (said, attempts) == ("running", 1)
        assert 4 < done < 50
        assert sorted(drill.misread()) == wrong
    drill.sql(f"UPDATE foundation_job SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE id = {job}")
    drill.seed("resume")
    assert wait_until(lambda: drill.sql(state)[0][0] == "done", seconds=60, every=0.2), drill.sql(state)
    [(_said, attempts, done, begun)] = drill.sql(state)
    assert (attempts, begun) == (2, "1"), "it went on, and did not begin again"
    assert drill.misread() == []


@often
def test_a_worker_killed_in_the_middle_of_a_batch(drill, desk, number):
    """Each of forty is decided once, with one line in the record and one effect owed; none is left."""
    projects = drill.seed("submitted", gansu.CHANGJIAXIANG, 40)["projects"]
    assert desk.batch("street", "street_review", projects, f"batch-{number}-{projects[0]}") == 201
    state = (
        "SELECT j.state, j.done, j.attempts, j.id FROM projects_batch b"
        " JOIN foundation_job j ON j.id = b.job_id ORDER BY b.id DESC LIMIT 1"
    )
    assert wait_until(lambda: drill.sql(state)[0][1] > 3, seconds=60, every=0.01), drill.sql(state)
    for hand in drill.part("worker").children():
        hand.kill()  # whichever does it; they grow again
    [(said, done, _attempts, job)] = drill.sql(state)
    assert said == "running" and 3 < done < 40
    drill.sql(f"UPDATE foundation_job SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE id = {job}")
    drill.seed("resume")
    assert wait_until(lambda: drill.sql(state)[0][0] == "done", seconds=60, every=0.2), drill.sql(state)
    assert drill.sql(state)[0][2] == 2, "it went on in another hand"
    decided = [place for place in drill.decisions(projects) if place[1] == "street_review"]
    assert sorted(place[0] for place in decided) == sorted(projects)
    assert drill.without_trace() == []


@often
@pytest.mark.parametrize("disk", ["kept", "lost"])
def test_a_killed_queue(drill, desk, projects, number, disk):
    with Writers(desk, projects) as writers:
        writers.wait_for(6)
        drill.kill_server("redis")
        writers.wait_for(12)  # decisions do not need it
        if disk == "lost":
            drill.forget_queue()
        drill.start_server("redis")
        writers.wait_for(6)
        assert not drill.has_ended
    assert desk.ledger.unknown() == []
    reckon(drill, desk, projects)


@often
def test_a_killed_database(drill, desk, projects, number):
    with Writers(desk, projects) as writers:
        writers.wait_for(6)
        drill.kill_server("postgres")
        status, _said = drill.ready()
        assert status == 503
        drill.start_server("postgres")
        assert wait_until(desk.answers, seconds=15)
        writers.wait_for(12)
        assert not drill.has_ended
    reckon(drill, desk, projects)


@pytest.mark.long
def test_the_reckoning_can_fail(drill, desk, projects):
    """The control: a lost, a doubled and an unasked decision, and a wrong sum, are each seen."""
    with Writers(desk, projects[:3]) as writers:
        writers.wait_for(6)
    reckon(drill, desk, projects)
    tries, found = desk.ledger.tries(), drill.decisions(projects)
    acknowledged = next(one for one, outcome in tries if outcome == OK)

    lost = differences(tries, [place for place in found if place != acknowledged.place])
    assert lost == [f"ok but 0 times there: {acknowledged}"]
    doubled = differences(tries, [*found, acknowledged.place])
    assert doubled == [f"ok but 2 times there: {acknowledged}"]
    unasked = differences([pair for pair in tries if pair[0] != acknowledged], found)
    assert unasked == [f"nobody asked for this: {acknowledged.place}"]

    forged = acknowledged.__class__("forged", projects[-1], "county_review", "county")
    desk.ledger.intend(forged)
    desk.ledger.answer(forged, OK, 200)
    assert differences(desk.ledger.tries(), found) == [f"ok but 0 times there: {forged}"]

    drill.sql(ADDED.format("+"))
    assert drill.misread() != []
    drill.sql(ADDED.format("-"))
