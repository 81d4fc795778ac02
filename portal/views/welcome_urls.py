"""Addresses of the first run."""

from django.urls import path

from portal.views import welcome as pages

urlpatterns = [
    path("", pages.welcome, name="welcome"),
    path("name/", pages.name, name="welcome_name"),
    path("leave/", pages.leave, name="welcome_leave"),
    path("start/<str:token>/", pages.begin, name="welcome_begin"),
]
