"""The data desk of projects and programmes: to look at, never to decide."""

from projects.admin import programme, project

__all__ = ["programme", "project"]
