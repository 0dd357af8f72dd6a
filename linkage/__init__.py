"""Linkage: what links communities, social organisations, social workers, volunteers and charity."""

from linkage.celery import app as celery_app

__all__ = ["celery_app"]
