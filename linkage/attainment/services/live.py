"""Targets that stand nowhere (thought of, or of another document), counted over the standing measure rows."""

from django.db import connection

from linkage.attainment import rules
from linkage.attainment.models import Target
from linkage.attainment.rules import Status
from linkage.attainment.services import plan
from linkage.attainment.services.reading import Reading, connected


def sums(layout, places):
    """``{region pk: figures of the layout}`` of these places, from the rows of every unit under them."""
    if not layout.width or not places:
        return {place.pk: [0] * layout.width for place in places}
    low = min(place.path for place in places)
    high = max(f"{place.path}~" for place in places)
    rows = plan.sums_of_units(layout, "path", "m.path >= %(low)s AND m.path < %(high)s")
    figures = ", ".join(f"COALESCE(SUM(s{number}), 0)::bigint" for number in range(layout.width))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, {figures} FROM communities_region c LEFT JOIN ({rows}) s"
            " ON s.place >= c.path AND s.place < c.path || '~' WHERE c.id = ANY(%(places)s) GROUP BY c.id",
            {"low": low, "high": high, "places": [place.pk for place in places]},
        )
        return {place: found for place, *found in cursor.fetchall()}


def judged(target: Target, place, figures, threshold, *, deadline, today, is_whole=True, **more):
    """A reading of figures that do not stand; ``computed_at`` and ``met_then`` may be given."""
    limit = target.share_exact if target.rule in rules.PER_UNIT else threshold.value
    judgement = rules.judge(target.rule, figures, limit)
    status = rules.status(
        judgement,
        figures,
        deadline=deadline,
        today=today,
        connected=connected(target),
        is_whole=is_whole,
        met_then=more.get("met_then"),
    )
    return Reading(target, place, figures, judgement, threshold, Status(status), more.get("computed_at"))
