"""The desks of facilities, of what they open to others, and of stations."""

from . import facility, station, check, resource  # noqa: I001  (the order they are listed in)

__all__ = ["check", "facility", "resource", "station"]
