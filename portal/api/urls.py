"""Addresses of the REST API; apps add theirs through the registry."""

from django.urls import include, path, re_path

from portal.api.nowhere import Nowhere
from portal.api.organisation import OrgView
from portal.api.schema import DocsView, SchemaView
from portal.registry import registry

urlpatterns = [
    path("org/", OrgView.as_view(), name="api_org"),
    path("", include("portal.api.budgets")),
    path("", include("portal.api.syncs")),
    path("", include("portal.api.deliveries")),
    *(path(prefix, include(addresses)) for prefix, addresses in registry.api),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(), name="api_docs"),
    re_path("", Nowhere.as_view()),
]
