"""The site and the sync engine; knows none of the other apps by name."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
