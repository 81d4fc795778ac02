"""Addresses of customers."""

from django.urls import path

from projects.views import contact, edits_people

urlpatterns = [
    path("<int:pk>/", contact.contact_page, name="contact"),
    path("<int:pk>/edits/", contact.contact_edits, name="contact_edits"),
    path("<int:pk>/edit/", edits_people.contact_edit, name="contact_edit"),
    path("<int:pk>/delete/", edits_people.contact_delete, name="contact_delete"),
]
