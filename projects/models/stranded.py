"""滞留项目: what lies where nobody can act, for the administrators who can mend it.

Asked anew each time of posts, offices and what people did before; nothing of it is stored.
"""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Region
from communities.offices.models import Office, Post
from projects.models.project import Project, Status
from projects.models.record import Decision, Submission
from projects.models.route import RouteStep


@dataclass(frozen=True)
class Stranded:
    """One project, the office where somebody is missing, and what is missing there."""

    project: Project
    office: Office | None
    region: Region
    why: str


def stranded_under(user):
    """The projects under the places this person administers that nobody can bring on today."""
    rows = Project.objects.filter(
        user.under_administration("region__path"), status__in=(Status.IN_REVIEW, Status.RETURNED)
    )
    return _answered(rows).filter(_nobody_decides() | _nobody_mends())


def unstaffed_under(user):
    """Those of them whose office has nobody who decides: one look at the posts, cheap at any number."""
    deciding = Post.objects.current().filter(_open(), role__in=Post.DECIDING, user__is_active=True)
    rows = Project.objects.filter(user.under_administration("region__path"), status=Status.IN_REVIEW)
    return rows.exclude(acting_office__in=deciding.order_by().values("office")).exclude(
        acting_office__in=Office.objects.filter(successor__isnull=False).order_by().values("pk")
    )


def told_of(projects):
    """The same as ``Stranded``, in words."""
    homes = {office.region_id: office for office in Office.objects.filter(region__in=_homes(projects))}
    staffed = _roles_in([project.acting_office.heir.pk for project in projects if project.acting_office_id])
    return [_told(project, homes, staffed) for project in projects]


def _homes(projects):
    return [project.region_id for project in projects if project.status == Status.RETURNED]


def _told(project, homes, staffed):
    if project.status == Status.RETURNED:
        office = homes.get(project.region_id)
        why = _("Returned to the applicant, where nobody works today who could mend it.")
        return Stranded(project, office, project.region, why)
    office = project.acting_office.heir
    roles = staffed.get(office.pk, [])
    if office.is_closed:
        why = _("The office is closed and no other one took over.")
    elif not set(roles) & set(Post.DECIDING):
        why = _("Nobody holds a post there that decides.")
    elif project.current_route_step.two_level and Post.Role.LEADER not in roles:
        why = _("A leader has to sign, and the office has none.")
    elif project.current_route_step.two_people and len(roles) < 2:
        why = _("This step is always for two people, and the leader works there alone.")
    else:
        why = _("Everybody who could decide there has had a part in it.")
    return Stranded(project, office, office.region, why)


def _roles_in(offices):
    """Office id to the roles of those who work there today."""
    held = Post.objects.current().filter(office__in=offices, role__in=Post.FILING, user__is_active=True)
    found = {}
    for office, role in held.order_by().values_list("office", "role"):
        found.setdefault(office, []).append(role)
    return found


def _answered(rows):
    """With ``answers``: the office that acts today for the one on the route."""
    gone = Office.objects.filter(successor__isnull=False).select_related("successor")
    heirs = [When(acting_office=office.pk, then=Value(office.heir.pk)) for office in gone]
    return rows.annotate(answers=Case(*heirs, default=F("acting_office"), output_field=BigIntegerField()))


def _able(roles):
    """Who holds a post of these roles where the project lies and had no hand in another step of it."""
    decided = Decision.objects.filter(project=OuterRef(OuterRef("pk")))
    elsewhere = decided.exclude(step=OuterRef(OuterRef("step")))
    filed = Submission.objects.filter(project=OuterRef(OuterRef("pk")), submitted_by=OuterRef("user"))
    posts = Post.objects.current().filter(_open(), office=OuterRef("answers"), role__in=roles)
    return (
        posts.filter(user__is_active=True)
        .exclude(user=OuterRef("created_by"))
        .exclude(Exists(filed))
        .exclude(Exists(elsewhere.filter(by=OuterRef("user"))))
        .exclude(Exists(elsewhere.filter(on_behalf_of=OuterRef("user"))))
    )


def _open():
    return Q(office__closed_on__isnull=True) | Q(office__closed_on__gt=timezone.localdate())


def _nobody_decides():
    here = RouteStep.objects.filter(project=OuterRef("pk"), key=OuterRef("step"), two_level=True)
    people = _able(Post.FILING).order_by().values("office").annotate(n=Count("user", distinct=True))
    return Q(status=Status.IN_REVIEW) & (
        ~Exists(_able(Post.DECIDING))
        | Exists(here) & ~Exists(_able([Post.Role.LEADER]))
        | Exists(here.filter(two_people=True)) & ~Exists(people.filter(n__gte=2))
    )


def _nobody_mends():
    """Sent back to a community where nobody works, and no street types for it."""
    here = Q(office__region=OuterRef("region")) | Q(office__predecessors__region=OuterRef("region"))
    working = Post.objects.current().filter(here, _open(), role__in=Post.FILING, user__is_active=True)
    return Q(status=Status.RETURNED, typed_for_community=False) & ~Exists(working)
