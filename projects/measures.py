"""What can be counted of projects and of the pilot communities they come from, on any day."""

from django.db.models import Exists, F, OuterRef, Value
from django.utils.translation import gettext_lazy as _

from linkage.foundation.measures import Measure, register
from projects.models import PilotCommunity, Project


def _approved(on):
    return Project.objects.counted().filter(approved_on__lte=on)


def _approved_projects(on):
    return _approved(on).annotate(unit=F("pk"), value=Value(1)).values("unit", "value")


def _granted(on):
    return _approved(on).annotate(unit=F("pk"), value=F("granted_amount")).values("unit", "value")


def _pilot_communities(on):
    return PilotCommunity.objects.annotate(unit=F("pk"), value=Value(1)).values("unit", "value")


def _communities_with_approved_project(on):
    theirs = _approved(on).filter(programme=OuterRef("programme"), region=OuterRef("region"))
    return _pilot_communities(on).filter(Exists(theirs))


MEASURES = [
    register(
        Measure(
            "approved_projects",
            _("approved projects"),
            unit="project",
            basis="GS-T14b",
            rows=_approved_projects,
        )
    ),
    register(
        Measure("granted_subsidy", _("subsidy granted, yuan"), unit="project", basis="GS-5.2d", rows=_granted)
    ),
    register(
        Measure(
            "pilot_communities",
            _("pilot communities"),
            unit="pilot_community",
            basis="GS-2.1b",
            rows=_pilot_communities,
        )
    ),
    register(
        Measure(
            "communities_with_approved_project",
            _("communities with an approved project"),
            unit="pilot_community",
            basis="GS-T14a",
            rows=_communities_with_approved_project,
        )
    ),
]
