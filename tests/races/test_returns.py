"""季报 when two come at once: the sum is locked before what it is made of."""

import pytest

from linkage.attainment.services import counting
from linkage.foundation import journal
from linkage.reports.models import Return, State
from linkage.reports.services import filing
from tests import factories
from tests.reports.test_returns import COMMUNITIES, NUMBER, STREET, filed_by, kept, opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quarter():
    """Two communities have filed, one of them was received; the street has begun to sum up."""
    world = factories.build()
    with journal.acting(cause="test"):
        counting.rebuild()
        kept(NUMBER, volunteers=40, households=100, residents=300)
    row = opened(world)
    world.row = row
    first = filed_by(world, row, "community", COMMUNITIES[0])
    filing.receive(row, world.region(STREET), [first.pk], by=world.fresh("street"))
    world.first = first
    world.street = filing.begin(row, world.region(STREET), by=world.fresh("street"))
    notes = {key: "说明" for key, _name, _text in filing.gaps_of(world.street) if key != "shortfall"}
    filing.save(world.street, own={}, notes=notes, shortfall="缺一个", by=world.fresh("street"))
    return world


def test_what_is_sent_back_beside_the_filing_of_the_sum_is_out_of_it_or_stays(quarter, at_once):
    """Never is a figure in a filed sum while its own return is open again."""
    world, by = quarter, quarter.fresh
    street, back = by("street"), by("street")
    done = at_once(
        lambda: filing.file(world.street, by=street),
        lambda: filing.send_back(world.first, reason="请核实。", by=back),
    )
    assert [one.error for one in done if one.kind not in ("done", "NotNow")] == []
    one, total = Return.objects.get(pk=world.first.pk), Return.objects.get(pk=world.street.pk)
    assert total.state == State.FILED
    if one.state == State.RETURNED:
        assert (total.units_in, total.figure("volunteers") or 0) == (0, 0)
    else:
        assert (one.state, total.units_in, total.figure("volunteers")) == (State.LOCKED, 1, 40)


def test_two_who_begin_at_once_have_one_return(quarter, at_once):
    world, place = quarter, quarter.region("620102")
    people = [world.fresh(who) for who in ("county", "county")]
    done = at_once(*[lambda by=by: filing.begin(world.row, place, by=by) for by in people])
    assert [one.kind for one in done] == ["done", "done"], done
    assert Return.objects.of(world.row).filter(region=place).count() == 1
