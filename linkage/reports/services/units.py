"""Which units file a return, by the tree of the last day of its period."""

from dataclasses import dataclass

from communities.models import Region
from linkage.attainment.models import KeptPlace
from linkage.foundation.scope import under
from linkage.reports.models import SENT, Return, State


@dataclass(frozen=True)
class Unit:
    """A unit that is to file, as it lay. ``filed``: its return, None before it has begun one."""

    region: Region
    name: str
    level: int
    filed: Return | None
    asked: int = 0  # units right below it
    received: int = 0  # of these, what has been received


def place_of(collection, region):
    """The unit as it lay: ``{path, level, name, parent_id}``; None where it is not to file."""
    row = (
        KeptPlace.objects.filter(edition_id=collection.edition_id, unit_id=region.pk)
        .values("path", "level", "name", "parent_id")
        .first()
    )
    inside = row and collection.region.code in row["path"].split("/") and row["level"] <= collection.lowest
    return row if inside else None


def below(collection, place):
    """``{region pk: (name, level)}`` of the units right below that file, in the order of places."""
    rows = KeptPlace.objects.filter(
        edition_id=collection.edition_id, parent_id=place, level__lte=collection.lowest
    ).order_by("path")
    return {row["unit_id"]: (row["name"], row["level"]) for row in rows.values("unit_id", "name", "level")}


def units_below(collection, place):
    """The units right below with what each has filed, and how far those below it are."""
    rows = below(collection, place)
    filed = {one.region_id: one for one in Return.objects.of(collection).filter(above=place)}
    asked, received = {}, {}
    told = KeptPlace.objects.filter(
        edition_id=collection.edition_id, parent_id__in=list(rows), level__lte=collection.lowest
    )
    for parent in told.values_list("parent_id", flat=True):
        asked[parent] = asked.get(parent, 0) + 1
    sent = Return.objects.of(collection).filter(
        above__in=list(rows), state__in=[State.RECEIVED, State.LOCKED]
    )
    for parent in sent.values_list("above_id", flat=True):
        received[parent] = received.get(parent, 0) + 1
    regions = Region.objects.in_bulk(rows)
    return [
        Unit(regions[pk], name, level, filed.get(pk), asked.get(pk, 0), received.get(pk, 0))
        for pk, (name, level) in rows.items()
    ]


def everywhere(collection, place_path):
    """``(units that are to file under this place, how many of them have)``, itself not counted."""
    wanted = under("path", place_path)
    rows = KeptPlace.objects.filter(wanted, edition_id=collection.edition_id, level__lte=collection.lowest)
    asked = rows.exclude(path=place_path).count()
    filed = Return.objects.of(collection).filter(under("region__path", place_path), state__in=SENT)
    return asked, filed.exclude(region__path=place_path).count()
