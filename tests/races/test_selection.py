"""The board of 遴选 when two come at once, each with a connection of their own."""

from decimal import Decimal

import pytest
from django.utils import timezone

from projects.models import Decision, Project, Selection
from projects.services import selection, selection_approval
from tests import factories
from tests.projects.test_selection import DOC, after_the_notice, at_the_province, publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def board():
    """Two applications that lie at the province, and the two who decide there."""
    world = factories.build()
    world.two = [
        at_the_province(world, world.xingfuli, title="课堂", asks=Decimal(45000)),
        at_the_province(world, world.wuyi, title="互助站", asks=Decimal(60000)),
    ]
    return world


def ticks(world, who, projects, version):
    """The deed of a window that shows this version of the list."""
    by, wanted = world.fresh(who), {project.pk: ("chosen", None) for project in projects}
    return lambda: selection.choose(world.programme, wanted, by=by, version=version)


def chosen(batch):
    return set(batch.chosen.values_list("project", flat=True))


def test_of_two_windows_that_tick_at_once_the_second_is_told_and_nothing_is_mixed(board, at_once):
    first, second = board.two
    version = 0
    for _opened in ("the batch is opened", "the batch is changed"):
        done = at_once(
            ticks(board, "province", [first], version), ticks(board, "province_second", [second], version)
        )
        assert sorted(one.kind for one in done) == ["ChangedMeanwhile", "done"], done
        batch = Selection.objects.get()
        winner = "province" if done[0].kind == "done" else "province_second"
        assert batch.changed_by == board.people[winner]
        loser = next(one.error for one in done if one.error)
        assert str(board.people[winner]) in str(loser)
        version = batch.version
    assert chosen(batch) <= {first.pk, second.pk} and batch.version == 2


def test_a_tick_beside_the_publication_is_in_the_list_the_public_sees_or_refused(board, at_once):
    first, second = board.two
    batch = ticks(board, "province", [first], 0)()
    done = at_once(
        lambda: publish(board, batch, by="province", version=1),
        ticks(board, "province_second", [first, second], 1),
    )
    assert sorted(one.kind for one in done) in (["ChangedMeanwhile", "done"], ["NotNow", "done"]), done
    batch.refresh_from_db()
    published = done[0].kind == "done"
    assert batch.is_in_notice == published
    assert chosen(batch) == ({first.pk} if published else {first.pk, second.pk})


def test_a_tick_beside_the_approval_never_lands_and_each_project_is_decided_once(board, at_once):
    first, second = board.two
    batch = publish(board, ticks(board, "province", board.two, 0)())
    with after_the_notice():
        paper = {"doc_no": DOC, "signed_on": timezone.localdate(), "opinion": "同意立项。"}

        def approves(who):
            by = board.fresh(who)

            def deed():
                approved, _job = selection_approval.approve(batch, by=by, **paper)
                return selection_approval.work_off(approved, by=by)

            return deed

        done = at_once(
            approves("province"),
            approves("province_second"),
            ticks(board, "province_second", [first, second], batch.version),
        )
    assert sorted(one.kind for one in done[:2]) == ["NotNow", "done"], done
    assert done[2].kind in ("NotNow", "ChangedMeanwhile"), done
    assert Selection.objects.count() == 1
    assert Decision.objects.filter(step="province_approval").count() == 2
    assert set(Project.objects.values_list("status", flat=True)) == {"approved"}
