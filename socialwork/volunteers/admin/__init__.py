"""The desks of volunteers, teams, activities and service records."""

from . import activity, record, team, volunteer

__all__ = ["activity", "record", "team", "volunteer"]
