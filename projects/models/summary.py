"""汇总表: the projects of a list by city, each on one line with its money and what every level said."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Level
from projects.models.listing import placed
from projects.models.money import BudgetLine, SourceLine
from projects.models.project import LISTED, Status
from projects.models.record import Decision, Verdict
from projects.models.selection import SelectionItem
from projects.procedure import StepKind

LEVELS = (Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)


@dataclass
class Money:
    """Yuan: what is needed, what comes from elsewhere, what is asked for, what was granted."""

    needed: Decimal = Decimal(0)
    own: Decimal = Decimal(0)
    asked: Decimal = Decimal(0)
    granted: Decimal | None = None

    def add(self, other):
        self.needed += other.needed
        self.own += other.own
        self.asked += other.asked
        if other.granted is not None:
            self.granted = (self.granted or Decimal(0)) + other.granted


@dataclass
class Line:
    """A project; ``names`` by ``LEVELS``, ``opinions`` by the steps of the summary."""

    number: int
    project: object
    names: list
    money: Money
    opinions: list
    arrived: object
    result: str


@dataclass
class Part:
    """The projects of one city, and their sums."""

    name: str
    lines: list = field(default_factory=list)
    money: Money = field(default_factory=Money)


@dataclass
class Summary:
    programme: object
    steps: list  # the levels below that decide, in their order
    parts: list
    money: Money

    @property
    def count(self):
        return sum(len(part.lines) for part in self.parts)


def summarise(programme, projects):
    """The summary of these projects (with ``arrived``), in the order of the tree; six queries in all."""
    rows = placed(projects.select_related("region", "track").order_by("region__path", "pk"))
    pks = [project.pk for project in rows]
    above = programme.region.level
    steps = [
        step
        for step in programme.steps.filter(kind=StepKind.DECISION).order_by("number")
        if step.level > above
    ]
    said, needed, own = _opinions(pks), _sums(BudgetLine, pks), _sums(SourceLine, pks)
    results = _results(pks)
    under, parts, whole = len(programme.region.path_codes), {}, Money()
    for number, project in enumerate(rows, 1):
        names = {place.level: place.name for place in project.lineage}
        money = Money(
            needed[project.pk],
            own[project.pk],
            project.requested_subsidy or Decimal(0),
            project.granted_amount,
        )
        line = Line(
            number,
            project,
            [names.get(level, "—") for level in LEVELS],
            money,
            [said.get((project.pk, step.key), "—") for step in steps],
            timezone.localdate(project.arrived) if project.arrived else None,
            _result(project, results.get(project.pk)),
        )
        below = project.lineage[min(under, len(project.lineage) - 1)]
        part = parts.setdefault(below.pk, Part(below.name))
        part.lines.append(line)
        part.money.add(money)
        whole.add(money)
    return Summary(programme, steps, list(parts.values()), whole)


def _sums(model, pks):
    sums = model.objects.filter(project__in=pks).order_by().values_list("project").annotate(Sum("amount"))
    return defaultdict(Decimal, sums)


def _opinions(pks):
    """``{(project, step): the word that stands last}``; a consent is its opinion alone."""
    found = {}
    rows = Decision.objects.filter(project__in=pks).order_by("pk")
    for project, step, verdict, opinion in rows.values_list("project", "step", "verdict", "opinion"):
        opinion = " ".join(opinion.split())
        found[project, step] = (
            opinion if verdict == Verdict.APPROVE else f"{Verdict(verdict).label}：{opinion}"
        )
    return found


def _results(pks):
    """The last batch each project was in."""
    rows = SelectionItem.objects.filter(project__in=pks).select_related("selection").order_by("selection")
    return {item.project_id: item for item in rows}


def _result(project, item):
    """遴选结果: approved by which document, or how it stands in the batch."""
    if project.status in LISTED:
        return _("Approved (%s)") % project.approval_doc_no if project.approval_doc_no else _("Approved")
    if project.status == Status.IN_REVIEW and item is not None:
        if item.choice == SelectionItem.Choice.CHOSEN:
            return _("To be approved")
        if item.choice == SelectionItem.Choice.WAITING:
            return _("Waiting list, no. %s") % item.rank
        return _("Not chosen")
    return project.get_status_display()
