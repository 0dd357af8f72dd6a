"""What can be counted of social workers by place: each person once, by the definitions of ``heads``."""

from functools import partial

from django.db.models import Case, Exists, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from communities.measures import LONG_AGO, a_year_before, at_open_places, is_open, once, per_place
from communities.people.codes import MANAGEMENT_ROLES, STAFF_ROLES
from communities.people.measures import staff_at_home
from linkage.foundation.measures import PEOPLE, PIECES, Measure, register
from linkage.foundation.scope import one_of
from organizations.measures import community_organizations
from organizations.models import Employment, HostedAgency
from socialwork.models import Assignment, SocialWorker

from .heads import is_certified, is_professional

# Social workers


def _sw_workers(on):
    """Professionals who work full time for a community; of several, in the one that is their home."""
    assigned = Assignment.objects.working(on).full_time().filter(is_home=True)
    theirs = once(at_open_places(assigned, on), "valid_from", "worker__person")
    return per_place(theirs.filter(is_professional(on, "worker__person")))


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
    workers = (
        SocialWorker.objects.on(on)
        .alias(at=assigned)
        .filter(
            (Q(at__isnull=True) & is_open("region", on)) | (Q(at__isnull=False) & is_open("at__region", on))
        )
    )
    # The newest home counts; a row without any is older than all rows with one.
    since = Case(
        When(at__isnull=False, then=Coalesce("at__valid_from", Value(LONG_AGO.replace(day=2)))),
        default=Value(LONG_AGO),
    )
    return once(workers, since).alias(home=Coalesce("at__region", "region"))


def _near(rows, places):
    """Those kept there or assigned there, found by the indexes of both."""
    assigned = Assignment.objects.filter(worker=OuterRef("pk"), region__in=places)
    return rows.filter(Q(region__in=places) | one_of("pk", SocialWorker.objects.filter(Exists(assigned))))


def _sw_professionals(on):
    return per_place(at_home(on).filter(is_professional(on, "person")), "home")


def _sw_certified(on):
    return per_place(at_home(on).filter(is_certified(on, "person")), "home")


# Community staff who are professionals: the person must be staff (GS-T12, WH-T01, WH-T02)


def _staff(is_counted, roles, on, day=None):
    return per_place(staff_at_home(on, roles, day).filter(is_counted(day or on, "person")))


def _staff_before(roles, on):
    return _staff(is_professional, roles, on, a_year_before(on))


# Organisations in which social workers serve


def _orgs_with_social_work(on):
    """Those that employ a professional, full or part time, or receive an agency (GS-2.2c)."""
    employed = Employment.objects.on(on).filter(is_professional(on, "person"))
    hosted = HostedAgency.objects.at_work(on)
    theirs = {"organization": OuterRef("pk")}
    return per_place(
        community_organizations(on).filter(
            Q(Exists(employed.order_by().filter(**theirs))) | Q(Exists(hosted.order_by().filter(**theirs)))
        )
    )


MEASURES = [
    register(
        Measure(
            "sw_workers",
            _("social workers assigned to communities"),
            unit="place",
            basis="CQ-T03, CQ-T04",
            rows=_sw_workers,
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
            rows=_sw_professionals,
            counted_in=PEOPLE,
            definition=_(
                "Social workers with a certificate of the professional level or an education in social work "
                "or a related major; each person once, in the home community or at the place that keeps them."
            ),
            near=_near,
        )
    ),
    register(
        Measure(
            "sw_certified",
            _("certified social workers"),
            unit="place",
            basis="WH-T06, WH-T07",
            rows=_sw_certified,
            counted_in=PEOPLE,
            definition=_(
                "Social workers who hold a certificate of any professional level that day; each person once, "
                "in the home community or at the place that keeps them."
            ),
            near=_near,
        )
    ),
    register(
        Measure(
            "staff_professional",
            _("community staff who are social-work professionals"),
            unit="place",
            basis="GS-T12, WH-T01",
            rows=partial(_staff, is_professional, STAFF_ROLES),
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
            rows=partial(_staff_before, STAFF_ROLES),
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
            rows=partial(_staff, is_certified, STAFF_ROLES),
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
            rows=partial(_staff, is_professional, MANAGEMENT_ROLES),
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
            rows=partial(_staff_before, MANAGEMENT_ROLES),
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
            rows=_orgs_with_social_work,
            counted_in=PIECES,
            definition=_(
                "Community social organisations at work that employ a social-work professional, full or part "
                "time, or receive a social-work agency for services; each in its home community."
            ),
        )
    ),
]
