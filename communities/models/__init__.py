"""Facts about places: the tree, its history, and what is known of each community."""

from .affair import AffairChange, CommunityAffairItem
from .election import CommitteeElection
from .grid import ExternalId, Grid, RegionTag
from .paper import CharityDesignation, CommunityPlan, PowerDutyList, PowerDutyListPaper
from .profile import CommunityProfile
from .region import (
    ABOVE,
    SEPARATOR,
    Committee,
    CommunityKind,
    Level,
    Region,
    RegionPlacement,
    Succession,
    paths,
)
from .unit import ResidentUnit

__all__ = [
    "ABOVE",
    "SEPARATOR",
    "AffairChange",
    "CharityDesignation",
    "Committee",
    "CommitteeElection",
    "CommunityAffairItem",
    "CommunityKind",
    "CommunityPlan",
    "CommunityProfile",
    "ExternalId",
    "Grid",
    "Level",
    "PowerDutyList",
    "PowerDutyListPaper",
    "Region",
    "RegionPlacement",
    "RegionTag",
    "ResidentUnit",
    "Succession",
    "paths",
]
