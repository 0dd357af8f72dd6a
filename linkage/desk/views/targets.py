"""本辖区指标: the card of the workbench, which the page asks for once it stands there."""

from dataclasses import dataclass
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linkage.attainment.documents.wording import Line
from linkage.attainment.rules import Status
from linkage.attainment.services import reading
from linkage.attainment.views.places import asked_for, own_figures
from linkage.foundation.filters import strict_query

SHOWN = 3
URGENT = (Status.OVERDUE, Status.SLIPPED, Status.NOT_YET, Status.OPEN_ENDED)


@dataclass(frozen=True)
class Bar:
    """One target that is not met; ``percent`` of the way, never rounded up to full, None without a way."""

    line: Line
    percent: int | None


@login_required
@require_safe
def card(request):
    """The targets of one's own place that are not met, the overdue ones first, then the farthest."""
    strict_query(request, ("large",))
    asked, today = asked_for(request.user), timezone.localdate()
    lines = _lines(asked, today) if asked.document else []
    unmet = [Bar(line, _percent(line)) for line in lines if line.is_unmet]
    unmet.sort(key=lambda bar: (URGENT.index(bar.line.status), bar.percent or 0))
    return render(
        request,
        "desk/_targets.html",
        {
            "place": asked.place,
            "document": asked.document,
            "bars": unmet[:SHOWN],
            "unmet": len(unmet),
            "met": sum(line.is_read and not line.is_unmet for line in lines),
            "waiting": sum(line.status == Status.NOT_CONNECTED for line in lines),
        },
    )


def _lines(asked, today):
    targets = list(asked.document.targets.with_programmes())
    own = own_figures(targets, [asked.place]).get(asked.place.pk)
    return [Line(found, own, today) for found in reading.read(targets, asked.place)]


def _percent(line):
    value, limit = line.bar
    if value is None or not limit:
        return None
    return min(99, int(Fraction(value) * 100 / Fraction(limit)))
