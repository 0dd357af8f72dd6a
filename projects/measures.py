"""What can be counted of projects and of the pilot communities they come from, on any day."""

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from communities.measures import at_open_places, per_place
from linkage.foundation.measures import PIECES, YUAN, Measure, register
from projects.models import PilotCommunity, Project


def _approved(on):
    return Project.objects.counted().filter(approved_on__lte=on)


def _approved_projects(on):
    return _approved(on).values(unit=F("pk"), value=Value(1))


def _granted(on):
    return _approved(on).filter(granted_amount__gt=0)


def _granted_projects(on):
    return _granted(on).values(unit=F("pk"), value=Value(1))


def _granted_subsidy(on):
    return _granted(on).values(unit=F("pk"), value=Cast(F("granted_amount") * Value(100), BigIntegerField()))


def _named(on):
    return PilotCommunity.objects.filter(designated_on__lte=on)


def _pilot_communities(on):
    return _named(on).values(unit=F("pk"), value=Value(1))


def _communities_with_approved_project(on):
    theirs = _approved(on).filter(programme=OuterRef("programme"), region=OuterRef("region"))
    return _pilot_communities(on).filter(Exists(theirs.order_by()))


def _designated(on):
    """Pilot communities by the pilot area that has named them."""
    named = at_open_places(at_open_places(_named(on), on), on, "area__region")
    return per_place(named, "area__region", Count("region", distinct=True))


MEASURES = [
    register(
        Measure(
            "approved_projects",
            _("approved projects"),
            unit="project",
            basis="GS-T14b",
            rows=_approved_projects,
            counted_in=PIECES,
            definition=_("Projects approved by that day on a track that counts against the quota."),
        )
    ),
    register(
        Measure(
            "granted_projects",
            _("projects with a granted subsidy"),
            unit="project",
            basis="GS-T14c",
            rows=_granted_projects,
            counted_in=PIECES,
            definition=_("Of the approved projects, those that were granted a subsidy above nothing."),
        )
    ),
    register(
        Measure(
            "granted_subsidy",
            _("subsidy granted"),
            unit="project",
            basis="GS-5.2d",
            rows=_granted_subsidy,
            counted_in=YUAN,
            definition=_("The subsidies granted to the approved projects."),
        )
    ),
    register(
        Measure(
            "pilot_communities",
            _("pilot communities"),
            unit="pilot_community",
            basis="GS-2.1b",
            rows=_pilot_communities,
            counted_in=PIECES,
            definition=_("Communities named as pilot communities by that day."),
        )
    ),
    register(
        Measure(
            "communities_with_approved_project",
            _("communities with an approved project"),
            unit="pilot_community",
            basis="GS-T14a",
            rows=_communities_with_approved_project,
            counted_in=PIECES,
            definition=_("Pilot communities with at least one approved project of their programme."),
        )
    ),
    register(
        Measure(
            "designated_pilot_communities",
            _("pilot communities named by the pilot area"),
            unit="place",
            basis="GS-T01",
            rows=_designated,
            counted_in=PIECES,
            definition=_("Pilot communities that a pilot city or county has named by that day."),
        )
    ),
]
