"""设定情景: the readings of a place under other demands or with additions. Nothing is stored."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.documents import scenario as words
from linkage.attainment.documents import sheet
from linkage.attainment.documents.wording import Line
from linkage.attainment.forms import ScenarioForm
from linkage.attainment.services import reading, scenario
from linkage.attainment.views.places import asked_for, crumbs, own_figures
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment

WIDTHS = (50, 18, 22, 18, 18, 18, 22, 18, 18, 34)
FRAME = ("place", "policy", "target", "large")


@dataclass(frozen=True)
class Asked:
    """A scenario as the address has it; ``told`` is None as long as nothing, or something wrong, is set."""

    place: object
    documents: list
    document: object
    lines: list
    chosen: Line
    form: ScenarioForm
    told: list | None
    query: dict


@login_required
@require_safe
def page(request):
    asked = _asked(request)
    return render(
        request,
        "attainment/scenario.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place),
            "document": asked.document,
            "documents": asked.documents,
            "lines": asked.lines,
            "chosen": asked.chosen,
            "form": asked.form,
            "words_fields": [
                (field, [line for line in asked.lines if _open_word(line.target) == field.name])
                for field in asked.form.of_words()
            ],
            "fields": asked.form.of_target(asked.chosen.target.code) if asked.chosen else [],
            "kept": asked.form.kept(asked.chosen.target.code) if asked.chosen else [],
            "settings": _settings(asked),
            "told": asked.told,
            "mark": words.MARK,
            "is_set": any(asked.query.get(name) for name in asked.form.names),
            "clear_url": "?" + urlencode(_frame(asked)),
            "query": urlencode({name: said for name, said in asked.query.items() if name != "large"}),
            "is_catching_up": services.catching_up(request.user),
        },
        status=200 if asked.form.is_valid() else 422,
    )


@login_required
@require_safe
@of_one_moment
def export(request):
    asked = _asked(request)
    if not asked.told:
        raise Http404
    about = [
        (_("Document"), f"《{asked.document.title}》{asked.document.doc_no}"),
        (pgettext("heads a list", "Region"), asked.place.name),
        *((_("Set"), f"{what}：{said}") for what, said in words.settings(asked.form)),
    ]
    tables = [("", [*words.heads(), _("The places below")], words.rows(asked.told))]
    for one in asked.told:
        if one.below:
            heads = [_("Place"), *words.heads()[1:]]
            tables.append((f"{one.target.clause} “{one.target.quote}”", heads, words.rows_below(one)))
    return FileResponse(
        sheet.build(_("Scenario"), about, tables, mark=str(words.MARK), widths=WIDTHS),
        as_attachment=True,
        filename=_("Scenario, not actual data - %(place)s.xlsx") % {"place": asked.place.name},
        content_type=sheet.XLSX,
    )


def _asked(request):
    frame = {name: request.GET.get(name, "") for name in ("place", "policy")}
    found = asked_for(request.user, **frame)
    if found.document is None:
        raise Http404
    place, document = found.place, found.document
    today = timezone.localdate()
    targets = [target for target in document.targets.with_programmes() if reading.connected(target)]
    own = own_figures(targets, [place]).get(place.pk)
    lines = [
        line
        for line in (Line(one, own, today) for one in reading.read(targets, place, on=today))
        if line.applies and not line.is_part
    ]
    targets = [line.target for line in lines]
    form = ScenarioForm(request.GET, targets=targets, lines={line.target.code: line for line in lines})
    query = strict_query(request, [*FRAME, *form.names])
    code = query.get("target")
    chosen = next((line for line in lines if line.target.code == code), None) if code else None
    if code and chosen is None:
        raise Http404
    chosen = chosen or next((line for line in lines if line.is_unmet), lines[0] if lines else None)
    told = None
    if form.is_valid() and (form.changes or form.words):
        children = [] if place.is_community else list(place.children.open_on(today).order_by("path"))
        outcomes = scenario.evaluate(targets, form.changes, form.words, place, children, today)
        told = [words.Told(outcome, own, today) for outcome in outcomes]
    return Asked(place, found.documents, document, lines, chosen, form, told, query)


def _frame(asked):
    kept = {"place": asked.place.code, "policy": asked.document.code}
    return kept | ({"target": asked.chosen.target.code} if asked.chosen else {})


def _open_word(target):
    return f"word.{target.term}" if target.term and target.threshold is None else ""


def _settings(asked):
    """What is set, each with the address without it."""
    names = [name for name in asked.form.names if asked.query.get(name, "").strip()]
    told = words.settings(asked.form)
    return [
        (
            what,
            said,
            asked.form.errors.get(name, []),
            "?" + urlencode({key: value for key, value in asked.query.items() if key != name}),
        )
        for name, (what, said) in zip(names, told, strict=True)
    ]
