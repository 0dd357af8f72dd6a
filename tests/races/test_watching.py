"""Two beats at the same moment, and people who urge at the same moment: everything is told once."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from linkage.foundation import outbox
from linkage.foundation.models import Notice
from projects.models import Project, Prompt
from projects.services import urging, watching
from tests import factories
from tests.notices import deliver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ground():
    world = factories.build()
    for number in range(5):
        factories.submitted(world, title=f"第{number}个项目")
    Project.objects.update(step_since=timezone.make_aware(datetime(2026, 9, 24, 10)))
    return world


def test_two_beats_remind_once(ground, at_once):
    beat = lambda: watching.watch(date(2026, 10, 16))  # noqa: E731
    done = at_once(beat, beat, beat)

    assert [one.error for one in done] == [None] * 3
    watching.watch(date(2026, 10, 16))
    assert Prompt.objects.filter(kind="overdue").count() == 5

    at_once(outbox.deliver_due, outbox.deliver_due)
    deliver()
    officer = ground.officer(Project.objects.first().acting_office)
    assert Notice.objects.filter(user=officer, kind="project.overdue").count() == 5


def test_two_who_urge_at_once_urge_once(ground, at_once):
    project = Project.objects.first()
    done = at_once(
        lambda: urging.urge(project, by=ground.fresh("community")),
        lambda: urging.urge(project, by=ground.fresh("county")),
    )

    assert sorted(one.kind for one in done) == ["NotNow", "done"]
    assert project.prompts.filter(kind="urged").count() == 1
