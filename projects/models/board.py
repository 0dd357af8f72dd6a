"""The board of 遴选: what has arrived, what is ticked, and how far that fills the ceilings."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities.models import Region, paths
from communities.models.region import SEPARATOR
from projects.models.listing import place_of, placed
from projects.models.pilot import PilotArea, PilotCommunity
from projects.models.project import LISTED, MONEY, Project, Status
from projects.models.record import Submission
from projects.models.route import RouteStep
from projects.models.selection import Selection, SelectionItem

UNSCORED = Decimal(-1)
HEAD_LEVELS = (Region.Level.CITY, Region.Level.COUNTY, Region.Level.STREET, Region.Level.COMMUNITY)


@dataclass(frozen=True)
class Counters:
    """What is taken with what is ticked: projects, communities and yuan.

    Of these ``ticked`` projects and ``batch_money`` yuan are the batch's.

    ``left`` maps the key of a quota to what is free, below zero where too much is ticked.
    """

    projects: int
    communities: int
    money: Decimal
    batch_money: Decimal
    ticked: int
    waiting: int
    quotas: list
    left: dict

    @property
    def notes(self):
        """What is left of each quota, in words."""
        return {
            key: _("%(n)d over") % {"n": -free} if free < 0 else _("%(n)d left") % {"n": free}
            for key, free in self.left.items()
        }

    @property
    def exceeded(self):
        return [quota for quota in self.quotas if self.left[quota.key] < 0]


@dataclass
class Unit:
    """A pilot city or county, and how many of its communities have an approved or ticked project."""

    area: PilotArea
    communities: int = 0
    place: str = ""
    state: str = ""  # few, many, right, or empty where the programme gives no range
    squares: range = field(default_factory=lambda: range(0))


def waiting_at(programme):
    """Projects that lie at the office of the programme's own territory to be decided, without those an
    approved batch is just deciding."""
    here = RouteStep.objects.filter(
        project=OuterRef("pk"), key=OuterRef("step"), level=programme.region.level
    )
    rows = Project.objects.filter(Exists(here), programme=programme, status=Status.IN_REVIEW)
    under_way = SelectionItem.objects.filter(
        selection__programme=programme,
        selection__state=Selection.State.APPROVED,
        choice=SelectionItem.Choice.CHOSEN,
        decision__isnull=True,
        failure="",
    )
    return rows.exclude(pk__in=under_way.values("project"))


def candidates(programme, selection):
    """What the board lists: all that waits there and whatever the batch holds already, with its tick."""
    waiting = waiting_at(programme).values("pk")
    held = SelectionItem.objects.filter(selection=selection, project=OuterRef("pk"))
    rows = Project.objects.filter(programme=programme)
    if selection is None:
        rows = rows.filter(pk__in=waiting)
    else:
        chosen = selection.items.exclude(choice=SelectionItem.Choice.NOT).values("project")
        rows = rows.filter(Q(pk__in=waiting) | Q(pk__in=chosen))
    arrived = RouteStep.objects.filter(project=OuterRef("pk"), level=programme.region.level)
    return rows.annotate(
        arrived=Subquery(arrived.values("arrived_at")[:1]),
        asked=Coalesce("requested_subsidy", Value(0), output_field=DecimalField(**MONEY)),
        choice=Coalesce(Subquery(held.values("choice")[:1]), Value("")),
        rank=Subquery(held.values("rank")[:1]),
        granted=Subquery(held.values("granted_amount")[:1]),
        score=Subquery(held.values("score")[:1]),
        by_score=Coalesce(
            Subquery(held.values("score")[:1]),
            Value(UNSCORED),
            output_field=DecimalField(max_digits=14, decimal_places=10),
        ),
    )


def counters(programme, selection):
    """The ceilings as they would stand if the ticked projects were approved."""
    taken, ticked = _taken(programme, selection)
    communities = {region for region, _money in taken} | {region for region, _money in ticked}
    quotas = list(programme.quotas.all())
    used = {"projects": len(taken) + len(ticked), "communities": len(communities)}
    return Counters(
        projects=used["projects"],
        communities=used["communities"],
        money=_sum(taken) + _sum(ticked),
        batch_money=_sum(ticked),
        ticked=len(ticked),
        waiting=selection.waiting.count() if selection else 0,
        quotas=quotas,
        left={quota.key: quota.limit - used[quota.key] for quota in quotas},
    )


def _sum(lines):
    return sum((money or 0 for _region, money in lines), Decimal(0))


def _taken(programme, selection):
    """(community, yuan) of what is approved, and of what the batch would add."""
    counted = Project.objects.counted().filter(programme=programme)
    taken = counted.values_list("region", "granted_amount").order_by()
    if selection is None:
        return list(taken), []
    fresh = selection.chosen.filter(decision__isnull=True).exclude(project__in=counted.values("pk"))
    return list(taken), list(fresh.values_list("project__region", "granted_amount"))


def approved_beside(programme):
    """How many projects are approved on tracks that do not count against the ceilings (市县自筹)."""
    listed = Project.objects.filter(programme=programme, status__in=LISTED)
    return listed.filter(track__counts_against_quota=False).count()


def communities_used(programme, selection):
    """How many projects, approved or ticked, each community has."""
    taken, ticked = _taken(programme, selection)
    return Counter(region for region, _money in [*taken, *ticked])


def units(programme, selection):
    """Every pilot area with the communities it would have; the range of the document warns, never bars."""
    used = communities_used(programme, selection)
    per_area = defaultdict(int)
    named = PilotCommunity.objects.filter(programme=programme, region__in=list(used))
    for area in named.values_list("area", flat=True):
        per_area[area] += 1
    areas = PilotArea.objects.filter(programme=programme).select_related("region").order_by("region__path")
    found = [Unit(area, per_area[area.pk]) for area in areas]
    chains = paths([unit.area.region for unit in found])
    least, most = programme.pilots_at_least, programme.pilots_at_most
    for unit in found:
        unit.place = place_of(chains[unit.area.region_id])
        unit.squares = range(1, max(unit.communities, most or 0) + 1)
        if least is not None and unit.communities < least:
            unit.state = "few"
        elif most is not None and unit.communities > most:
            unit.state = "many"
        elif least is not None or most is not None:
            unit.state = "right"
    return found


def unit_of(programme, communities):
    """The pilot area of each of these communities."""
    named = PilotCommunity.objects.filter(programme=programme, region__in=communities)
    return dict(named.values_list("region", "area"))


def open_batch(programme):
    """The batch that is being chosen or shown to the public; there is one at most."""
    return Selection.objects.open().filter(programme=programme).select_related("notice", "changed_by").first()


def waiting_list(selection):
    """The waiting list in its order, each with the money asked."""
    if selection is None:
        return []
    return list(
        selection.waiting.select_related("project__region")
        .annotate(asked=F("project__requested_subsidy"))
        .order_by("rank")
    )


def listed(selection):
    """The chosen items in the order of places, as lists and papers show them.

    ``amount`` is the money, ``where`` the applicant, ``below`` the place right under the territory: for what
    is decided as it was on that day, with what was corrected since; ``corrected`` names those fields.
    """
    items = list(
        selection.chosen.select_related("project__region", "decision")
        .prefetch_related("project__corrections")
        .order_by("project__region__path", "pk")
    )
    placed([item.project for item in items])
    heads = _heads([item for item in items if item.decision_id])
    for item in items:
        project, said = item.project, item.decision
        item.amount, item.corrected = item.granted_amount, []
        names = [(place.level, place.name) for place in project.lineage]
        if said is not None:
            said.project = project
            item.amount = said.now("granted_amount")
            item.corrected = [row.get_field_display() for row in project.corrections_of().values()]
            item.corrected += said.corrected_fields
            names = heads.get(project.pk) or names
        under = [name for level, name in names if level > selection.programme.region.level]
        item.below = under[0] if under else ""
        item.where = SEPARATOR.join(name for level, name in names if level > Region.Level.PROVINCE)
    return items


def _heads(items):
    """Project id to ``[(level, name)]`` of the applicant, as frozen in the round that was decided."""
    rounds = {item.project_id: item.decision.round for item in items}
    rows = Submission.objects.filter(project__in=rounds).order_by("round")
    found = {}
    for project, round, head in rows.values_list("project", "round", "snapshot__head"):
        if round <= rounds[project]:
            levels = zip(HEAD_LEVELS, ("city", "county", "street", "community"), strict=True)
            found[project] = [(level, head[key]) for level, key in levels if head.get(key)]
    return found


def document_of(selection, items):
    """(number, day) of the document of a batch, with what was corrected since at every project alike."""
    said = [item.decision for item in items if item.decision_id]
    numbers = {one.now("doc_no") for one in said}
    days = {one.now("signed_on") for one in said}
    return (
        numbers.pop() if len(numbers) == 1 else selection.doc_no,
        days.pop() if len(days) == 1 else selection.signed_on,
    )


def sum_of(selection):
    """The money of the ticked projects, in yuan."""
    return selection.chosen.aggregate(sum=Sum("granted_amount"))["sum"] or Decimal(0)
