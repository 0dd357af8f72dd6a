"""The figures of a return: read from what was kept of the last day, summed from what was received."""

from communities.models import Region
from linkage.attainment.models import Edition
from linkage.attainment.services import kept, reading
from linkage.foundation import measures
from linkage.reports.codes import COUNT
from linkage.reports.models import FINAL, Return
from linkage.reports.services import units


def from_registers(collection, place):
    """``(figures, silent)`` of a unit itself: its place without the places below that file themselves.

    Of what communities report, nothing but in a unit below which nobody files: there it is what they told.
    """
    edition = Edition.objects.with_demand().get(pk=collection.edition_id)
    keys = collection.form.keys
    rows = units.below(collection, place.pk)
    regions = list(kept.as_was(edition, Region.objects.filter(pk__in=[place.pk, *rows])).values())
    standing = reading.sums([], regions, keys, edition=edition)
    pairs = [f"{a}|{b}" for a, b in measures.compared() if a in keys and b in keys]
    figures, silent = {}, {}
    for key in [*keys, *pairs]:
        whole, parts = _total(standing, place.pk, key), [_total(standing, pk, key) for pk in rows]
        measure = measures.get(key)
        if rows and measure and measure.reported:
            figures[key] = None
        else:
            figures[key] = None if whole is None else whole - sum(part or 0 for part in parts)
        if not rows and measure and measure.reported and (found := standing.get(place.pk)):
            reporters, communities = found.reporters(key), found.total(COUNT)
            if reporters is not None and communities is not None:
                silent[key] = communities - reporters
                figures[key] = figures[key] if reporters else None
    return figures, silent


def _total(standing, pk, key):
    return standing[pk].total(key) if pk in standing else None


def from_below(collection, region):
    """``(sums, silent, how many)`` of the returns received from the units right below a place."""
    received = list(Return.objects.of(collection).filter(above=region, state__in=FINAL))
    sums, silent = {}, {}
    for one in received:
        for key in {*one.own, *one.below}:
            figure = one.figure(key)
            if figure is not None:
                sums[key] = sums.get(key, 0) + figure
        for key, missing in one.silent.items():
            silent[key] = silent.get(key, 0) + missing
    return sums, silent, len(received)


def totals(filed):
    """``{key: figure}`` of a return with all below it."""
    return {key: filed.figure(key) for key in {*filed.own, *filed.below}}


def told(filed, own):
    """What the unit tells, with what of it lies where another figure was told (``a|b``) made to fit."""
    found = dict(filed.register) | own
    for pair in [key for key in filed.register if "|" in key]:
        above, below = pair.split("|")
        if filed.is_leaf and found.get(below) is None:
            found[pair] = 0
        elif filed.is_leaf and filed.register.get(below) is None:
            found[pair] = found.get(above)
        else:
            moved = (found.get(above) or 0) - (filed.register.get(above) or 0)
            found[pair] = (filed.register[pair] or 0) + moved
    return found


def silence(filed, own, silent):
    """Communities that told nothing, after what the unit has entered by hand."""
    return {
        key: 0 if filed.is_leaf and filed.register.get(key) is None and own.get(key) is not None else number
        for key, number in silent.items()
    }


def is_editable(filed, key):
    """A unit tells what it knows itself; what communities report, only where nobody below files."""
    measure = measures.get(key)
    return measure is not None and (filed.is_leaf or not measure.reported)
