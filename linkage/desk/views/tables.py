"""Tables in and out of the registers: template, handing in, preview, import, wrong rows, export."""

import math

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from linkage.desk.tables import preview_columns, preview_rows, steps
from linkage.foundation import jobs, journal
from linkage.foundation.filters import strict_query
from linkage.foundation.listing import Query
from linkage.foundation.models import SheetImport, StagedRow
from linkage.foundation.spreadsheets import (
    checking,
    describing,
    exporting,
    files,
    fullness,
    gate,
    parts,
    services,
)
from linkage.foundation.spreadsheets.writing import XLSX, letters

SHOWN = 20
PAGE = 50
MEDIA = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


def _sheet(request, register):
    """The description of a register this person has a part in."""
    sheet = describing.named(register)
    if sheet is None or sheet.label != register:
        raise Http404
    if not sheet.readers(request.user):
        raise PermissionDenied
    return sheet


def _keeps(user, sheet):
    return sheet.imported and bool(sheet.keepers(user))


def _sent(file, name, format="xlsx"):
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA[format])
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


# Mine


@login_required
@require_safe
def tables(request):
    strict_query(request, ("large",))
    taken = list(SheetImport.objects.of(request.user).select_related("job")[:SHOWN])
    for one in taken:
        one.sheet_title = _title(one.register)
    exports = list(exporting.of(request.user)[:SHOWN])
    return render(
        request,
        "desk/tables.html",
        {
            "imports": taken,
            "exports": exports,
            "moves": any(one.is_under_way for one in taken) or any(job.is_open for job in exports),
        },
    )


def _title(register):
    sheet = describing.named(register)
    return sheet.title if sheet else register


# One register


class UploadForm(forms.Form):
    file = forms.FileField(allow_empty_file=True)


@login_required
def table(request, register):
    """Where a table of a register comes in: the template, the file, what was handed in before."""
    sheet = _sheet(request, register)
    if request.method not in ("GET", "HEAD", "POST"):
        return redirect("desk:table", register)
    problem = ""
    if request.method == "POST":
        if not _keeps(request.user, sheet):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            problem = _("Choose the file first.")
        else:
            try:
                taken = services.hand_in(register, form.cleaned_data["file"], by=request.user)
            except ValidationError as error:
                problem = "、".join(error.messages)
            else:
                return redirect("desk:import", taken.pk)
    else:
        strict_query(request, ("large",))
    mine = SheetImport.objects.of(request.user).filter(register=sheet.label)[:SHOWN]
    return render(
        request,
        "desk/table.html",
        {
            "sheet": sheet,
            "keeps": _keeps(request.user, sheet),
            "notes": files.notes(sheet),
            "imports": mine,
            "problem": problem,
            "list_url": sheet.list_url(),
            "most": gate.MAX_BYTES // 1024 // 1024,
            "steps": steps(sheet, None),
            "parts": [part for part in parts.of(sheet.model) if part.readers(request.user)],
        },
        status=422 if problem else 200,
    )


@login_required
@require_safe
def template(request, register):
    strict_query(request, {})
    sheet = _sheet(request, register)
    if not sheet.imported:
        raise Http404
    return _sent(files.template(sheet, request.user), f"{sheet.title}_{_('template')}.xlsx")


# One import


def _import(request, pk):
    taken = get_object_or_404(SheetImport.objects.of(request.user).select_related("job", "owner"), pk=pk)
    taken.described = describing.named(taken.register)
    if taken.described is None:
        raise Http404
    return taken


class RowQuery(Query):
    show = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((one, one) for one in StagedRow.Outcome.values)],
        widget=forms.HiddenInput,
    )


@login_required
@require_safe
def preview(request, pk):
    """How far the check is, what it found, what can be done now."""
    taken = _import(request, pk)
    query = RowQuery(request)
    show = query.cleaned_data["show"]
    rows = StagedRow.objects.filter(sheet_import=taken).defer("cells", "values", "before", "beside")
    if show:
        rows = rows.filter(outcome=show)
    found, links = (
        query.page(rows, ["number", "pk"], size=PAGE) if taken.state in ("checked", "applied") else (None, {})
    )
    columns = preview_columns(taken)
    failed = taken.is_under_way and taken.job is not None and not taken.job.is_open
    return render(
        request,
        "desk/import.html",
        {
            "taken": taken,
            "sheet": taken.described,
            "steps": steps(taken.described, taken),
            "columns": columns,
            "rows": preview_rows(taken, found.rows, columns) if found else [],
            "show": show,
            "query": query,
            "good": taken.new + taken.changed,
            "unread": _unread(taken),
            "missing": checking.missing_columns(taken.described, taken.mapping) if taken.head else [],
            "seconds": math.ceil((taken.seconds or 0) * 10) / 10,
            "failed": failed,
            "refresh": taken.is_under_way and not failed,
            "list_url": taken.described.list_url(),
            "next": taken.described.after_import(taken) if taken.state == "applied" else [],
            "others": [
                (number, name) for number, name, visible in taken.sheets if visible and number != taken.sheet
            ],
            **links,
        },
    )


def _unread(taken):
    """Headings that were not read: said, never dropped in silence."""
    return [
        taken.head["headings"][place]
        for place in taken.head.get("unknown", [])
        if place < len(taken.mapping) and not taken.mapping[place]
    ]


@login_required
def columns(request, pk):
    """What the headings mean, said once and remembered for the tables of this place."""
    taken = _import(request, pk)
    if taken.state not in (SheetImport.State.MAPPING, SheetImport.State.CHECKED):
        messages.warning(request, _("The columns of this table cannot be named now."))
        return redirect("desk:import", pk)
    problems = {}
    said = {place: name for place, name in enumerate(taken.mapping)}
    if request.method == "POST":
        said = {
            place: request.POST.get(f"column_{place}", "")[:60]
            for place in range(len(taken.head["headings"]))
        }
        missing = checking.missing_columns(taken.described, list(said.values()))
        if missing:
            problems["missing"] = _("Without these columns no row can be entered: %s") % "、".join(
                column.label for column in missing
            )
        else:
            try:
                services.name_columns(taken, said, by=request.user)
            except ValidationError as error:
                problems = {name: "、".join(sentences) for name, sentences in error.message_dict.items()}
            else:
                return redirect("desk:import", pk)
    else:
        strict_query(request, ("large",))
    unknown = set(taken.head.get("unknown", [])) | set(taken.head.get("doubled", []))
    lines = [
        {
            "place": place,
            "letter": letters(place),
            "heading": heading or _("(no heading)"),
            "name": said[place],
            "unknown": place in unknown,
            "problem": problems.get(f"column_{place}", ""),
        }
        for place, heading in enumerate(taken.head["headings"])
        if heading or taken.mapping[place]
    ]
    return render(
        request,
        "desk/columns.html",
        {
            "taken": taken,
            "sheet": taken.described,
            "lines": sorted(lines, key=lambda line: (not line["unknown"], line["place"])),
            "choices": [(column.name, column.label, column.required) for column in taken.described.columns],
            "missing": checking.missing_columns(taken.described, list(said.values())),
            "problem": problems.get("missing", ""),
            "steps": steps(taken.described, taken),
        },
        status=422 if problems else 200,
    )


@login_required
@require_POST
def apply(request, pk):
    """All rows; the good ones only after a second, explicit yes."""
    taken = _import(request, pk)
    good_only = request.POST.get("good_only") == "1"
    if good_only and request.POST.get("sure") != "1":
        return render(
            request,
            "desk/good_only.html",
            {"taken": taken, "sheet": taken.described, "good": taken.new + taken.changed},
        )
    services.import_rows(taken, by=request.user, good_only=good_only)
    return redirect("desk:import", pk)


@login_required
@require_POST
def again(request, pk):
    services.check_again(_import(request, pk), by=request.user)
    return redirect("desk:import", pk)


@login_required
@require_POST
def choose(request, pk):
    taken = _import(request, pk)
    number = request.POST.get("sheet", "")
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise BadRequest
    services.choose_sheet(taken, int(number), by=request.user)
    return redirect("desk:import", pk)


@login_required
@require_POST
def give_up(request, pk):
    taken = services.give_up(_import(request, pk), by=request.user)
    messages.success(request, _("Given up; nothing of the table is kept."))
    return redirect("desk:table", taken.register)


@login_required
@require_safe
def errors(request, pk):
    strict_query(request, {})
    taken = _import(request, pk)
    if not taken.staged.filter(outcome="wrong").exists() or not taken.head:
        raise Http404
    journal.record("wrong_rows_fetched", by=request.user, target=taken, facts={"rows": taken.wrong})
    stem = taken.name.rpartition(".")[0] or taken.name
    return _sent(files.errors(taken, request.user), f"{stem}_{_('wrong rows')}.xlsx")


# Exports


@login_required
def export(request, register):
    """Exactly the rows of the list that is open: asked first, then written by a job."""
    sheet = _sheet(request, register)
    source = request.POST if request.method == "POST" else request.GET
    query = {
        name: value
        for name, value in source.items()
        if name not in ("csrfmiddlewaretoken", "format", "large", "full", "reason")
    }
    problem = ""
    rows = exporting.listed(sheet, request.user, query)
    if request.method == "POST":
        format = request.POST.get("format", "xlsx")
        if format not in exporting.FORMATS:
            raise BadRequest
        full = request.POST.get("full") == "1"
        reason = request.POST.get("reason", "")
        try:
            if full and not reason.strip():
                raise ValidationError(_("Give the reason for which you need the numbers in full."))
            exporting.start(sheet, query, by=request.user, format=format, full_because=reason if full else "")
        except ValidationError as error:
            problem = "、".join(error.messages)
        else:
            messages.success(request, _("The export has begun. It waits here to be downloaded."))
            return redirect("desk:tables")
    return render(
        request,
        "desk/export.html",
        {
            "sheet": sheet,
            "count": rows.order_by().count(),
            "chosen": exporting.words_of(sheet, request.user, query),
            "query": query,
            "list_url": sheet.list_url(query),
            "sealed": [sheet.model.label_of(name) for name in sheet.model.sealed],
            "may_full": fullness.may(request.user, sheet),
            "full": fullness,
            "problem": problem,
            "reason": request.POST.get("reason", "")[:200],
        },
        status=422 if problem else 200,
    )


@login_required
@require_GET
def export_file(request, pk):
    strict_query(request, {})
    job = get_object_or_404(exporting.of(request.user), pk=pk)
    found, name = exporting.file_of(job, by=request.user)
    return _sent(found, name, job.arguments["format"])


@login_required
@require_POST
def export_cancel(request, pk):
    jobs.cancel(get_object_or_404(exporting.of(request.user), pk=pk), by=request.user)
    messages.success(request, _("The export is stopped."))
    return redirect("desk:tables")
