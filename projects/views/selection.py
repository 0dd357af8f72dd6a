"""遴选: the board on which the deciding office of a programme ticks projects."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linkage.foundation.errors import NotNow
from linkage.foundation.money import wan
from projects import rules
from projects.forms.selection import BoardQuery, Ticks
from projects.models import Programme, Project, SelectionItem
from projects.models.board import (
    approved_beside,
    candidates,
    communities_used,
    counters,
    open_batch,
    sum_of,
    unit_of,
    units,
    waiting_at,
    waiting_list,
)
from projects.models.listing import described, marked, placed, places_called
from projects.models.scoring import places
from projects.procedure import Doing
from projects.services import selection as verbs
from projects.views.list import places_below

SIZE = 50


@login_required
@require_safe
def board(request, code):
    """What waits, with its ticks. While the list is shown to the public, its page says how that stands."""
    programme = programme_of(request, code)
    selection = open_batch(programme)
    if selection is not None and not selection.is_draft:
        return redirect(selection)
    return _page(request, programme, selection)


@login_required
@require_POST
def save(request, code):
    """Keep the ticks of one page. The script of the page asks for JSON and goes on; others get the page."""
    programme = programme_of(request, code)
    require_selector(request, programme)
    ticks = Ticks(request.POST)
    seen = candidates(programme, open_batch(programme)).filter(pk__in=ticks.shown)
    if seen.count() != len(set(ticks.shown)):
        raise Http404
    by_script = "application/json" in request.headers.get("Accept", "")
    problems, selection = ticks.problems, None
    try:
        if not problems:
            selection = verbs.choose(programme, ticks.values, by=request.user, version=ticks.version)
    except ValidationError as wrong:
        problems = wrong.message_dict
    except NotNow as reason:
        if by_script:
            return JsonResponse({"said": str(reason)}, status=409)
        raise
    if by_script:
        if problems:
            return JsonResponse({"problems": _flat(problems)}, status=422)
        return JsonResponse(_parts(request, programme, selection, ticks.shown))
    if problems:
        for name, words in problems.items():
            title = Project.objects.get(pk=int(name.removeprefix("amount-"))).title
            messages.error(request, f"{title}：{' '.join(str(word) for word in words)}")
    else:
        messages.success(request, _("The ticks of this page are kept."))
    return redirect(_back(request, code))


@login_required
@require_POST
def move(request, code):
    """One place up or down on the waiting list."""
    programme = programme_of(request, code)
    require_selector(request, programme)
    selection = open_batch(programme)
    project = request.POST.get("project", "")
    if selection is None or not project.isdigit():
        raise Http404
    item = get_object_or_404(SelectionItem, selection=selection, project_id=int(project[:18]))
    verbs.move(selection, item.project_id, up=request.POST.get("way") == "up", by=request.user)
    return redirect(reverse("projects:selection", args=[code]) + "#waiting")


def programme_of(request, code):
    """The programme, for those who sit at its own level: lower offices have no board."""
    programmes = Programme.objects.visible_to(request.user).select_related("region", "document")
    programme = get_object_or_404(programmes.prefetch_related("phases", "quotas"), code=code)
    if not any(post.office.region_id == programme.region_id for post in request.user.current_posts):
        raise Http404
    return programme


def require_selector(request, programme):
    if not rules.selects(request.user, programme):
        raise PermissionDenied


def _back(request, code):
    """The page of the board the ticks came from: its filters, if they are such."""
    address = reverse("projects:selection", args=[code])
    query = request.POST.get("query", "")
    return f"{address}?{query}" if query and "\n" not in query and "\r" not in query else address


def _page(request, programme, selection):
    scored = selection is not None and selection.items.filter(score__isnull=False).exists()
    query = BoardQuery(
        request,
        below=places_called(programme.region),
        cities=places_below(programme.region),
        scored=scored,
    )
    found = query.narrow(candidates(programme, selection))
    page, links = query.page(marked(described(found)), query.order, size=SIZE)
    rows = placed(page, home=request.user.home_region)
    sides = _sides(programme, selection)
    if scored:
        ranks = places(selection.items.exclude(score=None).values_list("score", flat=True))
        for project in rows:
            project.place_by_score = ranks.get(project.score)
    closed = programme.why_not_open_for(Doing.REVIEWING)
    context = {
        "programme": programme,
        "selection": selection,
        "phase": programme.phase_on(),
        "closed": closed,
        "query": query,
        "rows": _told(programme, selection, rows, sides["units"]),
        "links": links,
        "arrived": waiting_at(programme).count(),
        "uncounted": approved_beside(programme),
        "sums": found.order_by().aggregate(asked=Sum("requested_subsidy")),
        "number": found.count(),
        "may_select": rules.selects(request.user, programme) and not closed,
        "earlier": programme.selections.filter(state="approved").order_by("-number"),
        "scored": scored,
        **sides,
    }
    return render(request, "projects/selection.html", context)


def _sides(programme, selection):
    """Counters and the two lists beside the board."""
    areas = units(programme, selection)
    return {
        "programme": programme,
        "selection": selection,
        "counted": counters(programme, selection),
        "units": areas,
        "few": sum(unit.state == "few" for unit in areas),
        "right": sum(unit.state == "right" for unit in areas),
        "many": sum(unit.state == "many" for unit in areas),
        "waiting": waiting_list(selection),
    }


def _told(programme, selection, rows, areas_now):
    """Each row with what a tick would add and whether its pilot unit has enough already."""
    used = communities_used(programme, selection)
    areas = unit_of(programme, [project.region_id for project in rows])
    full = {unit.area.pk: unit for unit in areas_now if unit.state in ("many", "right")}
    most = programme.pilots_at_most
    for project in rows:
        here = used[project.region_id] - (project.choice == SelectionItem.Choice.CHOSEN)
        project.counts_already = here > 0
        unit = full.get(areas.get(project.region_id))
        project.unit_is_full = (
            most is not None
            and unit is not None
            and unit.communities >= most
            and not project.counts_already
            and project.choice != SelectionItem.Choice.CHOSEN
        )
    return rows


def _parts(request, programme, selection, shown):
    """What the script of the board puts in the place of what it shows."""
    context = {**_sides(programme, selection), "may_select": True}
    rows = list(candidates(programme, selection).filter(pk__in=shown))
    _told(programme, selection, rows, context["units"])
    return {
        "version": selection.version if selection else 0,
        "said": _("Kept at %(time)s: %(n)d ticked, %(money)s ten thousand yuan")
        % {
            "time": date_format(timezone.localtime(), "H:i:s"),
            "n": context["counted"].ticked,
            "money": wan(sum_of(selection) if selection else 0),
        },
        "counters": render_to_string("projects/_selection_counters.html", context, request),
        "side": render_to_string("projects/_selection_side.html", context, request),
        "rows": {
            project.pk: {
                "counted": project.counts_already,
                "full": project.unit_is_full,
                "rank": project.rank,
            }
            for project in rows
        },
    }


def _flat(problems):
    return {name: " ".join(str(word) for word in words) for name, words in problems.items()}
