"""办理时效: how many working days a project lay with each office, from its arrivals and decisions."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import (
    Aggregate,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from linkage.foundation.scope import under
from projects.models.arrival import Arrival
from projects.models.deadline import Passed
from projects.models.project import Status
from projects.models.prompt import Prompt
from projects.models.record import Decision


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Line:
    """How long projects lay at one step, or with one office. Working days; ``median`` may be a half."""

    key: object
    count: int
    median: float
    longest: int
    late: int
    waiting: int
    urged: int

    @property
    def share(self):
        """The part that took longer than allowed, in percent."""
        return self.late * 100 / self.count if self.count else 0.0


def arrivals_under(posts):
    """The arrivals at offices in the territories of these posts."""
    seen = Q(pk__in=[])
    for post in posts:
        seen |= under("office__region__path", post.office.region.path)
    return Arrival.objects.filter(seen)


def stays(arrivals, since, calendar, *, whole=False):
    """The stays that began on ``since`` or later and ended with a decision, or last still.

    One during which the office was handed over ends for it that day and begins for its heir; ``whole``: as
    one stay, for the step.

    ``used``: the working days so far; ``is_late``: more than allowed. One that the applicant ended by
    withdrawing says nothing of the office and is left out.
    """
    begin = timezone.make_aware(datetime.combine(since, time.min))
    same = {name: OuterRef(name) for name in ("project", "round", "step")}
    decision = Decision.objects.filter(**same).values("at")
    heirs = Arrival.objects.filter(**same, pk__gt=OuterRef("pk")).order_by("pk").values("at")
    if whole:
        arrivals = arrivals.exclude(Exists(Arrival.objects.filter(**same, pk__lt=OuterRef("pk"))))
        ended = Subquery(decision[:1])
    else:
        ended = Coalesce(Subquery(heirs[:1]), Subquery(decision[:1]))
    lies_there = Q(project__status=Status.IN_REVIEW, project__round=F("round"), project__step=F("step"))
    days = calendar.begun(since, timezone.localdate())
    return (
        arrivals.filter(at__gte=begin)
        .annotate(ended=ended)
        .annotate(until=Case(When(ended__isnull=False, then="ended"), When(lies_there, then=Now())))
        .filter(until__isnull=False)
        .annotate(used=Passed(F("at"), days) - Passed(F("until"), days))
    )


def lines(stays, by):
    """``[Line]``, one for each value of ``by`` ("step" or "office")."""
    urged = dict(
        Prompt.objects.filter(kind=Prompt.Kind.URGED, project__in=stays.order_by().values("project"))
        .order_by()
        .values_list(by)
        .annotate(count=Count("pk"))
    )
    rows = (
        stays.order_by()
        .values(by)
        .annotate(
            count=Count("pk"),
            median=Median("used"),
            longest=Max("used", output_field=IntegerField()),
            late=Count("pk", filter=Q(used__gt=F("days"))),
            waiting=Count("pk", filter=Q(ended__isnull=True)),
        )
    )
    found = []
    for row in rows:
        key = row.pop(by)
        found.append(Line(key, urged=urged.get(key, 0), **row))
    return found


def bottlenecks(found):
    """Whoever is late most often first; among equals, whoever takes longest."""
    return sorted(found, key=lambda line: (-line.share, -line.median, -line.longest, line.key))
