"""What can be counted of projects and of the pilot communities they come from, on any day."""

from django.db.models import BigIntegerField, Count, Exists, F, Max, OuterRef, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from communities.measures import at_open_places, counted, themselves
from linkage.foundation.measures import PIECES, YUAN, Measure, register
from projects.models import PilotCommunity, PilotPlan, Project


def _approved(on):
    return Project.objects.counted().filter(approved_on__lte=on)


def _granted(on):
    return _approved(on).filter(granted_amount__gt=0)


def _named(on):
    return PilotCommunity.objects.filter(designated_on__lte=on)


def _with_approved_project(on):
    theirs = _approved(on).filter(programme=OuterRef("programme"), region=OuterRef("region"))
    return _named(on).filter(Exists(theirs.order_by()))


def _designated(on):
    """Pilot communities by the pilot area that has named them."""
    return at_open_places(at_open_places(_named(on), on), on, "area__region")


def _plans(on):
    """Local plans handed in by that day and not sent back by then."""
    handed_in = PilotPlan.objects.filter(handed_in_at__date__lte=on)
    back = PilotPlan.objects.filter(state=PilotPlan.State.RETURNED, answered_at__date__lte=on)
    return at_open_places(handed_in.exclude(pk__in=back.order_by().values("pk")), on, "area__region")


MEASURES = [
    register(
        Measure(
            "approved_projects",
            _("approved projects"),
            unit="project",
            basis="GS-T14b",
            **themselves(_approved),
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
            **themselves(_granted),
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
            **themselves(_granted, Cast(F("granted_amount") * Value(100), BigIntegerField())),
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
            **themselves(_named),
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
            **themselves(_with_approved_project),
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
            **counted(_designated, "area__region", Count("region", distinct=True)),
            counted_in=PIECES,
            definition=_("Pilot communities that a pilot city or county has named by that day."),
        )
    ),
    register(
        Measure(
            "plan_handed_in",
            _("pilot areas that have handed in their local plan"),
            unit="place",
            basis="GS-T15a",
            **counted(_plans, "area__region", value=Max(Value(1))),
            counted_in=PIECES,
            definition=_(
                "Pilot cities and counties whose local plan of the pilot was handed in by that day and not "
                "sent back."
            ),
        )
    ),
]
