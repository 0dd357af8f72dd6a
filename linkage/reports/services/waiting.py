"""What of the periodic returns waits for a person: to be filled in here, to be received from below."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from linkage.reports.models import SENT, Collection, Return, State

SHOWN = 3


@dataclass(frozen=True)
class Waiting:
    collection: Collection
    due: date
    is_unfiled: bool
    is_late: bool
    is_back: bool  # was sent back
    to_receive: int


def waiting_for(user, limit=SHOWN):
    """The newest periods with something to be done at one's own place; one query."""
    home = user.home_region
    if home is None:
        return []
    of_it = Return.objects.filter(collection=OuterRef("pk"))
    below = of_it.filter(above=home, state=State.FILED).order_by().values("collection")
    rows = (
        Collection.objects.filter(region__code__in=home.path_codes, lowest__gte=home.level)
        .annotate(
            mine=Subquery(of_it.filter(region=home).values("state")[:1]),
            to_receive=Subquery(below.annotate(n=Count("pk")).values("n")),
        )
        .filter(Q(mine=None) | ~Q(mine__in=SENT) | Q(to_receive__gt=0))
        .select_related("region")
        .order_by(F("as_of").desc(), "-pk")[:limit]
    )
    return [_told(row, home) for row in rows]


def _told(row, home):
    due, unfiled = row.due_for(home.level), row.mine not in SENT
    is_late = unfiled and due < timezone.localdate()
    return Waiting(row, due, unfiled, is_late, row.mine == State.RETURNED, row.to_receive or 0)
