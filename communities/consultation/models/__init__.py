"""How a community decides: hearing, study by the party organisation, assembly, notice, objections."""

from communities.consultation.models.assembly import Assembly
from communities.consultation.models.deliberation import PartyDeliberation
from communities.consultation.models.hearing import Hearing
from communities.consultation.models.meeting import Announcement
from communities.consultation.models.notice import OFFICE_PHONE, PublicNotice
from communities.consultation.models.objection import Objection, ObjectionFile
from communities.consultation.models.rule import AssemblyRule

__all__ = [
    "OFFICE_PHONE",
    "Announcement",
    "Assembly",
    "AssemblyRule",
    "Hearing",
    "Objection",
    "ObjectionFile",
    "PartyDeliberation",
    "PublicNotice",
]
