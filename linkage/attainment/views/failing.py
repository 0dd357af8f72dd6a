"""整改清单: the units that fall short of one target, what each lacks, and who answers for it."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.models import SEPARATOR, Region, paths
from communities.offices.models import Office
from linkage.attainment import rules, services
from linkage.attainment.documents import failing_sheet
from linkage.attainment.documents.figures import unit_figure, unit_lack
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Target
from linkage.attainment.services import reading
from linkage.attainment.views.places import asked_for, crumbs, own_figures
from linkage.foundation.filters import strict_query

SIZE = 50
AFTER = re.compile(r"([0-9A-Z/]{2,120}/)([0-9]{1,18})")
BATCH = 1000


@dataclass(frozen=True)
class Unit:
    """One failing unit in words. ``address``: where one may look at it, if anywhere."""

    place: str
    name: str
    address: str
    has: str
    lacks: str
    office: str


@login_required
@require_safe
def failing(request, code):
    query = strict_query(request, {"place": str, "after": str, "large": str})
    asked, line = _asked(request.user, code, query.get("place"))
    found = []
    if rules.lists_units(line.target):
        found = reading.failing(line.target, asked.place, after=_key(query.get("after")), limit=SIZE + 1)
    rows = units(request.user, line, found[:SIZE])
    return render(
        request,
        "attainment/failing.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place),
            "document": asked.document,
            "line": line,
            "rows": rows,
            "lists_units": rules.lists_units(line.target),
            "next_url": _further(asked.place, found[SIZE - 1]) if len(found) > SIZE else None,
            "is_first": "after" not in query,
            "about": failing_sheet.about(line),
            "heads": failing_sheet.heads(),
            "is_catching_up": services.is_catching_up(),
        },
    )


@login_required
@require_safe
def export(request, code):
    query = strict_query(request, {"place": str})
    asked, line = _asked(request.user, code, query.get("place"))
    if not rules.lists_units(line.target):
        raise Http404
    found = []
    while len(found) <= failing_sheet.MOST:
        after = (found[-1].path, found[-1].unit) if found else None
        batch = reading.failing(line.target, asked.place, after=after, limit=BATCH)
        found += batch
        if len(batch) < BATCH:
            break
    more = len(found) > failing_sheet.MOST
    rows = units(request.user, line, found[: failing_sheet.MOST])
    return FileResponse(
        failing_sheet.build(line, rows, more=more),
        as_attachment=True,
        filename=_("Units to be mended - %(place)s - %(clause)s.xlsx")
        % {"place": asked.place.name, "clause": line.target.clause},
        content_type=failing_sheet.XLSX,
    )


def _asked(user, code, place):
    target = Target.objects.visible_to(user).filter(code=code).select_related("document").first()
    if target is None:
        raise Http404
    asked = asked_for(user, place=place, policy=target.document.code)
    if asked.document is None:
        raise Http404
    target.document = asked.document
    place = asked.place
    found = reading.read([target], place)[0]
    own = own_figures([target], [place]).get(place.pk)
    return asked, Line(found, own, timezone.localdate())


def _key(after):
    if after is None:
        return None
    parts = AFTER.fullmatch(after)
    if parts is None:
        raise BadRequest(_("This page mark is not valid."))
    return parts[1], int(parts[2])


def _further(place, last):
    return "?" + urlencode({"place": place.code, "after": f"{last.path}{last.unit}"})


def units(user, line, found):
    """Failing units with names, chains of places and offices; four questions whatever their number."""
    target = line.target
    regions = Region.objects.in_bulk({row.region_id for row in found})
    chains = paths(regions.values())
    offices = _offices(chains)
    rows = {} if target.table == "place" else _rows(user, target, [row.unit for row in found])
    told = []
    for row in found:
        region = regions[row.region_id]
        above = [one.name for one in chains[region.pk] if len(one.path) > len(line.reading.region.path)]
        named = rows.get(row.unit)
        if target.table == "place":
            above = above[:-1] or [line.reading.region.name]
            name, address = region.name, _place_address(target, region)
        else:
            name = str(named) if named else _("kept in a register you do not see")
            address = _row_address(named)
        told.append(
            Unit(
                SEPARATOR.join(above) or region.name,
                name,
                address,
                unit_figure(target, row.figure, row.base),
                unit_lack(target, row.lack),
                offices.get(region.pk, ""),
            )
        )
    return told


def _offices(chains):
    """``{region pk: name}`` of the office that answers for a place, or for the nearest one above it."""
    wanted = {region.pk for chain in chains.values() for region in chain}
    found = Office.objects.open_on(timezone.localdate()).filter(region__in=wanted)
    names = dict(found.order_by().values_list("region", "name"))
    return {
        pk: next((names[region.pk] for region in reversed(chain) if region.pk in names), "")
        for pk, chain in chains.items()
    }


def _rows(user, target, keys):
    """The rows of a register that are units, as far as this person may see them."""
    model = reading.TABLES[target.table]._meta.get_field("unit").related_model
    return model.objects.visible_to(user).in_bulk(keys)


def _place_address(target, region):
    asked = urlencode({"policy": target.document.code, "place": region.code})
    return f"{reverse('attainment:dashboard')}?{asked}"


def _row_address(row):
    if row is None or not admin.site.is_registered(type(row)):
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
