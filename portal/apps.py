"""Registers the portal and its admin site with Django."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from django.conf import settings

        from portal import checks, offers, planner  # noqa: F401  (checks and planner register themselves)
        from portal.observability import trace_to

        offers.register()
        trace_to(settings.OTEL_EXPORTER_OTLP_ENDPOINT)


class PortalAdminConfig(AdminConfig):
    default_site = "portal.admin.site.PortalAdminSite"
