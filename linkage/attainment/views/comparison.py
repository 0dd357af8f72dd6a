"""对照其他文件: a place read against a document that does not govern it, on request and marked as such."""

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from linkage.attainment import services
from linkage.attainment.documents import foreign, sheet
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Target
from linkage.attainment.services import comparison, reading
from linkage.attainment.views.places import crumbs, documents_for, own_figures, place_of
from linkage.foundation.filters import strict_query
from linkage.foundation.snapshot import of_one_moment
from linkage.policy.models import PolicyDocument

WIDTHS = (50, 20, 26, 30, 40, 40)


@login_required
@require_safe
def page(request):
    query = strict_query(request, {"place": str, "policy": str, "large": str})
    place, documents, document = _asked(request.user, query)
    rows = _rows(request.user, place, document) if document else []
    return render(
        request,
        "attainment/comparison.html",
        {
            "place": place,
            "crumbs": crumbs(request.user, place),
            "document": document,
            "documents": documents,
            "rows": rows,
            "heads": foreign.heads(),
            "mark": foreign.MARK,
            "today": timezone.localdate(),
            "is_catching_up": services.catching_up(request.user),
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request):
    query = strict_query(request, {"place": str, "policy": str})
    place, _documents, document = _asked(request.user, query)
    if document is None:
        raise Http404
    about = [
        (pgettext("heads a list", "Region"), place.name),
        (_("Compared with"), f"《{document.title}》{document.doc_no}"),
        (_("As of"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
    ]
    tables = [("", foreign.heads(), foreign.sheet_rows(_rows(request.user, place, document)))]
    return FileResponse(
        sheet.build(_("For reference"), about, tables, mark=str(foreign.MARK), widths=WIDTHS),
        as_attachment=True,
        filename=_("For reference - %(place)s - %(territory)s %(year)s.xlsx")
        % {"place": place.name, "territory": document.territory, "year": document.year},
        content_type=sheet.XLSX,
    )


def _asked(user, query):
    """The place, the documents with targets that do not govern it (documents are public), the chosen one."""
    place = place_of(user, query.get("place"))
    if place is None:
        raise Http404
    with_targets = PolicyDocument.objects.filter(Exists(Target.objects.filter(document=OuterRef("pk"))))
    documents = [
        document
        for document in with_targets.select_related("region")
        if not comparison.governs(document, place)
    ]
    code = query.get("policy")
    document = next((document for document in documents if document.code == code), None)
    if code and document is None:
        raise Http404
    return place, documents, document


def _rows(user, place, document):
    today = timezone.localdate()
    compared = comparison.compare(document, place, today)
    targets = [one.target for one in compared if one.reading]
    own = own_figures(targets, [place]).get(place.pk)
    governing = [one for one in documents_for(user, place) if comparison.governs(one, place)]
    lines = []
    for one in governing:
        lines += [Line(found) for found in reading.read(reading.targets_of(one), place, on=today)]
    return foreign.rows(compared, own, lines, today)
