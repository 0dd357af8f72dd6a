"""The lists of the page of a community: targets, measures, projects, needs."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, Sum, When, Window
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.codes import SENSITIVE
from communities.needs.models import NeedItem
from linkage.attainment.codes import BEFORE, NOT_CONNECTED
from linkage.attainment.documents.figures import NOTHING, amount
from linkage.attainment.documents.wording import Line
from linkage.attainment.models import Edition, PlaceMeasures
from linkage.attainment.rules import Status
from linkage.attainment.services import reading
from linkage.desk.community.facts import SHOWN
from linkage.foundation import measures
from projects.models import Project
from projects.models.project import LISTED

# Read of higher places alone, or the same of every community.
NOT_OF_COMMUNITIES = (
    "communities",
    "urban_communities",
    "street_station",
    "lists_issued",
    "sw_association",
    "designated_pilot_communities",
)
FIRST = ("volunteers", "orgs_with_social_work", "staff_professional", "sw_certified", "sw_posts_filled")


def measured_here():
    """The measures of places a community is told of, those that targets ask for most first."""
    keys = [
        measure.key
        for measure in measures.of_unit(PlaceMeasures.KIND)
        if measure.key not in NOT_OF_COMMUNITIES and not measure.key.endswith(BEFORE)
    ]
    return [*(key for key in FIRST if key in keys), *(key for key in keys if key not in FIRST)]


def figures_of(user, place, edition=None):
    """How ``{key: figure}`` of every measure of places is read, as its row says them; empty without one."""
    keys = [measure.key for measure in measures.of_unit(PlaceMeasures.KIND)]
    name = f"figures_{edition.pk}" if edition else "figures"
    read = user.asides.put(name, reading.own_row(place.pk, keys, edition))
    return lambda: dict(zip(keys, read() or (), strict=False))


def year_end(editions, today):
    """The edition that tells how the year before ended: of 31 December, or else of 1 January."""
    for day in (date(today.year - 1, 12, 31), date(today.year, 1, 1)):
        kept = [one for one in editions if one.as_of == day and one.demand_id]
        if kept:
            return min(kept, key=lambda one: one.kind != Edition.Kind.YEARLY)
    return None


@dataclass(frozen=True)
class Counted:
    """One measure of the community: today, at the end of the year before, the register it comes from."""

    measure: measures.Measure
    now: str
    before: str
    source: object
    address: str


def counted(place, own, before, edition):
    """``[Counted]``; ``before``: the figures kept by that edition."""
    found = []
    for key in measured_here():
        measure, now, then = measures.get(key), own.get(key), before.get(key)
        if edition is not None and edition.as_of.month == 1 and measure.yearly:
            then = None  # the year had just begun, and nothing of it was counted yet
        unknown = _("not reported") if measure.reported else _("not counted yet")
        found.append(
            Counted(
                measure,
                unknown if now is None else amount(key, now),
                NOTHING if then is None else amount(key, then),
                source_of(key),
                reverse("attainment:records", args=[key, place.pk]),
            )
        )
    return found


@cache
def source_of(key):
    """The register a measure is counted from."""
    return measures.get(key).rows_behind(timezone.localdate(), 0).model._meta.verbose_name_plural


def registers_awaited():
    """The registers of communities that are not connected yet, each once."""
    return list(dict.fromkeys(str(register) for _name, register in NOT_CONNECTED["place"].values()))


# Targets

ORDER = (
    Status.OVERDUE,
    Status.SLIPPED,
    Status.NOT_YET,
    Status.OPEN_ENDED,
    Status.NO_DATA,
    Status.MET_LATE,
    Status.MET,
)


@dataclass(frozen=True)
class Judged:
    """The targets of one document at one community: those read, those that wait for a register."""

    lines: list
    waiting: list

    @property
    def unmet(self):
        return sum(line.is_unmet for line in self.lines)


def judged(document, place, own, editions, today):
    found = reading.read(list(document.targets.with_programmes()), place, known=editions)
    lines = [Line(one, own, today) for one in found]
    read = [line for line in lines if line.status in ORDER]
    return Judged(
        sorted(read, key=lambda line: ORDER.index(line.status)),
        [line for line in lines if line.status == Status.NOT_CONNECTED],
    )


# Projects and needs, those this person may see


def projects_of(user, place):
    """The projects of the community, approved ones first; each carries how many there are, and the money.

    ``all`` and ``listed``: projects in all and approved ones; ``granted``: yuan granted to these.
    """
    seen = Project.objects.visible_to(user).filter(region=place.pk)
    listed = Q(status__in=LISTED)
    numbers = {
        "all": Window(Count("pk")),
        "listed": Window(Count("pk", filter=listed)),
        "granted": Window(Sum("granted_amount", filter=listed)),
    }
    return list(
        seen.select_related("track")
        .annotate(**numbers)
        .order_by(Case(When(listed, then=0), default=1), "-step_since", "-pk")[:SHOWN]
    )


def needs_of(user, place):
    """What residents said they need, the most people first, with ``met_by``: the projects that take it up.

    A need gathered for a project this person may not see, such as a draft, is not told; nor are those of
    protected groups, of whom there are few in one community: they stand with their project alone.
    """
    seen = Project.objects.visible_to(user).filter(region=place.pk)
    theirs = seen.filter(needs=OuterRef("pk")).order_by("pk")
    hidden = Project.objects.filter(needs=OuterRef("pk"))
    listed = theirs.filter(status__in=LISTED)
    told = JSONObject(pk="pk", title="title", status="status")
    rows = (
        NeedItem.objects.visible_to(user)
        .of(place.pk)
        .exclude(group__in=SENSITIVE)
        .filter(Exists(theirs) | ~Exists(hidden))
        .annotate(is_met=Exists(listed))
        .annotate(all=Window(Count("pk")), met=Window(Count("pk", filter=Q(is_met=True))))
        .annotate(met_by=ArraySubquery(theirs.values(told=told)))
    )
    return list(rows.order_by("is_met", "-people", "-collected_on", "-pk")[:SHOWN])
