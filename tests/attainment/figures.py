"""Measure rows made by hand, and a second way to count them: plain Python, row by row."""

from fractions import Fraction

from communities.models import Level
from linkage.attainment.services import counting, reading
from linkage.attainment.services.units import TABLES

LEVELS = {
    "community": [5],
    "street": [4],
    "county": [3],
    "city": [2],
    "province": [1],
    "place": [1, 2, 3, 4, 5],
}
LEVELS |= {"city_or_county": [2, 3], "authority": [1, 2, 3]}


def set_figures(region, unit="place", pk=None, *, document=None, areas=(), pilot=(), area_of=(), **figures):
    """The measure row of a unit at this place, as if its registers said so."""
    table = TABLES[unit]
    home = region.parent if region.level == Level.COMMUNITY else region
    about = {"region": region, "home": home, "path": region.path, "level": region.level, "kind": region.kind}
    about |= {
        "document_id": document,
        "in_areas": list(areas),
        "pilot_of": list(pilot),
        "area_of": list(area_of),
    }
    row = table(unit_id=pk or region.pk, **about, **figures)
    row.save(force_insert=not table.objects.filter(pk=row.pk).exists())
    return row


def read(target, region):
    """The reading of the standing sums after they are summed anew from the measure rows."""
    return reading.read([target], region)[0]


def summed():
    counting.resum()


def plain(target, region, rows):
    """The four figures of a target by loops over rows, after DOMAIN §2.1."""
    found = [0, 0, 0, 0]
    for row in rows:
        if not looked_at(target, row) or not row.path.startswith(region.path):
            continue
        found = [one + other for one, other in zip(found, pair(target, row), strict=True)]
    return found


def looked_at(target, row):
    """Does a target look at this unit (DOMAIN §2.1: unit, kind, scope, territory)?"""
    document = target.document_id
    if not target.document.region or not row.path.startswith(target.document.region.path):
        return False
    if target.unit in ("project", "pilot_community") and row.document_id != document:
        return False
    if target.unit == "pilot_area":
        return document in row.area_of
    if target.unit in LEVELS and row.level not in LEVELS[target.unit]:
        return False
    if target.kind != "all" and row.kind != target.kind:
        return False
    if target.scope == "pilot_areas":
        return document in row.in_areas
    return (
        not (target.scope == "pilot_communities" and target.unit == "community") or document in row.pilot_of
    )


def pair(target, row):
    """Numerator, denominator, units, reported of one unit; a trend has the year before in the last two."""
    figure = getattr(row, target.metric)
    base = getattr(row, target.per) if target.per else None
    if target.rule == "TREND":
        before = getattr(row, f"{target.metric}_before") or 0
        base_before = (getattr(row, f"{target.per}_before") or 0) if target.per else 0
        asked = [target.metric, *([target.per] if target.per else [])]
        years = [getattr(row, key) for name in asked for key in (name, f"{name}_before")]
        if target.missing == "exclude" and None in years:
            return 0, 0, 0, 0
        return figure or 0, base or 0, before, base_before
    known = figure is not None and (base is not None or not target.per)
    if target.rule in ("TOTAL", "QUOTA"):
        return figure or 0, 0, 1, int(known)
    counted = int(known) if target.missing == "exclude" else 1
    if target.rule == "AVG":
        return figure or 0, counted, 1, int(known)
    if target.rule in ("EACH", "RANGE", "FREQ") or not target.per:
        if target.per and base == 0:
            return 0, 0, 0, 0
        return int(known and _passes(target, figure, base)), counted, 1, int(known)
    looked = 1 if target.unit != "place" or row.level == 5 else 0
    if target.missing == "exclude" and figure is None:
        return 0, 0, looked, 0
    free = target.unit == "place" and row.level < 5
    times = 10_000 if target.rule == "PER10K" else 1
    counts = figure is not None and (free or (base or 0) > 0)
    return figure * times if counts else 0, base or 0, looked, int(known) * looked


def _passes(target, figure, base):
    if target.rule == "RANGE":
        return Fraction(target.between_low) <= figure and (
            target.soft or figure <= Fraction(target.between_high)
        )
    if target.rule in ("COVER", "MILESTONE"):
        return figure > 0
    share = Fraction(figure, base) if target.per else figure
    return share <= Fraction(target.at_most) if target.at_most else share >= Fraction(target.at_least)
