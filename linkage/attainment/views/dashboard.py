"""指标: one place read against one document, the places below beside each other."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.codes import Rule
from linkage.attainment.documents import benchmarks, comparison, dashboard_sheet, history, parties
from linkage.attainment.documents.figures import BESIDE_KEYS, of_which
from linkage.attainment.documents.wording import LOOKS, Line
from linkage.attainment.models import Benchmark, Edition
from linkage.attainment.rules import Status
from linkage.attainment.services import history as past
from linkage.attainment.services import reading
from linkage.attainment.views import time
from linkage.attainment.views.places import asked_for, crumbs, own_figures, own_keys
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment
from linkage.foundation.tabular import XLSX

PARAMETERS = {"policy": str, "place": str, "target": str, "sort": ("value", "place"), "large": str}
PARAMETERS |= time.PARAMETERS | {"ranking": ("shown", "hidden")}
REMEMBERED = 365 * 24 * 3600  # on this computer: with or without ranks
# The tabs above the table; each gathers what is to be looked at in the same way.
TABS = (
    (Status.OVERDUE,),
    (Status.SLIPPED,),
    (Status.NOT_YET,),
    (Status.OPEN_ENDED,),
    (Status.MET, Status.MET_LATE),
    (Status.NO_DATA,),
    (Status.NOT_CONNECTED,),
)
SELDOM = (Status.SLIPPED,)  # told where there are any


@login_required
@require_safe
def dashboard(request):
    query = strict_query(request, PARAMETERS)
    when = time.when_of(query)
    asked = asked_for(request.user, place=query.get("place"), policy=query.get("policy"), when=when)
    times = time.about(request, when)
    if asked.document is None:
        if "target" in query and not asked.is_new:
            raise Http404
        facts = {"place": asked.place, "is_new": asked.is_new, **times}
        return render(request, "attainment/nothing.html", facts)
    view = _read(asked, when, times["editions"])
    benchmarks.at_targets(view.reported, view.lines)
    chosen = _chosen(view.lines, query.get("target"), when)
    order = _order(request, query)
    answer = render(
        request,
        "attainment/dashboard.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place),
            "document": asked.document,
            "documents": asked.documents,
            "lines": view.applying,
            "not_applying": view.not_applying,
            "counters": _counters(view.lines),
            "stand": view.stand,
            "completeness": _completeness(view.lines),
            "is_catching_up": when.edition is None and services.catching_up(request.user),
            "parties": view.cards,
            "reported": benchmarks.beside_here(view.reported, view.totals),
            "chosen": chosen,
            "sort": order.sort,
            "is_ranked": order.is_ranked,
            "ranking": chosen and view.below and _ranking(chosen, view.below, order.sort == "place"),
            "grid": view.grid,
            "away": when.away(request.user, [region for region, _lines in view.below]),
            **times,
        },
    )
    if "ranking" in query:
        answer.set_cookie("ranking", query["ranking"], REMEMBERED, samesite="Lax", secure=request.is_secure())
    return answer


@login_required
@require_safe
@of_one_moment
def export(request):
    """The same as a workbook: the targets, the ranking of the chosen one, the places below, the parties."""
    query = strict_query(request, {name: rule for name, rule in PARAMETERS.items() if name != "large"})
    when = time.when_of(query)
    asked = asked_for(request.user, place=query.get("place"), policy=query.get("policy"), when=when)
    if asked.document is None:
        raise Http404
    view = _read(asked, when)
    benchmarks.at_targets(view.reported, view.lines)
    chosen = _chosen(view.lines, query.get("target"), when)
    order = _order(request, query)
    ranking = chosen and view.below and _ranking(chosen, view.below, order.sort == "place")
    about = dashboard_sheet.about(
        asked.place, asked.document, view, when.name, _counters(view.lines), _completeness(view.lines)
    )
    return FileResponse(
        dashboard_sheet.build(
            asked.place,
            view,
            about,
            chosen,
            ranking,
            benchmarks.beside_here(view.reported, view.totals),
            is_ranked=order.is_ranked,
        ),
        as_attachment=True,
        filename=f"{dashboard_sheet.title(asked.place)} - {asked.document.title}.xlsx",
        content_type=XLSX,
    )


@dataclass(frozen=True)
class Order:
    """How the places below stand: by value with ranks or by place; without ranks only by place."""

    sort: str
    is_ranked: bool


def _order(request, query):
    is_ranked = query.get("ranking", request.COOKIES.get("ranking")) != "hidden"
    return Order(query.get("sort", "value") if is_ranked else "place", is_ranked)


@dataclass(frozen=True)
class View:
    """A place read against a document. ``below``: ``[(place, lines)]`` of the places right below it.

    ``totals``: ``{measure: sum}`` of the place; ``reported``: what documents report of other places.
    """

    lines: list
    below: list
    cards: list
    totals: dict
    reported: list

    @property
    def applying(self):
        return [line for line in self.lines if line.applies]

    @property
    def not_applying(self):
        return [line for line in self.lines if not line.applies]

    @property
    def stand(self):
        """A reading that says as of when all of them were counted."""
        return next((line.reading for line in self.lines if line.reading.computed_at), None)

    @cached_property
    def grid(self):
        return comparison.grid(self.lines, self.below) if self.below else None


def _read(asked, when, known=None):
    """One reading for everything: targets and parties of the place, targets of all places below it.

    ``known``: all editions, where each line is to have its trend.
    """
    place, children = asked.place, when.children(asked.place)
    targets, places = when.targets_of(asked.document), [asked.place, *children]
    reported = list(Benchmark.objects.select_related("document").order_by("code"))  # documents are public
    keys = sorted({*parties.KEYS, *BESIDE_KEYS, *benchmarks.keys(reported)})
    standing = reading.sums(targets, places, sorted({*keys, *own_keys(targets)}), **when.of)
    months, ended = _months(known, when), reading.of_deadlines(targets, when.on, when.edition, known)
    keys_then = past.own_keys(targets) if place.is_community else ()
    kept = reading.standings([(ended, places), (months, [place])], targets, keys_then)
    found = reading.read_places(targets, places, standing=standing, kept_then=(ended, kept), **when.of)
    own = own_figures(targets, places, when, standing)
    lines = {
        region.pk: [Line(one, own.get(region.pk), when.on) for one in found[region.pk]] for region in places
    }
    totals = reading.totals(keys, [place], standing=standing, **when.of)[place.pk]
    for line in lines[place.pk]:
        line.of_which = of_which(line.target, totals)
    _set_trends(lines[place.pk], place, when, months, kept)
    cards = parties.cards(totals, place if when.edition is None else None)
    return View(lines[place.pk], [(child, lines[child.pk]) for child in children], cards, totals, reported)


def _months(known, when):
    """The monthly editions up to the day of the page, the oldest first."""
    months = [
        one
        for one in known or ()
        if one.kind == Edition.Kind.MONTHLY and one.demand_id and one.as_of < when.on
    ]
    return months[: past.MONTHS][::-1]


def _set_trends(lines, place, when, months, standing):
    """Each line over these monthly editions."""
    as_was = when.edition is not None and not when.restated
    targets = [line.target for line in lines]
    found = past.of(targets, place, months, as_was=as_was, standing=standing)
    for line in lines:
        line.trend = history.spark(line, found[line.target.code], when.on)


def _chosen(lines, code, when):
    """The target that is compared: the one asked for, else the first that is not met."""
    if code:
        found = next((line for line in lines if line.target.code == code), None)
        if found:
            return found
        if when.edition is None:
            raise Http404
    read = [line for line in lines if line.is_read and line.target.rule != Rule.TREND]
    return next((line for line in read if line.is_unmet), read[0] if read else None)


def _ranking(chosen, below, by_place):
    lines = [(child, line) for child, lines in below for line in lines if line.target.pk == chosen.target.pk]
    return comparison.ranking(lines, by_place=by_place)


def _counters(lines):
    """``[(icon, colour, word, number)]`` of the states of a place's targets."""
    numbers = Counter(line.status for line in lines)
    return [
        (*LOOKS[states[0]], states[0].label, sum(numbers[state] for state in states))
        for states in TABS
        if states != SELDOM or numbers[Status.SLIPPED]
    ]


def _completeness(lines):
    """The lowest share of units that reported, among the targets that read what somebody fills in."""
    read = [line for line in lines if line.is_read or line.status in (Status.PART, Status.NO_DATA)]
    shares = [line.reading.completeness for line in read if line.reading.completeness is not None]
    lowest = min(shares, default=None)
    return next((line.completeness for line in read if line.reading.completeness == lowest), None)
