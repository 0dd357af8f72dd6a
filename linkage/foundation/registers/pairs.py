"""Pairs of rows that may be the same thing, found by groups that agree in some columns."""

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count

PAIRS = 100  # that are shown
NEIGHBOURS = ["region__parent", "kind", "name"]  # one name entered in two places under the same street


def pairs(rows, rules):
    """``[(one, other, [reasons])]``; a rule is ``(rows, columns that agree, reason)``."""
    reasons = {}
    for among, columns, reason in rules:
        groups = (
            among.order_by()
            .values(*columns)
            .annotate(rows=Count("pk", distinct=True), keys=ArrayAgg("pk", distinct=True, order_by="pk"))
            .filter(rows__gt=1)[:PAIRS]
        )
        for group in groups:
            first, *others = group["keys"][:5]
            for other in others:
                reasons.setdefault((first, other), []).append(reason)
    found = list(reasons)[:PAIRS]
    place = rows.model.region_path.rpartition("__")[0]
    known = rows.select_related(place).in_bulk({key for pair in found for key in pair})
    return [(known[one], known[other], reasons[one, other]) for one, other in found]
