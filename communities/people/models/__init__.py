"""Facts about people: who they are, once, and what they are in a community."""

from .person import IdentityType, Person, PersonRole
from .residents import ContactPerson, GridWorker, ResidentLeader
from .staff import CommunityOrgan, CommunityStaff

__all__ = [
    "CommunityOrgan",
    "CommunityStaff",
    "ContactPerson",
    "GridWorker",
    "IdentityType",
    "Person",
    "PersonRole",
    "ResidentLeader",
]
