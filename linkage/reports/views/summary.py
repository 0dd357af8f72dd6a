"""汇总表: one chooses a table, a place, a level and a day, and sees, prints or takes it away."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.models import Level, Region
from linkage.attainment import services as attainment
from linkage.attainment.documents import figures
from linkage.attainment.documents.units import record_address
from linkage.attainment.models import Edition
from linkage.attainment.services.units import TABLES
from linkage.attainment.views import time
from linkage.attainment.views.places import crumbs, place_of
from linkage.foundation import measures
from linkage.foundation.filters import LARGEST_ID, strict_query
from linkage.foundation.snapshot import of_one_moment
from linkage.foundation.spreadsheets.writing import XLSX
from linkage.reports import codes
from linkage.reports.documents import summary, summary_sheet
from linkage.reports.services import summary as reading

CHOSEN = "m-"  # heads the name of a measure in an address
ON_PAGE, IN_FILE = 600, 20_000
FORMATS = ("xlsx", "csv")
SIZE = 50


def _parameters():
    return {
        "table": [*codes.tables(), codes.OWN],
        "place": str,
        "level": [int(level) for level in Level if level != Level.PROVINCE],
        "edition": int,
        **{f"{CHOSEN}{measure.key}": ("1",) for measure in measures.registered()},
    }


class Asked:
    """What an address asks for, found within one's scope."""

    def __init__(self, user, query):
        self.when = time.when_of(query)
        self.place = place_of(user, query.get("place"))
        self.is_new = False
        if self.place is not None:
            then = self.when.place(self.place)
            self.is_new, self.place = then is None, then or self.place
        self.chosen = [name.removeprefix(CHOSEN) for name in query if name.startswith(CHOSEN)]
        if len(self.chosen) > codes.MOST_CHOSEN:
            raise BadRequest(_("At most %s figures can be chosen.") % codes.MOST_CHOSEN)
        self.key = query.get("table") or (codes.OWN if self.chosen else next(iter(codes.tables())))
        self.table = codes.of_measures(self.chosen) if self.key == codes.OWN else codes.table(self.key)
        self.levels, self.level = [], None
        if self.place is not None and not self.is_new:
            self.levels = reading.levels_below(self.place, edition=self.when.edition)
            wanted = query.get("level")
            self.level = wanted if wanted in self.levels else next(iter(self.levels), Level.COMMUNITY)

    @property
    def address(self):
        """Table and day, to be kept by every way from here; the place is added by each."""
        return {"table": self.key} | {f"{CHOSEN}{key}": "1" for key in self.chosen} | self.when.asked

    @property
    def as_of(self):
        if self.when.edition:
            return self.when.on.isoformat()
        return timezone.localtime().strftime("%Y-%m-%d")

    def summary(self, most):
        return reading.read(self.table.keys, self.place, self.level, edition=self.when.edition, most=most)

    def sheet(self, user, found):
        places = [row.place for row in found.rows]
        return summary.sheet(
            self.table,
            self.place,
            found,
            asked=self.address,
            records=self.when.edition is None,
            away=self.when.away(user, places),
        )


@login_required
@require_safe
def page(request):
    query = strict_query(request, _parameters() | {"large": str})
    asked = Asked(request.user, query)
    about = {
        "asked": asked,
        "place": asked.place,
        "tabs": _tabs(asked),
        "levels": _levels(asked),
        "registers": [
            (name, [(m.key, m.name, m.key in asked.chosen) for m in found])
            for name, found in codes.by_register()
        ],
        "crumbs": crumbs(request.user, asked.place) if asked.place else [],
        "when": asked.when,
        "times": _times(request, asked),
        "most": codes.MOST_CHOSEN,
        "on_page": ON_PAGE,
    }
    if asked.place is None or asked.is_new or not asked.table.columns:
        return render(request, "reports/summary.html", about)
    found = asked.summary(ON_PAGE)
    told = None if found.more else asked.sheet(request.user, found)
    own = {"place": asked.place.code, "level": int(asked.level)}
    return render(
        request,
        "reports/summary.html",
        about
        | {
            "sheet": told,
            "title": summary.title_of(asked.table, asked.place),
            "notes": summary_sheet.notes(told) if told else [],
            "about": _about(request.user, asked),
            "made": summary_sheet.maker(request.user),
            "file_query": urlencode(asked.address | own),
            "crumb_query": urlencode(asked.address),
            "is_catching_up": asked.when.edition is None and attainment.catching_up(request.user),
        },
    )


@login_required
@require_safe
@of_one_moment
def export(request):
    query = strict_query(request, _parameters() | {"format": FORMATS})
    asked = Asked(request.user, query)
    if asked.place is None or asked.is_new or not asked.table.columns:
        raise Http404
    found = asked.summary(IN_FILE)
    if found.more:
        raise BadRequest(_("More than %s places: choose a higher level, or a place below.") % f"{IN_FILE:,}")
    told = asked.sheet(request.user, found)
    about, made = _about(request.user, asked), summary_sheet.maker(request.user)
    name = f"{told.title} {asked.as_of}"
    if query.get("format") == "csv":
        answer = HttpResponse(summary_sheet.text(told, about, made), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        return answer
    return FileResponse(
        summary_sheet.workbook(told, about, made),
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type=XLSX,
    )


def _about(user, asked):
    office = user.main_post.office.name if user.main_post else "—"
    return summary_sheet.facts(office, asked.as_of, asked.place.name)


def _tabs(asked):
    """``[(title, address, is the one shown)]`` of the tables, the chosen figures last."""
    stays = dict(asked.when.asked)
    if asked.place:
        stays["place"] = asked.place.code
    if asked.level:
        stays["level"] = int(asked.level)
    told = [(table.title, table.key) for table in codes.tables().values()]
    told.append((_("Figures of your choice"), codes.OWN))
    chosen = {f"{CHOSEN}{key}": "1" for key in asked.chosen}
    return [
        (
            title,
            "?" + urlencode(stays | {"table": key} | (chosen if key == codes.OWN else {})),
            key == asked.key,
        )
        for title, key in told
    ]


def _levels(asked):
    if asked.place is None or len(asked.levels) < 2:
        return []
    stays = asked.address | {"place": asked.place.code}
    return [
        (level.label, "?" + urlencode(stays | {"level": int(level)}), level == asked.level)
        for level in asked.levels
    ]


def _times(request, asked):
    known = list(Edition.objects.readable()) if asked.place else []
    return time.menu(request, asked.when, known)


@login_required
@require_safe
def behind(request, key, place):
    """The units of a place from which a figure was summed, where the units are no places themselves."""
    query = strict_query(request, {"after": int, "large": str})
    measure = measures.get(key)
    found = Region.objects.visible_to(request.user).filter(code=place).first()
    if measure is None or found is None or measure.unit == summary.PLACES:
        raise Http404
    table = TABLES[measure.unit]
    after = min(query.get("after", 0), LARGEST_ID)
    counted = table.objects.filter(region=found, **{f"{key}__gt": 0})
    rows = list(counted.filter(pk__gt=after).order_by("pk").values_list("pk", key)[: SIZE + 1])
    model = table._meta.get_field("unit").related_model
    seen = model.objects.visible_to(request.user).in_bulk([pk for pk, _figure in rows])
    total = counted.aggregate(total=Sum(key))["total"] or 0
    return render(
        request,
        "reports/behind.html",
        {
            "place": found,
            "crumbs": crumbs(request.user, found),
            "measure": measure,
            "total": figures.amount(key, total),
            "rows": [
                (seen.get(pk), record_address(seen.get(pk)), figures.amount(key, figure))
                for pk, figure in rows[:SIZE]
            ],
            "next_url": "?" + urlencode({"after": rows[SIZE - 1][0]}) if len(rows) > SIZE else None,
            "is_catching_up": attainment.catching_up(request.user),
        },
    )
