"""季报、年报: what is collected, who has filed, one's own return."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import Region
from linkage.attainment.views.places import crumbs
from linkage.foundation.filters import LARGEST_ID, strict_query
from linkage.foundation.idempotency import once_per_form
from linkage.foundation.listing import Query
from linkage.foundation.snapshot import of_one_moment
from linkage.foundation.spreadsheets.writing import XLSX
from linkage.reports import rules
from linkage.reports.documents import filing as words
from linkage.reports.documents import filing_sheet, summary_sheet
from linkage.reports.forms import FigureForm, OpenForm, ReasonForm
from linkage.reports.models import SENT, Collection, Return, State
from linkage.reports.services import collecting, filing, units

LISTS = ("all", "missing", "waiting")


# What is collected


@login_required
@require_safe
def collections(request):
    query, user = Query(request), request.user
    rows = Collection.objects.visible_to(user).select_related("region", "office")
    page, links = query.page(rows, ["-as_of", "-pk"], size=20)
    places = {one.pk: _home(user, one) for one in page}
    mine = {
        (one.collection_id, one.region_id): one
        for one in Return.objects.filter(
            collection__in=list(places), region__in=[p for p in places.values() if p]
        )
    }
    today = timezone.localdate()
    told = []
    for one in page:
        place = places[one.pk]
        filed = mine.get((one.pk, place.pk)) if place else None
        due = one.due_for(place.level) if place else one.due_on
        told.append((one, place, filed, due, due < today and not (filed and filed.state in SENT)))
    return render(
        request,
        "reports/collections.html",
        {"rows": told, "links": links, "may_open": rules.opening_office(user) is not None},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_per_form
def new(request):
    strict_query(request, {"large": str})
    office = rules.opening_office(request.user)
    if office is None:
        raise PermissionDenied
    today = timezone.localdate()
    before = today.year * 4 + (today.month - 1) // 3 - 1  # the quarter that ended last
    begins = {"year": before // 4, "number": str(before % 4 + 1)}
    form = OpenForm(request.POST or None, office=office, initial=begins)
    if request.method == "POST" and form.is_valid():
        try:
            opened = collecting.open_collection(**form.cleaned_data, by=request.user)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(
                request,
                _("The period has been opened. The units below see it in “Quarterly and annual returns”."),
            )
            return redirect(opened)
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/open.html", {"form": form, "office": office}, status=status)


@login_required
@require_safe
def collection(request, pk):
    """A period at one place: its own return, the units right below, or their figures side by side."""
    query = strict_query(request, {"place": str, "list": LISTS, "table": str, "large": str})
    row = _collection(request.user, pk)
    place = _place(request.user, row, query.get("place"))
    form = row.form
    table = next((one for one in form.tables if one.key == query.get("table")), None)
    if "table" in query and table is None:
        raise BadRequest(_("“%(name)s” has a value that is not possible.") % {"name": "table"})
    about = {"row": row, "place": place, "crumbs": _crumbs(request.user, row, place)}
    if row.edition_id is None:
        return render(request, "reports/collection.html", about | {"is_keeping": True})
    lies = units.place_of(row, place)
    if lies is None:
        raise Http404
    filed = Return.objects.of(row).filter(region=place).select_related("collection__region", "region").first()
    below = units.units_below(row, place.pk)
    shown, today = _listed(below, query.get("list", "all")), timezone.localdate()
    counts = _counts(below)
    mine = rules.answers_for(request.user, place)
    due_below = row.due_for(below[0].level) if below else None
    sheet = None
    if table and below:
        sheet = words.side_by_side(table, row, place, filed, below, lambda line: _way(row, line, place))
    stays = {"place": place.code}
    return render(
        request,
        "reports/collection.html",
        about
        | {
            "filed": filed,
            "name": lies["name"],
            "due": row.due_for(lies["level"]),
            "is_late": row.due_for(lies["level"]) < today and not (filed and filed.state in SENT),
            "may_fill": rules.fills_for(request.user, place),
            "below": shown,
            "units": below,
            "counts": counts,
            "due_below": due_below,
            "below_late": due_below is not None and due_below < today,
            "may_receive": mine and any(u.filed and u.filed.state == State.FILED for u in shown),
            "everywhere": units.everywhere(row, lies["path"]) if below else None,
            "list": query.get("list", "all"),
            "lists": [
                (label, "?" + urlencode(stays | {"list": key}), not table and query.get("list", "all") == key)
                for key, label in (
                    ("all", _("All units")),
                    ("missing", _("Not filed")),
                    ("waiting", _("To be received")),
                )
            ],
            "tables": [
                (one.title, "?" + urlencode(stays | {"table": one.key}), table == one) for one in form.tables
            ],
            "sheet": sheet,
            "export_query": urlencode(stays | {"table": table.key}) if sheet else "",
            "own_url": reverse("reports:collection", args=[row.pk]),
        },
    )


@login_required
@require_safe
@of_one_moment
def sums_export(request, pk):
    """The units right below side by side, as the paper table."""
    query = strict_query(request, {"place": str, "table": str})
    row = _collection(request.user, pk)
    place = _place(request.user, row, query.get("place"))
    table = next((one for one in row.form.tables if one.key == query.get("table")), None)
    below = units.units_below(row, place.pk) if row.edition_id else []
    if table is None or not below:
        raise Http404
    filed = Return.objects.of(row).filter(region=place).select_related("collection", "region").first()
    told = words.side_by_side(table, row, place, filed, below, lambda line: "")
    post = request.user.main_post
    about = summary_sheet.facts(post.office.name if post else "—", row.as_of.isoformat(), place.name)
    return FileResponse(
        summary_sheet.workbook(told, [*about, row.period], summary_sheet.maker(request.user)),
        as_attachment=True,
        filename=f"{place.name}{table.title} {row.period}.xlsx",
        content_type=XLSX,
    )


def _listed(below, which):
    if which == "missing":
        return [unit for unit in below if not unit.filed or unit.filed.is_open]
    if which == "waiting":
        return [unit for unit in below if unit.filed and unit.filed.state == State.FILED]
    return below


def _counts(below):
    states = [unit.filed.state if unit.filed else "" for unit in below]
    return [
        (_("units asked"), len(below)),
        (_("received or locked"), sum(state in (State.RECEIVED, State.LOCKED) for state in states)),
        (_("to be received"), states.count(State.FILED)),
        (_("sent back"), states.count(State.RETURNED)),
        (_("not filed"), states.count("") + states.count(State.DRAFT)),
    ]


def _way(row, line, place):
    if line.place.pk == place.pk:
        return ""
    return f"{reverse('reports:collection', args=[row.pk])}?{urlencode({'place': line.place.code})}"


@login_required
@require_POST
def begin(request, pk):
    row = _collection(request.user, pk)
    place = _place(request.user, row, request.POST.get("place", ""))
    return redirect(filing.begin(row, place, by=request.user))


@login_required
@require_POST
@once_per_form
def receive(request, pk):
    row = _collection(request.user, pk)
    place = _place(request.user, row, request.POST.get("place", ""))
    pks = request.POST.getlist("return")
    if not all(one.isascii() and one.isdigit() and int(one) <= LARGEST_ID for one in pks):
        raise BadRequest(_("“%(name)s” has a value that is not possible.") % {"name": "return"})
    received = filing.receive(row, place, [int(one) for one in pks], by=request.user)
    if received:
        said = ngettext("%(n)s return has been received.", "%(n)s returns have been received.", received)
        messages.success(request, said % {"n": received})
    else:
        messages.warning(request, _("Tick returns that wait to be received."))
    return redirect(f"{reverse('reports:collection', args=[row.pk])}?{urlencode({'place': place.code})}")


# One return


@login_required
@require_safe
def sheet(request, pk):
    strict_query(request, {"large": str})
    return _sheet(request, _return(request.user, pk))


def _sheet(request, filed, *, form=None, gaps=(), dialog=None, reason=None, status=200):
    user = request.user
    may_fill = rules.fills_for(user, filed.region) and filed.is_open
    answers = rules.answers_for(user, filed.above or filed.region)
    return render(
        request,
        "reports/sheet.html",
        {
            "filed": filed,
            "row": filed.collection,
            "parts": words.parts(filed, form.typed if form else None),
            "facts": filing_sheet.facts(filed),
            "signs": filing_sheet.signs(filed),
            "crumbs": _crumbs(user, filed.collection, filed.region),
            "may_fill": may_fill,
            "gaps": gaps,
            "gap_keys": {key: text for key, _name, text in gaps},
            "missing_units": filed.units - filed.units_in,
            "may_receive": answers and filed.above and filed.state == State.FILED,
            "may_send_back": answers and filed.above and filed.state in (State.FILED, State.RECEIVED),
            "may_reopen": answers and filed.state == State.LOCKED,
            "events": filed.events.all(),
            "back_form": reason if dialog == "back" else ReasonForm(prefix="back"),
            "reopen_form": reason if dialog == "reopen" else ReasonForm(prefix="reopen"),
        },
        status=status,
    )


@login_required
@require_POST
@once_per_form
def save(request, pk):
    """暂存, or with ``deed=file`` 报送: all that is missing is told at once, and what was typed is kept."""
    filed = _return(request.user, pk)
    if not rules.fills_for(request.user, filed.region):
        raise PermissionDenied
    form = FigureForm(filed, request.POST)
    if not form.is_valid:
        filed.shortfall = form.shortfall
        names = {column.measure: column.name for column in reversed(filed.collection.form.columns)}
        gaps = [
            (key, names.get(key, ""), f"{names[key]}：{text}" if key in names else text)
            for key, text in form.errors.items()
        ]
        return _sheet(request, filed, form=form, gaps=gaps, status=422)
    filing.save(filed, own=form.own, notes=form.notes, shortfall=form.shortfall, by=request.user)
    if request.POST.get("deed") != "file":
        messages.success(request, _("Saved."))
        return redirect(filed)
    try:
        filing.file(filed, by=request.user)
    except ValidationError:
        filed = _return(request.user, pk)
        return _sheet(request, filed, gaps=filing.gaps_of(filed), status=422)
    messages.success(request, _("The return has been filed."))
    return redirect(filed)


@login_required
@require_POST
@once_per_form
def send_back(request, pk):
    return _with_reason(request, pk, "back", filing.send_back, _("The return has been sent back."))


@login_required
@require_POST
@once_per_form
def reopen(request, pk):
    return _with_reason(request, pk, "reopen", filing.reopen, _("The return is open again."))


def _with_reason(request, pk, dialog, verb, said):
    filed = _return(request.user, pk)
    if not rules.answers_for(request.user, filed.above or filed.region):
        raise PermissionDenied
    form = ReasonForm(request.POST, prefix=dialog)
    if not form.is_valid():
        return _sheet(request, filed, dialog=dialog, reason=form, status=422)
    verb(filed, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, said)
    return redirect(filed)


@login_required
@require_safe
def export(request, pk):
    strict_query(request, {})
    filed = _return(request.user, pk)
    return FileResponse(
        filing_sheet.workbook(filed, words.parts(filed)),
        as_attachment=True,
        filename=f"{filed.collection.form.title} {filed.name} {filed.collection.period}.xlsx",
        content_type=XLSX,
    )


# Finding


def _collection(user, pk):
    return get_object_or_404(Collection.objects.visible_to(user).select_related("region", "office"), pk=pk)


def _return(user, pk):
    rows = Return.objects.visible_to(user).select_related("collection__region", "region", "above")
    return get_object_or_404(rows, pk=pk)


def _home(user, row):
    """Where this person looks at a period: at their own place, from above at the place that opened it."""
    home = user.home_region
    if home is None:
        return None
    return home if row.region.contains(home) else row.region


def _place(user, row, code):
    home = _home(user, row)
    if not code:
        return home
    place = Region.objects.visible_to(user).filter(code=code).first()
    if place is None or not row.region.contains(place):
        raise Http404
    return place


def _crumbs(user, row, place):
    return [one for one in crumbs(user, place) if row.region.contains(one[0])]
