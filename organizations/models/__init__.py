"""Facts about social organisations."""

from .changes import StatusChange, TierMove
from .classification import Category, ClassificationScheme, OrganizationCategory
from .conduct import AgencyPerformance, AnnualInspection, CreditRecord, Penalty, Rating
from .employment import Employment
from .incubation import IncubationAssessment, IncubationBase, IncubationCase
from .operating import OperatingContract
from .organization import SocialOrganization
from .party import PartyOrganization
from .support import Support, SupportPolicy
from .ties import HostedAgency, HubMember, ServedCommunity

__all__ = [
    "AgencyPerformance",
    "AnnualInspection",
    "Category",
    "ClassificationScheme",
    "CreditRecord",
    "Employment",
    "HostedAgency",
    "HubMember",
    "IncubationAssessment",
    "IncubationBase",
    "IncubationCase",
    "OperatingContract",
    "OrganizationCategory",
    "PartyOrganization",
    "Penalty",
    "Rating",
    "ServedCommunity",
    "SocialOrganization",
    "StatusChange",
    "Support",
    "SupportPolicy",
    "TierMove",
]
