"""The desks of places: what is kept of communities, and the tree to look at."""

from . import profile, governance, affair, unit, region  # noqa: I001  (the order they are listed in)

__all__ = ["affair", "governance", "profile", "region", "unit"]
