"""Addresses of a person's own notifications."""

from django.urls import path

from portal.views import notices

urlpatterns = [
    path("", notices.notification_list, name="notifications"),
    path("read/", notices.read_all, name="notifications_read"),
    path("choices/", notices.choices, name="notification_choices"),
    path("<int:pk>/open/", notices.open_notification, name="notification_open"),
]
