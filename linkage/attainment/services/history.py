"""One place over the editions: what each target came to, month by month, over a tree that stays the same."""

from dataclasses import dataclass
from datetime import date

from linkage.attainment.models import Edition, KeptPlace
from linkage.attainment.services import kept, reading, restating
from linkage.attainment.services.reading import Reading

MONTHS = 12
MOST = 60  # editions of one table


@dataclass(frozen=True)
class Moment:
    """A target at one edition. ``own``: plain figures of a community; ``is_restated``: over today's tree."""

    edition: Edition
    reading: Reading
    own: dict | None
    is_restated: bool

    @property
    def on(self):
        return self.edition.as_of


def months():
    """The latest monthly editions, the oldest first."""
    found = Edition.objects.readable().filter(kind=Edition.Kind.MONTHLY).order_by("-as_of")
    return list(found[:MONTHS])[::-1]


def editions():
    """The latest editions of every kind, the oldest first."""
    return list(Edition.objects.readable().order_by("-as_of", "-pk")[:MOST])[::-1]


def of(targets, place, editions, *, as_was=False, in_time=False, standing=None):
    """``{target code: [Moment]}``, the oldest first, of the editions in which the target had figures here.

    Where other units counted for the place than do today, its figures are those of the tree of today, so
    that nothing rises or falls by a border alone; ``as_was`` leaves them as they were. ``in_time``: the
    state tells what was met in time from what was met late. ``standing``: what ``reading.standings``
    answered of them, for whoever has read them already.
    """
    if not editions:
        return {target.code: [] for target in targets}
    changed = set() if as_was else restating.changed(place, editions)
    keys = own_keys(targets) if place.is_community else ()
    as_they_were = [one for one in editions if one.pk not in changed]
    if standing is None:
        standing = reading.standings([(as_they_were, [place])], targets, keys)
    if changed:
        those = [one for one in editions if one.pk in changed]
        standing = {cell: one for cell, one in standing.items() if cell[0] not in changed}
        standing |= kept.standings(those, [place], targets, keys, restated=True)
    rows = _own(place, keys, as_they_were)
    found, same = {target.code: [] for target in targets}, {}
    lay = _lay(place, editions) if as_was else {}
    before = reading.at_deadlines(targets, [place], date.max) if in_time else {}
    for edition in editions:
        figures = standing.get((edition.pk, place.pk))
        if figures is None:
            continue
        then = kept.of(edition)
        own = None
        if place.is_community:
            own = rows.get(edition.pk) or {key: figures.total(key) for key in keys}
        region = kept.moved(place, path=lay[edition.pk]) if edition.pk in lay else place
        key = (edition.demand_id, edition.pk in changed)
        if key not in same:  # mostly one demand for all of them
            same[key] = then.same_as(targets, restated=key[1])
        for old in same[key]:
            if old is None or figures.figures(old.code) is None:
                continue
            known = (
                before.get((old.code, place.pk)) if old.deadline and old.deadline < edition.as_of else None
            )
            if known and known.edition.computed_at > edition.computed_at:
                known = None
            one = reading.judged(old, region, figures, edition.as_of, then.terms, known)
            found[old.code].append(Moment(edition, one, own, edition.pk in changed))
    return found


def own_keys(targets):
    of_places = [target for target in targets if target.table == KeptPlace.KIND]
    return sorted({key for target in of_places for key in (target.metric, target.per) if key})


def _own(place, keys, editions):
    """``{edition pk: {key: figure}}`` as the row of the place says it: None where nothing was reported."""
    if not place.is_community or not keys:
        return {}
    rows = KeptPlace.objects.filter(edition_id__in=[one.pk for one in editions], unit_id=place.pk)
    return {row.pop("edition_id"): row for row in rows.values("edition_id", *keys)}


def _lay(place, editions):
    rows = KeptPlace.objects.filter(edition_id__in=[one.pk for one in editions], unit_id=place.pk)
    return dict(rows.values_list("edition_id", "path"))
