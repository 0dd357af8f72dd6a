"""What stands in the file of a bulk export: the rows of the doors of the statistics, batch by batch."""

from linkage.attainment.documents import rows
from linkage.attainment.models import Target
from linkage.attainment.services import exporting, kept, reading, units
from linkage.foundation import measures
from linkage.foundation.tabular import cells

UNITS = 1000


def batches(job, owner, place, edition, columns):
    """``(number of places or units, rows of cells)``, one after the other; the total, if it is known."""
    what = job.arguments["what"]
    if what == "failing":
        return _failing(job, owner, place, edition, columns), None
    day = kept.day(edition)
    read = {"attainment": _attainment, "totals": _totals}[what](job, owner, edition)
    found = (
        (len(places), [cells({**row, **rows.stands(edition, day)}, columns) for row in read(places)])
        for places in exporting.batches_of(place, edition)
    )
    return found, exporting.count_of(place, edition)


def _attainment(job, owner, edition):
    targets, day = list(_targets(job, owner)), kept.day(edition)

    def read(places):
        found = reading.read_places(targets, places, edition=edition)
        return [rows.of_reading(one, day) for place in places for one in found[place.pk]]

    return read


def _totals(job, owner, edition):
    keys = [measure.key for measure in measures.registered()]

    def read(places):
        found = reading.totals(keys, places, edition=edition)
        return [rows.of_total(place, key, found[place.pk][key]) for place in places for key in keys]

    return read


def _failing(job, owner, place, edition, columns):
    """In an edition target and places are those of then; that there were such was seen at the start."""
    target, after = _targets(job, owner).get(), None
    if edition:
        (target,) = kept.of(edition).same_as([target])
        place = kept.named(edition, [place.pk])[place.pk]
    stands = rows.stands(edition, kept.day(edition))
    while True:
        found = units.failing(target, place, edition=edition, after=after, limit=UNITS)
        regions = kept.named(edition, {unit.region_id for unit in found})
        names = rows.unit_names(target, found, regions, owner)
        told = [
            rows.of_failing(target, unit, regions[unit.region_id], names.get(unit.unit)) for unit in found
        ]
        yield len(found), [cells({**row, **stands}, columns) for row in told]
        if len(found) < UNITS:
            return
        after = found[-1].path, found[-1].unit


def _targets(job, owner):
    """The targets asked for, as far as their owner still sees them."""
    asked = job.arguments
    found = Target.objects.visible_to(owner).select_related("document__region").order_by("code")
    if asked["policy"]:
        found = found.filter(document__code=asked["policy"])
    return found.filter(code=asked["target"]) if asked["target"] else found
