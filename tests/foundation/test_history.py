"""A long history begins in the middle: what its oldest event changed is told by the event before."""

import pytest

from communities.models import Grid
from linkage.foundation import history

pytestmark = pytest.mark.django_db


def test_the_oldest_event_of_a_long_history_tells_what_it_changed(world, monkeypatch):
    monkeypatch.setattr(history, "MOST", 5)
    grid, quiet = (
        Grid.objects.create(region=world.xingfuli, code=code, name=code) for code in ("001", "002")
    )
    for number in range(7):
        Grid.objects.filter(pk=grid.pk).update(households=number)
    label = str(Grid._meta.get_field("households").verbose_name)
    told = history.of_rows(Grid, [grid.pk], subject="")
    wanted = [[(label, str(number - 1), str(number))] for number in (2, 3, 4, 5, 6)]
    assert [change.values for change in told] == wanted
    Grid.objects.filter(pk=quiet.pk).update(households=9)
    newest = history.of_rows(Grid, [grid.pk, quiet.pk], subject="")[-1]
    assert newest.values == [(label, "—", "9")]
