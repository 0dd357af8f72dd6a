"""Facts about places: the tree, its history, and what is known of each community."""

from .profile import CommunityProfile
from .region import (
    SEPARATOR,
    Committee,
    CommunityKind,
    Level,
    Region,
    RegionPlacement,
    Succession,
    paths,
)

__all__ = [
    "SEPARATOR",
    "Committee",
    "CommunityKind",
    "CommunityProfile",
    "Level",
    "Region",
    "RegionPlacement",
    "Succession",
    "paths",
]
