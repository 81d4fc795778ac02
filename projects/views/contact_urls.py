"""Addresses of customers."""

from django.urls import path

from projects.views import edits_people

urlpatterns = [
    path("<int:pk>/edit/", edits_people.contact_edit, name="contact_edit"),
    path("<int:pk>/delete/", edits_people.contact_delete, name="contact_delete"),
]
