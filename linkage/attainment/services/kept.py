"""What editions kept, read again: demands, places as they lay, and the figures of units."""

import copy
import json
from dataclasses import dataclass
from hashlib import sha256

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from communities.models import Region
from linkage.attainment.models import KEPT_TABLES, CoverageTerm, Demand, Edition, KeptPlace, Target
from linkage.attainment.services import plan, restating
from linkage.foundation import measures

KNOWN = 64
ALWAYS = "residents"  # a column of places: every place that was open then has a row to group by
_demands = {}  # by digest; a demand never changes


# The demand


def demand_of(on, codes=None):
    """The stored demand of this day: targets as they stand (all, or those of these codes), terms in force
    on it, measures connected."""
    targets = Target.objects.select_related("document__region").prefetch_related("document__programmes")
    if codes is not None:
        targets = targets.filter(code__in=codes)
    targets = list(targets.order_by("slot"))
    documents = {target.document_id: target.document for target in targets}
    terms = CoverageTerm.objects.in_force(on).select_related("region")
    said = {
        "targets": [_row(target) for target in targets],
        "terms": [_row(term) | {"place": term.region and term.region.code} for term in terms],
        "connected": sorted(measure.key for measure in measures.registered()),
        "documents": {
            str(pk): {
                "code": document.code,
                "pack_version": document.pack_version,
                "region": document.region_id,
                "path": document.region and document.region.path,
                "programmes": sorted(programme.pk for programme in document.programmes.all()),
            }
            for pk, document in sorted(documents.items())
        },
    }
    text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True)
    digest = sha256(text.encode()).hexdigest()
    return Demand.objects.get_or_create(digest=digest, defaults={"said": json.loads(text)})[0]


def _row(instance):
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def _again(model, row):
    """The instance a row was made of; a column that was added since has its default."""
    fields = [field for field in model._meta.concrete_fields if field.attname in row]
    instance = model(**{field.attname: field.to_python(row[field.attname]) for field in fields})
    instance._state.adding = False
    return instance


@dataclass(frozen=True)
class Then:
    """What was demanded at an edition. ``rows``: ``{code of a target: its fields}``."""

    rows: dict
    documents: dict
    terms: list
    connected: frozenset

    def targets_of(self, document, *, restated=False):
        """The targets this document had then, in the order of their codes."""
        codes = sorted(code for code, row in self.rows.items() if row["document_id"] == document.pk)
        about = self._about(document, restated)
        return [self._target(code, about) for code in codes]

    def same_as(self, targets, *, restated=False):
        """For each target what it was then; None where there was no such target yet."""
        abouts, found = {}, []
        for target in targets:
            row = self.rows.get(target.code)
            if row is None or row["document_id"] != target.document_id:
                found.append(None)
                continue
            if target.document_id not in abouts:
                abouts[target.document_id] = self._about(target.document, restated)
            found.append(self._target(target.code, abouts[target.document_id]))
        return found

    def _about(self, document, restated):
        """The document with the territory it had then, as it lay; restated, where that lies today."""
        known = self.documents.get(str(document.pk), {})
        region, path = known.get("region"), known.get("path")
        if region == document.region_id and (restated or region is None or document.region.path == path):
            return document
        document = copy.copy(document)
        territory = document.region
        if region != document.region_id:
            territory = Region.objects.filter(pk=region).first()
        document.region = territory if restated or territory is None else moved(territory, path=path)
        return document

    def _target(self, code, document):
        target = _again(Target, self.rows[code])
        target.document = document
        target.connected_keys = self.connected
        known = self.documents.get(str(document.pk), {})
        target.__dict__["_programmes"] = set(known.get("programmes", ()))
        return target


def of(edition):
    """What was demanded then; None where the edition kept sums alone."""
    if edition.demand_id is None:
        return None
    digest = edition.demand.digest
    if digest not in _demands:
        if len(_demands) >= KNOWN:
            _demands.clear()
        said = Demand.objects.values_list("said", flat=True).get(pk=edition.demand_id)
        terms = []
        for row in said["terms"]:
            term = _again(CoverageTerm, row)
            if row["place"]:
                term.region = Region(pk=term.region_id, code=row["place"])
            terms.append(term)
        rows = {row["code"]: row for row in said["targets"]}
        _demands[digest] = Then(rows, said["documents"], terms, frozenset(said["connected"]))
    return _demands[digest]


def known_at(kind, on):
    """The codes of the targets that the editions of this kind and day demand; every one where sums alone
    were kept."""
    found = set()
    for edition in Edition.objects.with_demand().filter(kind=kind, as_of=on):
        then = of(edition)
        found |= set(then.rows if then else Target.objects.values_list("code", flat=True))
    return found


# Places as they lay


def moved(region, **then):
    """A copy of the place as it was: path, name, kind, parent."""
    region = copy.copy(region)
    region.__dict__.pop("ancestors", None)
    region._state.fields_cache.pop("parent", None)
    for name, value in then.items():
        setattr(region, name, value)
    return region


def as_was(edition, regions):
    """``{region pk: the place as it was}``; without those that did not exist then."""
    rows = KeptPlace.objects.filter(edition_id=edition.pk, unit_id__in=[region.pk for region in regions])
    then = {row["unit_id"]: row for row in rows.values("unit_id", "path", "name", "kind", "parent_id")}
    return {region.pk: _placed(region, then[region.pk]) for region in regions if region.pk in then}


def named(edition, regions):
    """``{pk: place}`` of these numbers as the places were then, or as they are where there is no edition."""
    found = Region.objects.in_bulk(regions)
    return found if edition is None else found | as_was(edition, found.values())


def children(edition, place):
    """The places directly below as they were then, in their order."""
    rows = KeptPlace.objects.filter(edition_id=edition.pk, parent_id=place.pk).order_by("path")
    then = {row["unit_id"]: row for row in rows.values("unit_id", "path", "name", "kind", "parent_id")}
    found = Region.objects.in_bulk(then)
    return [_placed(found[pk], row) for pk, row in then.items()]


def _placed(region, row):
    return moved(region, **{name: row[name] for name in ("path", "name", "kind", "parent_id")})


# Figures


def standings(editions, regions, targets, keys=(), *, restated=False):
    """``{(edition pk, region pk): Standing}`` summed from the kept rows of units.

    As the tree was: communities only, the places above have their sums. ``restated``: any places, over
    the tree as it is today. One query for each different demand.
    """
    found, of_demand = {}, {}
    for edition in editions:
        if edition.demand_id is not None:
            of_demand.setdefault(edition.demand_id, []).append(edition)
    for those in of_demand.values():
        then, by_pk = of(those[0]), {edition.pk: edition for edition in those}
        same = [target for target in then.same_as(targets, restated=restated) if target]
        layout = plan.lay_out(same, [key for key in {*keys, ALWAYS} if key in then.connected])
        tables, params = rows_of(those, regions, restated=restated)
        with connection.cursor() as cursor:
            cursor.execute(plan.sums_of_units(layout, "cell", tables=tables), params)
            for (edition, place), *sums in cursor.fetchall():
                at = by_pk[edition].computed_at
                found[edition, place] = plan.Standing(layout, sums, at, by_pk[edition])
    return found


def rows_of(editions, regions, *, restated=False):
    """``{kind: SQL}`` of the kept rows that count for these places, with their ``cell``, and parameters."""
    params = {"editions": [edition.pk for edition in editions], "places": [region.pk for region in regions]}
    if restated:
        return restating.rows(KEPT_TABLES), params | restating.parameters(regions)
    tables = {}
    for kind, table in KEPT_TABLES.items():
        place = "unit_id" if kind == "place" else "region_id"
        tables[kind] = (
            f"(SELECT *, ARRAY[edition_id, region_id] AS cell FROM {table._meta.db_table}"
            f" WHERE edition_id = ANY(%(editions)s) AND {place} = ANY(%(places)s))"
        )
    return tables, params


def day(edition):
    return edition.as_of if edition else timezone.localdate()
