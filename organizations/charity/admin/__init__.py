"""The desks of the charity registers."""

from . import entity, donation, stock, fundraising, money  # noqa: I001  (the order they are listed in)

__all__ = ["donation", "entity", "fundraising", "money", "stock"]
