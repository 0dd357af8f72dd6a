"""The desks of the organisations' registers."""

from . import organization, employment, incubation, operating, classification  # noqa: I001  (as listed)

__all__ = ["classification", "employment", "incubation", "operating", "organization"]
