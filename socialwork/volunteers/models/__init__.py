"""Facts about volunteers, their teams and activities, and the hours they serve."""

from .activity import VolunteerActivity
from .certificate import ServiceCertificate
from .record import ServiceRecord, ServiceReversal
from .team import TeamMembership, VolunteerTeam
from .volunteer import Volunteer, VolunteerHours, star_choices

__all__ = [
    "ServiceCertificate",
    "ServiceRecord",
    "ServiceReversal",
    "TeamMembership",
    "Volunteer",
    "VolunteerActivity",
    "VolunteerHours",
    "VolunteerTeam",
    "star_choices",
]
