"""What can be counted of social workers by place: each person once, by the definitions of ``heads``."""

from functools import partial

from django.db.models import Case, Exists, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from communities.measures import LONG_AGO, a_year_before, at_open_places, counted, once, per_place
from communities.people.codes import MANAGEMENT_ROLES, STAFF_ROLES
from communities.people.measures import staff_at_home
from linkage.foundation.measures import PEOPLE, PIECES, Measure, register
from linkage.foundation.scope import one_of
from organizations.measures import community_organizations
from organizations.models import Employment, HostedAgency
from socialwork.models import Assignment, SocialWorker

from .heads import is_certified, is_professional, professionals


def _professional(on, person, few):
    """Counting everybody at once, a set is faster; of a few, each is looked up."""
    return is_professional(on, person) if few else Q(**{f"{person}__in": professionals(on)})


def _counted(found, at="region"):
    """The same as ``counted``, of questions that know how to ask for a few."""

    def rows(on):
        return per_place(found(on), at)

    def near(on, units):
        return per_place(found(on, few=True), at).filter(unit__in=units)

    def behind(on, unit):
        return found(on, few=True).filter(**{at: unit})

    return {"rows": rows, "near": near, "behind": behind}


# Social workers


def _sw_workers(on, few=False):
    """Professionals who work full time for a community; of several, in the one that is their home."""
    assigned = Assignment.objects.working(on).full_time().filter(is_home=True)
    theirs = once(at_open_places(assigned, on), "valid_from", "worker__person")
    return theirs.filter(_professional(on, "worker__person", few))


def at_home(on):
    """Social workers of that day, of each person one row, with ``home``: where the person counts.

    That is the community which an assignment calls the home, or else the place that keeps the row.
    """
    assigned = FilteredRelation(
        "assignments",
        condition=Q(assignments__is_home=True, assignments__removed_at__isnull=True)
        & (Q(assignments__valid_from__isnull=True) | Q(assignments__valid_from__lte=on))
        & (Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gte=on)),
    )
    workers = SocialWorker.objects.on(on).alias(at=assigned, home=Coalesce("at__region", "region"))
    # The newest home counts; a row without any is older than all rows with one.
    since = Case(
        When(at__isnull=False, then=Coalesce("at__valid_from", Value(LONG_AGO.replace(day=2)))),
        default=Value(LONG_AGO),
    )
    return once(at_open_places(workers, on, "home"), since)


def _sw_professionals(on, few=False):
    return at_home(on).filter(_professional(on, "person", few))


def _sw_certified(on, few=False):
    return at_home(on).filter(is_certified(on, "person"))


def _at_home(found):
    """Where each of them counts; of a few places those kept or assigned there, by the indexes of both."""

    def of(on, places):
        there = Assignment.objects.filter(worker=OuterRef("pk"), region__in=places)
        kept_or_there = Q(region__in=places) | one_of("pk", SocialWorker.objects.filter(Exists(there)))
        return found(on, few=True).filter(kept_or_there)

    def near(on, places):
        return per_place(of(on, places), "home").filter(unit__in=places)

    def behind(on, place):
        return of(on, [place]).filter(home=place)

    return {"rows": lambda on: per_place(found(on), "home"), "near": near, "behind": behind}


# Community staff who are professionals: the person must be staff (GS-T12, WH-T01, WH-T02)


def _staff_professional(roles, on, few=False):
    return staff_at_home(on, roles).filter(_professional(on, "person", few))


def _staff_professional_before(roles, on, few=False):
    day = a_year_before(on)
    return staff_at_home(on, roles, day).filter(_professional(day, "person", few))


def _staff_certified(on):
    return staff_at_home(on).filter(is_certified(on, "person"))


# Organisations in which social workers serve


def _orgs_with_social_work(on, few=False):
    """Those that employ a professional, full or part time, or receive an agency (GS-2.2c)."""
    employed = Employment.objects.on(on).order_by().filter(_professional(on, "person", few))
    hosted = HostedAgency.objects.at_work(on).order_by()
    if few:
        theirs = [rows.filter(organization=OuterRef("pk")).values("pk") for rows in (employed, hosted)]
        found = Q(Exists(theirs[0].union(theirs[1], all=True)))
    else:
        found = Q(pk__in=employed.values("organization").union(hosted.values("organization"), all=True))
    return community_organizations(on).filter(found)


STAFF = partial(_staff_professional, STAFF_ROLES)
STAFF_BEFORE = partial(_staff_professional_before, STAFF_ROLES)
MANAGEMENT = partial(_staff_professional, MANAGEMENT_ROLES)
MANAGEMENT_BEFORE = partial(_staff_professional_before, MANAGEMENT_ROLES)

MEASURES = [
    register(
        Measure(
            "sw_workers",
            _("social workers assigned to communities"),
            unit="place",
            basis="CQ-T03, CQ-T04",
            **_counted(_sw_workers),
            counted_in=PEOPLE,
            definition=_(
                "Social-work professionals who work full time for the community, whoever employs them; who "
                "serves several communities counts in the one that is the home."
            ),
        )
    ),
    register(
        Measure(
            "sw_professionals",
            _("social-work professionals"),
            unit="place",
            basis="HB-T04",
            **_at_home(_sw_professionals),
            counted_in=PEOPLE,
            definition=_(
                "Social workers with a certificate of the professional level or an education in social work "
                "or a related major; each person once, in the home community or at the place that keeps them."
            ),
        )
    ),
    register(
        Measure(
            "sw_certified",
            _("certified social workers"),
            unit="place",
            basis="WH-T06, WH-T07",
            **_at_home(_sw_certified),
            counted_in=PEOPLE,
            definition=_(
                "Social workers who hold a certificate of any professional level that day; each person once, "
                "in the home community or at the place that keeps them."
            ),
        )
    ),
    register(
        Measure(
            "staff_professional",
            _("community staff who are social-work professionals"),
            unit="place",
            basis="GS-T12, WH-T01",
            **_counted(STAFF),
            counted_in=PEOPLE,
            definition=_(
                "Of the community staff, those with a certificate or an education in social work or a "
                "related major."
            ),
        )
    ),
    register(
        Measure(
            "staff_professional_before",
            _("community staff who were social-work professionals a year before"),
            unit="place",
            basis="CQ-T14",
            **_counted(STAFF_BEFORE),
            counted_in=PEOPLE,
            definition=_("Professionals among the community staff, on the same day one year earlier."),
        )
    ),
    register(
        Measure(
            "staff_certified",
            _("certified community staff"),
            unit="place",
            basis="WH-T02",
            **counted(_staff_certified),
            counted_in=PEOPLE,
            definition=_("Of the community staff, those who hold a certificate of any professional level."),
        )
    ),
    register(
        Measure(
            "management_staff_professional",
            _("professionals among management and service staff"),
            unit="place",
            basis="WH-T13",
            **_counted(MANAGEMENT),
            counted_in=PEOPLE,
            definition=_(
                "Of the management and service staff, those with a certificate or an education in social "
                "work or a related major."
            ),
        )
    ),
    register(
        Measure(
            "management_staff_professional_before",
            _("professionals among management and service staff a year before"),
            unit="place",
            basis="WH-T13",
            **_counted(MANAGEMENT_BEFORE),
            counted_in=PEOPLE,
            definition=_(
                "Professionals among the management and service staff, on the same day one year earlier."
            ),
        )
    ),
    register(
        Measure(
            "orgs_with_social_work",
            _("community organisations with social work"),
            unit="place",
            basis="GS-T04, GS-T05",
            **_counted(_orgs_with_social_work),
            counted_in=PIECES,
            definition=_(
                "Community social organisations at work that employ a social-work professional, full or part "
                "time, or receive a social-work agency for services; each in its home community."
            ),
        )
    ),
]
