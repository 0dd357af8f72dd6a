"""Facts about service facilities, what they open to others, and the stations in them."""

from .facility import ServiceFacility
from .resource import OpenedResource, ResourceUse
from .station import ServicePoint, StandardCheck, StandardCheckPaper, Station, StationCommunity

__all__ = [
    "OpenedResource",
    "ResourceUse",
    "ServiceFacility",
    "ServicePoint",
    "StandardCheck",
    "StandardCheckPaper",
    "Station",
    "StationCommunity",
]
