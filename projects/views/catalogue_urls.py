"""Addresses of the component catalogue."""

from django.urls import path

from projects.views import catalogue

urlpatterns = [
    path("", catalogue.component_list, name="catalogue"),
    path("<int:pk>/", catalogue.component_page, name="component"),
]
