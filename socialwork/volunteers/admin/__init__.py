# ruff: noqa: I001 (the order of the side of the data desk)
"""The desks of volunteers."""

from . import volunteer, team, activity, record

__all__ = ["activity", "record", "team", "volunteer"]
