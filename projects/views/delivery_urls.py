"""Addresses of a connection's delivery log."""

from django.urls import path

from projects.views import deliveries

urlpatterns = [
    path("<int:pk>/deliveries/", deliveries.deliveries_page, name="connection_deliveries"),
    path("<int:pk>/deliveries/export.csv", deliveries.deliveries_export, name="connection_deliveries_export"),
]
