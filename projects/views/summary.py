"""The summary (汇总表) of what has arrived, of exactly the list or the board with its filters."""

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linkage.foundation import journal
from linkage.foundation.money import yuan
from linkage.foundation.spreadsheets import files
from linkage.foundation.spreadsheets.writing import XLSX
from projects.documents import summary as paper
from projects.forms.filters import ArrivalQuery
from projects.forms.selection import BoardQuery
from projects.models.board import candidates, open_batch
from projects.models.listing import places_called
from projects.models.summary import summarise
from projects.views import programme as lists
from projects.views import selection as boards
from projects.views.list import places_below

FORMS = ("table", "print")


@login_required
@require_safe
def arrivals(request, code, form):
    programme = lists.programme_of(request, code)
    region = programme.region
    query = ArrivalQuery(request, below=places_called(region), cities=places_below(region))
    return _answer(request, programme, query, query.narrow(lists.arrived(request.user, programme)), form)


@login_required
@require_safe
def board(request, code, form):
    programme = boards.programme_of(request, code)
    selection = open_batch(programme)
    scored = selection is not None and selection.items.filter(score__isnull=False).exists()
    region = programme.region
    query = BoardQuery(request, below=places_called(region), cities=places_below(region), scored=scored)
    return _answer(request, programme, query, query.narrow(candidates(programme, selection)), form)


def _answer(request, programme, query, projects, form):
    if form not in FORMS:
        raise Http404
    summary, chosen = summarise(programme, projects), _chosen(query)
    facts = {"form": form, "projects": summary.count, "chosen": chosen}
    journal.record("summary_made", by=request.user, target=programme, facts=facts)
    if form == "table":
        answer = HttpResponse(paper.table(summary, by=request.user, chosen=chosen), content_type=XLSX)
        name = f"{programme.title}_{_('Summary')}.xlsx"
        answer["Content-Disposition"] = content_disposition_header(True, name)
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
    return render(
        request,
        "projects/summary_print.html",
        {
            "programme": programme,
            "title": paper.title(summary),
            "told": files.facts(None, request.user, chosen),
            "heads": [head for head, _width in paper.heads(summary)],
            "parts": [(part, [_texts(line) for line in part.lines]) for part in summary.parts],
            "summary": summary,
            "rest": range(len(summary.steps) + 2),
        },
    )


def _texts(line):
    """``[(text, is it money)]`` of a line."""
    return [
        (
            yuan(cell) if isinstance(cell, Decimal) else "" if cell is None else str(cell),
            isinstance(cell, Decimal),
        )
        for cell in paper.cells(line)
    ]


def _chosen(query):
    """The filters in words; the order of the list says nothing here."""
    told = []
    for field in query.visible_fields():
        value = query.cleaned_data.get(field.name)
        if value and field.name != "sort":
            told.append(dict(getattr(field.field, "choices", ())).get(value, value))
    return "、".join(str(one) for one in told)
