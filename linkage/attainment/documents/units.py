"""Units of a target in words: where they lie, what they have and lack, who answers for them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from communities.models import SEPARATOR, paths
from communities.offices.models import Office
from linkage.attainment.documents.figures import unit_figure, unit_lack
from linkage.attainment.services import kept
from linkage.attainment.services.units import TABLES
from linkage.foundation import measures


@dataclass(frozen=True)
class Row:
    """One unit in words. ``address``: where one may look at it, if anywhere; ``unit``: what it is a row of.

    ``passes`` is None where units are not tested. ``sources``: ``[(name, address)]`` of the lists of
    records that its figures were counted from.
    """

    unit: int
    place: str
    name: str
    address: str
    has: str
    lacks: str
    passes: bool | None
    office: str
    sources: list


def rows(user, line, found, when=None):
    """Units with names, chains of places and offices; so many questions whatever their number.

    ``when``: an edition, in which places are called as they were then and records are not led to; the
    office is the one that answers today.
    """
    target, edition = line.target, when.edition if when else None
    as_of = None if when and when.restated else edition
    regions = kept.named(as_of, {row.region_id for row in found})
    chains, away = paths(regions.values()), when.away(user, regions.values()) if when else set()
    offices = _offices(chains)
    named = {} if target.table == "place" else _named(user, target, [row.unit for row in found])
    told = []
    for row in found:
        region = regions[row.region_id]
        above = [one.name for one in chains[region.pk] if len(one.path) > len(line.reading.region.path)]
        if target.table == "place":
            above = above[:-1] or [line.reading.region.name]
            name = region.name
            address = "" if region.pk in away else _place_address(target, region, when)
        else:
            known = named.get(row.unit)
            name, address = str(known) if known else "", record_address(known)
        told.append(
            Row(
                row.unit,
                SEPARATOR.join(above) or region.name,
                name,
                address,
                unit_figure(target, row),
                "" if row.lack is None else unit_lack(target, row),
                row.passes,
                offices.get(region.pk, ""),
                [] if edition else sources(target, row.unit),
            )
        )
    return told


def sources(target, unit):
    """``[(name of the figure, where its records are listed)]``."""
    return [
        (measure.name, reverse("attainment:records", args=[key, unit]))
        for key in (target.metric, target.per)
        if key and (measure := measures.get(key))
    ]


def record_address(row):
    """Where a record of a register is kept, if it has a page of its own."""
    if row is None or not admin.site.is_registered(type(row)):
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _offices(chains):
    """``{region pk: name}`` of the office that answers for a place, or for the nearest one above it."""
    wanted = {region.pk for chain in chains.values() for region in chain}
    found = Office.objects.open_on(timezone.localdate()).filter(region__in=wanted)
    names = dict(found.order_by().values_list("region", "name"))
    return {
        pk: next((names[region.pk] for region in reversed(chain) if region.pk in names), "")
        for pk, chain in chains.items()
    }


def _named(user, target, keys):
    """The records of a register that are units, as far as this person may see them."""
    model = TABLES[target.table]._meta.get_field("unit").related_model
    return model.objects.visible_to(user).in_bulk(keys)


def _place_address(target, region, when):
    asked = {"policy": target.document.code, "place": region.code, **(when.asked if when else {})}
    return f"{reverse('attainment:dashboard')}?{urlencode(asked)}"
