"""What becomes of applications when offices and places change under them. Each change has one answer.

The route was fixed at first submission and stays. An office that was taken over is acted for by its heir,
at once and within the time it had left; a place that is renamed, moved, merged or split changes nothing on
the route. Either way the record of every application that is on its way says so, and what was signed keeps
its name.
"""

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities.offices.models import Office
from linkage.foundation import tidings
from linkage.foundation.scope import under
from linkage.foundation.workdays import Calendar
from projects.models import Arrival, Project, ProjectEvent, RouteStep, Status

ON_THE_WAY = (Status.IN_REVIEW, Status.RETURNED)
AT_HOME = (Status.DRAFT, *ON_THE_WAY, Status.APPROVED, Status.RUNNING)  # the community has still to act
TITLE = ProjectEvent._meta.get_field("title").max_length


@tidings.hears("office.handed_over")
def office_handed_over(office, heir, on, by):
    """Every stop still to come, and every application of a community, is the heir's from now on."""
    offices = _with_predecessors(office)
    from_now = _("%(before)s handed over from %(day)s on.") % {"before": office.name, "day": date_format(on)}
    stops = _stops_to_come(offices)
    _arrive_anew([stop for stop in stops if stop.key == stop.project.step], heir)
    lines = [
        _line(stop.project, ProjectEvent.Kind.TAKEN_OVER, by, stop.title, from_now, heir.name, stop.key)
        for stop in stops
    ]
    applicants = Project.objects.filter(region=office.region_id, status__in=AT_HOME)
    lines += [
        _line(project, ProjectEvent.Kind.TAKEN_OVER, by, _("Applicant"), from_now, heir.name)
        for project in applicants.order_by("pk")
    ]
    ProjectEvent.objects.bulk_create(lines)


def _arrive_anew(stops, heir):
    """What lies there counts for the heir from this moment on, with the working days that are left."""
    calendar, now = Calendar(), timezone.now()
    today = timezone.localdate(now)
    Arrival.objects.bulk_create(
        Arrival(
            project=stop.project,
            round=stop.project.round,
            step=stop.key,
            office=heir,
            days=max(0, stop.days - calendar.between(timezone.localdate(stop.project.step_since), today)),
            at=now,
        )
        for stop in stops
        if stop.project.status == Status.IN_REVIEW
    )


@tidings.hears("office.lies_with")
def lies_with(office):
    """The applications that would lie there with nobody, as people know them."""
    coming = {stop.project for stop in _stops_to_come(_with_predecessors(office))}
    home = Project.objects.filter(region=office.region_id, status__in=AT_HOME)
    found = sorted(coming | set(home), key=lambda project: project.pk)
    return [f"{project.number} {project.title}" if project.number else project.title for project in found]


@tidings.hears("region.foretold")
def foretold(region):
    """What to know of the applications from under a place before it changes."""
    count = Project.objects.filter(under("region__path", region.path), status__in=ON_THE_WAY).count()
    if not count:
        return []
    told = _(
        "%(count)s applications are on their way from there. Their offices stay, and their record notes it."
    )
    return [told % {"count": count}]


@tidings.hears("region.rename")
def place_renamed(region, name, on, basis, by):
    title = _("%(old)s is called %(new)s") % {"old": region.name, "new": name}
    _note(region, title, on, basis, by)


@tidings.hears("region.move")
def place_moved(region, parent, on, basis, by):
    title = _("%(place)s belongs to %(parent)s") % {"place": region.name, "parent": parent.name}
    _note(region, title, on, basis, by)


@tidings.hears("region.merge")
def place_merged(region, into, on, basis, by):
    title = _("%(place)s went on as %(into)s") % {"place": region.name, "into": into.name}
    _note(region, title, on, basis, by)


@tidings.hears("region.split")
def place_split(region, names, on, basis, by):
    title = _("%(place)s was split into %(names)s") % {"place": region.name, "names": "、".join(names)}
    _note(region, title, on, basis, by)


def _note(region, title, on, basis, by):
    """One line in the record of every application on its way from under this place."""
    text = _("From %(day)s on; the offices of the route stay. Basis: %(basis)s") % {
        "day": date_format(on),
        "basis": basis,
    }
    ours = Project.objects.filter(under("region__path", region.path), status__in=ON_THE_WAY)
    ProjectEvent.objects.bulk_create(
        _line(project, ProjectEvent.Kind.PLACE, by, title, text) for project in ours.order_by("pk")
    )


def _line(project, kind, by, title, text, office_name="", step=""):
    return ProjectEvent(
        project=project,
        round=project.round,
        kind=kind,
        step=step,
        title=title[:TITLE],
        office_name=office_name,
        by=by,
        by_name=str(by) if by else "",
        text=text,
    )


def _with_predecessors(office):
    """The office and every one it took over, however far back."""
    found = edge = {office.pk}
    while edge:
        edge = set(Office.objects.filter(successor__in=edge).values_list("pk", flat=True)) - found
        found = found | edge
    return found


def _stops_to_come(offices):
    """Stops of these offices that have still to act, on every application that is on its way."""
    stops = RouteStep.objects.filter(office__in=offices, project__status__in=ON_THE_WAY)
    due = RouteStep.objects.filter(project__status=Status.IN_REVIEW, key=F("project__step"))
    here = dict(due.filter(project__route__office__in=offices).values_list("project", "number"))
    stops = stops.select_related("project").order_by("project", "number")
    return [stop for stop in stops if stop.number >= here.get(stop.project_id, 0)]
