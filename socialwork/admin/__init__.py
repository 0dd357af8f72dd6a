"""The desks of social workers."""

from . import post, resource, reward, worker

__all__ = ["post", "resource", "reward", "worker"]
