"""The desks of the organisations' registers."""

from . import classification, employment, organization

__all__ = ["classification", "employment", "organization"]
