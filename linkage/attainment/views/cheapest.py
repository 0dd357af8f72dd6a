"""最小补缺: the smallest additions by unit that would meet one target at one place."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.documents import cheapest as words
from linkage.attainment.documents import sheet, unit_sheet
from linkage.attainment.documents import units as unit_words
from linkage.attainment.services import cheapest, supervision
from linkage.attainment.views.places import crumbs
from linkage.attainment.views.units import line_asked
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment

SIZE = 50
WIDTHS = (44, 28, 26, 18, 18, 34)
LAST_PAGE = 100_000


def page_number(text):
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= LAST_PAGE):
        raise ValueError(text)
    return int(text)


@login_required
@require_safe
def path(request, code):
    query = strict_query(request, {"place": str, "page": page_number, "large": str})
    asked, line = line_asked(request.user, code, query.get("place"))
    place, target = asked.place, line.target
    found = cheapest.path(line.reading) if line.is_unmet else None
    number = query.get("page", 1)
    shown = found.steps[(number - 1) * SIZE : number * SIZE] if found else []
    if number > 1 and not shown:
        raise Http404
    return render(
        request,
        "attainment/path.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place),
            "document": asked.document,
            "line": line,
            "path": found,
            "method": words.method(line, found) if found else [],
            "heads": words.heads(target),
            "rows": rows_of(request.user, line, shown),
            "below": _below(line, found),
            "total": _total(target, found) if found else "",
            "number": number,
            "last": -(-len(found.steps) // SIZE) if found else 1,
            "prev_url": _page(place, number - 1) if number > 1 else None,
            "next_url": _page(place, number + 1) if found and len(found.steps) > number * SIZE else None,
            "issue_url": _issue_url(request.user, line, found),
            "is_catching_up": services.catching_up(request.user),
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request, code):
    query = strict_query(request, {"place": str})
    asked, line = line_asked(request.user, code, query.get("place"))
    found = cheapest.path(line.reading) if line.is_unmet else None
    if found is None or not found.steps:
        raise Http404
    shown = found.steps[: unit_sheet.MOST]
    rows = [
        (unit.place, unit.name, unit.has, unit.addition, unit.comes_to, unit.office)
        for unit in rows_of(request.user, line, shown)
    ]
    if len(found.steps) > len(shown):
        rows.append([_("Only the first %(n)s are listed.") % {"n": f"{unit_sheet.MOST:,}"}])
    about = [
        *unit_sheet.about(line),
        *((_("Method"), said) for said in words.method(line, found)),
        (
            _("In all"),
            _("%(total)s, in %(n)s units")
            % {"total": _total(line.target, found), "n": f"{len(found.steps):,}"},
        ),
    ]
    tables = [("", words.heads(line.target), rows)]
    below = [(child.name, units, added) for child, units, added in _below(line, found)]
    if len(below) > 1:
        tables.append((_("By the places below"), [_("Place"), _("Units"), _("Addition")], below))
    return FileResponse(
        sheet.build(_("Cheapest path"), about, tables, widths=WIDTHS),
        as_attachment=True,
        filename=_("Cheapest path - %(place)s - %(clause)s.xlsx")
        % {"place": asked.place.name, "clause": line.target.clause},
        content_type=sheet.XLSX,
    )


@dataclass(frozen=True)
class Row:
    """One unit of the list in words: the unit as in the 整改清单, and what it is asked for."""

    place: str
    name: str
    address: str
    has: str
    addition: str
    comes_to: str
    office: str


def rows_of(user, line, steps):
    """``Row`` of these steps; a few questions whatever their number."""
    target = line.target
    return [
        Row(
            unit.place,
            unit.name or _("kept in a register you do not see"),
            unit.address,
            unit.has,
            words.addition(target, step),
            words.comes_to(target, step),
            unit.office,
        )
        for unit, step in zip(unit_words.rows(user, line, steps), steps, strict=True)
    ]


def _below(line, found):
    """``[(place, units, what they add)]`` of the places right below, where there is more than one step."""
    place = line.reading.region
    if not found or len(found.steps) < 2 or place.is_community:
        return []
    children = place.children.open_on(timezone.localdate()).order_by("path")
    return words.shares(line.target, found, place, children)


def _total(target, found):
    if found.method == cheapest.BY_UNITS:
        return _("%(n)s × %(unit)s") % {
            "n": f"{len(found.steps):,}",
            "unit": words.unit_of_list(target),
        }
    return words.amount(target.metric, found.total, up=True)


def _page(place, number):
    return "?" + urlencode({"place": place.code, "page": number})


def _issue_url(user, line, found):
    """Where this person may hand the list down; nothing for others, and where there is no list."""
    if not found or not found.steps or not supervision.issuing_office(user, line.reading.region):
        return ""
    asked = urlencode({"place": line.reading.region.code, "origin": "path"})
    return f"{reverse('attainment:issue', args=[line.target.code])}?{asked}"
