"""督办: handing down a list, what was handed down, and how it goes."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.models import SEPARATOR, paths
from linkage.attainment import services
from linkage.attainment.documents import sheet, unit_sheet
from linkage.attainment.documents import supervision as words
from linkage.attainment.forms import EndForm, IssueForm, ProgressForm
from linkage.attainment.models import Supervision
from linkage.attainment.services import supervision as verbs
from linkage.attainment.views.cheapest import rows_of
from linkage.attainment.views.places import crumbs
from linkage.attainment.views.units import line_asked
from linkage.foundation import idempotency
from linkage.foundation.errors import NotNow
from linkage.foundation.filters import strict_query
from linkage.foundation.listing import Query
from linkage.foundation.scope import under
from linkage.foundation.snapshot import of_one_moment

SIZE = 50
WIDTHS = (40, 26, 22, 22, 18, 32, 16, 16, 60)
LIST_WIDTHS = (60, 24, 18, 26, 14, 14, 34, 14)
LISTS = [("issued", lazy("Issued by us")), ("asked", lazy("Asked of our places")), ("all", lazy("All"))]


# Lists


class SupervisionQuery(Query):
    """Issued by one's own office, asked of one's places, or all one may see; by state."""

    box = forms.ChoiceField(required=False, choices=[(name, name) for name in ("asked", "issued", "all")])
    state = forms.ChoiceField(required=False, choices=Supervision.State)


@login_required
@require_safe
def supervisions(request):
    query, user = SupervisionQuery(request), request.user
    box, state = query.cleaned_data["box"] or _first_box(user), query.cleaned_data["state"]
    page, links = query.page(_listed(user, box, state), ["-pk"])
    progress = verbs.progress(page, _places(user))
    return render(
        request,
        "attainment/supervisions.html",
        {
            "rows": [(one, progress[one.pk]) for one in page],
            "boxes": [(name, label, query.address(box=name), name == box) for name, label in LISTS],
            "states": [
                (label, query.address(state=name, box=box), query.cleaned_data["state"] == name)
                for name, label in [("", _("All states")), *Supervision.State.choices]
            ],
            "box": box,
            "links": links,
            "query": urlencode({"box": box} | ({"state": state} if state else {})),
        },
    )


@login_required
@require_safe
@of_one_moment
def export_list(request):
    """The list as it is filtered, all pages of it, as a workbook."""
    query = strict_query(
        request, {"box": [name for name, _label in LISTS], "state": Supervision.State.values}
    )
    user, state = request.user, query.get("state", "")
    box = query.get("box") or _first_box(user)
    rows = list(_listed(user, box, state).order_by("-pk")[: unit_sheet.MOST])
    progress = verbs.progress(rows, _places(user))
    told = words.list_rows([(one, progress[one.pk]) for one in rows])
    about = [
        (_("List"), dict(LISTS)[box]),
        (_("State"), Supervision.State(state).label if state else _("All states")),
        (_("As of"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
    ]
    return FileResponse(
        sheet.build(_("Supervised targets"), about, [("", words.list_heads(), told)], widths=LIST_WIDTHS),
        as_attachment=True,
        filename=_("Supervised targets - %(list)s.xlsx") % {"list": dict(LISTS)[box]},
        content_type=sheet.XLSX,
    )


def _first_box(user):
    return "issued" if Supervision.objects.issued_by(user).exists() else "asked"


def _listed(user, box, state):
    rows = Supervision.objects.visible_to(user)
    if box != "all":
        rows = rows.issued_by(user) if box == "issued" else rows.asking(user)
    return _told(rows.filter(state=state) if state else rows)


@login_required
@require_safe
def supervision(request, pk):
    return _page(request, _row(request.user, pk), query=Query(request))


def _page(request, row, *, query=None, end=None, form=None, item=None, status=200):
    """``end`` and ``form``: forms that were refused; ``item``: the unit the second one speaks of."""
    user, items = request.user, _items(request.user, row)
    if query:
        found, links = query.page(items, ["region__path", "pk"], size=SIZE)
        shown = found.rows
    else:
        shown, links = list(items[:SIZE]) if item is None else [item], {}
    told = words.rows(row, verbs.tracked(row, shown), _trails(row, shown))
    reports = {one.pk for one in shown if row.is_open and verbs.may_report(user, one)}
    return render(
        request,
        "attainment/supervision.html",
        {
            "row": row,
            "rows": [(one, one.item.pk in reports) for one in told],
            "heads": words.heads(),
            "progress": verbs.progress([row], _places(user))[row.pk],
            "about_progress": words.said,
            "may_end": row.is_open and verbs.may_end(user, row),
            "withdraw_form": end or EndForm(),
            "close_form": EndForm(required=False, prefix="close"),
            "progress_form": form or ProgressForm(),
            "item": item,
            "links": links,
            "is_catching_up": services.catching_up(request.user),
            "may_open_target": any(post.office.region.contains(row.region) for post in user.current_posts),
        },
        status=status,
    )


@login_required
@require_safe
@of_one_moment
def export(request, pk):
    strict_query(request, ())
    row = _row(request.user, pk)
    items = list(_items(request.user, row))
    told = words.rows(row, verbs.tracked(row, items), _trails(row, items))
    progress = verbs.progress([row], _places(request.user))[row.pk]
    return FileResponse(
        sheet.build(
            _("Supervised targets"),
            words.about(row, progress),
            [("", words.heads(), words.sheet_rows(told))],
            widths=WIDTHS,
        ),
        as_attachment=True,
        filename=_("Supervision - %(place)s - %(clause)s.xlsx")
        % {"place": row.region.name, "clause": row.target.clause},
        content_type=sheet.XLSX,
    )  # fmt: skip


# Doing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request, code):
    query = strict_query(request, {"place": str, "origin": Supervision.Origin.values, "large": str})
    asked, line = line_asked(request.user, code, query.get("place"))
    if verbs.issuing_office(request.user, asked.place) is None:
        raise PermissionDenied
    here = f"{reverse('attainment:path', args=[code])}?{urlencode({'place': asked.place.code})}"
    if not line.is_unmet:
        raise NotNow(
            _("This target is met here, or it is not judged; there is nothing to supervise."), url=here
        )
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        initial={"origin": query.get("origin", Supervision.Origin.PATH)},
    )
    if request.method == "POST" and form.is_valid():
        told = (line.limit, line.value, line.gap)
        try:
            return idempotency.once_for_page(
                request,
                lambda: verbs.issue(
                    line.reading, told=told, by=request.user, **form.cleaned_data
                ).get_absolute_url(),
            )
        except ValidationError as problem:
            form.add_error(None, problem.messages if not hasattr(problem, "error_dict") else problem)
    origin = form["origin"].value()
    steps = verbs.steps_of(line.reading, origin) if origin in Supervision.Origin.values else []
    return render(
        request,
        "attainment/issue.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place),
            "document": asked.document,
            "line": line,
            "form": form,
            "origin": Supervision.Origin(origin).label if origin in Supervision.Origin.values else "",
            "steps": len(steps),
            "too_many": len(steps) > verbs.MOST,
            "most": verbs.MOST,
            "first": rows_of(request.user, line, steps[:5]),
            "once": idempotency.token(),
            "back_url": here,
            "office": verbs.issuing_office(request.user, asked.place),
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def withdraw(request, pk):
    row = _row(request.user, pk)
    _may_end(request.user, row)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, row, end=form, status=422)
    verbs.withdraw(row, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("The supervision has been withdrawn."))
    return redirect("attainment:supervision", pk)


@login_required
@require_POST
def close(request, pk):
    row = _row(request.user, pk)
    _may_end(request.user, row)
    form = EndForm(request.POST, required=False, prefix="close")
    if not form.is_valid():
        return _page(request, row, status=422)
    verbs.close(row, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("The supervision has been concluded."))
    return redirect("attainment:supervision", pk)


@login_required
@require_POST
def progress(request, pk, item):
    row = _row(request.user, pk)
    one = _items(request.user, row).filter(pk=item).first()
    if one is None:
        raise Http404
    if not verbs.may_report(request.user, one):
        raise PermissionDenied
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, item=one, status=422)
    verbs.report(one, text=form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Your progress has been noted."))
    return redirect(f"{reverse('attainment:supervision', args=[pk])}#item-{one.pk}")


def _may_end(user, row):
    if not verbs.may_end(user, row):
        raise PermissionDenied


# Finding


def _told(rows):
    return rows.select_related("target__document__region", "region", "office__region")


def _row(user, pk):
    row = _told(Supervision.objects.visible_to(user)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _places(user):
    return [post.office.region.path for post in user.current_posts]


def _items(user, row):
    """The units of a supervision this person may see: those under one's own places."""
    theirs = Q(pk__in=[])
    for path in _places(user):
        theirs |= under("region__path", path)
    rows = row.items.filter(theirs).select_related("region", "office")
    return rows.prefetch_related("notes").order_by("region__path", "pk")


def _trails(row, items):
    """``{region pk: names from below the supervised place down to above the unit}``."""
    is_place = row.target.table == "place"
    trails = {}
    for pk, chain in paths([item.region for item in items]).items():
        names = [place.name for place in chain if len(place.path) > len(row.region.path)]
        trails[pk] = SEPARATOR.join(names[:-1] if is_place else names) or row.region.name
    return trails
