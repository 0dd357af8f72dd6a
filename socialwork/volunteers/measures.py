"""What can be counted of volunteers: who is registered where they live, and who has served this year."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from communities.measures import at_open_places, counted, once
from linkage.foundation.measures import PEOPLE, Measure, register
from socialwork.volunteers.models import ServiceRecord, Volunteer


def _at_home(rows, on):
    """Of each person the one row, of those that say they live there, that was entered last."""
    return once(at_open_places(rows.residents(), on), "registered_on")


def _volunteers(on):
    return _at_home(Volunteer.objects.registered(on), on)


def _served(on):
    """Residents with a service of this calendar year, verified by that day, wherever and under any entry.

    Who is no volunteer any more has served all the same.
    """
    records = ServiceRecord.objects.verified(on).between(on.replace(month=1, day=1), on)
    theirs = records.order_by().filter(volunteer__person=OuterRef("person"))
    return _at_home(Volunteer.objects.filter(registered_on__lte=on), on).filter(Exists(theirs))


MEASURES = [
    register(
        Measure(
            "volunteers",
            _("registered volunteers"),
            unit="place",
            basis="GS-T13, WH-T04",
            **counted(_volunteers),
            counted_in=PEOPLE,
            definition=_(
                "Residents of the community registered as volunteers that day; each person once, and who "
                "lives elsewhere is not among them."
            ),
        )
    ),
    register(
        Measure(
            "residents_served",
            _("residents who served as volunteers this year"),
            unit="place",
            basis="WH-T09",
            **counted(_served),
            yearly=True,
            counted_in=PEOPLE,
            definition=_(
                "Residents with at least one verified service record in the calendar year, by that day; "
                "each person once, where they live, wherever they served."
            ),
        )
    ),
    register(
        Measure(
            "party_members_served",
            _("party members who served as volunteers this year"),
            unit="place",
            basis="WH-T08",
            **counted(lambda on: _served(on).party_members()),
            yearly=True,
            counted_in=PEOPLE,
            definition=_(
                "Of the residents with a verified service record in the calendar year, those registered "
                "as party members; each person once, where they live."
            ),
        )
    ),
]
