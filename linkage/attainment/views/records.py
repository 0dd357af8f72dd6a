"""计入的明细: the records of the registers from which the figure of one unit was counted."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from communities.models import SEPARATOR, Region
from linkage.attainment import services
from linkage.attainment.documents import figures, sheet, unit_sheet
from linkage.attainment.documents.units import record_address
from linkage.attainment.models import PlaceMeasures
from linkage.attainment.services import units
from linkage.attainment.views.places import crumbs
from linkage.foundation import measures
from linkage.foundation.filters import LARGEST_ID, strict_query
from linkage.foundation.snapshot import of_one_moment

SIZE = 50
WIDTHS = (60, 40)
CALLED_BY = ("region", "organization", "worker", "facility", "station")


@dataclass(frozen=True)
class Asked:
    """One measure of one unit. ``behind``: all records it was counted from; ``seen``: one's own part."""

    place: Region
    measure: measures.Measure
    named: object
    figure: str | None
    behind: object
    seen: object

    @property
    def kind(self):
        return self.behind.model._meta.verbose_name

    @cached_property
    def number(self):
        return self.seen.count()

    @cached_property
    def unseen(self):
        return self.behind.count() - self.number


@login_required
@require_safe
def records(request, key, unit):
    """One measure of one unit: its figure, and the records behind it that this person may see."""
    query = strict_query(request, {"after": int, "large": str})
    asked = _asked(request.user, key, unit)
    page = list(asked.seen.filter(pk__gt=query.get("after", 0))[: SIZE + 1])
    return render(
        request,
        "attainment/records.html",
        {
            "place": asked.place,
            "crumbs": crumbs(request.user, asked.place),
            "measure": asked.measure,
            "unit": unit,
            "named": asked.named,
            "figure": asked.figure,
            "records": [(str(row), record_address(row)) for row in page[:SIZE]],
            "kind": asked.kind,
            "number": asked.number,
            "unseen": asked.unseen,
            "next_url": "?" + urlencode({"after": page[SIZE - 1].pk}) if len(page) > SIZE else None,
            "is_catching_up": services.catching_up(request.user),
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request, key, unit):
    """All pages of the list as a workbook; of a record nothing is told but what the page tells."""
    strict_query(request, ())
    asked = _asked(request.user, key, unit)
    number, unseen = asked.number, asked.unseen
    if not number:
        raise Http404
    told = f"{number:,}"
    if unseen:
        told += "，" + ngettext(
            "and %(n)s in a register you do not see", "and %(n)s in registers you do not see", unseen
        ) % {"n": unseen}
    about = [
        (_("Measure"), asked.measure.name),
        (
            pgettext("heads a list", "Region"),
            SEPARATOR.join(one.name for one in [*asked.place.ancestors, asked.place]),
        ),
        *([(_("Unit"), str(asked.named))] if asked.named else []),
        (_("As of"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        (_("Figure"), asked.figure or _("not reported")),
        (_("Records"), told),
        (_("How it is counted"), asked.measure.definition),
    ]
    rows = [[str(row)] for row in asked.seen[: unit_sheet.MOST]]
    if number > unit_sheet.MOST:
        rows.append([_("Only the first %(n)s are listed.") % {"n": f"{unit_sheet.MOST:,}"}])
    return FileResponse(
        sheet.build(_("Records"), about, [("", [asked.kind], rows)], widths=WIDTHS),
        as_attachment=True,
        filename=_("Records - %(unit)s - %(measure)s.xlsx")
        % {"unit": asked.named or asked.place.name, "measure": asked.measure.name},
        content_type=sheet.XLSX,
    )


def _asked(user, key, unit):
    measure = measures.get(key)
    if measure is None or unit > LARGEST_ID:
        raise Http404
    table = units.TABLES[measure.unit]
    counted = table.objects.filter(unit=unit).first()
    at = unit if table is PlaceMeasures else counted and counted.region_id
    place = Region.objects.visible_to(user).filter(pk=at).first()
    if place is None:
        raise Http404
    behind = measure.rows_behind(timezone.localdate(), unit).order_by("pk")
    theirs = behind.model.objects.visible_to(user)
    seen = behind.filter(pk__in=theirs.order_by().values("pk")).select_related(*_called_by(behind.model))
    figure = getattr(counted, key, None)
    return Asked(
        place,
        measure,
        None if table is PlaceMeasures else _named(user, counted),
        figures.amount(key, figure) if figure is not None else None,
        behind,
        seen,
    )


def _called_by(model):
    """The rows by which records of this model are called, so that a long list is one question."""
    return [field.name for field in model._meta.concrete_fields if field.name in CALLED_BY]


def _named(user, counted):
    """The unit itself, where this person may see it."""
    model = counted._meta.get_field("unit").related_model
    return model.objects.visible_to(user).filter(pk=counted.pk).first()
