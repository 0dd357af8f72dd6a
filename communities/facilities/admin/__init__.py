"""The desks of facilities, of what they open to others, and of stations."""

from . import facility, station, resource  # noqa: I001  (the order they are listed in)

__all__ = ["facility", "resource", "station"]
