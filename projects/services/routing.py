"""Where a project goes: the offices above its community, worked out from the tree."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.offices.models import Office
from projects.models import ProgrammeStep, RouteStep, frozen_evidence
from projects.procedure import StepKind


@dataclass(frozen=True)
class Stop:
    """One step of a planned route. ``office`` is None where the level does not exist."""

    step: ProgrammeStep
    region: object | None
    office: Office | None
    skipped_because: str = ""

    @property
    def is_unreachable(self):
        """The tree has the place, but no open office answers for it."""
        return self.region is not None and self.office is None


def plan(programme, region, track, on=None) -> list[Stop]:
    """The route of a community's project: one stop for each deciding step of the procedure.

    A level is skipped only where the tree has no such node above the community. Where the office of a
    place was taken over by another one, that one acts. A track that ends lower has no steps above its
    final level (GS-6.5).
    """
    on = on or timezone.localdate()
    above = {place.level: place for place in region.ancestors}
    offices = _offices_of(above.values(), on)
    stops = []
    for step in programme.steps.filter(kind=StepKind.DECISION):
        if step.level < track.final_level:
            continue
        place = above.get(step.level)
        if place is None:
            stops.append(Stop(step, None, None, _("no such level here")))
        else:
            stops.append(Stop(step, place, offices.get(place.pk)))
    return stops


def _offices_of(places, on):
    """Region id to the office that answers for it that day, or that took over the one that did."""
    offices = Office.objects.filter(region__in=places).select_related("region")
    found = {office.region_id: office for office in offices.open_on(on)}
    gone = [place.pk for place in places if place.pk not in found]
    if gone:
        for office in offices.filter(region__in=gone, successor__isnull=False).order_by("closed_on", "pk"):
            if not office.heir.is_closed:
                found[office.region_id] = office.heir
    return found


def unreachable(stops) -> list[str]:
    """The places on a planned route that have no office, by full name."""
    return [stop.region.full_name for stop in stops if stop.is_unreachable]


def fix(project):
    """Write down the route of a project and the evidence asked of it, once, at its first submission."""
    stops = plan(project.programme, project.region, project.track)
    missing = unreachable(stops)
    if missing:
        raise ValidationError(
            {
                "route": _("No office answers for %(places)s. Ask the administrator above to open one.")
                % {"places": "、".join(missing)}
            }
        )
    if not any(stop.office for stop in stops):
        raise ValidationError({"route": _("No office stands above this community.")})
    RouteStep.objects.bulk_create(
        RouteStep(
            project=project,
            number=number,
            key=stop.step.key,
            level=stop.step.level,
            verb=stop.step.verb,
            title=stop.step.title,
            opinion_label=stop.step.opinion,
            opinion_template=stop.step.opinion_template,
            days=stop.step.days or project.programme.step_days,
            two_level=stop.step.two_level,
            two_people=stop.step.two_people,
            joint_sections=stop.step.joint_sections,
            joint_need=stop.step.joint_need,
            signs=stop.step.signs,
            after_return=project.programme.after_return,
            office=stop.office,
            skipped_because=stop.skipped_because,
        )
        for number, stop in enumerate(stops, start=1)
    )
    project.evidence_rules = frozen_evidence(project)
    project.parties = [stop.office.pk for stop in stops if stop.office]
