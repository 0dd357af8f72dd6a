"""Projects as lists show them: where each lies, at which step it is, what was said last."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, OuterRef, PositiveSmallIntegerField, Subquery, Sum
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.codes import RegionTagKind
from communities.models import Region, RegionTag, paths
from communities.models.region import SEPARATOR
from linkage.foundation.workdays import Calendar
from projects.models.deadline import deadline
from projects.models.project import Project, Status
from projects.models.record import Decision, Verdict
from projects.models.route import RouteStep
from projects.models.step import ProgrammeStep

VERDICT_STATES = {Verdict.APPROVE: "agreed", Verdict.RETURN: "returned", Verdict.REJECT: "refused"}


def described(projects):
    """With the words of the current step and the word that stands last, in the same query."""
    step = ProgrammeStep.objects.filter(programme=OuterRef("programme"), key=OuterRef("step"))
    said = Decision.objects.filter(project=OuterRef("pk")).order_by("-pk")
    return (
        with_days(projects)
        .select_related("region", "track", "acting_office")
        .annotate(
            step_verb=Subquery(step.values("verb")[:1], output_field=CharField()),
            step_level=Subquery(step.values("level")[:1], output_field=PositiveSmallIntegerField()),
            said_last=Subquery(
                said.values(
                    said=JSONObject(
                        step="step", verdict="verdict", opinion="opinion", office="office_name", round="round"
                    )
                )[:1]
            ),
        )
    )


def with_days(projects):
    """With ``days_allowed``: the working days the office that has a project may take for this step."""
    stop = RouteStep.objects.filter(project=OuterRef("pk"), key=OuterRef("step"))
    return projects.annotate(
        days_allowed=Subquery(stop.values("days")[:1], output_field=PositiveSmallIntegerField())
    )


def placed(projects, *, home=None):
    """The same projects, each with ``place``: its full path below the province, in one query for all.

    ``home`` is the reader's own region; its ancestors, which the frame shows, come along for free.
    """
    projects = list(projects)
    regions = [project.region for project in projects]
    found = paths([*regions, home] if home else regions)
    for project in projects:
        project.lineage = found[project.region_id]
        project.place = place_of(project.lineage)
        project.tag_words = [RegionTagKind(code).label for code in getattr(project, "tags", ())]
    if home:
        home.ancestors = found[home.pk][:-1]
    return projects


def marked(projects):
    """Each with ``tags``, the kinds of area its place is (老少边穷, GS-6.1), without a further query."""
    kinds = RegionTag.objects.over("region__path").values("kind").order_by("kind").distinct()
    return projects.annotate(tags=ArraySubquery(kinds))


def told(projects, on: date | None = None, calendar: Calendar | None = None):
    """The same, with the step in words, how long the office still has, and the word said last.

    ``due`` is the ``Deadline`` of what lies with an office, else None; ``days_here`` are calendar days.
    """
    on, calendar = on or timezone.localdate(), calendar or Calendar()
    for project in projects:
        project.due = dated(project, calendar, on)
        project.step_words = current_step(project)
        project.days_here = (on - timezone.localdate(project.step_since)).days
        said = project.said_last
        project.said_state = VERDICT_STATES[said["verdict"]] if said else ""
        project.said_word = Verdict(said["verdict"]).label if said else ""
    return projects


def dated(project, calendar, on=None):
    """The ``Deadline`` of a project ``with_days``; None where no office has it."""
    if project.acting_office_id is None or project.days_allowed is None:
        return None
    return deadline(project.step_since, project.days_allowed, calendar, on)


def place_of(lineage):
    """城关区 › 雁南街道 › 幸福里社区, from below the province."""
    below = [region for region in lineage if region.level > Region.Level.PROVINCE]
    return SEPARATOR.join(region.name for region in below)


def places_called(region):
    """What the places right below a territory are called, taken together: 市州, 县（市、区）, …"""
    match region.level:
        case Region.Level.PROVINCE:
            return _("City")
        case Region.Level.CITY:
            return _("County or district")
        case Region.Level.COUNTY:
            return _("Street or township")
    return _("Community")


def step_label(level, verb, place=""):
    """A step as people call it: 县级审核, 街道初核, 乡镇初核; a community's own step is its verb alone."""
    match level:
        case Region.Level.PROVINCE:
            return _("province: %(verb)s") % {"verb": verb}
        case Region.Level.CITY:
            return _("city: %(verb)s") % {"verb": verb}
        case Region.Level.COUNTY:
            return _("county: %(verb)s") % {"verb": verb}
        case Region.Level.STREET if place.endswith(("镇", "乡")):
            return _("township: %(verb)s") % {"verb": verb}
        case Region.Level.STREET:
            return _("street: %(verb)s") % {"verb": verb}
    return verb


def current_step(project):
    """What a described project is waiting for, in words; empty once nothing is."""
    if not project.step_verb or project.status == Status.RETURNED:
        return ""
    street = next((place for place in project.lineage if place.level == Region.Level.STREET), None)
    level = project.step_level if project.status == Status.IN_REVIEW else None
    return step_label(level, project.step_verb, street.name if street else "")


def taken_of(programme):
    """What counts against its ceilings, counted as an approval counts it (GS-T14a, b), and the money."""
    return (
        Project.objects.counted()
        .filter(programme=programme)
        .aggregate(
            projects=Count("*"), communities=Count("region", distinct=True), granted=Sum("granted_amount")
        )
    )


def ceilings(programme, taken):
    """Each quota with what is taken of it and what is left."""
    return [
        (quota, taken[quota.key], max(quota.limit - taken[quota.key], 0)) for quota in programme.quotas.all()
    ]
