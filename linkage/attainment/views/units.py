"""The units of a target one by one: all of them, and 整改清单, those that fall short."""

import re
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linkage.attainment import rules, services
from linkage.attainment.documents import unit_sheet
from linkage.attainment.documents.units import rows
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Target
from linkage.attainment.services import reading, supervision, units
from linkage.attainment.views import time
from linkage.attainment.views.places import asked_for, crumbs, own_figures
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment

SIZE = 50
AFTER = re.compile(r"([0-9A-Z/]{2,120}/)([0-9]{1,18})")
BATCH = 1000


@login_required
@require_safe
def failing(request, code):
    return _page(request, code, units.FAILING)


@login_required
@require_safe
def every(request, code):
    """All units, or with ``?which=unreported`` those that have reported nothing."""
    return _page(request, code, units.ALL)


def _page(request, code, which):
    allowed = {"place": str, "after": str, "large": str, **time.PARAMETERS}
    if which == units.ALL:
        allowed["which"] = (units.ALL, units.UNREPORTED)
    query = strict_query(request, allowed)
    which = query.get("which", which)
    when = time.when_of(query)
    times = time.about(request, when, keeps=False)
    asked, line = line_asked(request.user, code, query.get("place"), when, times["editions"])
    if line is None:
        facts = {"place": asked.place, "is_new": asked.is_new, "is_undemanded": not asked.is_new, **times}
        return render(request, "attainment/nothing.html", facts)
    line.alone = units.reaching(line.target, asked.place, **when.of)
    part = {"after": _key(query.get("after")), "limit": SIZE + 1, **when.of}
    found = units.units(line.target, asked.place, which=which, **part)
    return render(
        request,
        "attainment/units.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place),
            "document": asked.document,
            "line": line,
            "which": which,
            "rows": rows(request.user, line, found[:SIZE], when),
            "tests_units": rules.names_failing(line.target),
            "next_url": _further(asked.place, which, found[SIZE - 1], when) if len(found) > SIZE else None,
            "is_first": "after" not in query,
            "about": unit_sheet.about(line, when.name),
            "heads": unit_sheet.heads(),
            "may_supervise": when.edition is None and supervision.issuing_office(request.user, asked.place),
            "is_catching_up": when.edition is None and services.catching_up(request.user),
            **times,
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request, code):
    return _file(request, code, units.FAILING)


@login_required
@require_safe
@of_one_moment
def export_every(request, code):
    return _file(request, code, units.ALL)


def _file(request, code, which):
    allowed = {"place": str, **time.PARAMETERS} | (
        {"which": (units.ALL, units.UNREPORTED)} if which == units.ALL else {}
    )
    query = strict_query(request, allowed)
    which = query.get("which", which)
    when = time.when_of(query)
    asked, line = line_asked(request.user, code, query.get("place"), when)
    if line is None:
        raise Http404
    if which == units.FAILING and not rules.names_failing(line.target):
        raise Http404
    line.alone = units.reaching(line.target, asked.place, **when.of)
    found = []
    while len(found) <= unit_sheet.MOST:
        after = (found[-1].path, found[-1].unit) if found else None
        batch = units.units(line.target, asked.place, which=which, after=after, limit=BATCH, **when.of)
        found += batch
        if len(batch) < BATCH:
            break
    more = len(found) > unit_sheet.MOST
    told = rows(request.user, line, found[: unit_sheet.MOST], when)
    return FileResponse(
        unit_sheet.build(line, told, which, more=more, as_of=when.name),
        as_attachment=True,
        filename=f"{unit_sheet.title(which)} - {asked.place.name} - {line.target.clause}.xlsx",
        content_type=unit_sheet.XLSX,
    )


def line_asked(user, code, place, when=time.NOW, known=None):
    """The place and document an address means, and the line of its target; for every page of one target.

    The line is None where the edition knows no such place or target.
    """
    target = Target.objects.visible_to(user).filter(code=code).select_related("document").first()
    if target is None:
        raise Http404
    asked = asked_for(user, place=place, policy=target.document.code, when=when)
    if asked.is_new:
        return asked, None
    if asked.document is None:
        raise Http404
    target.document, place = asked.document, asked.place
    if when.then:
        target = when.then.same_as([target], restated=when.restated)[0]
        if target is None:
            return asked, None
    found = reading.read([target], place, known=known, **when.of)[0]
    own = own_figures([target], [place], when).get(place.pk)
    return asked, Line(found, own, when.on)


def _key(after):
    if after is None:
        return None
    parts = AFTER.fullmatch(after)
    if parts is None:
        raise BadRequest(_("This page mark is not valid."))
    return parts[1], int(parts[2])


def _further(place, which, last, when):
    asked = {"place": place.code, "after": f"{last.path}{last.unit}", **when.asked}
    if which == units.UNREPORTED:
        asked["which"] = which
    return "?" + urlencode(asked)
