"""汇总表: a place by the places below it, with 本级, 小计 and 合计; read from the standing sums.

Nothing is counted here. Rows that lie under one another always add up: what a place has beside the places
below it (an organisation of the county itself) is a row of its own, 本级.
"""

from dataclasses import dataclass
from enum import Enum

from communities.models import Level, Region
from linkage.attainment.models import KeptPlace
from linkage.attainment.services import kept, reading
from linkage.foundation import measures
from linkage.foundation.scope import under
from linkage.reports.codes import COUNT


class Kind(Enum):
    GROUP = "group"  # heads the rows of a place below; no figures
    PLACE = "place"
    OWN = "own"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


class State(Enum):
    TOLD = "told"
    NONE = "none"  # nothing to be told here
    UNREPORTED = "unreported"
    NOT_COUNTED = "not_counted"
    NOT_CONNECTED = "not_connected"
    NOT_FILED = "not_filed"  # of a return that has not been received


@dataclass(frozen=True)
class Figure:
    """``value``: None where nothing is known. ``missing``: communities that have not reported theirs."""

    value: int | None
    state: State = State.TOLD
    missing: int = 0


@dataclass(frozen=True)
class Row:
    """``names`` lead from below the place asked for down to this one."""

    kind: Kind
    place: Region
    names: tuple
    figures: dict
    missing: int = 0  # communities under it that have not reported everything they are asked for


@dataclass(frozen=True)
class Summary:
    rows: list
    depth: int  # how many columns the names take
    more: bool  # there are more places than were asked for; no rows then


def levels_below(place, *, edition=None):
    """The levels one may ask for, the next one first."""
    if place.is_community:
        return []
    if edition:
        nearest = KeptPlace.objects.filter(edition_id=edition.pk, parent_id=place.pk).order_by("level")
    else:
        nearest = place.children.open_on(kept.day(edition)).order_by("level")
    first = nearest.values_list("level", flat=True).first()
    return [Level(level) for level in range(first, Level.COMMUNITY + 1)] if first else []


def read(keys, place, level, *, edition=None, most):
    """The rows of a place down to a level; the same few queries for any number of them."""
    places = _places(place, level, edition, most + 1)
    if len(places) > most:
        return Summary([], 0, True)
    standing = reading.sums([], places, keys, edition=edition)
    nodes = {region.path: _Node(region, figures_of(keys, standing.get(region.pk))) for region in places}
    for path, node in nodes.items():
        if above := nodes.get(_above(path)):
            above.below.append(node)
    rows = list(_rows(nodes[place.path], ()))
    return Summary(rows, max((len(row.names) for row in rows), default=0), False)


def _places(place, level, edition, most):
    """The place and those below it down to a level, as they lie or lay, in the order of paths."""
    wanted = under("path", place.path)
    if not edition:
        found = Region.objects.open_on(kept.day(edition)).filter(wanted, level__lte=level)
        return [place, *found.exclude(pk=place.pk).order_by("path")[:most]]
    rows = KeptPlace.objects.filter(wanted, edition_id=edition.pk, level__lte=level).order_by("path")
    then = {row["unit_id"]: row for row in rows.values("unit_id", "path", "name", "kind", "parent_id")[:most]}
    regions = Region.objects.in_bulk(then)
    return [place if pk == place.pk else kept.moved(regions[pk], **_lay(row)) for pk, row in then.items()]


def _lay(row):
    return {name: row[name] for name in ("path", "name", "kind", "parent_id")}


def _above(path):
    return path[: path.rstrip("/").rfind("/") + 1]


class _Node:
    def __init__(self, place, figures):
        self.place, self.figures, self.below = place, figures, []


def _rows(node, names):
    is_whole = not names
    if not node.below:
        kind = Kind.TOTAL if is_whole else Kind.PLACE
        yield Row(kind, node.place, names, node.figures, missing(node.figures))
        return
    if not is_whole:
        yield Row(Kind.GROUP, node.place, names, {})
    for child in node.below:
        yield from _rows(child, (*names, child.place.name))
    own = own_figures(node.figures, [child.figures for child in node.below])
    if any(figure.value for key, figure in own.items() if isinstance(key, str)):
        yield Row(Kind.OWN, node.place, names, own)
    kind = Kind.TOTAL if is_whole else Kind.SUBTOTAL
    yield Row(kind, node.place, names, node.figures, missing(node.figures))


# Figures


def figures_of(keys, standing):
    """``{key: Figure}`` of one place; ``standing``: its sums, None where it was never counted.

    Under ``(key, other)``, where a ratio of the two is told, what of it lies where the other was reported.
    """
    found = {key: _figure(key, standing) for key in keys}
    for pair in measures.compared():
        if pair[0] in found and pair[1] in found:
            value = standing.compared(*pair) if standing else None
            found[pair] = found[pair[0]] if value is None else Figure(value)
    return found


def _figure(key, standing):
    measure = measures.get(key)
    if measure is None:
        return Figure(None, State.NOT_CONNECTED)
    value = standing.total(key) if standing else None
    if value is None:
        return Figure(None, State.NOT_COUNTED)
    reporters, communities = standing.reporters(key), standing.total(COUNT)
    if not measure.reported or reporters is None or not communities:
        return Figure(value)
    if reporters == 0:
        return Figure(None, State.UNREPORTED, communities)
    return Figure(value, missing=communities - reporters)


def own_figures(whole, parts):
    """What a place has itself beside the places below it; what communities report, none but they have."""
    found = {}
    for key, figure in whole.items():
        is_reported = isinstance(key, str) and figure.value is not None and measures.get(key).reported
        if figure.value is None or is_reported:
            found[key] = Figure(None, State.NONE)
        else:
            found[key] = Figure(figure.value - sum(part[key].value or 0 for part in parts))
    return found


def missing(figures):
    return max((figure.missing for figure in figures.values()), default=0)
