"""What has changed at a community: its names and what it belonged to, the entries of its registers."""

from django.db.models import Q

from communities.models import (
    CommitteeElection,
    CommunityProfile,
    Grid,
    RegionTag,
    ResidentUnit,
    Succession,
)
from communities.people.models import CommunityOrgan
from linkage.foundation import history

MOST = 100
REGISTERS = (CommunityProfile, CommitteeElection, CommunityOrgan, Grid, RegionTag, ResidentUnit)


def placements(place):
    """``[(from, to, name, belongs to, basis)]``, the newest first; then mergers and splits it was part of."""
    found = place.placements.select_related("parent").order_by("-valid")
    spans = [
        (one.valid.lower, one.valid.upper, one.name, one.parent.name if one.parent else "", one.basis)
        for one in found
    ]
    joined = Succession.objects.filter(Q(before=place) | Q(after=place)).select_related("before", "after")
    return {"spans": spans, "joined": list(joined.order_by("-on", "-pk"))}


def of(user, place):
    """The latest changes of entries of the place, by registers this person reads, the newest first."""
    found = []
    for model in REGISTERS:
        rows = model.everything.visible_to(user).filter(region=place.pk)
        keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])
        if keys:
            found += history.of_rows(model, keys, subject=model._meta.verbose_name)
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]
