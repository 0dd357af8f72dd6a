"""What can be counted of the people who work in communities."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from communities.measures import a_year_before, at_open_places, counted, once
from communities.people.codes import MANAGEMENT_ROLES, STAFF_ROLES
from communities.people.models import CommunityStaff
from linkage.foundation.measures import PEOPLE, Measure, register


def staff_at_home(on, roles=STAFF_ROLES, day=None):
    """The rows of those who are staff that day, of each person one, at communities there are ``on``.

    ``day``: as of which day, if not of ``on`` itself; a trend compares the communities of today.
    """
    return once(at_open_places(CommunityStaff.objects.counted(day or on, roles), on), "valid_from")


def _before(roles):
    return lambda on: staff_at_home(on, roles, a_year_before(on))


MEASURES = [
    register(
        Measure(
            "staff",
            _("community staff"),
            unit="place",
            basis="GS-T12, WH-T01",
            **counted(staff_at_home),
            counted_in=PEOPLE,
            definition=_(
                "Members of the two committees, full-time community workers and others flagged as staff; "
                "each person once, in the community entered last."
            ),
        )
    ),
    register(
        Measure(
            "staff_before",
            _("community staff a year before"),
            unit="place",
            basis="CQ-T14",
            **counted(_before(STAFF_ROLES)),
            counted_in=PEOPLE,
            definition=_("Community staff in the same sense, on the same day one year earlier."),
        )
    ),
    register(
        Measure(
            "management_staff",
            _("management and service staff of communities"),
            unit="place",
            basis="WH-T13",
            **counted(partial(staff_at_home, roles=MANAGEMENT_ROLES)),
            counted_in=PEOPLE,
            definition=_("Community staff and the service staff of the community; each person once."),
        )
    ),
    register(
        Measure(
            "management_staff_before",
            _("management and service staff a year before"),
            unit="place",
            basis="WH-T13",
            **counted(_before(MANAGEMENT_ROLES)),
            counted_in=PEOPLE,
            definition=_("Management and service staff in the same sense, on the same day one year earlier."),
        )
    ),
]
