"""Django admin for OpenSolar's records; importing it registers them (Django looks for this module)."""

from projects.admin import invitations, kept_views, papers, prices, records

__all__ = ["invitations", "kept_views", "papers", "prices", "records"]
