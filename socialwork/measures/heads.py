"""Who is counted as what (DOMAIN §2.2): questions of a day, each answered by people, each of them once.

Six head-counts bear the name of social worker; they are kept apart here and nowhere mixed. ``within``
limits a count to those whom places under a region keep; what somebody is, every place's entry says: a
certificate entered by one county makes the person certified in another one too.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from communities.people.models import CommunityStaff, Person
from linkage.foundation.scope import under
from organizations.models import Employment
from socialwork.models import Assignment, Certificate, Education, PostHolding, SocialWorker


def _workers(on, within):
    workers = SocialWorker.objects.on(on)
    return workers.within(within) if within is not None else workers


def _are(rows, to="person"):
    """The people whom one of these rows speaks of."""
    return Exists(rows.filter(**{to: OuterRef("pk")}))


def _certified(on, registered):
    return Certificate.objects.registered(on) if registered else Certificate.objects.held(on)


def sw_certified(on=None, *, within=None, registered=False):
    """持证社工: holders of a certificate of any level. An ended registration does not matter (§5.4).

    ``registered``: the option “registration valid”.
    """
    on = on or timezone.localdate()
    return Person.objects.filter(_are(_workers(on, within)), _are(_certified(on, registered)))


def sw_professional(on=None, *, within=None):
    """社会工作专业人才: a certificate, or an education in social work or a related major."""
    on = on or timezone.localdate()
    return Person.objects.filter(_are(_workers(on, within)), is_professional(on))


def is_professional(on, person="pk"):
    """The condition that ``person`` holds a certificate or has such an education, looked up one by one.

    One question, not two with OR: those the database may answer by reading both lists whole.
    """
    certified = Certificate.objects.held(on).order_by().filter(person=OuterRef(person))
    educated = Education.objects.related(on).order_by().filter(worker__person=OuterRef(person))
    return Q(Exists(certified.values("pk").union(educated.values("pk"), all=True)))


def professionals(on):
    """The same people as one set of keys: for counting all of them at once, not a few."""
    certified = Certificate.objects.held(on).order_by().values("person")
    return certified.union(Education.objects.related(on).order_by().values("worker__person"), all=True)


def is_certified(on, person="pk"):
    return Q(Exists(Certificate.objects.held(on).order_by().filter(person=OuterRef(person))))


def sw_worker(place, on=None, *, part_time=False):
    """社会工作者“落实”: professionals assigned to the community that day, whoever employs them (CQ-1.3b).

    Full time, unless ``part_time`` takes in the others too. Of a wider place: those of its communities.
    """
    on = on or timezone.localdate()
    assigned = Assignment.objects.working(on).filter(under("region__path", place.path))
    if not part_time:
        assigned = assigned.full_time()
    return Person.objects.filter(is_professional(on), _are(assigned, "worker__person"))


def sw_fulltime_or_parttime(organization, on=None):
    """专兼职专业社工 (GS-2.2c): professionals employed by the organisation, full or part time."""
    on = on or timezone.localdate()
    employed = Employment.objects.active(on).filter(organization=organization)
    return Person.objects.filter(is_professional(on), _are(employed))


def sw_employee(on=None, *, within=None):
    """社会工作从业人员: social workers, certified or not, who are at work that day.

    At work is who is assigned to a community, holds a post, or is employed by an organisation.
    """
    on = on or timezone.localdate()
    workers = SocialWorker.objects.on(on)
    at_work = (
        Q(_are(Assignment.objects.on(on).filter(worker__in=workers), "worker__person"))
        | Q(_are(PostHolding.objects.on(on).filter(worker__in=workers), "worker__person"))
        | Q(_are(Employment.objects.active(on)))
    )
    return Person.objects.filter(_are(_workers(on, within)), at_work)


def community_staff(on=None, *, within=None):
    """社区工作者: members of the two committees, community workers, others flagged so."""
    rows = CommunityStaff.objects.all() if within is None else CommunityStaff.objects.within(within)
    return rows.community_staff(on)


def professional_staff(on=None, *, within=None):
    """Community staff who are social-work professionals: the ratio of CQ-2.2.3c and YZ-2.3a."""
    on = on or timezone.localdate()
    return community_staff(on, within=within).filter(is_professional(on))


def certified_staff(on=None, *, within=None):
    """Community staff with a certificate (YZ-2.3a: 366 people, 32 % of them)."""
    on = on or timezone.localdate()
    return community_staff(on, within=within).filter(_are(Certificate.objects.held(on)))


def org_staff_fulltime(on=None, *, within=None):
    """社会组织专职工作人员 (HB-2.3): full time, at a registered organisation."""
    return _employees(Employment.objects.org_staff_fulltime(on), within)


def org_employees(on=None, *, within=None, full_time=False):
    """社会组织从业人员 (GS-4.2c): everybody employed at one, full and part time; or full time only."""
    rows = Employment.objects.org_employees(on)
    return _employees(rows.full_time() if full_time else rows, within)


def _employees(rows, within):
    rows = rows if within is None else rows.within(within)
    return Person.objects.filter(pk__in=rows.people())
