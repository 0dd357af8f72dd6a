# ruff: noqa: I001 (the order of the side of the data desk)
"""The desks of social workers."""

from . import worker, post, reward, resource, major

__all__ = ["major", "post", "resource", "reward", "worker"]
