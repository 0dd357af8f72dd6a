"""The desks of people: grids, staff, organs, contacts and leaders, and people once each."""

from . import grid, staff, resident, person  # noqa: I001  (the order they are listed in)

__all__ = ["grid", "person", "resident", "staff"]
